//! Every method of the first slice, with all that a shop can say filled in: the answers have the types of the models
//! (`Answer` looks at each), and every field in them is one that the models name.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use takt_testing::on_both_engines;

use super::{
    models::{answer_of, unnamed},
    shop::{Answer, Desk, order},
};

/// What the modules of OpenCart and WooCommerce ask for, and the official client beside them.
const SLICE: [&str; 47] = [
    "GET /api/api-versions",
    "GET /api/credentials",
    "GET /api/system-info",
    "GET /api/v5/custom-fields",
    "GET /api/v5/custom-fields/{entity}/{code}",
    "POST /api/v5/custom-fields/{entity}/create",
    "POST /api/v5/custom-fields/{entity}/{code}/edit",
    "GET /api/v5/customers",
    "POST /api/v5/customers/create",
    "POST /api/v5/customers/fix-external-ids",
    "GET /api/v5/customers/history",
    "POST /api/v5/customers/upload",
    "GET /api/v5/customers/{externalId}",
    "POST /api/v5/customers/{externalId}/edit",
    "GET /api/v5/integration-modules/{code}",
    "POST /api/v5/integration-modules/{code}/edit",
    "GET /api/v5/orders",
    "POST /api/v5/orders/create",
    "POST /api/v5/orders/fix-external-ids",
    "GET /api/v5/orders/history",
    "POST /api/v5/orders/links/create",
    "POST /api/v5/orders/payments/create",
    "POST /api/v5/orders/payments/{id}/delete",
    "POST /api/v5/orders/payments/{id}/edit",
    "GET /api/v5/orders/statuses",
    "POST /api/v5/orders/upload",
    "GET /api/v5/orders/{}",
    "POST /api/v5/orders/{externalId}/edit",
    "GET /api/v5/reference/countries",
    "GET /api/v5/reference/delivery-services",
    "GET /api/v5/reference/delivery-types",
    "GET /api/v5/reference/order-methods",
    "GET /api/v5/reference/order-types",
    "GET /api/v5/reference/payment-statuses",
    "GET /api/v5/reference/payment-types",
    "GET /api/v5/reference/price-types",
    "GET /api/v5/reference/product-statuses",
    "GET /api/v5/reference/sites",
    "GET /api/v5/reference/status-groups",
    "GET /api/v5/reference/statuses",
    "GET /api/v5/reference/stores",
    "GET /api/v5/reference/units",
    "GET /api/v5/settings",
    "GET /api/v5/statistic/update",
    "GET /api/v5/store/inventories",
    "POST /api/v5/store/inventories/upload",
    "POST /api/v5/store/prices/upload",
];

struct Visits<'d> {
    desk: &'d Desk,
    seen: BTreeSet<String>,
    unnamed: BTreeSet<String>,
    wrong: BTreeSet<String>,
}

impl Visits<'_> {
    fn look(&mut self, method: &str, path: &str, answer: Answer) -> Value {
        let path = path.split('?').next().unwrap_or_default();
        let (template, model) = answer_of(method, path).unwrap_or_else(|| panic!("no such method: {path}"));
        if answer.status >= 300 && answer.status != 460 {
            self.wrong.insert(format!("{method} {path}: {} {}", answer.status, answer.body));
        }
        self.seen.insert(format!("{method} {template}"));
        unnamed(model, &answer.body, &mut self.unnamed);
        self.wrong.extend(answer.wrong);
        answer.body
    }

    async fn get(&mut self, path: &str) -> Value {
        let answer = self.desk.module.get(path).await;
        self.look("GET", &format!("/api/v5/{path}"), answer)
    }

    async fn post(&mut self, path: &str, fields: &[(&str, Value)]) -> Value {
        let answer = self.desk.module.post(path, fields).await;
        self.look("POST", &format!("/api/v5/{path}"), answer)
    }
}

/// An order with everything that the models let a shop say.
fn everything(external_id: &str) -> Value {
    let mut said = order(external_id);
    let more: Value = serde_json::from_str(include_str!("../data/everything.json")).expect("an order");
    said.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    said
}

fn person(external_id: &str) -> Value {
    json!({
        "externalId": external_id, "firstName": "Анна", "lastName": "Петрова", "patronymic": "Ивановна", "email": "anna@example.com",
        "phones": [{ "number": "+79005550101" }, { "number": 79005550102_i64 }], "createdAt": "2026-10-01 10:00:00",
        "birthday": "1990-05-06", "sex": "female", "vip": "1", "bad": 0, "isContact": false, "site": "opencart",
        "contragent": { "contragentType": "individual" }, "tags": [{ "name": "постоянный" }], "personalDiscount": "5.5",
        "discountCardNumber": 777, "customFields": { "club": "gold" }, "subscribed": true, "emailMarketingUnsubscribedAt": null,
        "address": { "index": 101000, "countryIso": "RU", "city": "Москва", "street": "Ленина", "building": 1, "flat": 2, "floor": "3" },
        "source": { "source": "yandex", "campaign": "осень" }, "managerId": "3",
    })
}

on_both_engines! {
    async fn every_answer_of_the_first_slice_fits_its_model(place: Place) {
        let desk = Desk::open(place).await;
        let mut v = Visits { desk: &desk, seen: BTreeSet::new(), unnamed: BTreeSet::new(), wrong: BTreeSet::new() };
        for path in ["/api/api-versions", "/api/credentials", "/api/system-info"] {
            let target = format!("{path}?apiKey={}", desk.module.key);
            let answer = desk.module.replay("GET", &target, None, Vec::new()).await;
            v.look("GET", path, answer);
        }

        let field = json!({ "name": "Клуб", "code": "club", "type": "string", "required": "0", "inFilter": 1, "inList": true, "ordering": "5", "displayArea": "customer" });
        v.post("custom-fields/customer/create", &[("customField", field.clone())]).await;
        v.post("custom-fields/customer/club/edit", &[("customField", field)]).await;
        v.get("custom-fields?filter[entity]=customer").await;
        v.get("custom-fields/customer/club").await;
        let module = json!({
            "code": "opencart-1", "integrationCode": "opencart", "active": "true", "name": "OpenCart", "clientId": 17,
            "baseUrl": "https://shop.example", "accountUrl": "https://shop.example/admin", "logo": "https://shop.example/logo.svg",
        });
        v.post("integration-modules/opencart-1/edit", &[("integrationModule", module)]).await;
        v.get("integration-modules/opencart-1").await;

        let anna = v.post("customers/create", &[("customer", person("c1"))]).await["id"].clone();
        v.post("customers/c1/edit", &[("customer", person("c1")), ("by", json!("externalId"))]).await;
        let mut strange = person("c3");
        strange["phones"] = json!("none");
        let uploaded = json!([{ "externalId": "c2", "firstName": "Борис", "email": "b@example.com" }, 7, strange]);
        v.post("customers/upload", &[("customers", uploaded)]).await;
        v.post("customers/fix-external-ids", &[("customers", json!([{ "id": anna, "externalId": "c1" }]))]).await;

        let first = v.post("orders/create", &[("order", everything("1")), ("site", json!("opencart"))]).await["id"].clone();
        let mut changed = everything("1");
        changed["items"][0]["quantity"] = json!("3");
        changed["status"] = json!("client-confirmed");
        v.post("orders/1/edit", &[("order", changed), ("by", json!("externalId"))]).await;
        let mut wrong = order("4");
        wrong["items"][0]["initialPrice"] = json!("much");
        v.post("orders/upload", &[("orders", json!([order("2"), everything("3"), order("1"), wrong]))]).await;
        v.post("orders/upload", &[("orders", json!([order("5")]))]).await;
        let second = v.get("orders/2?by=externalId").await["order"]["id"].clone();
        v.post("orders/fix-external-ids", &[("orders", json!([{ "id": second, "externalId": "22" }]))]).await;
        let links = json!({ "comment": "вместе", "orders": [{ "externalId": "1" }, { "id": second }] });
        v.post("orders/links/create", &[("link", links)]).await;
        let payment = json!({ "externalId": "p9", "type": "cash", "amount": "12.30", "order": { "externalId": "1" } });
        let paid = v.post("orders/payments/create", &[("payment", payment)]).await["id"].clone();
        v.post("orders/payments/p9/edit", &[("payment", json!({ "externalId": "p9", "status": "paid", "paidAt": "2026-11-02 10:00:00" }))]).await;
        v.post(&format!("orders/payments/{paid}/delete"), &[]).await;
        desk.app.drain().await;
        desk.edited_by_the_desk(first.as_i64().expect("an id"), takt_orders::Patch { comment: Some(Some("desk".to_owned())), ..takt_orders::Patch::default() }).await;
        v.get("orders").await;
        v.get(&format!("orders/{first}?by=id")).await;
        v.get(&format!("orders/statuses?ids[]={first}&externalIds[]=22")).await;
        v.get("orders/history").await;
        v.get("orders/history?filter[startDate]=2026-11-01+00:00:00&limit=100").await;
        v.get("customers").await;
        v.get("customers/c1").await;
        v.get("customers/history").await;

        for (kind, field) in [
            ("delivery-types", "deliveryType"),
            ("delivery-services", "deliveryService"),
            ("payment-types", "paymentType"),
            ("payment-statuses", "paymentStatus"),
            ("order-types", "orderType"),
            ("order-methods", "orderMethod"),
            ("price-types", "priceType"),
            ("product-statuses", "productStatus"),
            ("statuses", "status"),
            ("units", "unit"),
        ] {
            // As forms write things.
            let said = json!({
                "code": "own", "name": "Своё", "active": "1", "defaultForCrm": "0", "ordering": "3", "group": "approval", "sym": "шт",
                "deliveryTypes": ["own"], "paymentTypes": ["cash"], "deliveryType": "courier", "defaultCost": "5.5",
                "sites": ["opencart"], "promo": "0", "default": "true", "paymentComplete": "1", "description": "",
            });
            v.post(&format!("reference/{kind}/own/edit"), &[(field, said)]).await;
        }
        let site = json!({ "url": "https://shop.example", "ymlUrl": "https://shop.example/icml.xml", "loadFromYml": "1", "name": "Чай" });
        v.post("reference/sites/opencart/edit", &[("site", site)]).await;
        for kind in [
            "sites", "statuses", "status-groups", "delivery-types", "delivery-services", "payment-types", "payment-statuses", "order-types",
            "order-methods", "price-types", "product-statuses", "stores", "units", "countries",
        ] {
            v.get(&format!("reference/{kind}")).await;
        }

        let counted = json!([{ "externalId": "40", "stores": [{ "code": "main", "available": "7.5", "purchasePrice": 1 }] }, { "externalId": "gone" }]);
        v.post("store/inventories/upload", &[("offers", counted)]).await;
        let prices = json!([{ "externalId": "40", "site": "opencart", "prices": [{ "code": "base", "price": "120.50" }] }, { "xmlId": "gone" }]);
        v.post("store/prices/upload", &[("prices", prices)]).await;
        v.get("store/inventories?filter[details]=1").await;
        v.get("store/products").await;
        v.get("store/offers").await;
        v.get("statistic/update").await;
        v.get("settings").await;

        let missed: Vec<&&str> = SLICE.iter().filter(|method| !v.seen.contains(**method)).collect();
        assert!(missed.is_empty(), "nobody asked for {missed:?}");
        // What a shop says of a list of codes beyond its model is given back to it.
        let strange: Vec<&String> = v.unnamed.iter()
            .filter(|field| !NAMED_ELSEWHERE.contains(&field.as_str()) && !field.starts_with("Entity.References."))
            .collect();
        assert!(v.wrong.is_empty() && strange.is_empty(), "{:#?}\nno model names {strange:#?}", v.wrong);
    }
}

/// Fields that the official client's models leave out: our number of an order that was there already, what the shop
/// said itself, and why some of many were not taken, which the client reads as it reads a failure.
const NAMED_ELSEWHERE: [&str; 6] = [
    "Entity.EntityWithExternalId.id",
    "Entity.Orders.Items.OrderProduct.ordering",
    "Response.Customers.CustomersUploadResponse.errorMsg",
    "Response.Customers.CustomersUploadResponse.errors",
    "Response.Orders.OrdersUploadResponse.errorMsg",
    "Response.Orders.OrdersUploadResponse.errors",
];
