//! How the shops' programs write an order.

use serde_json::{Value, json};
use takt_kernel::money::Money;

use crate::{
    life::{Life, Manner},
    slice::{RetailLine, Slice},
};

/// What is wrong with a misspelt SKU.
const MISSPELT: &str = "-X";

/// The body of `POST /api/v1/orders`.
pub fn order_body(life: &Life, slice: &Slice) -> Value {
    let terms = if life.manner == Manner::OnDelivery { "on_delivery" } else { "prepaid" };
    json!({
        "external_id": life.external_id,
        "number": life.external_id,
        "currency": "RUB",
        "terms": terms,
        "customer": { "name": life.buyer.name, "phone": life.phone, "email": life.buyer.email },
        "lines": lines(life, slice, life.manner == Manner::UnknownSku),
        "delivery": {
            "method": life.delivery,
            "address": life.buyer.address,
            "price": Money::new(life.delivery_price, takt_kernel::money::Currency::RUB).to_decimal_string(),
        },
        "comment": life.comment,
    })
}

/// The body of the `PATCH` with which the shop corrects its misspelt SKU.
pub fn corrected_lines(life: &Life, slice: &Slice) -> Value {
    json!({ "lines": lines(life, slice, false) })
}

fn lines(life: &Life, slice: &Slice, misspelt: bool) -> Vec<Value> {
    life.lines
        .iter()
        .enumerate()
        .map(|(place, line)| line_body(line, slice, misspelt && place == 0))
        .collect()
}

fn line_body(line: &RetailLine, slice: &Slice, misspelt: bool) -> Value {
    let name = slice.products.get(&line.sku).map_or(line.sku.as_str(), |product| product.name.as_str());
    let sku = if misspelt { format!("{}{MISSPELT}", line.sku) } else { line.sku.clone() };
    json!({
        "sku": sku,
        "name": name,
        "quantity": line.quantity.to_string(),
        "unit": "шт",
        "price": line.price.to_decimal_string(),
        "vat": "22",
    })
}
