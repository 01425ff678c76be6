//! The HTTP API of orders: reading, changing, cancelling. Taking orders in is the gateway's, which
//! answers with the same body ([`order_json`]).

mod json;
mod refusals;
mod remake;
mod schema;
mod text;

pub use json::{Parts, order_json, order_text, parts_of};
pub use schema::{OrderBody, OrderPage, OrdersApi};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::header;
use refusals::{ChangedMeanwhile, NoSuchOrder, Senseless};
use serde::Deserialize;
use serde_json::Value;
use takt_kernel::{CompanyId, Fault, Result, ShopId};
use takt_staff::ApiCaller;
use takt_store::Query as _;
use takt_web::{Answer, IfMatch, Json, Path, Query, Web, etag, page_size};

use crate::{
    CancelOrders, EditOrders, Fields, Holder, ListFilter, OrderId, SeeOrders, Sort, Stage, commands, input,
    input::{FieldsAsked, Reading},
    queries, rows, statuses,
};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/api/v1/orders", get(list))
        .route("/api/v1/orders/{id}", get(read).patch(change))
        .route("/api/v1/orders/{id}/cancel", post(cancel))
        .route("/api/v1/orders/{id}/copy", post(remake::copy))
        .route("/api/v1/orders/{id}/leave-out", post(leave_out))
        .route("/api/v1/orders/{id}/split", post(remake::split))
        .route("/api/v1/orders/{id}/merge", post(remake::merge))
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    stage: Option<String>,
    status: Option<String>,
    shop: Option<String>,
    holder: Option<String>,
    milestone: Option<String>,
    q: Option<String>,
    sort: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

impl Asked {
    fn filter(self, fields: Fields) -> Result<ListFilter> {
        Ok(ListFilter {
            stage: one_of("stage", self.stage, Stage::ALL, |stage| stage.code(), "orders.stage_unknown")?,
            in_work: false,
            status: self.status.filter(|status| !status.is_empty()),
            shop: shop(self.shop)?,
            holder: one_of(
                "holder",
                self.holder,
                Holder::ALL,
                |holder| holder.code(),
                "orders.holder_unknown",
            )?,
            milestone: self.milestone.filter(|milestone| !milestone.is_empty()),
            customers: Vec::new(),
            q: self.q.unwrap_or_default(),
            fields,
            rail: None,
            sort: one_of(
                "sort",
                self.sort,
                &[Sort::Newest, Sort::Promise],
                sort_code,
                "orders.sort_unknown",
            )?
            .unwrap_or_default(),
            limit: page_size(self.limit)?,
            cursor: self.cursor.filter(|cursor| !cursor.is_empty()),
        })
    }
}

fn shop(given: Option<String>) -> Result<Option<ShopId>> {
    let Some(given) = given.filter(|given| !given.is_empty()) else { return Ok(None) };
    match given.parse() {
        Ok(shop) => Ok(Some(shop)),
        Err(fault) => {
            let mut faults = crate::new_order::FieldFaults::default();
            faults.push_with("shop", fault.code(), &[("given", given)]);
            faults.into_result(None)
        }
    }
}

fn sort_code(sort: Sort) -> &'static str {
    match sort {
        Sort::Newest => "newest",
        Sort::Promise => "promise",
    }
}

/// The value with this code, or a fault at its field that names those there are.
pub(crate) fn one_of<T: Copy>(
    field: &'static str,
    given: Option<String>,
    all: &[T],
    code: impl Fn(T) -> &'static str,
    fault: &'static str,
) -> Result<Option<T>> {
    let Some(given) = given.filter(|given| !given.is_empty()) else { return Ok(None) };
    match all.iter().find(|value| code(**value) == given) {
        Some(value) => Ok(Some(*value)),
        None => {
            let mut faults = crate::new_order::FieldFaults::default();
            let known: Vec<&str> = all.iter().map(|value| code(*value)).collect();
            faults.push_with(field, fault, &[("known", known.join(", "))]);
            faults.into_result(None)
        }
    }
}

#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", params(schema::ListParams),
    responses(
        (status = 200, body = OrderPage, description = "A page of the orders"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "A parameter makes no sense"),
    ))]
async fn list(
    caller: ApiCaller,
    State(web): State<Web>,
    Query(asked): Query<Asked>,
    Query(fields): Query<FieldsAsked>,
) -> Answer {
    caller.permit::<SeeOrders>()?;
    let (scope, company) = (caller.scope(), caller.company);
    let answer = web
        .db
        .read("orders.api_list", move |reader| {
            // Features that add to an answer look at settings, and the first question is the list's own.
            reader.expect_seldom();
            let filter = asked.filter(read_fields(reader, company, &fields)?)?;
            let page = queries::list(reader, &scope, &filter)?;
            if let Some(status) = filter.status.as_deref().filter(|_| page.items.is_empty()) {
                statuses::expect_known(reader, scope.companies(), status)?;
            }
            json::page_text(reader, company, &page)
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response())
}

/// Days and amounts are those of the company, which most lists need not know.
fn read_fields(db: &mut dyn takt_store::Query, company: CompanyId, asked: &FieldsAsked) -> Result<Fields> {
    if !asked.any() {
        return Ok(Fields::default());
    }
    let own = takt_staff::companies::get(db, company)?;
    asked.read(&Reading { zone: &own.zone, currency: own.currency, me: None })
}

#[utoipa::path(get, path = "/api/v1/orders/{id}", tag = "orders",
    params(("id" = i64, Path, minimum = 1, description = "The order's id")),
    responses(
        (status = 200, body = OrderBody, description = "The order as it stands now", headers(("ETag" = String, description = "The version, for If-Match"))),
        NoSuchOrder,
    ))]
async fn read(caller: ApiCaller, State(web): State<Web>, Path(id): Path<OrderId>) -> Answer {
    caller.permit::<SeeOrders>()?;
    let scope = caller.scope();
    let (version, body) = web
        .db
        .read("orders.api_read", move |reader| {
            let order = queries::get(reader, &scope, id)?;
            let version = order.version;
            Ok((version, json::orders_json(reader, order.company, &[order])?))
        })
        .await?;
    Ok(answer(version, body))
}

#[utoipa::path(patch, path = "/api/v1/orders/{id}", tag = "orders",
    params(
        ("id" = i64, Path, minimum = 1, description = "The order's id"),
        ("If-Match" = String, Header, pattern = r#"^(W/)?"?[0-9]{1,18}"?$"#, description = "The version that is being changed, as ETag gave it"),
    ),
    request_body(content = schema::OrderPatch, description = "A JSON merge patch (RFC 7396)"),
    responses(
        (status = 200, body = OrderBody, description = "The order with the change"),
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "It has left or was cancelled"),
        ChangedMeanwhile,
        Senseless,
    ))]
async fn change(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    IfMatch(expected): IfMatch,
    Json(body): Json<Value>,
) -> Answer {
    let permit = caller.permit::<EditOrders>()?;
    let scope = caller.scope();
    let (version, body) = web
        .db
        .write("orders.api_change", move |tx| {
            let order = queries::get(tx, &scope, id)?;
            order.expect_version(Some(expected))?;
            let lines = rows::lines(tx, order.company, id)?;
            let region = takt_customers::default_region(tx, order.company)?;
            let patch = input::read_patch(&order, &lines, &body, &region)?;
            let order = commands::edit(tx, &permit, id, expected, patch)?;
            let version = order.version;
            Ok((version, json::orders_json(tx, order.company, &[order])?))
        })
        .await?;
    Ok(answer(version, body))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Reason {
    reason: String,
}

#[utoipa::path(post, path = "/api/v1/orders/{id}/cancel", tag = "orders",
    params(
        ("id" = i64, Path, minimum = 1, description = "The order's id"),
        ("If-Match" = String, Header, pattern = r#"^(W/)?"?[0-9]{1,18}"?$"#, description = "The version that is being cancelled, as ETag gave it"),
    ),
    request_body(content = Option<schema::CancelBody>, description = "May be absent"),
    responses(
        (status = 200, body = OrderBody, description = "The order, cancelled"),
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "It has left"),
        ChangedMeanwhile,
    ))]
async fn cancel(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    IfMatch(expected): IfMatch,
    body: Bytes,
) -> Answer {
    let permit = caller.permit::<CancelOrders>()?;
    let reason = if body.is_empty() {
        Reason::default()
    } else {
        serde_json::from_slice(&body)
            .map_err(|error| Fault::field("reason", "orders.not_a_text").because(error))?
    };
    let (version, body) = web
        .db
        .write("orders.api_cancel", move |tx| {
            let order = commands::cancel(tx, &permit, id, Some(expected), &reason.reason)?;
            let version = order.version;
            Ok((version, json::orders_json(tx, order.company, &[order])?))
        })
        .await?;
    Ok(answer(version, body))
}

/// What has not left by now does not come any more: the order costs that much less, and what was paid beyond is the
/// buyer's.
#[utoipa::path(post, path = "/api/v1/orders/{id}/leave-out", tag = "orders",
    params(
        ("id" = i64, Path, minimum = 1, description = "The order's id"),
        ("If-Match" = String, Header, pattern = r#"^(W/)?"?[0-9]{1,18}"?$"#, description = "The version of which the rest is left out, as ETag gave it"),
    ),
    responses(
        (status = 200, body = OrderBody, description = "The order without what has not left"),
        NoSuchOrder,
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Nothing of it has left, or all of it; or it is over, or held"),
        ChangedMeanwhile,
    ))]
async fn leave_out(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    IfMatch(expected): IfMatch,
) -> Answer {
    let permit = caller.permit::<EditOrders>()?;
    let (version, body) = web
        .db
        .write("orders.api_leave_out", move |tx| {
            let order = commands::leave_out(tx, &permit, id, Some(expected))?;
            let version = order.version;
            Ok((version, json::orders_json(tx, order.company, &[order])?))
        })
        .await?;
    Ok(answer(version, body))
}

fn answer(version: i64, bodies: Vec<Value>) -> Response {
    let body = bodies.into_iter().next().unwrap_or(Value::Null);
    (etag(version), Json(body)).into_response()
}
