//! Changes of an order, as a JSON merge patch (RFC 7396): what is absent stays, `null` removes, a
//! list replaces the list. A line that names its `id` keeps it.

use serde_json::{Map, Value, json};
use takt_kernel::Result;

use super::{Fields, keep_nested, read_parts};
use crate::{
    commands::{Patch, PatchLine},
    new_order::FieldFaults,
    order::{Line, Order},
};

/// Fields of an answer that nobody can change, or that have verbs of their own.
const FIXED: &[&str] = &[
    "id",
    "number",
    "external_id",
    "shop",
    "stage",
    "status",
    "terms",
    "credit_days",
    "currency",
    "totals",
    "total",
    "paid",
    "owed",
    "reserved",
    "shipped",
    "invoice",
    "buyer_page",
    "created_at",
    "updated_at",
    "version",
    "due_at",
    "holder",
    "milestone",
    "deferred_until",
    "paused",
    "urgent",
    "source",
    "lang",
    "cancel_reason",
];

/// Reads what is to become of an order.
///
/// # Errors
/// `input.fields`: fields that cannot be read or changed.
pub fn read_patch(order: &Order, lines: &[Line], body: &Value, region: &str) -> Result<Patch> {
    let mut faults = FieldFaults::default();
    let Value::Object(wanted) = body else {
        faults.push("", "orders.not_an_object");
        return faults.into_result(None);
    };
    for name in wanted.keys().filter(|name| FIXED.contains(&name.as_str())) {
        faults.push(name.as_str(), "orders.field_fixed");
    }
    let mut merged = editable(order, lines);
    merge(&mut merged, body);
    let mut root = Fields::of_root(&merged, &mut faults);
    let parts = read_parts(&mut root, order.currency, region, &mut faults);
    let mut extra = root.rest();
    keep_nested(&mut extra, &parts);
    let changes = |name: &str| wanted.contains_key(name);
    let patch = Patch {
        contact: changes("customer").then_some(parts.contact),
        delivery: changes("delivery").then_some(parts.delivery),
        lines: changes("lines")
            .then(|| parts.lines.into_iter().map(|(id, line)| PatchLine { id, line }).collect()),
        discount: changes("discount").then_some(parts.discount),
        comment: changes("comment").then_some(parts.comment),
        extra: (extra != order.extra).then_some(extra),
    };
    faults.into_result(Some(patch))
}

/// The changeable part of an order, in the form in which it is sent.
fn editable(order: &Order, lines: &[Line]) -> Value {
    let mut root = order.extra.clone();
    let contact = &order.contact;
    let customer = json!({ "name": contact.name, "phone": contact.phone_given, "email": contact.email });
    let delivery = json!({
        "method": order.delivery.method,
        "address": order.delivery.address,
        "price": order.delivery.price.to_decimal_string(),
    });
    for (name, known) in [("customer", customer), ("delivery", delivery)] {
        let mut object = root.get(name).cloned().unwrap_or_else(|| json!({}));
        merge(&mut object, &known);
        root.insert(name.to_owned(), object);
    }
    root.insert("discount".to_owned(), json!(order.discount.to_decimal_string()));
    root.insert("comment".to_owned(), json!(order.comment));
    root.insert("lines".to_owned(), lines.iter().map(editable_line).collect());
    Value::Object(root)
}

fn editable_line(line: &Line) -> Value {
    let mut object: Map<String, Value> = line.extra.clone();
    for (name, value) in [
        ("id", json!(line.id)),
        ("sku", json!(line.sku)),
        ("name", json!(line.name)),
        ("quantity", json!(line.quantity)),
        ("unit", json!(line.unit)),
        ("price", json!(line.price)),
        ("discount", json!(line.discount.to_decimal_string())),
        ("vat", json!(line.vat)),
    ] {
        object.insert(name.to_owned(), value);
    }
    Value::Object(object)
}

/// Changes a value as a JSON merge patch (RFC 7396) says.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.shift_remove(name);
        } else {
            merge(target.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}
