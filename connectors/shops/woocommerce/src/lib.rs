//! Shops on WooCommerce: what they tell by webhooks, what their REST interface answers, and what is written back.
//!
//! A connector: reads the shop's words into those of [`takt_shops_port`], which merges and polls. Its own are the
//! fields of WooCommerce, how its amounts add up, and the writing of statuses, tracking numbers and stock. Never
//! deletes anything there. Start reading at `order.rs`.

mod api;
mod back;
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
use takt_shops_port::{Limits, Line, Poll, SYSTEMS, System, deed, differences, door};
use takt_web::Web;

pub(crate) const KIND: &str = "woocommerce";
/// Secrets of a connection: the shop's REST keys.
pub const CONSUMER_KEY: &str = "consumer_key";
pub const CONSUMER_SECRET: &str = "consumer_secret";

const SCOPES: &str = "orders:read,orders:write,customers:read,customers:write,catalog:read,catalog:write";

const SYSTEM: System = System {
    kind: KIND,
    signature: "x-wc-webhook-signature",
    topic: "x-wc-webhook-topic",
    delivery: "x-wc-webhook-delivery-id",
    ping: read::is_ping,
    read: read::read,
    cancelled: &["cancelled", "trash"],
    terms: &[("cod", "on_delivery"), ("bacs", "prepaid"), ("cheque", "prepaid")],
    poll: Poll {
        secrets: &[CONSUMER_KEY, CONSUMER_SECRET],
        ask: api::ask,
        page: api::page,
        order: order::read,
        topic: read::POLLED,
        target: "/wp-json/wc/v3/orders",
    },
    chores: &[back::STOCK],
    order_writer: Some(back::ORDERS.name),
};

pub fn feature(limits: Limits) -> Feature {
    let line = Line::new(limits);
    let kind = Kind {
        code: KIND,
        name_key: "woocommerce-kind",
        scopes: SCOPES,
        systems: steps::SYSTEMS,
        again: deed::again,
        test: Some(takt_shops_port::test::look),
    };
    Feature::new("woocommerce", Tier::Connector)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&KINDS, KIND, kind)
        .fill(&SIGNED, KIND, Signed { kind: KIND, made: Made::Here })
        .fill(&SYSTEMS, KIND, SYSTEM)
        .fill(&RECONCILERS, KIND, differences::reconciler(KIND))
        .fill(&takt_work::NEEDED, "statuses for WooCommerce", back::NEEDED[0])
        .fill(&takt_work::NEEDED, "stock for WooCommerce", back::NEEDED[1])
        .listener(back::ORDERS)
        .listener(back::STOCKS)
        .job(back::order_job(line.clone()))
        .job(back::stock_job(line))
        .routes(routes())
}

fn routes() -> Router<Web> {
    Router::new().route("/hooks/woocommerce/{connection}", post(hook)).layer(door::limit())
}

async fn hook(State(web): State<Web>, request: Request) -> Response {
    door::serve(web, SYSTEM, request).await
}
