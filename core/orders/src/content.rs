//! What a shop sent, field by field, in one canonical form: the same order sent twice has the same
//! digest, and of a different one the differing fields can be named.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use takt_kernel::{Fault, FieldFault, Result};

use crate::{
    new_order::NewOrder,
    order::{Line, Order, OrderContact},
};

/// More differing fields than this are not listed: the first ones say enough.
const MOST_NAMED: usize = 50;

/// Path → value, by the caller's own paths. What the shop left out is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content(BTreeMap<String, String>);

impl Content {
    pub(crate) fn of(wanted: &NewOrder) -> Self {
        let mut fields = BTreeMap::new();
        let mut put = |path: String, value: Option<String>| {
            if let Some(value) = value {
                fields.insert(path, value);
            }
        };
        let contact = OrderContact::from(&wanted.contact);
        put("number".into(), wanted.number.clone());
        put("currency".into(), Some(wanted.currency.code().to_owned()));
        put("terms".into(), Some(wanted.terms.code().to_owned()));
        put("urgent".into(), wanted.urgent.then(|| true.to_string()));
        put(
            "credit_days".into(),
            Some(wanted.terms.credit_days()).filter(|days| *days > 0).map(|days| days.to_string()),
        );
        put("customer.name".into(), Some(contact.name));
        put("customer.phone".into(), contact.phone.or(contact.phone_given));
        put("customer.email".into(), contact.email);
        put("delivery.method".into(), wanted.delivery.method.clone());
        put("delivery.address".into(), wanted.delivery.address.clone());
        put("delivery.price".into(), Some(wanted.delivery.price.to_decimal_string()));
        put("discount".into(), Some(wanted.discount.to_decimal_string()));
        put("comment".into(), wanted.comment.clone());
        for (index, line) in wanted.lines.iter().enumerate() {
            let path = |name: &str| format!("lines[{index}].{name}");
            put(path("sku"), line.sku.clone());
            put(path("name"), Some(line.name.clone()));
            put(path("quantity"), Some(line.quantity.to_string()));
            put(path("unit"), Some(line.unit.clone()));
            put(path("price"), Some(line.price.to_string()));
            put(path("discount"), Some(line.discount.to_decimal_string()));
            put(path("vat"), Some(line.vat.to_string()));
            for (name, value) in &line.extra {
                put(path(name), Some(value.to_string()));
            }
        }
        for (name, value) in &wanted.extra {
            put(name.clone(), Some(value.to_string()));
        }
        Self(fields)
    }

    /// What a shop would have sent to place this order.
    pub(crate) fn of_order(order: &Order, lines: &[Line]) -> Result<Self> {
        let contact = order.contact.as_given()?;
        Ok(Self::of(&NewOrder {
            shop: order.shop,
            external_id: order.external_id.clone(),
            number: Some(order.number.clone()),
            currency: order.currency,
            terms: order.terms,
            urgent: order.urgent,
            contact,
            customer: order.customer,
            lang: order.lang,
            lines: lines.iter().map(Line::as_new).collect(),
            discount: order.discount,
            delivery: order.delivery.clone(),
            comment: order.comment.clone(),
            declared_total: None,
            extra: order.extra.clone(),
            source: order.source.clone(),
        }))
    }

    pub(crate) fn digest(&self) -> Result<String> {
        let digest = Sha256::digest(self.to_json()?.as_bytes());
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub(crate) fn to_json(&self) -> Result<String> {
        serde_json::to_string(&self.0)
            .map_err(|error| Fault::broken("orders.content_unreadable").because(error))
    }

    pub(crate) fn from_json(text: &str) -> Result<Self> {
        serde_json::from_str(text)
            .map(Self)
            .map_err(|error| Fault::broken("orders.content_unreadable").because(error))
    }

    /// One fault per field that is not the same in both.
    pub(crate) fn differences(&self, other: &Self) -> Vec<FieldFault> {
        let paths: std::collections::BTreeSet<&String> = self.0.keys().chain(other.0.keys()).collect();
        paths
            .into_iter()
            .filter(|path| self.0.get(*path) != other.0.get(*path))
            .take(MOST_NAMED)
            .map(|path| FieldFault {
                path: path.clone(),
                code: "orders.field_differs".into(),
                args: Vec::new(),
            })
            .collect()
    }
}
