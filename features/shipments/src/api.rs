//! `GET /api/v1/shipments`.

use std::collections::BTreeMap;

use axum::{Router, extract::State as Held, response::IntoResponse, routing::get};
use serde::{Deserialize, Serialize};
use takt_kernel::{Fault, Timestamp, money::Quantity};
use takt_orders::{LineId, OrderId};
use takt_staff::ApiCaller;
use takt_web::{Answer, Json, Query, Web, page_size};
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::{
    CarrierId, Content, Filter, SeeShipments, Shipment, ShipmentId, State,
    carriers::{self, Carrier},
    queries,
};

#[derive(OpenApi)]
#[openapi(paths(list_shipments), components(schemas(ShipmentBody, ShipmentLine, ShipmentList)))]
pub(crate) struct Api;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/api/v1/shipments", get(list_shipments))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Only those of this order.
    #[param(value_type = Option<i64>, minimum = 1)]
    order: Option<OrderId>,
    /// `packed`, `handed_over`, `delivered` or `returned`.
    state: Option<String>,
    /// Parts of a tracking number or of an order's number.
    q: String,
    /// At most 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    #[param(value_type = Option<i64>, minimum = 1)]
    cursor: Option<ShipmentId>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ShipmentLine {
    #[schema(value_type = i64)]
    line: LineId,
    #[schema(value_type = String, example = "2")]
    quantity: Quantity,
}

#[derive(Debug, Serialize, ToSchema)]
struct ShipmentBody {
    #[schema(value_type = i64)]
    id: ShipmentId,
    #[schema(value_type = i64)]
    order: OrderId,
    order_number: String,
    #[schema(example = "handed_over")]
    state: &'static str,
    /// None when the shop's own people bring it.
    carrier: Option<String>,
    service: Option<String>,
    tracking: Option<String>,
    /// Where the buyer can follow it.
    tracking_url: Option<String>,
    /// How many parcels.
    places: i64,
    weight_grams: Option<i64>,
    lines: Vec<ShipmentLine>,
    #[schema(value_type = String, format = DateTime)]
    packed_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    handed_over_at: Option<Timestamp>,
    /// Since when it counts as late.
    #[schema(value_type = Option<String>, format = DateTime)]
    overdue_at: Option<Timestamp>,
    /// When it arrived, or turned back.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ShipmentList {
    items: Vec<ShipmentBody>,
    /// Give it as `cursor` to get the next page.
    #[schema(value_type = Option<i64>)]
    next_cursor: Option<ShipmentId>,
}

/// Shipments of the shop's orders, the newest first.
#[utoipa::path(
    get, path = "/api/v1/shipments", tag = "shipments", security(("token" = ["shipments:read"])),
    params(Asked),
    responses(
        (status = 200, body = ShipmentList, description = "Parcels, latest first"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json", description = "No such order"),
    )
)]
async fn list_shipments(caller: ApiCaller, Held(web): Held<Web>, Query(asked): Query<Asked>) -> Answer {
    caller.permit::<SeeShipments>()?;
    let (scope, company) = (caller.scope(), caller.company);
    let unknown = || Fault::field("state", "shipments.no_such_state");
    let state = asked.state.as_deref().map(|code| State::from_code(code).ok_or_else(unknown)).transpose()?;
    let Asked { order, q, limit, cursor, .. } = asked;
    let filter = Filter { q, state, order, limit: page_size(limit)?, cursor };
    let list = web
        .db
        .read("shipments.api_list", move |r| {
            if let Some(order) = filter.order {
                takt_orders::get(r, &scope, order)?;
            }
            let page = queries::list(r, &scope, &filter)?;
            let carriers = carriers::list(r, company)?;
            let mut contents = BTreeMap::new();
            for shipment in &page.items {
                if !contents.contains_key(&shipment.id) {
                    contents.extend(queries::contents(r, company, shipment.order)?);
                }
            }
            let items = page.items.iter().map(|shipment| body(shipment, &carriers, &contents)).collect();
            Ok(ShipmentList { items, next_cursor: page.next_cursor })
        })
        .await?;
    Ok(Json(list).into_response())
}

fn body(
    shipment: &Shipment,
    carriers: &[Carrier],
    contents: &BTreeMap<ShipmentId, Vec<Content>>,
) -> ShipmentBody {
    let named = |id: CarrierId| carriers.iter().find(|carrier| carrier.id == id);
    let carrier = shipment.via.carrier.and_then(named);
    let service = shipment.via.service.and_then(|id| carrier?.service(id));
    let lines = contents.get(&shipment.id).into_iter().flatten();
    ShipmentBody {
        id: shipment.id,
        order: shipment.order,
        order_number: shipment.order_number.clone(),
        state: shipment.state.code(),
        carrier: carrier.map(|carrier| carrier.name.clone()),
        service: service.map(|service| service.name.clone()),
        tracking: shipment.tracking.clone(),
        tracking_url: shipment.tracking.as_ref().and_then(|tracking| carrier?.tracking_link(tracking)),
        places: shipment.places,
        weight_grams: shipment.weight_grams,
        lines: lines.map(|one| ShipmentLine { line: one.line, quantity: one.quantity }).collect(),
        packed_at: shipment.packed_at,
        handed_over_at: shipment.handed_over_at,
        overdue_at: shipment.overdue_at,
        finished_at: shipment.finished_at,
    }
}
