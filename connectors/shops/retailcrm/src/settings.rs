//! What a connection of this kind keeps about itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use takt_connections::Connection;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// What the shop is called in the protocol; made from its name when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_code: Option<String>,
    /// The site's address, and where its catalogue is fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalogue_url: Option<String>,
    /// Ways of payment → terms: `on_delivery`, `prepaid`.
    pub payment_terms: BTreeMap<String, String>,
    /// Modules that told of themselves, by their codes.
    pub modules: BTreeMap<String, Value>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Settings {
    pub fn of(connection: &Connection) -> Self {
        serde_json::from_value(Value::Object(connection.settings.clone())).unwrap_or_default()
    }

    pub fn to_map(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(map)) => map,
            _ => Map::new(),
        }
    }

    /// The terms that a way of payment means, as far as it means any.
    pub fn terms_of(&self, payment: &str) -> Option<&str> {
        self.payment_terms.get(payment).map(String::as_str).or_else(|| {
            let payment = payment.to_ascii_lowercase();
            let on_delivery = ["cash", "cod", "cash-on-delivery", "cashondelivery", "ps_cashondelivery"];
            let before = ["bank-transfer", "bacs", "bank_transfer", "ps_wirepayment", "bank-card", "e-money"];
            if on_delivery.contains(&payment.as_str()) {
                Some("on_delivery")
            } else if before.contains(&payment.as_str()) {
                Some("prepaid")
            } else {
                None
            }
        })
    }
}
