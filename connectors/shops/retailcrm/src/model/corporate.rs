use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    model::order::CustomerRef,
    wire::lenient::{Dict, List, Text},
};

/// A corporate customer as a shop sends it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct CorporateIn {
    pub external_id: Option<Text>,
    pub nick_name: Option<Text>,
    pub site: Option<Text>,
    pub customer_contacts: Option<List<ContactIn>>,
    pub companies: Option<List<FirmIn>>,
    pub addresses: Option<List<AddressIn>>,
    pub custom_fields: Option<Dict>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct AddressIn {
    pub id: Option<Text>,
    pub external_id: Option<Text>,
    pub name: Option<Text>,
    pub is_main: Option<Text>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A legal entity of a corporate customer: what the protocol calls its company.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct FirmIn {
    pub id: Option<Text>,
    pub external_id: Option<Text>,
    pub name: Option<Text>,
    pub active: Option<Text>,
    pub is_main: Option<Text>,
    pub contragent: Option<Dict>,
    pub address: Option<AddressIn>,
    pub custom_fields: Option<Dict>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ContactIn {
    pub is_main: Option<Text>,
    pub customer: Option<CustomerRef>,
    pub companies: Option<List<ContactFirmIn>>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ContactFirmIn {
    pub company: Named,
}

/// Something named by one of its ids, or by its name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Named {
    pub id: Option<Text>,
    pub external_id: Option<Text>,
    pub name: Option<Text>,
}

/// Whether a module means yes: `true`, `1`, `"1"`, `"true"`, `"on"`.
pub(crate) fn is_yes(text: &Text) -> bool {
    let word = text.as_str().trim().to_ascii_lowercase();
    !["", "0", "false", "off", "no", "null", "none"].contains(&word.as_str())
}
