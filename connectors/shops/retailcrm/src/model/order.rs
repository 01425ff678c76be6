use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::customer::Address;
use crate::wire::lenient::{self, Dict, List, Number, Text};

/// An order as a shop sends it: whole when it creates one, any part when it edits one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct OrderIn {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patronymic: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_phone: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_comment: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager_comment: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_manual_amount: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_manual_percent: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::object")]
    pub customer: Option<CustomerRef>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::object")]
    pub delivery: Option<DeliveryIn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<List<ItemIn>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payments: Option<List<PaymentIn>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<Dict>,
    /// Kept and given back.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct CustomerRef {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Text>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct DeliveryIn {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::object")]
    pub address: Option<Address>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ItemIn {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    #[serde(skip_serializing_if = "List::is_empty")]
    pub external_ids: List<ExternalId>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::said")]
    pub initial_price: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_manual_amount: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_manual_percent: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vat_rate: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::said")]
    pub quantity: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_name: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::object")]
    pub offer: Option<OfferRef>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ExternalId {
    pub code: Text,
    pub value: Text,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct OfferRef {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xml_id: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PaymentIn {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::said")]
    pub amount: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::object")]
    pub order: Option<OrderRef>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct OrderRef {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
}
