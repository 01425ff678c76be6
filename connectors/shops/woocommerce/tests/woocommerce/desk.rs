//! A company with a shop on WooCommerce that is connected.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use serde_json::{Map, Value, json};
use takt_connections::{
    Connection, ConnectionId, ManageConnections, NewConnection, get,
    messages::{self, Message, State},
    save_settings, secrets,
};
use takt_kernel::{CompanyId, ShopId, money::Currency};
use takt_orders::{Line, Order, OrderId, by_external_id, lines, load};
use takt_outbound::Reach;
use takt_shops_port::Limits;
use takt_staff::{
    Permit, command_line,
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_testing::{Place, TestApp, TestResponse};
use takt_ui::Lang;

use super::shop::Shop;

pub const LIMITS: Limits =
    Limits { reach: Reach::PublicAndLoopback, patience: Duration::from_millis(700), at_once: 16 };

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    pub shop: ShopId,
    pub connection: ConnectionId,
    pub secret: String,
    deliveries: std::sync::atomic::AtomicU32,
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
                takt_tasks::feature(),
                takt_gateway::feature(),
                takt_stock::feature(),
                takt_shipments::feature(),
                takt_connections::feature(),
                takt_shops_port::feature(LIMITS),
                takt_woocommerce::feature(LIMITS),
            ],
        )
        .await;
        let (company, shop) = company(&app, "Чай и кофе").await;
        let (connection, secret) = connect(&app, company, shop).await;
        app.drain().await;
        Self { app, company, shop, connection, secret, deliveries: 0.into() }
    }

    /// Sends a message as the shop does: signed, under a delivery id of its own.
    pub async fn tell(&self, topic: &str, body: &Value) -> TestResponse {
        let number = self.deliveries.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.deliver(topic, body.to_string().into_bytes(), &format!("d{number}")).await
    }

    pub async fn deliver(&self, topic: &str, body: Vec<u8>, delivery: &str) -> TestResponse {
        let signature = sign(&self.secret, &body);
        self.post(self.connection, topic, body, delivery, Some(&signature)).await
    }

    pub async fn post(
        &self,
        connection: ConnectionId,
        topic: &str,
        body: Vec<u8>,
        delivery: &str,
        signature: Option<&str>,
    ) -> TestResponse {
        let mut asking = self
            .app
            .ask(Method::POST, &format!("/hooks/woocommerce/{connection}"))
            .header("x-wc-webhook-source", "https://shop.example/")
            .header("x-wc-webhook-topic", topic)
            .header("x-wc-webhook-id", "3")
            .header("x-wc-webhook-delivery-id", delivery);
        if let Some(signature) = signature {
            asking = asking.header("x-wc-webhook-signature", signature);
        }
        asking.body("application/json", body).send().await
    }

    pub async fn connection(&self) -> Connection {
        let (company, id) = (self.company, self.connection);
        self.app.read(move |reader| get(reader, company, id)).await
    }

    pub async fn set(&self, changes: Value) {
        self.set_of(self.connection, changes).await;
    }

    pub async fn set_of(&self, id: ConnectionId, changes: Value) {
        let company = self.company;
        let changes: Map<String, Value> = changes.as_object().cloned().expect("an object");
        self.app
            .write(move |tx| {
                let connection = get(tx, company, id)?;
                let mut settings = connection.settings.clone();
                settings.extend(changes.clone());
                let permit = Permit::<ManageConnections>::system(company, "test");
                save_settings(tx, &connection, &settings, permit.actor())
            })
            .await;
    }

    /// Gives the connection what it needs to ask a shop.
    pub async fn reach(&self, shop: &Shop) {
        self.reach_by(self.connection, shop).await;
    }

    pub async fn reach_by(&self, id: ConnectionId, shop: &Shop) {
        let company = self.company;
        self.app
            .write(move |tx| {
                let permit = Permit::<ManageConnections>::system(company, "test");
                secrets::set(tx, &permit, id, "consumer_key", "ck_1")?;
                secrets::set(tx, &permit, id, "consumer_secret", "cs_1")
            })
            .await;
        self.set_of(id, json!({ "url": shop.address })).await;
    }

    pub async fn order_id(&self, external_id: &str) -> Option<OrderId> {
        let (company, shop, external_id) = (self.company, self.shop, external_id.to_owned());
        self.app.read(move |reader| by_external_id(reader, company, shop, &external_id)).await
    }

    pub async fn order(&self, external_id: &str) -> (Order, Vec<Line>) {
        let company = self.company;
        // On a machine that is busy the shop is answered before the order is taken in.
        let taken_in = async {
            loop {
                if let Some(id) = self.order_id(external_id).await {
                    return id;
                }
                tokio::task::yield_now().await;
            }
        };
        let id = tokio::time::timeout(Duration::from_secs(30), taken_in).await.expect("the order is here");
        self.app.read(move |reader| Ok((load(reader, company, id)?, lines(reader, company, id)?))).await
    }

    pub async fn messages(&self, state: State) -> Vec<Message> {
        let (company, connection) = (self.company, self.connection);
        let newest = move |reader: &mut takt_store::Reader<'_>| {
            messages::newest(reader, company, connection, state, 200)
        };
        self.app.read(newest).await
    }

    /// Codes of what waits in quarantine, the newest first.
    pub async fn quarantine(&self) -> Vec<String> {
        let code = |message: Message| {
            let problem = message.problem.unwrap_or_default();
            problem["fields"][0]["code"].as_str().or(problem["code"].as_str()).unwrap_or_default().to_owned()
        };
        self.messages(State::Quarantined).await.into_iter().map(code).collect()
    }

    pub async fn placed(&self) -> usize {
        self.app.facts_named("orders.placed").await
    }
}

pub async fn company(app: &TestApp, name: &str) -> (CompanyId, ShopId) {
    let new = NewCompany {
        name: name.to_owned(),
        kind: OrganisationKind::Company,
        currency: Currency::RUB,
        zone: "Europe/Moscow".to_owned(),
        lang: Lang::Ru,
    };
    let company = command_line::create_company(&app.db, new).await.expect("a company");
    (company, shop(app, company, "Чай").await)
}

pub async fn shop(app: &TestApp, company: CompanyId, name: &str) -> ShopId {
    let new = NewShop { name: name.to_owned(), currency: None };
    command_line::create_shop(&app.db, &company.to_string(), new).await.expect("a shop")
}

pub async fn connect(app: &TestApp, company: CompanyId, shop: ShopId) -> (ConnectionId, String) {
    let connected = move |tx: &mut takt_store::Tx<'_>| {
        let permit = Permit::<ManageConnections>::system(company, "test");
        let new = NewConnection { shop, kind: "woocommerce".to_owned(), name: String::new() };
        takt_connections::create(tx, &permit, &new)
    };
    app.write(connected).await
}

pub fn sign(secret: &str, body: &[u8]) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(ring::hmac::sign(&key, body))
}

pub fn order() -> Value {
    serde_json::from_str(include_str!("../data/order.json")).expect("an order")
}

pub fn customer() -> Value {
    serde_json::from_str(include_str!("../data/customer.json")).expect("a customer")
}

pub fn product() -> Value {
    serde_json::from_str(include_str!("../data/product.json")).expect("a product")
}

/// The order as the shop has it so many seconds later.
pub fn later(seconds: i64, changes: Value) -> Value {
    of(1043, seconds, changes)
}

pub fn of(id: i64, seconds: i64, changes: Value) -> Value {
    let mut body = order();
    body["id"] = json!(id);
    body["number"] = json!(id.to_string());
    let at = format!("2026-11-02T05:{:02}:{:02}", 55 + (2 + seconds) / 60, (2 + seconds) % 60);
    body["date_modified_gmt"] = json!(at);
    for (name, value) in changes.as_object().cloned().unwrap_or_default() {
        body[name.as_str()] = value;
    }
    body
}
