//! Levels: what lies of an offer in a warehouse, and how much of it is held.

use std::collections::{BTreeMap, BTreeSet};

use takt_catalog::OfferId;
use takt_kernel::{CompanyId, Id, Result, Timestamp, money::Quantity};
use takt_store::{Query, Row, Tx, params, sql};

use crate::{WarehouseId, plan::Free};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    pub company: CompanyId,
    pub offer: OfferId,
    pub warehouse: WarehouseId,
    pub on_hand: Quantity,
    pub held: Quantity,
    /// Where in the warehouse.
    pub shelf: Option<String>,
    pub counted_at: Option<Timestamp>,
    pub updated_at: Timestamp,
}

impl Level {
    pub fn free(&self) -> Quantity {
        self.on_hand.saturating_subtract(self.held)
    }

    pub(crate) fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            company: row.get("company_id")?,
            offer: row.get("offer_id")?,
            warehouse: row.get("warehouse_id")?,
            on_hand: row.get("on_hand")?,
            held: row.get("held")?,
            shelf: row.get("shelf")?,
            counted_at: row.get("counted_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

/// The columns of [`Level`], in every statement that reads one.
macro_rules! level_columns {
    () => {
        "stock_level.company_id, stock_level.offer_id, stock_level.warehouse_id, stock_level.on_hand, \
         stock_level.held, stock_level.shelf, stock_level.counted_at, stock_level.updated_at"
    };
}
pub(crate) use level_columns;

/// All levels of these offers, with warehouses in the order in which they are asked; without those
/// of archived warehouses.
///
/// # Errors
/// Faults of the store.
pub fn of_offers(db: &mut dyn Query, company: CompanyId, offers: &BTreeSet<OfferId>) -> Result<Vec<Level>> {
    if offers.is_empty() {
        return Ok(Vec::new());
    }
    let rows = db.all(
        sql!(concat!(
            "select ",
            level_columns!(),
            " from stock_level
              join warehouse on warehouse.company_id = stock_level.company_id
                and warehouse.id = stock_level.warehouse_id
              where stock_level.company_id = :company_id
                and stock_level.offer_id in (
                  select cast(value as bigint)
                  from {pg:json_array_elements_text(cast(cast(:offers as text) as json))|sqlite:json_each(:offers)})
                and not warehouse.archived
              order by stock_level.offer_id, warehouse.place, warehouse.id
              limit 100000"
        )),
        params![company_id: company, offers: as_json(offers.iter().copied())],
    )?;
    rows.iter().map(Level::read).collect()
}

pub(crate) fn free_of(db: &mut dyn Query, company: CompanyId, offers: &BTreeSet<OfferId>) -> Result<Free> {
    let mut free = Free::new();
    for level in of_offers(db, company, offers)? {
        free.entry(level.offer).or_default().push((level.warehouse, level.free().thousandths()));
    }
    Ok(free)
}

/// Ids as a JSON array: one parameter, and one statement text, however many there are.
pub(crate) fn as_json<T>(ids: impl IntoIterator<Item = Id<T>>) -> String {
    let numbers: Vec<i64> = ids.into_iter().map(Id::get).collect();
    serde_json::Value::from(numbers).to_string()
}

/// By how much a level changes; thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Delta {
    pub on_hand: i64,
    pub held: i64,
}

/// In the order in which levels are locked.
pub(crate) type Deltas = BTreeMap<(OfferId, WarehouseId), Delta>;

/// Changes levels one after the other in their order. The check stands in the statement that changes:
/// whoever comes second in a race finds nothing to change, and the whole command runs again on what
/// is there then.
///
/// # Errors
/// A retryable `stock.moved_meanwhile`.
pub(crate) fn apply(tx: &mut Tx, company: CompanyId, deltas: &Deltas) -> Result<()> {
    let now = tx.now();
    for ((offer, warehouse), delta) in deltas.iter().filter(|(_, delta)| **delta != Delta::default()) {
        tx.put_one(
            sql!(
                "update stock_level
                 set on_hand = on_hand + :on_hand, held = held + :held, updated_at = :now
                 where company_id = :company_id and offer_id = :offer_id and warehouse_id = :warehouse_id
                   and on_hand + :on_hand >= held + :held
                   and held + :held >= 0"
            ),
            params![
                on_hand: delta.on_hand, held: delta.held, now: now, company_id: company, offer_id: *offer,
                warehouse_id: *warehouse,
            ],
            "stock.moved_meanwhile",
        )?;
    }
    Ok(())
}

/// Makes sure that there is a level to change.
pub(crate) fn ensure(tx: &mut Tx, company: CompanyId, offer: OfferId, warehouse: WarehouseId) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "insert into stock_level (company_id, offer_id, warehouse_id, on_hand, held, shelf, counted_at, updated_at)
             values (:company_id, :offer_id, :warehouse_id, 0, 0, null, null, :now)
             on conflict (company_id, offer_id, warehouse_id) do nothing"
        ),
        params![company_id: company, offer_id: offer, warehouse_id: warehouse, now: now],
    )
}

/// One level; zero when nothing was ever there.
pub(crate) fn get(
    db: &mut dyn Query,
    company: CompanyId,
    offer: OfferId,
    warehouse: WarehouseId,
) -> Result<Option<Level>> {
    db.opt(
        sql!(concat!(
            "select ",
            level_columns!(),
            " from stock_level
              where company_id = :company_id and offer_id = :offer_id and warehouse_id = :warehouse_id"
        )),
        params![company_id: company, offer_id: offer, warehouse_id: warehouse],
    )?
    .as_ref()
    .map(Level::read)
    .transpose()
}
