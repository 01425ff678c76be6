//! The shapes of drafts for the API's description; a test compares them with what is really answered.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

#[derive(OpenApi)]
#[openapi(
    paths(
        super::api::create,
        super::api::list,
        super::api::read,
        super::api::change,
        super::api::delete,
        super::api::add_line,
        super::api::change_line,
        super::api::remove_line,
        super::api::set_customer,
        super::api::set_delivery,
        super::api::place,
    ),
    components(schemas(DraftBody, DraftPage, DraftLineBody, DraftTotals))
)]
pub(crate) struct DraftsApi;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub(super) struct ListParams {
    /// 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct DraftPage {
    pub items: Vec<DraftBody>,
    pub next_cursor: Option<String>,
}

/// A draft as it stands now. Parts are given back as they were sent.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct DraftBody {
    pub id: i64,
    pub shop: i64,
    /// Which order it became; nothing else is left of a placed draft.
    pub order: Option<i64>,
    pub currency: String,
    #[schema(value_type = Option<Object>)]
    pub customer: Option<serde_json::Value>,
    #[schema(value_type = Option<Object>)]
    pub delivery: Option<serde_json::Value>,
    pub comment: Option<String>,
    pub discount: Option<String>,
    pub external_id: Option<String>,
    pub number: Option<String>,
    pub terms: Option<String>,
    #[schema(value_type = Option<Object>)]
    pub credit_days: Option<serde_json::Value>,
    pub lang: Option<String>,
    pub lines: Vec<DraftLineBody>,
    /// Absent until there are lines.
    pub totals: Option<DraftTotals>,
    pub extra: serde_json::Map<String, serde_json::Value>,
    pub created_at: String,
    pub updated_at: String,
    /// For `If-Match`.
    pub version: i64,
}

/// A line as it was sent, with its number and what it comes to.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct DraftLineBody {
    pub id: i64,
    pub total: Option<String>,
    #[serde(flatten)]
    pub fields: serde_json::Map<String, serde_json::Value>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct DraftTotals {
    pub goods: String,
    pub discount: String,
    pub delivery: String,
    pub vat: String,
    pub total: String,
}
