//! What a shop has of everything, and how it could be asked for.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use takt_connections::{ManageConnections, NewConnection, create};
use takt_kernel::{CompanyId, ShopId};
use takt_staff::{Permit, Role, command_line, shops::NewShop};
use takt_testing::{Client, TestApp, TestResponse};

use crate::{calls, routes::Route, world};

pub const MARK: &str = "ALPHA";
/// Never given out: ids are small in tests.
const NOWHERE: i64 = 70_000_000;

pub struct Module {
    client: Client,
    key: String,
}

impl Module {
    pub async fn open(app: &TestApp, company: CompanyId, name: &str) -> Self {
        let shop: ShopId = command_line::create_shop(
            &app.db,
            &company.to_string(),
            NewShop { name: name.to_owned(), currency: None },
        )
        .await
        .expect("a shop");
        let (_, key) = app
            .write(move |tx| {
                let permit = Permit::<ManageConnections>::system(company, "test");
                create(
                    tx,
                    &permit,
                    &NewConnection { shop, kind: "retailcrm".to_owned(), name: String::new() },
                )
            })
            .await;
        Self { client: app.client(), key }
    }

    pub async fn get(&self, path: &str) -> TestResponse {
        let join = if path.contains('?') { '&' } else { '?' };
        self.client.get(&format!("{path}{join}apiKey={}", self.key)).await
    }

    async fn post(&self, path: &str, fields: &[(&str, Value)]) -> TestResponse {
        let texts: Vec<(&str, String)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
            .collect();
        let mut form: Vec<(&str, &str)> = vec![("apiKey", &self.key)];
        form.extend(texts.iter().map(|(name, text)| (*name, text.as_str())));
        self.client.post_form(path, &form).await
    }

    /// Its id.
    async fn told(&self, path: &str, field: &str, value: Value) -> i64 {
        let answer = self.post(&format!("/api/v5/{path}"), &[(field, value)]).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
        answer.json::<Value>()["id"].as_i64().unwrap_or_default()
    }
}

/// What the shop has of everything, by both ids.
pub struct Things {
    order: i64,
    other_order: i64,
    customer: i64,
    other_customer: i64,
    firm: i64,
    address: i64,
    company: i64,
    contact: i64,
    payment: i64,
    note: i64,
    firm_note: i64,
    person: i64,
}

fn named(what: &str) -> String {
    format!("{MARK} {what}")
}

pub async fn fill(module: &Module, app: &TestApp, owner: CompanyId) -> Things {
    let person = |id: &str| json!({ "externalId": id, "firstName": named("customer"), "email": format!("{id}.alpha@example.org") });
    let customer = module.told("customers/create", "customer", person("c1")).await;
    let other_customer = module.told("customers/create", "customer", person("c2")).await;
    let order = |id: &str| {
        json!({
            "externalId": id, "customer": { "externalId": "c1" }, "firstName": named("buyer"), "customerComment": named("wish"),
            "items": [{ "productName": named("tea"), "initialPrice": 10, "quantity": 1 }],
        })
    };
    let first = module.told("orders/create", "order", order("o1")).await;
    let other_order = module.told("orders/create", "order", order("o2")).await;
    let firm = json!({ "externalId": "f1", "nickName": named("firm"), "customerContacts": [{ "customer": { "id": customer } }] });
    let firm = module.told("customers-corporate/create", "customerCorporate", firm).await;
    let address = json!({ "externalId": "a1", "name": named("office") });
    let address = module.told("customers-corporate/f1/addresses/create", "address", address).await;
    let company = json!({ "externalId": "k1", "name": named("legal entity") });
    let company = module.told("customers-corporate/f1/companies/create", "company", company).await;
    let contact = json!({ "customer": { "id": other_customer } });
    let contact = module.told("customers-corporate/f1/contacts/create", "contact", contact).await;
    let payment = json!({ "externalId": "p1", "type": "cash", "comment": named("payment"), "order": { "externalId": "o1" } });
    let payment = module.told("orders/payments/create", "payment", payment).await;
    let note = |id: &str| json!({ "text": named("note"), "customer": { "externalId": id } });
    let text = module.told("customers/notes/create", "note", note("c1")).await;
    let firm_note = module.told("customers-corporate/notes/create", "note", note("f1")).await;
    let links = json!({ "comment": named("link"), "orders": [{ "id": first }, { "id": other_order }] });
    module.told("orders/links/create", "link", links).await;
    let site = site_of(module).await;
    let cart = json!({ "externalId": "b1", "customer": { "id": customer }, "items": [{ "offer": { "name": named("tea") }, "quantity": 1 }] });
    module.told(&format!("customer-interaction/{site}/cart/set"), "cart", cart).await;
    let field = json!({ "code": "x1", "name": named("field") });
    module.told("custom-fields/order/create", "customField", field.clone()).await;
    module.told("custom-fields/dictionaries/create", "customDictionary", field.clone()).await;
    module.told("integration-modules/x1/edit", "integrationModule", field.clone()).await;
    for (kind, one) in
        [("payment-types", "paymentType"), ("delivery-types", "deliveryType"), ("price-types", "priceType")]
    {
        module.told(&format!("reference/{kind}/x1/edit"), one, field.clone()).await;
    }
    let _ = world::person(app, owner, MARK, Role::Manager).await;
    let email = world::email(MARK, Role::Manager);
    let person = app.read(move |reader| world::person_id(reader, &email)).await.get();
    app.drain().await;
    Things {
        order: first,
        other_order,
        customer,
        other_customer,
        firm,
        address,
        company,
        contact,
        payment,
        note: text,
        firm_note,
        person,
    }
}

pub async fn site_of(module: &Module) -> String {
    let sites: Value = module.get("/api/v5/reference/sites").await.json();
    sites["sites"].as_object().and_then(|sites| sites.keys().next().cloned()).expect("a site")
}

/// A question as its route is asked, with ids of the shop; `{0}` and `{1}` stand for its variables.
pub struct Question {
    pub path: String,
    fields: Vec<(&'static str, Value)>,
}

impl Things {
    /// What the variables of a template may be: (by, first, second).
    fn names(&self, template: &str) -> Vec<(&'static str, String, String)> {
        let both = |id: i64, external: &str, second: (i64, &str)| {
            vec![
                ("id", id.to_string(), second.0.to_string()),
                ("externalId", external.to_owned(), second.1.to_owned()),
            ]
        };
        let alone = |id: i64, external: &str| both(id, external, (id, external));
        if template.contains("customer-interaction") {
            return alone(self.customer, "c1");
        }
        let parts = [
            ("/addresses", (self.address, "a1")),
            ("/companies", (self.company, "k1")),
            ("/contacts", (self.contact, "c2")),
        ];
        if let Some((_, part)) = parts.iter().find(|(part, _)| template.contains(part)) {
            return both(self.firm, "f1", *part);
        }
        [
            ("/customers-corporate/notes", alone(self.firm_note, "x1")),
            ("/customers-corporate", alone(self.firm, "f1")),
            ("/customers/notes", alone(self.note, "x1")),
            ("/customers", alone(self.customer, "c1")),
            ("/orders/payments", alone(self.payment, "p1")),
            ("/orders", alone(self.order, "o1")),
            ("/users", vec![("id", self.person.to_string(), String::new())]),
        ]
        .into_iter()
        .find_map(|(part, names)| template.contains(part).then_some(names))
        .unwrap_or_else(|| vec![("externalId", "x1".to_owned(), "x1".to_owned())])
    }

    pub fn questions(&self, route: &Route, site: &str) -> Vec<Question> {
        self.names(&route.template)
            .into_iter()
            .map(|(by, first, second)| {
                let mut variables = match route.template.contains("customer-interaction") {
                    true => vec![site.to_owned(), first],
                    false => vec![first, second],
                }
                .into_iter();
                let parts: Vec<String> = route
                    .template
                    .split('/')
                    .map(|part| match part.starts_with('{') {
                        true => variables.next().unwrap_or_default(),
                        false => part.to_owned(),
                    })
                    .collect();
                let path = parts.join("/");
                if route.method == "GET" {
                    let Self { order, customer, firm, company, .. } = self;
                    return Question {
                        path: format!(
                            "{path}?by={by}&filter[ids][]={order}&filter[ids][]={customer}&filter[ids][]={firm}&ids[]={order}\
                             &filter[customerId]={customer}&filter[customerIds][]={customer}&filter[companyIds][]={company}\
                             &filter[contactIds][]={customer}"
                        ),
                        fields: Vec::new(),
                    };
                }
                let mut fields = self.said();
                fields.extend([("by", json!(by)), ("entityBy", json!(by))]);
                Question { path, fields }
            })
            .collect()
    }

    /// Every field that any method reads, with the shop's ids in it.
    fn said(&self) -> Vec<(&'static str, Value)> {
        let Self { order, other_order, customer, other_customer, firm, address, company, .. } = self;
        let items = json!([{ "productName": "stolen", "initialPrice": 1, "quantity": 1 }]);
        let code = json!({ "code": "x1", "name": "stolen", "group": "approval" });
        vec![
            (
                "order",
                json!({
                    "id": order, "customerComment": "stolen", "customer": { "id": customer }, "contact": { "id": customer },
                    "company": { "id": company }, "items": items,
                }),
            ),
            ("orders", json!([{ "id": order, "externalId": "stolen" }])),
            ("customer", json!({ "id": customer, "externalId": "stolen", "firstName": "stolen" })),
            ("customers", json!([{ "id": customer, "externalId": "stolen" }])),
            ("resultCustomer", json!({ "id": other_customer })),
            (
                "customerCorporate",
                json!({
                    "id": firm, "nickName": "stolen", "customerContacts": [{ "customer": { "id": customer } }],
                    "companies": [{ "id": company, "name": "stolen" }], "addresses": [{ "id": address, "name": "stolen" }],
                }),
            ),
            ("customersCorporate", json!([{ "id": firm, "externalId": "stolen" }])),
            ("address", json!({ "id": address, "name": "stolen" })),
            ("company", json!({ "id": company, "name": "stolen" })),
            ("contact", json!({ "customer": { "id": customer } })),
            (
                "payment",
                json!({ "type": "cash", "amount": 7, "comment": "stolen", "order": { "id": order } }),
            ),
            ("note", json!({ "text": "stolen", "customer": { "id": customer } })),
            ("cart", json!({ "customer": { "id": customer }, "order": { "id": order }, "items": [] })),
            ("link", json!({ "comment": "stolen", "orders": [{ "id": order }, { "id": other_order }] })),
            ("subscriptions", json!([{ "channel": "email", "active": false }])),
            ("customField", code.clone()),
            ("customDictionary", code.clone()),
            ("integrationModule", code.clone()),
            ("offers", json!([])),
            ("prices", json!([])),
            ("status", code.clone()),
            ("store", code.clone()),
            ("unit", code.clone()),
            ("paymentType", code.clone()),
            ("deliveryType", code.clone()),
            ("deliveryService", code.clone()),
            ("paymentStatus", code.clone()),
            ("orderType", code.clone()),
            ("orderMethod", code.clone()),
            ("priceType", code.clone()),
            ("productStatus", code),
        ]
    }

    pub fn all(&self) -> BTreeSet<i64> {
        BTreeSet::from([
            self.order,
            self.other_order,
            self.customer,
            self.other_customer,
            self.firm,
            self.address,
            self.company,
            self.contact,
            self.payment,
            self.note,
            self.firm_note,
            self.person,
        ])
    }
}

impl Question {
    /// The same about ids that never were.
    pub fn of_nothing(&self, ids: &BTreeSet<i64>) -> Self {
        let swap = |number: i64| ids.contains(&number).then_some(number + NOWHERE);
        let words = ["o1", "c1", "c2", "f1", "a1", "k1", "p1"];
        let parts: Vec<String> = calls::swapped(&self.path, &swap)
            .split('/')
            .map(|part| {
                let (name, rest) = part
                    .split_once('?')
                    .map_or((part, String::new()), |(name, rest)| (name, format!("?{rest}")));
                if words.contains(&name) { format!("never{rest}") } else { part.to_owned() }
            })
            .collect();
        let fields =
            self.fields.iter().map(|(name, value)| (*name, calls::swapped_json(value, &swap))).collect();
        Self { path: parts.join("/"), fields }
    }

    pub async fn ask(&self, route: &Route, module: &Module) -> TestResponse {
        match route.method.as_str() {
            "GET" => module.get(&self.path).await,
            _ => module.post(&self.path, &self.fields).await,
        }
    }
}
