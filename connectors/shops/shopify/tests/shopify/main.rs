//! A shop on Shopify, with a shop made for the tests that signs and answers as the real one does.

#![cfg(test)]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Query, State as Shared},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get as answer,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use serde_json::{Map, Value, json};
use takt_catalog::offers_by_sku;
use takt_connections::{
    ConnectionId, ManageConnections, NewConnection, get,
    messages::{self, State},
    save_settings,
    secrets::{self, WEBHOOK},
};
use takt_kernel::{CompanyId, ShopId, money::Currency};
use takt_orders::{Line, Order, Stage, by_external_id, lines, load};
use takt_outbound::Reach;
use takt_shops_port::{Limits, poll::standing};
use takt_staff::{
    Permit, command_line,
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_testing::{Place, TestApp, TestResponse, on_both_engines};
use takt_ui::Lang;

const ID: &str = "820982911946154508";
const SECRET: &str = "shpss_0123456789abcdef";
const LIMITS: Limits =
    Limits { reach: Reach::PublicAndLoopback, patience: Duration::from_millis(700), at_once: 16 };

struct Desk {
    app: TestApp,
    company: CompanyId,
    shop: ShopId,
    connection: ConnectionId,
    deliveries: std::sync::atomic::AtomicU32,
}

impl Desk {
    async fn open(place: Place) -> Self {
        let app = TestApp::open(
            place,
            vec![
                takt_staff::feature(),
                takt_customers::feature(),
                takt_catalog::feature(),
                takt_orders::feature(),
                takt_gateway::feature(),
                takt_stock::feature(),
                takt_connections::feature(),
                takt_shops_port::feature(LIMITS),
                takt_shopify::feature(),
            ],
        )
        .await;
        let new = NewCompany {
            name: "Shirts".to_owned(),
            kind: OrganisationKind::Company,
            currency: Currency::from_code("USD").expect("a currency"),
            zone: "America/Chicago".to_owned(),
            lang: Lang::En,
        };
        let company = command_line::create_company(&app.db, new).await.expect("a company");
        let new = NewShop { name: "Shirts".to_owned(), currency: None };
        let shop = command_line::create_shop(&app.db, &company.to_string(), new).await.expect("a shop");
        let connection = app
            .write(move |tx| {
                let permit = Permit::<ManageConnections>::system(company, "test");
                let new = NewConnection { shop, kind: "shopify".to_owned(), name: String::new() };
                let (id, _) = takt_connections::create(tx, &permit, &new)?;
                secrets::set(tx, &permit, id, WEBHOOK, SECRET)?;
                Ok(id)
            })
            .await;
        app.drain().await;
        Self { app, company, shop, connection, deliveries: 0.into() }
    }

    async fn tell(&self, topic: &str, body: &Value) -> TestResponse {
        let number = self.deliveries.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.deliver(topic, body, &format!("d{number}"), SECRET).await
    }

    async fn deliver(&self, topic: &str, body: &Value, delivery: &str, secret: &str) -> TestResponse {
        let body = body.to_string().into_bytes();
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
        self.app
            .ask(Method::POST, &format!("/hooks/shopify/{}", self.connection))
            .header("x-shopify-topic", topic)
            .header("x-shopify-hmac-sha256", &STANDARD.encode(ring::hmac::sign(&key, &body)))
            .header("x-shopify-shop-domain", "shirts.myshopify.com")
            .header("x-shopify-api-version", "2025-01")
            .header("x-shopify-webhook-id", delivery)
            .header("x-shopify-triggered-at", "2026-11-02T05:55:03.000Z")
            .body("application/json", body)
            .send()
            .await
    }

    async fn set(&self, changes: Value) {
        let (company, id) = (self.company, self.connection);
        let changes: Map<String, Value> = changes.as_object().cloned().expect("an object");
        self.app
            .write(move |tx| {
                let connection = get(tx, company, id)?;
                let mut settings = connection.settings.clone();
                settings.extend(changes.clone());
                let permit = Permit::<ManageConnections>::system(company, "test");
                secrets::set(tx, &permit, id, "access_token", "shpat_1")?;
                save_settings(tx, &connection, &settings, permit.actor())
            })
            .await;
    }

    async fn order(&self, external_id: &str) -> (Order, Vec<Line>) {
        let (company, shop, external_id) = (self.company, self.shop, external_id.to_owned());
        // On a machine that is busy the shop is answered before the order is taken in.
        let taken_in = async {
            loop {
                let external_id = external_id.clone();
                let found = self.app.read(move |reader| by_external_id(reader, company, shop, &external_id));
                if let Some(id) = found.await {
                    return id;
                }
                tokio::task::yield_now().await;
            }
        };
        let patience = std::time::Duration::from_secs(30);
        let id = tokio::time::timeout(patience, taken_in).await.expect("the order is here");
        self.app.read(move |reader| Ok((load(reader, company, id)?, lines(reader, company, id)?))).await
    }

    async fn quarantine(&self) -> Vec<String> {
        let (company, id) = (self.company, self.connection);
        let kept =
            self.app.read(move |reader| messages::newest(reader, company, id, State::Quarantined, 50)).await;
        kept.iter().map(|message| message.problem.clone().unwrap_or_default()["code"].to_string()).collect()
    }

    async fn placed(&self) -> usize {
        self.app.facts_named("orders.placed").await
    }
}

fn order() -> Value {
    serde_json::from_str(include_str!("../data/order.json")).expect("an order")
}

fn later(seconds: u32, changes: Value) -> Value {
    let mut body = order();
    body["updated_at"] = json!(format!("2026-11-02T00:56:{seconds:02}-05:00"));
    for (name, value) in changes.as_object().cloned().unwrap_or_default() {
        body[name.as_str()] = value;
    }
    body
}

#[derive(Default)]
struct Inside {
    orders: Vec<Value>,
    asked: Vec<BTreeMap<String, String>>,
    token: Option<String>,
}

#[derive(Clone, Default)]
struct Shop(Arc<Mutex<Inside>>);

impl Shop {
    async fn open(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let router =
            Router::new().route("/admin/api/2025-01/orders.json", answer(list)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Two orders a page; the next page is asked for by what the link says and nothing else.
async fn list(
    Shared(shop): Shared<Shop>,
    Query(asked): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let mut inside = shop.inside();
    inside.asked.push(asked.clone());
    inside.token =
        headers.get("x-shopify-access-token").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let from = match asked.get("page_info") {
        Some(_) if asked.contains_key("updated_at_min") => return StatusCode::BAD_REQUEST.into_response(),
        Some(page) => page.trim_start_matches("after").parse::<usize>().expect("a page"),
        None => 0,
    };
    let page: Vec<Value> = inside.orders.iter().skip(from).take(2).cloned().collect();
    let body = Json(json!({ "orders": page }));
    if from + 2 < inside.orders.len() {
        let next =
            format!("<https://shirts.example/admin?limit=2&page_info=after{}>; rel=\"next\"", from + 2);
        return ([("link", next)], body).into_response();
    }
    body.into_response()
}

on_both_engines! {
    async fn everything_fits(place: Place) {
        let desk = Desk::open(place).await;
        assert_eq!(desk.app.db.unpreparable_statements().await.expect("a database"), Vec::<String>::new());
        assert_eq!(desk.app.wiring.problems(), Vec::<String>::new());
    }

    async fn an_order_comes_in_with_all_it_says(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("orders/create", &order()).await.expect_status(200);
        assert_eq!(desk.quarantine().await, Vec::<String>::new());
        let (order, lines) = desk.order(ID).await;
        assert_eq!((order.number.as_str(), order.contact.name.as_str()), ("#1001", "Jon Smith"));
        assert_eq!(order.contact.phone.as_deref(), Some("+12175550123"));
        assert_eq!(
            order.delivery.address.as_deref(),
            Some("62701, United States, Illinois, Springfield, 1 Elm Street, Apt 4")
        );
        assert_eq!((order.delivery.method.as_deref(), order.lang), (Some("Standard"), Lang::En));
        assert_eq!(order.total.to_decimal_string(), "80.40");
        let shown: Vec<_> =
            lines.iter().map(|line| (line.sku.as_deref(), line.total.to_decimal_string(), line.vat.to_string())).collect();
        assert_eq!(
            shown,
            [
                (Some("SHIRT-BLUE"), "37.40".to_owned(), "10".to_owned()),
                (None, "33.00".to_owned(), "10".to_owned())
            ]
        );
        assert!(order.paid.is_zero(), "paid there proves nothing here");
        assert_eq!(order.extra["financial_status"], "paid");
    }

    async fn taxes_inside_the_prices_are_not_added(place: Place) {
        let desk = Desk::open(place).await;
        let total = json!({ "shop_money": { "amount": "74.00", "currency_code": "USD" } });
        desk.tell("orders/create", &later(1, json!({ "taxes_included": true, "total_price_set": total }))).await;
        assert_eq!(desk.order(ID).await.0.total.to_decimal_string(), "74.00");
    }

    async fn bad_signatures_are_told_apart_by_nothing(place: Place) {
        let desk = Desk::open(place).await;
        desk.deliver("orders/create", &order(), "d", "shpss_other").await.expect_status(401);
        desk.app.post_json(&format!("/hooks/shopify/{}", desk.connection), &order()).await.expect_status(401);
        desk.app.post_json("/hooks/shopify/none", &order()).await.expect_status(401);
        assert_eq!(desk.placed().await, 0);
    }

    async fn deliveries_may_be_doubled_and_out_of_order(place: Place) {
        let desk = Desk::open(place).await;
        let cancelled = later(30, json!({ "cancelled_at": "2026-11-02T00:56:30-05:00", "note": "no more" }));
        for _ in 0..10 {
            desk.deliver("orders/cancelled", &cancelled, "c", SECRET).await.expect_status(200);
            desk.deliver("orders/create", &order(), "o", SECRET).await.expect_status(200);
            desk.deliver("orders/updated", &later(5, json!({ "note": "soon" })), "u", SECRET).await.expect_status(200);
        }
        let (order, _) = desk.order(ID).await;
        assert_eq!((order.stage, order.comment.as_deref(), desk.placed().await), (Stage::Cancel, Some("no more"), 1));
    }

    async fn what_was_taken_out_of_an_order_there_is_taken_out_here(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("orders/create", &order()).await.expect_status(200);
        let left = json!({ "shop_money": { "amount": "47.40", "currency_code": "USD" } });
        let mut edited = later(20, json!({ "current_total_price_set": left }));
        edited["line_items"][1]["current_quantity"] = json!(0);
        desk.tell("orders/updated", &edited).await.expect_status(200);
        let (order, lines) = desk.order(ID).await;
        assert_eq!((lines.len(), order.total.to_decimal_string().as_str()), (1, "47.40"));
    }

    async fn a_cancelled_order_of_which_nothing_is_left_is_cancelled_here(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("orders/create", &order()).await.expect_status(200);
        let nothing = json!({ "shop_money": { "amount": "0.00", "currency_code": "USD" } });
        let mut cancelled = later(20, json!({
            "cancelled_at": "2026-11-02T00:56:20-05:00", "current_total_price": "0.00", "current_total_price_set": nothing,
        }));
        for line in cancelled["line_items"].as_array_mut().expect("lines") {
            line["current_quantity"] = json!(0);
        }
        // One that nobody here has heard of yet, too.
        let mut unknown = cancelled.clone();
        (unknown["id"], unknown["name"]) = (json!(77), json!("#1002"));
        for body in [&cancelled, &unknown] {
            desk.tell("orders/cancelled", body).await.expect_status(200);
        }
        assert_eq!(desk.quarantine().await, Vec::<String>::new());
        for id in [ID, "77"] {
            let (order, lines) = desk.order(id).await;
            assert_eq!((order.stage, lines.len(), order.total.to_decimal_string().as_str()), (Stage::Cancel, 2, "80.40"), "{id}");
        }
    }

    async fn an_order_that_was_refunded_whole_without_a_cancellation_is_cancelled_here(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("orders/create", &order()).await.expect_status(200);
        let left = |amount: &str| json!({ "shop_money": { "amount": amount, "currency_code": "USD" } });
        // One shirt first, then all the rest, with and without the delivery.
        let mut part = later(10, json!({ "current_total_price_set": left("61.70"), "financial_status": "partially_refunded" }));
        part["line_items"][0]["current_quantity"] = json!(1);
        let mut bodies = vec![part];
        for (seconds, id, rest) in [(20, json!(ID.parse::<u64>().expect("a number")), "0.00"), (21, json!(77), "10.00")] {
            let mut whole = later(seconds, json!({
                "id": id, "name": format!("#{seconds}"), "financial_status": "refunded",
                "current_total_price": rest, "current_total_price_set": left(rest),
            }));
            for line in whole["line_items"].as_array_mut().expect("lines") {
                line["current_quantity"] = json!(0);
            }
            bodies.push(whole);
        }
        for body in &bodies {
            desk.tell("orders/updated", body).await.expect_status(200);
        }
        assert_eq!(desk.quarantine().await, Vec::<String>::new());
        for (id, total) in [(ID, "61.70"), ("77", "80.40")] {
            let (order, lines) = desk.order(id).await;
            assert_eq!((order.stage, lines.len(), order.total.to_decimal_string().as_str()), (Stage::Cancel, 2, total), "{id}");
        }
    }

    async fn goods_that_were_refunded_together_with_the_delivery_leave_an_order_of_the_rest(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("orders/create", &order()).await.expect_status(200);
        // Three mugs of 33.00 and 4.00 of the delivery's 10.00.
        let left = json!({ "shop_money": { "amount": "43.40", "currency_code": "USD" } });
        let mut refunded = later(20, json!({ "current_total_price_set": left }));
        refunded["line_items"][1]["current_quantity"] = json!(0);
        desk.tell("orders/updated", &refunded).await.expect_status(200);
        assert_eq!(desk.quarantine().await, Vec::<String>::new());
        let (order, lines) = desk.order(ID).await;
        assert_eq!(
            (lines.len(), order.delivery.price.to_decimal_string().as_str(), order.total.to_decimal_string().as_str()),
            (1, "6.00", "43.40")
        );
    }

    async fn what_the_law_gives_buyers_waits_for_a_person(place: Place) {
        let desk = Desk::open(place).await;
        let asked = json!({
            "shop_id": 954889, "shop_domain": "shirts.myshopify.com", "orders_requested": [299938],
            "customer": { "id": 191167, "email": "jon@example.com" }, "data_request": { "id": 9999 }
        });
        desk.tell("customers/data_request", &asked).await.expect_status(200);
        let redact = json!({ "shop_id": 954889, "customer": { "id": 191167 }, "orders_to_redact": [299938] });
        desk.tell("customers/redact", &redact).await.expect_status(200);
        desk.tell("shop/redact", &json!({ "shop_id": 954889 })).await.expect_status(200);
        let mut told = desk.quarantine().await;
        told.sort();
        assert_eq!(told, ["\"shopify.customer_redact\"", "\"shopify.data_request\"", "\"shopify.shop_redact\""]);
    }

    async fn customers_and_variants_are_heard(place: Place) {
        let desk = Desk::open(place).await;
        let customer = json!({
            "id": 115310627314723954_i64, "first_name": "Jon", "last_name": "Smith", "email": "jon@example.com",
            "phone": "+12175550123", "updated_at": "2026-11-01T00:00:00-05:00"
        });
        for _ in 0..2 {
            desk.tell("customers/update", &customer).await.expect_status(200);
        }
        desk.tell("orders/create", &order()).await.expect_status(200);
        assert_eq!(desk.app.facts_named("customers.appeared").await, 1);
        let product: Value = serde_json::from_str(include_str!("../data/product.json")).expect("a product");
        desk.tell("products/create", &product).await.expect_status(200);
        let company = desk.company;
        let offers = desk.app.read(move |reader| offers_by_sku(reader, company, &["SHIRT-BLUE", "SHIRT-RED"])).await;
        let names: Vec<_> = offers.values().map(|offer| (offer.name.as_str(), offer.price.to_string())).collect();
        assert_eq!(names, [("Shirt - Blue", "20.00".to_owned()), ("Shirt - Red", "21.00".to_owned())]);
        assert_eq!(desk.quarantine().await, Vec::<String>::new());
    }

    async fn what_no_webhook_said_is_found_page_by_page(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::default());
        let address = shop.open().await;
        let numbered = |number: u32| later(number, json!({ "id": 900 + number, "name": format!("#{number}") }));
        shop.inside().orders = (0..5).map(numbered).collect();
        desk.set(json!({ "url": address })).await;
        desk.app.advance(1).await;
        assert_eq!((desk.placed().await, shop.inside().asked.len()), (5, 3));
        assert_eq!(shop.inside().token.as_deref(), Some("shpat_1"));
        assert_eq!(shop.inside().asked[0]["status"], "any");
        let (company, id) = (desk.company, desk.connection);
        let stands = desk
            .app
            .read(move |reader| {
                let connection = get(reader, company, id)?;
                standing(reader, &connection)
            })
            .await
            .expect("it was asked");
        assert_eq!((stands.found, stands.cursor.to_string().as_str()), (5, "2026-11-02T06:00:00Z"));
        desk.app.advance(300).await;
        assert_eq!(desk.placed().await, 5);
    }
}
