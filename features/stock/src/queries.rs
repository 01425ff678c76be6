use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use takt_catalog::OfferId;
use takt_kernel::{Actor, CompanyId, Fault, Result, Timestamp, money::Quantity};
use takt_orders::{
    LineId, OrderId,
    panels::{GoodsPlace, GoodsPlaces},
};
use takt_staff::Scope;
use takt_store::{Query, Row, Statement, params, sql};

use crate::{
    Level, WarehouseId,
    ledger::MovementKind,
    levels::{self, as_json, level_columns},
};

const LARGEST_PAGE: i64 = 200;
/// Offers of the catalogue that a search of levels looks through.
const OFFERS_FOUND: i64 = 200;

/// The offer of a SKU.
///
/// # Errors
/// Field fault `stock.sku_unknown`.
pub fn offer_of(db: &mut dyn Query, company: CompanyId, sku: &str) -> Result<OfferId> {
    let sku = sku.trim();
    takt_catalog::offers_by_sku(db, company, &[sku])?
        .get(sku)
        .map(|offer| offer.id)
        .ok_or_else(|| Fault::field("sku", "stock.sku_unknown"))
}

/// Levels of one offer, in the order in which warehouses are asked.
///
/// # Errors
/// Faults of the store.
pub fn levels_of_offer(db: &mut dyn Query, company: CompanyId, offer: OfferId) -> Result<Vec<Level>> {
    levels::of_offers(db, company, &BTreeSet::from([offer]))
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words of the SKU, name or barcode.
    pub q: String,
    /// Only this SKU.
    pub sku: Option<String>,
    pub limit: i64,
    pub cursor: Option<Cursor>,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub items: Vec<Level>,
    pub next_cursor: Option<Cursor>,
}

/// The place of a level in the list: `free.offer.warehouse`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    free: i64,
    offer: OfferId,
    warehouse: WarehouseId,
}

impl Cursor {
    fn of(level: &Level) -> Self {
        Self { free: level.free().thousandths(), offer: level.offer, warehouse: level.warehouse }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.free, self.offer, self.warehouse)
    }
}

impl FromStr for Cursor {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self> {
        let wrong = || Fault::field("cursor", "stock.cursor_malformed");
        let mut parts = text.split('.');
        let mut part = || parts.next().ok_or_else(wrong);
        let free = part()?.parse().map_err(|_| wrong())?;
        let offer = part()?.parse().map_err(|_| wrong())?;
        let warehouse = part()?.parse().map_err(|_| wrong())?;
        Ok(Self { free, offer, warehouse })
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Levels within the scope, the least free first.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, scope: &Scope, filter: &Filter) -> Result<Page> {
    let limit = filter.limit.clamp(1, LARGEST_PAGE);
    let mut statement =
        Statement::new(concat!("select ", level_columns!(), " from stock_level\nwhere company_id in "))
            .push(&scope.sql_list());
    if let Some(offers) = offers_asked(db, scope, filter)? {
        statement = statement
            .push(
                "\nand offer_id in (
                   select cast(value as bigint)
                   from {pg:json_array_elements_text(cast(cast(:offers as text) as json))|sqlite:json_each(:offers)})",
            )
            .bind("offers", as_json(offers));
    }
    if let Some(cursor) = filter.cursor {
        statement = statement
            .push("\nand (on_hand - held, offer_id, warehouse_id) > (:free, :offer, :warehouse)")
            .bind("free", cursor.free)
            .bind("offer", cursor.offer)
            .bind("warehouse", cursor.warehouse);
    }
    let statement = statement
        .push("\norder by on_hand - held, offer_id, warehouse_id\nlimit :limit")
        .bind("limit", limit + 1);
    let mut items = db.all_of(&statement)?.iter().map(Level::read).collect::<Result<Vec<_>>>()?;
    let more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        items.pop();
    }
    let next_cursor = items.last().filter(|_| more).map(Cursor::of);
    Ok(Page { items, next_cursor })
}

/// The offers that the filter names; none when it names none.
fn offers_asked(db: &mut dyn Query, scope: &Scope, filter: &Filter) -> Result<Option<Vec<OfferId>>> {
    if let Some(sku) = &filter.sku {
        let mut offers = Vec::new();
        for company in scope.companies() {
            let found = takt_catalog::offers_by_sku(db, *company, &[sku.as_str()])?;
            offers.extend(found.into_values().map(|offer| offer.id));
        }
        return Ok(Some(offers));
    }
    if filter.q.trim().is_empty() {
        return Ok(None);
    }
    let wanted = takt_catalog::Filter { q: filter.q.clone(), limit: OFFERS_FOUND, ..Default::default() };
    Ok(Some(takt_catalog::list(db, scope, &wanted)?.items.into_iter().map(|offer| offer.id).collect()))
}

/// An offer that orders wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    pub company: CompanyId,
    pub offer: OfferId,
    pub missing: Quantity,
    pub orders: i64,
    /// When the first of them was placed.
    pub since: Timestamp,
}

/// What orders wait for, the longest promised first.
///
/// # Errors
/// Faults of the store.
pub fn shortages(db: &mut dyn Query, scope: &Scope, limit: i64) -> Result<Vec<Shortage>> {
    let statement = Statement::new(
        "select company_id, offer_id, cast(sum(quantity) as bigint) as missing,
           count(distinct order_id) as orders, min(placed_at) as since, min(promised_since) as promised
         from stock_wanted
         where company_id in ",
    )
    .push(&scope.sql_list())
    .push("\ngroup by company_id, offer_id\norder by promised, since, offer_id\nlimit :limit")
    .bind("limit", limit.clamp(1, LARGEST_PAGE));
    db.all_of(&statement)?
        .iter()
        .map(|row| {
            Ok(Shortage {
                company: row.get("company_id")?,
                offer: row.get("offer_id")?,
                missing: row.get("missing")?,
                orders: row.get("orders")?,
                since: row.get("since")?,
            })
        })
        .collect()
}

/// What is held for a line, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldFor {
    pub order: OrderId,
    pub line: LineId,
    pub warehouse: WarehouseId,
    pub warehouse_name: String,
    pub shelf: Option<String>,
    pub quantity: Quantity,
}

/// What is held for these orders, by line.
///
/// # Errors
/// Faults of the store.
pub fn held_for(db: &mut dyn Query, company: CompanyId, orders: &[OrderId]) -> Result<Vec<HeldFor>> {
    let rows = db.all(
        sql!(
            "select stock_reservation.order_id, stock_reservation.line_id, stock_reservation.warehouse_id,
               warehouse.name, stock_level.shelf, stock_reservation.quantity
             from stock_reservation
             join stock_level on stock_level.company_id = stock_reservation.company_id
               and stock_level.offer_id = stock_reservation.offer_id
               and stock_level.warehouse_id = stock_reservation.warehouse_id
             join warehouse on warehouse.company_id = stock_reservation.company_id
               and warehouse.id = stock_reservation.warehouse_id
             where stock_reservation.company_id = :company_id
               and stock_reservation.order_id in (
                 select cast(value as bigint)
                 from {pg:json_array_elements_text(cast(cast(:orders as text) as json))|sqlite:json_each(:orders)})
             order by stock_reservation.order_id, stock_reservation.line_id, warehouse.place, warehouse.id
             limit 100000"
        ),
        params![company_id: company, orders: as_json(orders.iter().copied())],
    )?;
    rows.iter().map(read_held).collect()
}

fn read_held(row: &Row) -> Result<HeldFor> {
    Ok(HeldFor {
        order: row.get("order_id")?,
        line: row.get("line_id")?,
        warehouse: row.get("warehouse_id")?,
        warehouse_name: row.get("name")?,
        shelf: row.get("shelf")?,
        quantity: row.get("quantity")?,
    })
}

/// For pick lists, which do not know of stock.
pub(crate) const GOODS_PLACES: GoodsPlaces = |db, company, orders| {
    let held = held_for(db, company, orders)?;
    Ok(held
        .into_iter()
        .map(|one| GoodsPlace {
            order: one.order,
            line: one.line,
            warehouse: one.warehouse_name,
            shelf: one.shelf,
            quantity: one.quantity,
        })
        .collect())
};

#[derive(Clone, Debug)]
pub struct Movement {
    pub warehouse: WarehouseId,
    pub kind: MovementKind,
    /// What left is negative.
    pub quantity: Quantity,
    pub order: Option<OrderId>,
    pub note: Option<String>,
    pub actor: Actor,
    pub at: Timestamp,
}

/// The last movements of an offer.
///
/// # Errors
/// Faults of the store.
pub fn movements(
    db: &mut dyn Query,
    company: CompanyId,
    offer: OfferId,
    limit: i64,
) -> Result<Vec<Movement>> {
    let rows = db.all(
        sql!(
            "select warehouse_id, kind, quantity, order_id, note, actor, at
             from stock_movement
             where company_id = :company_id and offer_id = :offer_id
             order by id desc
             limit :limit"
        ),
        params![company_id: company, offer_id: offer, limit: limit.clamp(1, LARGEST_PAGE)],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Movement {
                warehouse: row.get("warehouse_id")?,
                kind: MovementKind::from_code(&row.get::<String>("kind")?)?,
                quantity: row.get("quantity")?,
                order: row.get("order_id")?,
                note: row.get("note")?,
                actor: row.json("actor")?,
                at: row.get("at")?,
            })
        })
        .collect()
}
