//! What a connection of such a kind keeps about itself; a person writes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use takt_connections::Connection;
use takt_kernel::{Fault, Result};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Where the shop answers: `https://shop.example`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The shop's statuses → ours. An empty one means nothing here.
    pub statuses: BTreeMap<String, String>,
    /// Ours, or stages → the shop's.
    pub statuses_back: BTreeMap<String, String>,
    /// Ways of payment → terms: `on_delivery`, `prepaid`.
    pub payment_terms: BTreeMap<String, String>,
    /// Ways of delivery → ours.
    pub deliveries: BTreeMap<String, String>,
    /// Products are not taken into the catalogue.
    pub ignore_products: bool,
    /// Statuses and tracking numbers are written to the shop.
    pub write_orders: bool,
    /// What may be sold is written to the shop.
    pub write_stock: bool,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Settings {
    /// # Errors
    /// `shops.settings_malformed`.
    pub fn of(connection: &Connection) -> Result<Self> {
        serde_json::from_value(Value::Object(connection.settings.clone()))
            .map_err(|error| Fault::invalid("shops.settings_malformed").arg("problem", error))
    }

    /// The shop's address without a slash at its end.
    pub fn base(&self) -> Option<&str> {
        self.url.as_deref().map(|url| url.trim().trim_end_matches('/')).filter(|url| !url.is_empty())
    }
}
