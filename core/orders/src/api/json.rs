use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use takt_kernel::{CompanyId, Result};
use takt_store::Query;

use crate::{
    order::{Line, Order, OrderId},
    panels::API_PARTS,
    queries, rows,
};

/// Orders as the API shows them, in the order of their ids: three questions however many there are,
/// and one per feature that adds a part.
///
/// # Errors
/// Faults of the store.
pub fn order_json(db: &mut dyn Query, company: CompanyId, ids: &[OrderId]) -> Result<Vec<Value>> {
    let mut orders = queries::briefs(db, company, ids)?;
    orders.sort_by_key(|order| ids.iter().position(|id| *id == order.id));
    orders_json(db, company, &orders)
}

pub(super) fn orders_json(db: &mut dyn Query, company: CompanyId, orders: &[Order]) -> Result<Vec<Value>> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let lines = rows::lines_of(db, company, &ids)?;
    let parts = parts_of(db, company, &ids)?;
    let none: &[Line] = &[];
    let whole = orders.iter().map(|order| (order, lines.get(&order.id).map_or(none, Vec::as_slice)));
    Ok(whole_orders_json(whole, parts))
}

/// What features add to orders, by the order.
pub type Parts = BTreeMap<OrderId, Vec<(&'static str, Value)>>;

/// One question per feature that adds a part.
///
/// # Errors
/// Faults of the store.
pub fn parts_of(db: &mut dyn Query, company: CompanyId, ids: &[OrderId]) -> Result<Parts> {
    let mut parts = Parts::new();
    for part in db.slots().of(&API_PARTS) {
        for (id, field, value) in part(db, company, ids)? {
            parts.entry(id).or_default().push((field, value));
        }
    }
    Ok(parts)
}

/// Orders that are at hand, as the API shows them.
pub fn whole_orders_json<'o>(
    orders: impl IntoIterator<Item = (&'o Order, &'o [Line])>,
    mut parts: Parts,
) -> Vec<Value> {
    orders
        .into_iter()
        .map(|(order, lines)| {
            let mut body = body(order, lines);
            for (field, value) in parts.remove(&order.id).unwrap_or_default() {
                body.insert(field.to_owned(), value);
            }
            Value::Object(body)
        })
        .collect()
}

fn body(order: &Order, lines: &[Line]) -> Map<String, Value> {
    let contact = &order.contact;
    let fields = [
        ("id", json!(order.id)),
        ("number", json!(order.number)),
        ("external_id", json!(order.external_id)),
        ("shop", json!(order.shop)),
        ("source", json!(order.source)),
        ("stage", json!(order.stage)),
        ("status", json!(order.status)),
        ("terms", json!(order.terms.code())),
        ("credit_days", json!(order.terms.credit_days())),
        ("lang", json!(order.lang.code())),
        ("currency", json!(order.currency)),
        ("total", json!(order.total.to_decimal_string())),
        ("paid", json!(order.paid.to_decimal_string())),
        ("owed", json!(order.owed().to_decimal_string())),
        ("reserved", json!(order.reserved)),
        ("shipped", json!(order.shipped)),
        (
            "totals",
            json!({
                "goods": order.goods.to_decimal_string(),
                "discount": order.discount.to_decimal_string(),
                "delivery": order.delivery.price.to_decimal_string(),
                "vat": order.vat.to_decimal_string(),
                "total": order.total.to_decimal_string(),
            }),
        ),
        ("discount", json!(order.discount.to_decimal_string())),
        ("lines", lines.iter().map(line_body).collect()),
        (
            "customer",
            json!({
                "id": order.customer,
                "name": contact.name,
                "phone": contact.phone,
                "phone_given": contact.phone_given,
                "email": contact.email,
            }),
        ),
        (
            "delivery",
            json!({
                "method": order.delivery.method,
                "address": order.delivery.address,
                "price": order.delivery.price.to_decimal_string(),
            }),
        ),
        ("comment", json!(order.comment)),
        ("cancel_reason", json!(order.cancel_reason)),
        ("milestone", json!(order.milestone)),
        ("due_at", json!(order.due_at)),
        ("holder", json!(order.holder)),
        ("deferred_until", json!(order.deferred_until)),
        ("created_at", json!(order.placed_at)),
        ("updated_at", json!(order.updated_at)),
        ("version", json!(order.version)),
        ("extra", json!(order.extra)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn line_body(line: &Line) -> Value {
    json!({
        "id": line.id,
        "sku": line.sku,
        "known": line.offer.is_some(),
        "name": line.name,
        "quantity": line.quantity,
        "unit": line.unit,
        "price": line.price,
        "discount": line.discount.to_decimal_string(),
        "order_discount": line.order_discount.to_decimal_string(),
        "total": line.total.to_decimal_string(),
        "vat": line.vat,
        "vat_amount": line.vat_amount.to_decimal_string(),
        "reserved": line.reserved,
        "shipped": line.shipped,
        "cancelled": line.cancelled,
        "returned": line.returned,
        "extra": line.extra,
    })
}
