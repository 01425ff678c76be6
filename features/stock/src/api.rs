//! `GET /api/v1/stock` and `PUT /api/v1/stock`.

use std::collections::BTreeMap;

use axum::{Router, extract::State, response::IntoResponse, routing::get};
use serde::{Deserialize, Serialize};
use takt_catalog::{Offer, OfferId, offers_by_id, offers_by_sku};
use takt_kernel::{CompanyId, Fault, FieldFault, Result, Timestamp, money::Quantity};
use takt_staff::ApiCaller;
use takt_store::Tx;
use takt_ui::Words;
use takt_web::{Answer, Json, Query, Web, page_size};
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::{
    Correction, Cursor, Filter, Level, MoveStock, SeeStock, Warehouse, WarehouseId, commands, queries,
    warehouses,
};

#[derive(OpenApi)]
#[openapi(
    paths(list_stock, put_stock),
    components(schemas(StockLevel, StockWarehouse, StockList, StockCount, StockSet))
)]
pub(crate) struct Api;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/api/v1/stock", get(list_stock).put(put_stock))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Only this SKU.
    sku: Option<String>,
    /// Words that the SKU, name or barcode has.
    q: String,
    /// At most 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct StockWarehouse {
    #[schema(value_type = i64)]
    id: WarehouseId,
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct StockLevel {
    sku: String,
    name: String,
    unit: String,
    warehouse: StockWarehouse,
    /// All that lies there.
    #[schema(value_type = String, example = "12")]
    on_hand: Quantity,
    /// What of it is promised to orders.
    #[schema(value_type = String, example = "3")]
    held: Quantity,
    #[schema(value_type = String, example = "9")]
    free: Quantity,
    shelf: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
struct StockList {
    items: Vec<StockLevel>,
    /// Give it as `cursor` to get the next page.
    #[schema(value_type = Option<String>)]
    next_cursor: Option<Cursor>,
}

/// What lies where, the least free first.
#[utoipa::path(
    get, path = "/api/v1/stock", tag = "stock", security(("token" = ["stock:read"])),
    params(Asked),
    responses((status = 200, body = StockList, description = "What lies where"))
)]
async fn list_stock(caller: ApiCaller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    caller.permit::<SeeStock>()?;
    let (scope, company) = (caller.scope(), caller.company);
    let filter = Filter {
        q: asked.q,
        sku: asked.sku,
        limit: page_size(asked.limit)?,
        cursor: asked.cursor.as_deref().map(str::parse).transpose()?,
    };
    let words = Words::new(web.texts.clone(), caller.lang, jiff::tz::TimeZone::UTC);
    let list = web
        .db
        .read("stock.api_list", move |r| {
            let page = queries::list(r, &scope, &filter)?;
            let ids: Vec<OfferId> = page.items.iter().map(|level| level.offer).collect();
            let offers = offers_by_id(r, company, &ids)?;
            let warehouses = warehouses::list(r, company)?;
            let body = |level: &Level| body_of(level, &offers, &warehouses, &words);
            let items = page.items.iter().filter_map(body).collect();
            Ok(StockList { items, next_cursor: page.next_cursor })
        })
        .await?;
    Ok(Json(list).into_response())
}

fn body_of(
    level: &Level,
    offers: &BTreeMap<OfferId, Offer>,
    warehouses: &[Warehouse],
    words: &Words,
) -> Option<StockLevel> {
    let offer = offers.get(&level.offer)?;
    let warehouse = warehouses.iter().find(|warehouse| warehouse.id == level.warehouse)?;
    Some(StockLevel {
        sku: offer.sku.clone(),
        name: offer.name.clone(),
        unit: offer.unit.clone(),
        warehouse: StockWarehouse { id: warehouse.id, name: warehouse.shown(words) },
        on_hand: level.on_hand,
        held: level.held,
        free: level.free(),
        shelf: level.shelf.clone(),
        updated_at: level.updated_at,
    })
}

/// What was counted of one SKU.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct StockCount {
    #[schema(example = "TEA-100")]
    sku: String,
    /// Name or id; the main warehouse when left out.
    warehouse: Option<String>,
    /// All that lies there, held or not.
    #[schema(example = "12")]
    quantity: String,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Moment {
    /// When it was counted: what has moved since stays on top of it. Now when left out.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
struct StockSet {
    changed: usize,
    same: usize,
    /// Left alone, since a newer count was there already.
    older: usize,
}

/// Sets up to 500 levels to what was counted at one moment. All of it happens or nothing; sending it
/// again changes nothing.
#[utoipa::path(
    put, path = "/api/v1/stock", tag = "stock", security(("token" = ["stock:write"])),
    params(Moment), request_body = Vec<StockCount>,
    responses(
        (status = 200, body = StockSet, description = "What was counted and what it changed"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json", description = "A field was refused; nothing was stored"),
    )
)]
async fn put_stock(
    caller: ApiCaller,
    State(web): State<Web>,
    Query(moment): Query<Moment>,
    Json(counts): Json<Vec<StockCount>>,
) -> Answer {
    let permit = caller.permit::<MoveStock>()?;
    let done = web
        .db
        .write("stock.set_many", move |tx| {
            let items = corrections(tx, permit.company(), &counts)?;
            commands::set_many(tx, &permit, moment.at, &items)
        })
        .await?;
    Ok(Json(StockSet { changed: done.changed, same: done.same, older: done.older }).into_response())
}

/// Reads all of it and names everything that is wrong at once.
fn corrections(tx: &mut Tx, company: CompanyId, counts: &[StockCount]) -> Result<Vec<Correction>> {
    let skus: Vec<&str> = counts.iter().map(|count| count.sku.trim()).collect();
    let offers = offers_by_sku(tx, company, &skus)?;
    let mut known: BTreeMap<String, Option<WarehouseId>> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut items = Vec::with_capacity(counts.len());
    for (index, count) in counts.iter().enumerate() {
        let offer = offers.get(count.sku.trim()).map(|offer| offer.id);
        let offer =
            checked(&mut wrong, index, "sku", offer.ok_or_else(|| Fault::invalid("stock.sku_unknown")));
        let quantity = checked(&mut wrong, index, "quantity", read_quantity(&count.quantity));
        let warehouse = match &count.warehouse {
            None => Some(None),
            Some(given) => {
                checked(&mut wrong, index, "warehouse", named(tx, company, given, &mut known)).map(Some)
            }
        };
        if let (Some(offer), Some(quantity), Some(warehouse)) = (offer, quantity, warehouse) {
            items.push(Correction { warehouse, offer, quantity, note: None });
        }
    }
    if wrong.is_empty() { Ok(items) } else { Err(Fault::from_fields(wrong)) }
}

fn read_quantity(text: &str) -> Result<Quantity> {
    let quantity = Quantity::parse(text)?;
    if quantity < Quantity::ZERO { Err(Fault::invalid("stock.negative")) } else { Ok(quantity) }
}

fn named(
    tx: &mut Tx,
    company: CompanyId,
    given: &str,
    known: &mut BTreeMap<String, Option<WarehouseId>>,
) -> Result<WarehouseId> {
    if !known.contains_key(given) {
        let found = match warehouses::by_name_or_id(tx, company, given) {
            Ok(warehouse) => Some(warehouse.id),
            Err(fault) if fault.is("stock.warehouse_missing") => None,
            Err(fault) => return Err(fault),
        };
        known.insert(given.to_owned(), found);
    }
    let missing = || Fault::invalid("stock.warehouse_missing").arg("given", given);
    known.get(given).copied().flatten().ok_or_else(missing)
}

fn checked<T>(wrong: &mut Vec<FieldFault>, index: usize, name: &str, result: Result<T>) -> Option<T> {
    let refused = |fault: Fault| {
        wrong.push(FieldFault {
            path: format!("[{index}].{name}"),
            code: fault.code().to_owned().into(),
            args: fault.args().to_vec(),
        });
    };
    result.map_err(refused).ok()
}
