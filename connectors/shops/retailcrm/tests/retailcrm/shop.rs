//! A company whose shop has a module, and the module.

use http::Method;
use serde_json::{Value, json};
use takt_catalog::{OfferInput, OfferTexts, add_offer};
use takt_connections::{ConnectionId, ManageConnections, NewConnection, create};
use takt_kernel::{CompanyId, ShopId, money::Currency};
use takt_orders::{Order, OrderId, load};
use takt_staff::{
    Permit, command_line,
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_testing::{Client, Place, TestApp, TestResponse};
use takt_ui::Lang;

use super::models::{answer_of, wrong_in, wrong_in_failure};

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    pub connection: ConnectionId,
    pub module: Module,
}

/// What a shop's module can do: ask, with its key.
pub struct Module {
    client: Client,
    pub key: String,
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        let app = TestApp::open(
            place,
            vec![
                takt_staff::feature(),
                takt_customers::feature(),
                takt_catalog::feature(),
                takt_orders::feature(),
                takt_gateway::feature(),
                takt_stock::feature(),
                takt_shipments::feature(),
                takt_connections::feature(),
                takt_feeds::feature(takt_feeds::Settings::reaching(takt_feeds::Reach::Public)),
                takt_retailcrm::feature(),
            ],
        )
        .await;
        let company = company(&app, "Чай и кофе").await;
        let shop = shop(&app, company, "opencart").await;
        let (connection, module) = connect(&app, company, shop).await;
        for (sku, name, price) in [("40", "iPhone", "101.00"), ("TEA", "Чай чёрный", "199.50")] {
            let texts = OfferTexts { sku, name, price, vat: "22", ..OfferTexts::default() };
            let input = OfferInput::parse(&texts, Currency::RUB).expect("an offer");
            app.write(move |tx| add_offer(tx, &Permit::system(company, "test"), None, &input)).await;
        }
        app.drain().await;
        Self { app, company, connection, module }
    }

    /// The order as the desk has it.
    pub async fn order(&self, id: i64) -> Order {
        let company = self.company;
        self.app.read(move |reader| load(reader, company, OrderId::new(id))).await
    }

    /// What the desk changes on an order.
    pub async fn edited_by_the_desk(&self, id: i64, patch: takt_orders::Patch) {
        let company = self.company;
        self.app
            .write(move |tx| {
                let id = OrderId::new(id);
                let version = load(tx, company, id)?.version;
                takt_orders::edit(tx, &Permit::system(company, "desk"), id, version, patch.clone())
            })
            .await;
        self.app.drain().await;
    }

    pub async fn placed(&self) -> usize {
        self.app.facts_named("orders.placed").await
    }
}

impl Module {
    pub async fn get(&self, path: &str) -> Answer {
        let join = if path.contains('?') { '&' } else { '?' };
        let asked = format!("/api/v5/{path}{join}apiKey={}", self.key);
        Answer::of("GET", &asked, self.client.get(&asked).await)
    }

    /// Sends fields as a form; values that are no texts as the JSON they are.
    pub async fn post(&self, path: &str, fields: &[(&str, Value)]) -> Answer {
        let mut written: Vec<(String, String)> = vec![("apiKey".to_owned(), self.key.clone())];
        for (name, value) in fields {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            written.push(((*name).to_owned(), value));
        }
        let fields: Vec<(&str, &str)> =
            written.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let asked = format!("/api/v5/{path}");
        Answer::of("POST", &asked, self.client.post_form(&asked, &fields).await)
    }

    /// Sends a request byte by byte as it was recorded.
    pub async fn replay(&self, method: &str, target: &str, media: Option<&str>, body: Vec<u8>) -> Answer {
        self.send(method, target, media, false, body).await
    }

    pub async fn send(
        &self,
        method: &str,
        target: &str,
        media: Option<&str>,
        packed: bool,
        body: Vec<u8>,
    ) -> Answer {
        let asking = self.client.ask(Method::from_bytes(method.as_bytes()).expect("a method"), target);
        let asking = match media {
            Some(media) => asking.body(media, body),
            None => asking,
        };
        let asking = if packed { asking.header("content-encoding", "gzip") } else { asking };
        Answer::of(method, target, asking.send().await)
    }

    pub async fn create(&self, order: &Value) -> Answer {
        self.post("orders/create", &[("order", order.clone())]).await
    }

    pub async fn edit(&self, external_id: &str, order: &Value) -> Answer {
        let path = format!("orders/{external_id}/edit");
        self.post(&path, &[("order", order.clone()), ("by", json!("externalId"))]).await
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    /// What of it clients could not read.
    pub wrong: Vec<String>,
}

impl Answer {
    /// Whatever a test asks for: what is answered has the types that clients read.
    fn of(method: &str, target: &str, response: TestResponse) -> Self {
        let status = response.status.as_u16();
        let text = response.text();
        let body = serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {status} {text}"));
        let path = target.split('?').next().unwrap_or_default();
        let wrong = match answer_of(method, path) {
            Some((_, model)) if status < 400 || status == 460 => wrong_in(model, &body),
            _ => wrong_in_failure(&body),
        };
        Self { status, body, wrong }
    }

    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.body["success"], json!(status < 400), "{}", self.body);
        assert!(self.wrong.is_empty(), "{}\nin {:#}", self.wrong.join("\n"), self.body);
        self.body
    }

    pub fn refused(self, status: u16, message: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(body["errorMsg"], json!(message), "{body}");
        body
    }
}

pub async fn company(app: &TestApp, name: &str) -> CompanyId {
    let new = NewCompany {
        name: name.to_owned(),
        kind: OrganisationKind::Company,
        currency: Currency::RUB,
        zone: "Europe/Moscow".to_owned(),
        lang: Lang::Ru,
    };
    command_line::create_company(&app.db, new).await.expect("a company")
}

pub async fn shop(app: &TestApp, company: CompanyId, name: &str) -> ShopId {
    let new = NewShop { name: name.to_owned(), currency: None };
    command_line::create_shop(&app.db, &company.to_string(), new).await.expect("a shop")
}

pub async fn connect(app: &TestApp, company: CompanyId, shop: ShopId) -> (ConnectionId, Module) {
    let (id, key) = app
        .write(move |tx| {
            let permit = Permit::<ManageConnections>::system(company, "test");
            create(tx, &permit, &NewConnection { shop, kind: "retailcrm".to_owned(), name: String::new() })
        })
        .await;
    assert_eq!(key.len(), 32, "modules refuse keys of another length");
    (id, Module { client: app.client(), key })
}

/// An order as OpenCart sends it.
pub fn order(external_id: &str) -> Value {
    json!({
        "externalId": external_id, "firstName": "Ivan", "lastName": "Sidorov", "phone": "+79001234568",
        "email": "buyer@example.com", "customerComment": "please call", "createdAt": "2026-11-02 08:03:15",
        "status": null, "customer": { "externalId": "1" },
        "delivery": {
            "address": { "index": "101000", "city": "Moscow", "text": "101000, Moscow, Lenina 1, " },
            "code": "courier", "cost": "5.0000",
        },
        "items": [{
            "offer": { "externalId": "40" }, "productName": "iPhone", "initialPrice": "101.0000", "quantity": "2",
        }],
        "payments": [{ "externalId": format!("{external_id}-a"), "type": "cash" }],
        "discountManualAmount": 0,
    })
}
