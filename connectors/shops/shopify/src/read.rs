//! Messages by their topics.

use serde::Deserialize;
use takt_kernel::Result;
use takt_shops_port::{
    Deed, Shop,
    wire::{Text, parse, required},
};

use crate::{order, product};

/// The topic under which an order is stored that no webhook told of.
pub(crate) const POLLED: &str = "orders/polled";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Gone {
    id: Text,
}

pub(crate) fn read(shop: &Shop, topic: &str, body: &[u8]) -> Result<Deed> {
    let gone = || required(&parse::<Gone>(body)?.id, "id");
    match topic {
        "orders/create"
        | "orders/updated"
        | "orders/cancelled"
        | "orders/paid"
        | "orders/edited"
        | "orders/fulfilled"
        | "orders/partially_fulfilled"
        | POLLED
            if order::is_order(body) =>
        {
            Ok(Deed::Order(Box::new(order::read(shop, body)?)))
        }
        "orders/delete" => Ok(Deed::OrderGone { external_id: gone()? }),
        "customers/create" | "customers/update" | "customers/enable" | "customers/disable" => {
            Ok(Deed::Customer(product::customer(body)?))
        }
        "customers/delete" => Ok(Deed::CustomerGone { external_id: gone()? }),
        "products/create" | "products/update" => Ok(Deed::Products(product::read(body)?)),
        "products/delete" => Ok(Deed::ProductGone { external_id: gone()? }),
        // What the law gives a buyer is not done by a program alone.
        "customers/data_request" => Ok(Deed::ForPerson("shopify.data_request")),
        "customers/redact" => Ok(Deed::ForPerson("shopify.customer_redact")),
        "shop/redact" => Ok(Deed::ForPerson("shopify.shop_redact")),
        other => Ok(Deed::Nothing(format!("{other} is of no use here"))),
    }
}
