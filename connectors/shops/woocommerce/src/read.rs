//! Messages by their topics.

use serde_json::{Map, Value};
use takt_kernel::{Fault, Result};
use takt_shops_port::{
    Deed, Shop,
    wire::{Text, parse, required},
};

use crate::{order, product};

/// The topic under which an order is stored that no webhook told of.
pub(crate) const POLLED: &str = "order.polled";

/// On activation WooCommerce sends `webhook_id=N`, unsigned, and wants to hear 200.
pub(crate) fn is_ping(body: &[u8]) -> bool {
    let id = body.strip_prefix(b"webhook_id=");
    id.is_some_and(|id| (1..=20).contains(&id.len()) && id.iter().all(u8::is_ascii_digit))
}

pub(crate) fn read(shop: &Shop, topic: &str, body: &[u8]) -> Result<Deed> {
    let order = || order::read(shop, body).map(Box::new);
    match topic {
        "order.created" | "order.updated" | POLLED if order::is_draft(body)? => {
            Ok(Deed::Nothing("not placed yet".to_owned()))
        }
        "order.created" | "order.updated" | POLLED => Ok(Deed::Order(order()?)),
        "order.restored" => Ok(Deed::OrderRestored(order()?)),
        "order.deleted" => Ok(Deed::OrderGone { external_id: id_alone(body)? }),
        "customer.created" | "customer.updated" => Ok(Deed::Customer(product::customer(body)?)),
        "customer.deleted" => Ok(Deed::CustomerGone { external_id: id_alone(body)? }),
        "product.created" | "product.updated" | "product.restored" => {
            Ok(Deed::Products(vec![product::read(body)?]))
        }
        "product.deleted" => Ok(Deed::ProductGone { external_id: id_alone(body)? }),
        other => Ok(Deed::Nothing(format!("{other} is of no use here"))),
    }
}

/// `{"id": 7}` and nothing else: the topic stands outside of what is signed, so another message must not pass for
/// the deletion of what it is about.
fn id_alone(body: &[u8]) -> Result<String> {
    let fields: Map<String, Value> = parse(body)?;
    if fields.len() != 1 {
        return Err(Fault::invalid("shops.unreadable").arg("problem", "more than an id"));
    }
    let id: Text =
        fields.get("id").and_then(|id| serde_json::from_value(id.clone()).ok()).unwrap_or_default();
    required(&id, "id")
}
