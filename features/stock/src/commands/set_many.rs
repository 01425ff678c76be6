use std::collections::{BTreeMap, BTreeSet};

use takt_catalog::{OfferId, offers_by_id};
use takt_kernel::{CompanyId, Fault, FieldFault, Result, Timestamp, money::Quantity};
use takt_staff::Permit;
use takt_store::{Query, Tx, params, sql};

use super::correct::{self, Correction, Counted};
use crate::{
    MoveStock, WarehouseId,
    levels::{self, as_json},
    warehouses,
};

/// Levels that may be set at once: more would keep the one writer of SQLite from others.
const MOST: usize = 500;

/// What a snapshot did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetMany {
    pub changed: usize,
    pub same: usize,
    /// Left alone: a newer count was there already.
    pub older: usize,
}

/// Sets many levels to what was counted at one moment: movements since then stay on top of it. All of
/// it happens or nothing. An offer that is named twice for a warehouse keeps its last quantity.
///
/// # Errors
/// Field faults by `[index].…`: `stock.negative`, `stock.offer_unknown`, and of the whole
/// `stock.too_many`, `stock.in_the_future`; `stock.warehouse_missing`, `stock.warehouse_archived`.
pub fn set_many(
    tx: &mut Tx,
    permit: &Permit<MoveStock>,
    at: Option<Timestamp>,
    items: &[Correction],
) -> Result<SetMany> {
    let company = permit.company();
    let at = at.unwrap_or_else(|| tx.now());
    if at > tx.now() {
        return Err(Fault::field("at", "stock.in_the_future"));
    }
    check(tx, company, items)?;
    let wanted = by_level(tx, permit, items)?;
    let offers: BTreeSet<OfferId> = wanted.keys().map(|(offer, _)| *offer).collect();
    let known = levels::of_offers(tx, company, &offers)?;
    let since = moved_since(tx, company, &offers, at)?;
    let mut done = SetMany::default();
    let mut counted = Vec::new();
    for ((offer, warehouse), quantity) in wanted {
        let level = known.iter().find(|level| level.offer == offer && level.warehouse == warehouse);
        if level.and_then(|level| level.counted_at).is_some_and(|newer| newer > at) {
            done.older += 1;
            continue;
        }
        let moved = since.get(&(offer, warehouse)).copied().unwrap_or_default();
        counted.push(Counted {
            offer,
            warehouse,
            quantity: quantity.thousandths().saturating_add(moved).max(0),
            at,
        });
    }
    done.changed = correct::write(tx, company, &counted, None, permit.actor())?;
    done.same = counted.len() - done.changed;
    Ok(done)
}

fn check(db: &mut dyn Query, company: CompanyId, items: &[Correction]) -> Result<()> {
    if items.len() > MOST {
        return Err(Fault::invalid("stock.too_many").arg("most", MOST));
    }
    let ids: Vec<OfferId> = items.iter().map(|item| item.offer).collect();
    let known = offers_by_id(db, company, &ids)?;
    let mut wrong = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let mut refuse = |name: &str, code: &'static str| {
            wrong.push(FieldFault { path: format!("[{index}].{name}"), code: code.into(), args: Vec::new() });
        };
        if item.quantity < Quantity::ZERO {
            refuse("quantity", "stock.negative");
        }
        if !known.contains_key(&item.offer) {
            refuse("sku", "stock.offer_unknown");
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Fault::from_fields(wrong)) }
}

fn by_level(
    tx: &mut Tx,
    permit: &Permit<MoveStock>,
    items: &[Correction],
) -> Result<BTreeMap<(OfferId, WarehouseId), Quantity>> {
    let mut chosen: BTreeMap<Option<WarehouseId>, WarehouseId> = BTreeMap::new();
    let mut wanted = BTreeMap::new();
    for item in items {
        let warehouse = match chosen.get(&item.warehouse) {
            Some(warehouse) => *warehouse,
            None => {
                let found = warehouses::chosen(tx, permit.company(), item.warehouse, permit.actor())?.id;
                chosen.insert(item.warehouse, found);
                found
            }
        };
        wanted.insert((item.offer, warehouse), item.quantity);
    }
    Ok(wanted)
}

fn moved_since(
    db: &mut dyn Query,
    company: CompanyId,
    offers: &BTreeSet<OfferId>,
    at: Timestamp,
) -> Result<BTreeMap<(OfferId, WarehouseId), i64>> {
    let rows = db.all(
        sql!(
            "select offer_id, warehouse_id, cast(sum(quantity) as bigint) as moved
             from stock_movement
             where company_id = :company_id and at > :at
               and offer_id in (
                 select cast(value as bigint)
                 from {pg:json_array_elements_text(cast(cast(:offers as text) as json))|sqlite:json_each(:offers)})
             group by offer_id, warehouse_id
             order by offer_id, warehouse_id
             limit 100000"
        ),
        params![company_id: company, at: at, offers: as_json(offers.iter().copied())],
    )?;
    rows.iter().map(|row| Ok(((row.get("offer_id")?, row.get("warehouse_id")?), row.get("moved")?))).collect()
}
