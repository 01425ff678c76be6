//! Parts of an order in words that can be compared: what is the same reads the same.

use takt_orders::{Delivery, NewLine, OrderContact};

/// A phone is the same however it was typed.
pub fn contact(contact: &OrderContact) -> String {
    let phone = contact.phone.as_ref().or(contact.phone_given.as_ref());
    [Some(&contact.name), phone, contact.email.as_ref()]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(", ")
}

pub fn delivery(delivery: &Delivery) -> String {
    let method = delivery.method.as_deref().unwrap_or_default();
    format!("{method} {}", delivery.price.to_decimal_string()).trim().to_owned()
}

/// In an order of their own: where a line stands in the list means nothing.
pub fn lines<'l>(lines: impl IntoIterator<Item = &'l NewLine>) -> String {
    let mut words: Vec<String> = lines
        .into_iter()
        .map(|line| {
            let what = line.sku.as_deref().unwrap_or(&line.name);
            let off = if line.discount.is_zero() {
                String::new()
            } else {
                format!(" − {}", line.discount.to_decimal_string())
            };
            format!("{what} × {} × {}{off}", line.quantity.to_decimal_string(), line.price)
        })
        .collect();
    words.sort();
    words.join("; ")
}
