//! Shops on Shopify: what they tell by webhooks, and what their Admin REST interface answers.
//!
//! A connector: reads the shop's words into those of [`takt_shops_port`], which merges and polls. Writes nothing to
//! the shop. What buyers may demand by law (their data told or erased) waits for a person. Start reading at
//! `order.rs`.

mod api;
mod order;
mod product;
mod read;
mod steps;

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing::post,
};
use takt_connections::{
    KINDS, Kind,
    differences::RECONCILERS,
    secrets::{Made, SIGNED, Signed},
};
use takt_feature::{Feature, Tier};
use takt_shops_port::{Poll, SYSTEMS, System, deed, differences, door};
use takt_web::Web;

pub const KIND: &str = "shopify";
/// Secret of a connection: the access token of the Admin interface.
pub const ACCESS_TOKEN: &str = "access_token";

const SCOPES: &str = "orders:read,orders:write,customers:read,customers:write,catalog:read,catalog:write";

const SYSTEM: System = System {
    kind: KIND,
    signature: "x-shopify-hmac-sha256",
    topic: "x-shopify-topic",
    delivery: "x-shopify-webhook-id",
    ping: |_| false,
    read: read::read,
    cancelled: &[order::CANCELLED],
    terms: &[("Cash on Delivery (COD)", "on_delivery"), ("Bank Deposit", "prepaid")],
    poll: Poll {
        secrets: &[ACCESS_TOKEN],
        ask: api::ask,
        page: api::page,
        order: order::read,
        topic: read::POLLED,
        target: "/admin/api/orders",
    },
    chores: &[],
    order_writer: None,
};

pub fn feature() -> Feature {
    let kind = Kind {
        code: KIND,
        name_key: "shopify-kind",
        scopes: SCOPES,
        systems: steps::SYSTEMS,
        again: deed::again,
        test: Some(takt_shops_port::test::look),
    };
    Feature::new("shopify", Tier::Connector)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&KINDS, KIND, kind)
        .fill(&SIGNED, KIND, Signed { kind: KIND, made: Made::There })
        .fill(&SYSTEMS, KIND, SYSTEM)
        .fill(&RECONCILERS, KIND, differences::reconciler(KIND))
        .routes(routes())
}

fn routes() -> Router<Web> {
    Router::new().route("/hooks/shopify/{connection}", post(hook)).layer(door::limit())
}

async fn hook(State(web): State<Web>, request: Request) -> Response {
    door::serve(web, SYSTEM, request).await
}
