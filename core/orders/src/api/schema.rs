//! The shapes of the API for its description. Bodies are read by [`crate::input`] and written by
//! [`super::order_json`]; a test compares these with what is really answered.

use serde::{Deserialize, Serialize};
use utoipa::{
    IntoParams, OpenApi, PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, SchemaType, Type},
    },
};

/// A text; a whole number is taken as the text it was written as, for programs write `1001` as often as `"1001"`.
pub struct Text;

impl PartialSchema for Text {
    fn schema() -> RefOr<Schema> {
        let types = SchemaType::from_iter([Type::String, Type::Integer]);
        ObjectBuilder::new().schema_type(types).description(Some("A text, or a whole number for one")).into()
    }
}

impl ToSchema for Text {}

#[derive(OpenApi)]
#[openapi(
    paths(
        super::list,
        super::read,
        super::change,
        super::cancel,
        super::leave_out,
        super::remake::copy,
        super::remake::split,
        super::remake::merge,
    ),
    components(schemas(
        OrderBody,
        OrderPage,
        OrderPatch,
        CancelBody,
        OrderInput,
        CopyBody,
        SplitBody,
        SplitAnswer,
        MergeBody,
    ))
)]
pub struct OrdersApi;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub(super) struct ListParams {
    /// `new`, `approval`, `assembling`, `delivery`, `complete` or `cancel`.
    stage: Option<String>,
    /// The code of one of the company's statuses.
    status: Option<String>,
    /// A shop's id.
    #[param(minimum = 1)]
    shop: Option<i64>,
    /// Who is waited for: `buyer`, `queue`, `operator`, `warehouse`, `supplier`, `carrier` …
    holder: Option<String>,
    /// What comes next, as an order's `milestone` says.
    milestone: Option<String>,
    /// The city of the address, whole; case and ё do not matter.
    city: Option<String>,
    /// The SKU or the name of a line, or words of goods of the catalogue.
    product: Option<String>,
    /// Where it came from, as an order's `source` says.
    source: Option<String>,
    /// The method of delivery.
    delivery: Option<String>,
    /// Decimals in the company's currency, both included.
    sum_from: Option<String>,
    sum_to: Option<String>,
    /// Days of the company, both included, or moments (RFC 3339).
    placed_from: Option<String>,
    placed_to: Option<String>,
    /// By when what comes next is promised.
    due_from: Option<String>,
    due_to: Option<String>,
    /// `none`, `part` or `full`.
    payment: Option<String>,
    /// `prepaid`, `on_delivery` or `credit`.
    terms: Option<String>,
    /// `nobody`, or the id of a person who took it.
    taken: Option<String>,
    /// `late`, `urgent`, `short`, `deferred` or `paused`.
    mark: Option<String>,
    /// Words, all of which must stand in number, external id, name, phone, e-mail or address: any three
    /// letters or digits in a row, fewer at the beginning of a word. What is found comes newest first.
    q: Option<String>,
    /// `newest` (when absent) or `promise`: orders in work, the nearest promise first.
    sort: Option<String>,
    /// 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next_cursor` or `previous_cursor` of another page.
    cursor: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct OrderPage {
    pub items: Vec<OrderBody>,
    pub next_cursor: Option<String>,
    /// For `cursor`, to read the page before.
    pub previous_cursor: Option<String>,
    pub total: OrderCount,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct OrderCount {
    pub count: i64,
    /// Always for stage, status and shop; otherwise up to 1,000 among the 20,000 orders that are looked at.
    pub exact: bool,
}

/// An order as it stands now. Amounts are decimal strings.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct OrderBody {
    pub id: i64,
    pub number: String,
    pub external_id: Option<String>,
    pub shop: i64,
    pub source: String,
    pub stage: String,
    pub status: String,
    pub terms: String,
    pub credit_days: i64,
    pub lang: String,
    pub currency: String,
    pub total: String,
    pub paid: String,
    pub owed: String,
    /// `all`, `part` or `none`.
    pub reserved: String,
    pub shipped: String,
    pub totals: OrderTotals,
    pub discount: String,
    pub lines: Vec<OrderLineBody>,
    pub customer: OrderCustomer,
    pub delivery: OrderDelivery,
    pub comment: Option<String>,
    pub cancel_reason: Option<String>,
    /// What comes next: `paid`, or one of the company's milestones: `confirmed`, `ready`, `delivered`, `reserved`,
    /// `shipped`, `status:…`.
    pub milestone: Option<String>,
    pub due_at: Option<String>,
    pub holder: Option<String>,
    pub deferred_until: Option<String>,
    /// Before all that are not, with shorter promises.
    pub urgent: bool,
    /// What holds it up, and on whose time.
    pub paused: Option<OrderPause>,
    pub created_at: String,
    pub updated_at: String,
    /// For `If-Match`.
    pub version: i64,
    /// Fields that were sent and nobody here knows.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct OrderPause {
    pub reason: String,
    /// The holder whose time it is.
    pub owner: String,
    pub since: String,
    /// It goes on by itself then.
    pub until: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct OrderTotals {
    pub goods: String,
    pub discount: String,
    pub delivery: String,
    pub vat: String,
    pub total: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct OrderLineBody {
    pub id: i64,
    pub sku: Option<String>,
    /// Whether the catalogue knows the SKU; nothing is ever reserved of an unknown one.
    pub known: bool,
    pub name: String,
    pub quantity: String,
    pub unit: String,
    pub price: String,
    pub discount: String,
    /// Its share of the discount of the whole order.
    pub order_discount: String,
    pub total: String,
    pub vat: String,
    pub vat_amount: String,
    pub reserved: String,
    pub shipped: String,
    pub cancelled: String,
    pub returned: String,
    pub extra: serde_json::Map<String, serde_json::Value>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct OrderCustomer {
    pub id: Option<i64>,
    pub name: String,
    /// `+79123456789`; absent when what was given is no valid number.
    pub phone: Option<String>,
    pub phone_given: Option<String>,
    pub email: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct OrderDelivery {
    pub method: Option<String>,
    pub address: Option<String>,
    pub price: String,
}

/// A new order. Fields that are not named here are kept and given back in `extra`.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct OrderInput {
    /// The shop's own id: sending the same twice places one order.
    #[schema(value_type = Option<Text>)]
    pub external_id: Option<String>,
    #[schema(value_type = Option<Text>)]
    pub number: Option<String>,
    /// The shop's when absent.
    #[schema(value_type = Option<Text>)]
    pub currency: Option<String>,
    /// `prepaid` (when absent), `on_delivery` or `credit`.
    #[schema(value_type = Option<Text>)]
    pub terms: Option<String>,
    pub credit_days: Option<i64>,
    /// `ru` or `en`: in which the buyer is written to.
    #[schema(value_type = Option<Text>)]
    pub lang: Option<String>,
    pub customer: Option<CustomerInput>,
    pub lines: Vec<LineInput>,
    /// Of the whole order, spread over its lines.
    #[schema(value_type = Option<Text>)]
    pub discount: Option<String>,
    pub delivery: Option<DeliveryInput>,
    #[schema(value_type = Option<Text>)]
    pub comment: Option<String>,
    /// What it comes to by the shop's own sums; a difference is refused.
    #[schema(value_type = Option<Text>)]
    pub total: Option<String>,
}

/// What is to be different; what is absent stays, `null` removes.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct OrderPatch {
    pub customer: Option<CustomerInput>,
    /// All lines there are to be; one that names its `id` keeps it.
    pub lines: Option<Vec<LineInput>>,
    #[schema(value_type = Option<Text>)]
    pub discount: Option<String>,
    pub delivery: Option<DeliveryInput>,
    #[schema(value_type = Option<Text>)]
    pub comment: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct CustomerInput {
    #[schema(value_type = Option<Text>)]
    pub name: Option<String>,
    /// As people write it.
    #[schema(value_type = Option<Text>)]
    pub phone: Option<String>,
    #[schema(value_type = Option<Text>)]
    pub email: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct LineInput {
    /// Only when an order is changed.
    pub id: Option<i64>,
    #[schema(value_type = Option<Text>)]
    pub sku: Option<String>,
    /// The SKU when absent.
    #[schema(value_type = Option<Text>)]
    pub name: Option<String>,
    /// Up to three decimals.
    #[schema(value_type = Text)]
    pub quantity: String,
    /// `pcs` when absent.
    #[schema(value_type = Option<Text>)]
    pub unit: Option<String>,
    /// Of one unit, VAT included, up to four decimals.
    #[schema(value_type = Text)]
    pub price: String,
    /// Of the whole line.
    #[schema(value_type = Option<Text>)]
    pub discount: Option<String>,
    /// `22`, `10`, `0`, or `none` (when absent).
    #[schema(value_type = Option<Text>)]
    pub vat: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct DeliveryInput {
    #[schema(value_type = Option<Text>)]
    pub method: Option<String>,
    #[schema(value_type = Option<Text>)]
    pub address: Option<String>,
    #[schema(value_type = Option<Text>)]
    pub price: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct CancelBody {
    pub reason: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct CopyBody {
    /// `today` (when absent): the catalogue's, without the old discounts; `as_then`: those of the order.
    pub prices: Option<String>,
    /// Names this request: asked again under the same name, it answers with the order that it made.
    #[schema(max_length = 64)]
    pub key: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct SplitBody {
    pub lines: Vec<SplitPart>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct SplitPart {
    /// The line.
    pub id: i64,
    /// How much of it goes into the new order.
    #[schema(value_type = Text)]
    pub quantity: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct SplitAnswer {
    pub first: OrderBody,
    pub second: OrderBody,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct MergeBody {
    /// The order that goes into the other.
    pub from: i64,
    /// Both deliveries are paid; that of the first alone when absent.
    pub both_deliveries: Option<bool>,
    /// Why it is cancelled, for whoever reads it later.
    pub reason: Option<String>,
}
