//! Requests as modules of real shops word them where PHP leaves something empty, and what nobody may be answered.

use serde_json::{Value, json};
use takt_testing::on_both_engines;

use super::shop::{Desk, order};

const PARAMETERS: &str = "Errors in the input parameters";

fn with(external_id: &str, changes: &Value) -> Value {
    let mut order = order(external_id);
    order.as_object_mut().expect("fields").extend(changes.as_object().expect("fields").clone());
    order
}

on_both_engines! {
    async fn a_parameter_without_a_value_asks_for_nothing(place: Place) {
        let desk = Desk::open(place).await;
        desk.module.create(&order("1")).await.expect(201);
        desk.app.drain().await;
        for (asked, list, found) in [
            // A guest at OpenCart's checkout who left no e-mail.
            ("customers?filter[name]=%2B79001234568&filter[email]=&limit=100", "customers", 1),
            ("customers?filter[name]=+&filter[email]=&page=", "customers", 1),
            ("customers?filter[isContact]=0", "customers", 1),
            ("customers?filter[isContact]=1", "customers", 0),
            ("orders?limit=&page=&filter[ids][]=&filter[externalIds][0]=1", "orders", 1),
            ("orders/history?filter[sinceId]=&limit=100", "history", 1),
            ("customers/history?filter[sinceId]=&filter[startDate]=&page=", "history", 1),
            ("customers-corporate?filter[ids][]=", "customersCorporate", 0),
            ("users?filter[email]=", "users", 0),
            ("store/inventories?filter[ids][]=&filter[sites][]=", "offers", 0),
        ] {
            let body = desk.module.get(asked).await.expect(200);
            assert_eq!(body[list].as_array().map(Vec::len), Some(found), "{asked}: {body}");
        }
    }

    async fn who_asks_for_a_part_is_never_answered_with_everything(place: Place) {
        let desk = Desk::open(place).await;
        desk.module.create(&order("1")).await.expect(201);
        for (asked, field) in [
            ("orders?filter[paymentStatuses][]=paid", "filter.paymentStatuses"),
            ("orders?filter[minPrice]=5", "filter.minPrice"),
            ("orders?filter[customFields][nps][min]=5", "filter.customFields"),
            ("orders?filter[createdAtFrom]=soon", "filter.createdAtFrom"),
            ("orders?filter[createdAtTo]=2026-13-01", "filter.createdAtTo"),
            ("customers?filter[segment]=vip", "filter.segment"),
            ("customers?filter[minOrdersCount]=1", "filter.minOrdersCount"),
        ] {
            let body = desk.module.get(asked).await.refused(400, PARAMETERS);
            assert!(body["errors"][field].is_string(), "{asked}: {body}");
        }
        // What is no filter is passed over.
        let all = desk.module.get("orders?cms_source=OpenCart&filter[paymentStatuses][]=").await.expect(200);
        assert_eq!(all["orders"].as_array().map(Vec::len), Some(1));
    }

    async fn a_module_of_another_version_is_told_so_in_its_own_words(place: Place) {
        let desk = Desk::open(place).await;
        for (method, path) in
            [("GET", "v3/orders/history"), ("POST", "v3/orders/upload"), ("GET", "v4/customers"), ("GET", "v5/nonsense")]
        {
            let target = format!("/api/{path}?apiKey={}", desk.module.key);
            let answer = desk.module.replay(method, &target, None, Vec::new()).await;
            answer.refused(404, "API method not found");
        }
    }

    async fn what_php_leaves_empty_loses_no_order(place: Place) {
        let desk = Desk::open(place).await;
        let empties = [json!(null), json!(""), json!([]), json!(false)];
        for (index, empty) in empties.iter().enumerate() {
            let external_id = format!("e{index}");
            let mut changes = json!({});
            for field in ["customer", "delivery", "payments", "customFields", "contragent", "source", "shipmentDate"] {
                changes[field] = empty.clone();
            }
            let body = desk.module.create(&with(&external_id, &changes)).await.expect(201);
            assert_eq!(body["order"]["externalId"], json!(external_id));
        }
        for (index, empty) in [json!(null), json!(""), json!(" ")].iter().enumerate() {
            let item = json!({ "offer": { "externalId": "TEA", "xmlId": empty }, "quantity": empty, "initialPrice": empty });
            let changes = json!({
                "items": [item], "createdAt": empty, "currency": empty, "number": empty, "status": empty,
                "discountManualAmount": empty, "discountManualPercent": empty,
                "delivery": { "code": empty, "cost": empty, "address": [], "service": [], "date": empty },
            });
            let body = desk.module.create(&with(&format!("i{index}"), &changes)).await.expect(201);
            // What is not said is what the catalogue has.
            let line = &body["order"]["items"][0];
            assert_eq!((&line["quantity"], &line["initialPrice"]), (&json!(1), &json!(199.5)), "{body}");
        }
        assert_eq!(desk.placed().await, 7);
        // A change that says nothing changes nothing.
        let body = desk.module.post("orders/e0/edit", &[("order", json!([]))]).await.expect(200);
        assert_eq!(body["order"]["summ"], json!(202));
        desk.module.post("orders/create", &[("order", json!([]))]).await.refused(400, "Errors in the entity format");
    }

    async fn phones_of_customers_come_in_any_of_phps_forms(place: Place) {
        let desk = Desk::open(place).await;
        let forms = [
            json!([{ "number": "+79001112201" }]),
            json!({ "0": { "number": "+79001112202" } }),
            json!(["+79001112203"]),
            json!("+79001112204"),
            json!([{ "number": null }, { "number": "+79001112205" }]),
        ];
        for (phones, last) in forms.into_iter().zip(1..) {
            let said = json!({ "externalId": format!("p{last}"), "firstName": "Anna", "phones": phones });
            desk.module.post("customers/create", &[("customer", said)]).await.expect(201);
            let found = desk.module.get(&format!("customers/p{last}")).await.expect(200);
            assert_eq!(found["customer"]["phones"], json!([{ "number": format!("+7900111220{last}") }]));
        }
        let said = json!({ "externalId": "p6", "firstName": "Anna", "phones": "none" });
        desk.module.post("customers/create", &[("customer", said)]).await.refused(400, "Errors in the entity format");
    }

    async fn of_fifty_each_that_is_refused_is_told_in_words(place: Place) {
        let desk = Desk::open(place).await;
        let orders = json!([
            order("1"), { "externalId": "2", "items": [] }, null, with("3", &json!({ "currency": "USD" })), order("1"),
            with("4", &json!({ "items": [{ "productName": "Cup", "quantity": "many" }] })),
        ]);
        let body = desk.module.post("orders/upload", &[("orders", orders)]).await.expect(460);
        assert_eq!(body["errorMsg"], "Orders are loaded with errors");
        let told: Vec<&str> = body["errors"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let words = desk.module.create(&json!({ "items": [] })).await.expect(400)["errors"]["order.items"].clone();
        let words = words.as_str().expect("words");
        assert_eq!(told[0], format!("order.items: {words} Order externalId=2."));
        assert!(told[1].starts_with("order: ") && told[1].ends_with(" Order externalId=."), "{told:?}");
        assert!(told[2].starts_with("order.currency: "), "{told:?}");
        assert_eq!(told[3], "Order already exists. Order externalId=1.");
        assert_eq!(told.len(), 5, "{told:?}");
        for inner in ["struct", "orders.", "input.fields"] {
            assert!(!body["errors"].to_string().contains(inner), "{inner} in {told:?}");
        }
        let customers = json!([{ "firstName": "Anna", "phones": [{ "number": "+79001112206" }] }, null]);
        let body = desk.module.post("customers/upload", &[("customers", customers)]).await.expect(460);
        assert_eq!(body["uploadedCustomers"][0]["externalId"], "");
        assert_eq!(body["failedCustomers"], json!([{ "externalId": "" }]));
    }
}
