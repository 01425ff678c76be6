//! Messages of shops that sign what they say: WooCommerce and Shopify. A shop may well believe that an order is
//! paid; that is no bank's word.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use serde_json::{Value, json};
use takt_connections::{
    ConnectionId, ManageConnections, NewConnection,
    secrets::{self, WEBHOOK},
};
use takt_kernel::ShopId;
use takt_staff::Permit;

use super::Lied;
use crate::{
    change::{changed, changed_text},
    world::World,
};

const SECRET: &str = "whsec_0123456789abcdef";
const WOOCOMMERCE: &str = include_str!("../../../../../connectors/shops/woocommerce/tests/data/order.json");
const SHOPIFY: &str = include_str!("../../../../../connectors/shops/shopify/tests/data/order.json");

pub struct Shops {
    woocommerce: ConnectionId,
    shopify: ConnectionId,
}

impl Shops {
    pub async fn open(world: &World) -> Self {
        Self {
            woocommerce: connect(world, world.shop, "woocommerce").await,
            shopify: connect(world, world.dollars, "shopify").await,
        }
    }

    pub async fn woocommerce(&self, world: &mut World) -> Lied {
        let mut order: Value = serde_json::from_str(WOOCOMMERCE).expect("an order");
        let id = if world.chance.one_in(10) {
            world.target().external_id.parse().expect("a number")
        } else {
            1_000_000 + world.chance.between(0, 40)
        };
        let second = world.next();
        order["id"] = json!(id);
        order["number"] = json!(id.to_string());
        order["status"] = json!(world.chance.pick(&["completed", "processing", "on-hold"]));
        order["date_paid"] = json!("2026-11-02T08:56:00");
        order["date_paid_gmt"] = json!("2026-11-02T05:56:00");
        order["transaction_id"] = json!(world.chance.digits(16));
        order["needs_payment"] = json!(false);
        order["date_modified_gmt"] =
            json!(format!("2026-11-02T06:{:02}:{:02}", second / 60 % 60, second % 60));
        let topic = world.chance.pick(&["order.created", "order.updated"]);
        let (what, body, signature) = signed(&order, world);
        let mut asking = world
            .app
            .ask(Method::POST, &format!("/hooks/woocommerce/{}", self.woocommerce))
            .header("x-wc-webhook-source", "https://shop.example/")
            .header("x-wc-webhook-topic", topic)
            .header("x-wc-webhook-id", "3")
            .header("x-wc-webhook-delivery-id", &format!("w{}", second / 2));
        if let Some(signature) = &signature {
            asking = asking.header("x-wc-webhook-signature", signature);
        }
        let answer = asking.body("application/json", body).send().await;
        judged(what, answer.status);
        Lied::gravely(what)
    }

    pub async fn shopify(&self, world: &mut World) -> Lied {
        let mut order: Value = serde_json::from_str(SHOPIFY).expect("an order");
        let id = 2_000_000 + world.chance.between(0, 40);
        let second = world.next();
        order["id"] = json!(id);
        order["name"] = json!(format!("#{id}"));
        order["financial_status"] = json!(world.chance.pick(&["paid", "partially_paid", "authorized"]));
        order["total_outstanding"] = json!("0.00");
        order["updated_at"] =
            json!(format!("2026-11-02T01:{:02}:{:02}-05:00", second / 60 % 60, second % 60));
        let topic = world.chance.pick(&[
            "orders/create",
            "orders/updated",
            "orders/paid",
            "order_transactions/create",
        ]);
        let (what, body, signature) = signed(&order, world);
        let mut asking = world
            .app
            .ask(Method::POST, &format!("/hooks/shopify/{}", self.shopify))
            .header("x-shopify-topic", topic)
            .header("x-shopify-shop-domain", "shirts.myshopify.com")
            .header("x-shopify-api-version", "2025-01")
            .header("x-shopify-webhook-id", &format!("s{}", second / 2))
            .header("x-shopify-triggered-at", "2026-11-02T05:55:03.000Z");
        if let Some(signature) = &signature {
            asking = asking.header("x-shopify-hmac-sha256", signature);
        }
        let answer = asking.body("application/json", body).send().await;
        judged(what, answer.status);
        Lied::gravely(what)
    }
}

const SIGNED: &str = "an order that a shop calls paid";

/// The message, and the signature beside it: the shop's own, another's, none, or one of other words.
fn signed(order: &Value, world: &mut World) -> (&'static str, Vec<u8>, Option<String>) {
    let body = order.to_string().into_bytes();
    let right = signature(SECRET, &body);
    match world.chance.between(0, 7) {
        0 => ("a shop's message signed by somebody else", body.clone(), Some(signature("another", &body))),
        1 => ("a shop's message without a signature", body, None),
        2 => {
            let other = changed(&body, &mut world.chance);
            ("a shop's message that was changed", other, Some(right))
        }
        // The last letter of base64 may say nothing: a whole letter before it is changed.
        3 => {
            let other = changed_text(&right[..right.len() - 2], &mut world.chance);
            (
                "a shop's message under a changed signature",
                body,
                Some(format!("{other}{}", &right[right.len() - 2..])),
            )
        }
        _ => (SIGNED, body, Some(right)),
    }
}

fn judged(what: &str, status: http::StatusCode) {
    assert!(!status.is_server_error() || status.as_u16() == 503, "{what}: {status}");
    assert!(what == SIGNED || status.as_u16() == 401, "{what}: {status}");
}

fn signature(secret: &str, body: &[u8]) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(ring::hmac::sign(&key, body))
}

async fn connect(world: &World, shop: ShopId, kind: &'static str) -> ConnectionId {
    let company = world.company;
    world
        .app
        .write(move |tx| {
            let permit = Permit::<ManageConnections>::system(company, "test");
            let new = NewConnection { shop, kind: kind.to_owned(), name: String::new() };
            let (id, _) = takt_connections::create(tx, &permit, &new)?;
            secrets::set(tx, &permit, id, WEBHOOK, SECRET)?;
            Ok(id)
        })
        .await
}
