//! The same again, two of one, one of two.

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use takt_staff::ApiCaller;
use takt_web::{Answer, IfMatch, Json, Path, Web};

use super::{
    OrderBody, answer, json, one_of,
    refusals::{ChangedMeanwhile, NoSuchOrder, Senseless},
    schema,
};
use crate::{CancelOrders, EditOrders, Merge, OrderId, PlaceOrders, Prices, commands, input};

#[derive(Deserialize)]
pub(super) struct CopyGiven {
    prices: Option<String>,
    key: Option<String>,
}

#[utoipa::path(post, path = "/api/v1/orders/{id}/copy", tag = "orders",
    params(("id" = i64, Path, minimum = 1, description = "The order's id")),
    request_body = schema::CopyBody,
    responses(
        (status = 200, body = OrderBody, description = "The new order"),
        NoSuchOrder,
        Senseless,
    ))]
pub(super) async fn copy(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Json(given): Json<CopyGiven>,
) -> Answer {
    let permit = caller.permit::<PlaceOrders>()?;
    let prices =
        one_of("prices", given.prices, Prices::ALL, |prices| prices.code(), "orders.prices_unknown")?
            .unwrap_or(Prices::OfToday);
    let (version, body) = web
        .db
        .write("orders.api_copy", move |tx| {
            let placed = commands::copy(tx, &permit, id, prices, given.key.as_deref())?;
            let order = crate::rows::load(tx, permit.company(), placed.id)?;
            let version = order.version;
            Ok((version, json::orders_json(tx, order.company, &[order])?))
        })
        .await?;
    Ok(answer(version, body))
}

#[utoipa::path(post, path = "/api/v1/orders/{id}/split", tag = "orders",
    params(
        ("id" = i64, Path, minimum = 1, description = "The order's id"),
        ("If-Match" = String, Header, pattern = r#"^(W/)?"?[0-9]{1,18}"?$"#, description = "The version that is split, as ETag gave it"),
    ),
    request_body(content = schema::SplitBody, description = "What goes into the new order"),
    responses(
        (status = 200, body = schema::SplitAnswer, description = "Both orders"),
        NoSuchOrder,
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "It has left, is packed, or its money is on its way back"),
        ChangedMeanwhile,
        Senseless,
    ))]
pub(super) async fn split(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    IfMatch(expected): IfMatch,
    Json(body): Json<Value>,
) -> Answer {
    let permit = caller.permit::<EditOrders>()?;
    let wanted = input::read_split(&body)?;
    let (version, body) = web
        .db
        .write("orders.api_split", move |tx| {
            let parted = commands::split(tx, &permit, id, expected, &wanted)?;
            let version = parted.first.version;
            let company = parted.first.company;
            let bodies = json::orders_json(tx, company, &[parted.first, parted.second])?;
            let mut bodies = bodies.into_iter();
            Ok((version, vec![json!({ "first": bodies.next(), "second": bodies.next() })]))
        })
        .await?;
    Ok(answer(version, body))
}

#[derive(Deserialize)]
pub(super) struct MergeGiven {
    from: OrderId,
    #[serde(default)]
    both_deliveries: bool,
    #[serde(default)]
    reason: String,
}

#[utoipa::path(post, path = "/api/v1/orders/{id}/merge", tag = "orders",
    params(
        ("id" = i64, Path, minimum = 1, description = "The order that stays"),
        ("If-Match" = String, Header, pattern = r#"^(W/)?"?[0-9]{1,18}"?$"#, description = "Its version, as ETag gave it"),
    ),
    request_body(content = schema::MergeBody, description = "The order that goes into it and is cancelled"),
    responses(
        (status = 200, body = OrderBody, description = "The order with the lines and the money of both"),
        NoSuchOrder,
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "They are not one order's: other buyer, shop, currency or terms; or one has left or is packed"),
        ChangedMeanwhile,
    ))]
pub(super) async fn merge(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    IfMatch(expected): IfMatch,
    Json(given): Json<MergeGiven>,
) -> Answer {
    let (edits, cancels) = (caller.permit::<EditOrders>()?, caller.permit::<CancelOrders>()?);
    let (version, body) = web
        .db
        .write("orders.api_merge", move |tx| {
            let wanted = Merge {
                into: id,
                into_version: expected,
                from: given.from,
                from_version: None,
                both_deliveries: given.both_deliveries,
                reason: &given.reason,
            };
            let order = commands::merge(tx, &edits, &cancels, &wanted)?;
            let version = order.version;
            Ok((version, json::orders_json(tx, order.company, &[order])?))
        })
        .await?;
    Ok(answer(version, body))
}
