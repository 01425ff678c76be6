use std::collections::{BTreeMap, BTreeSet};

use takt_catalog::OfferId;
use takt_kernel::{Actor, CompanyId, Fault, Result, Timestamp, money::Quantity};
use takt_orders::{Order, OrderId, steps};
use takt_staff::Permit;
use takt_store::{About, Query, Tx, params, sql};

use super::{check_offer, checked_note};
use crate::{
    MoveStock, WarehouseId,
    book::{self, Account},
    facts::{self, Corrected, Held},
    ledger::{self, MovementKind, NewMovement},
    levels::{self, Delta, Deltas},
    plan::thousandths,
    reservations::{self, promised_since},
    warehouses,
};

/// What somebody counted.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The main one when none is named.
    pub warehouse: Option<WarehouseId>,
    pub offer: OfferId,
    /// All that lies there, held or not.
    pub quantity: Quantity,
    pub note: Option<String>,
}

/// Writes down what was counted. Is less there than is held, the orders that were promised last lose
/// it and wait again; other warehouses are asked for them at once.
///
/// # Errors
/// Field faults `stock.negative`, `stock.too_long`; `catalog.offer_missing`,
/// `stock.warehouse_missing`, `stock.warehouse_archived`.
pub fn correct(tx: &mut Tx, permit: &Permit<MoveStock>, correction: &Correction) -> Result<()> {
    if correction.quantity < Quantity::ZERO {
        return Err(Fault::field("quantity", "stock.negative"));
    }
    let note = checked_note(correction.note.as_deref())?;
    check_offer(tx, permit.company(), correction.offer)?;
    let warehouse = warehouses::chosen(tx, permit.company(), correction.warehouse, permit.actor())?.id;
    let at = tx.now();
    let counted =
        Counted { offer: correction.offer, warehouse, quantity: correction.quantity.thousandths(), at };
    write(tx, permit.company(), &[counted], note, permit.actor()).map(|_| ())
}

pub(super) struct Counted {
    pub offer: OfferId,
    pub warehouse: WarehouseId,
    /// What is there now; thousandths.
    pub quantity: i64,
    pub at: Timestamp,
}

struct Difference {
    offer: OfferId,
    warehouse: WarehouseId,
    was: i64,
    now: i64,
    held: i64,
    at: Timestamp,
}

/// Answers how many levels changed. Each (offer, warehouse) may stand in the list once.
pub(super) fn write(
    tx: &mut Tx,
    company: CompanyId,
    counted: &[Counted],
    note: Option<&str>,
    actor: &Actor,
) -> Result<usize> {
    let mut differences = Vec::new();
    for one in counted {
        levels::ensure(tx, company, one.offer, one.warehouse)?;
        note_count(tx, company, one)?;
    }
    let offers: BTreeSet<OfferId> = counted.iter().map(|one| one.offer).collect();
    let there = levels::of_offers(tx, company, &offers)?;
    for one in counted {
        let level = there.iter().find(|level| level.offer == one.offer && level.warehouse == one.warehouse);
        let (was, held) =
            level.map_or((0, 0), |level| (level.on_hand.thousandths(), level.held.thousandths()));
        if was != one.quantity {
            let Counted { offer, warehouse, quantity: now, at } = *one;
            differences.push(Difference { offer, warehouse, was, now, held, at });
        }
    }
    let accounts = losing(tx, company, &differences)?;
    let deltas: Deltas = differences
        .iter()
        .map(|one| ((one.offer, one.warehouse), Delta { on_hand: one.now - one.was, held: 0 }))
        .collect();
    book::settle(tx, company, accounts, deltas, actor)?;
    for one in &differences {
        let movement = NewMovement {
            offer: one.offer,
            warehouse: one.warehouse,
            kind: MovementKind::Correction,
            quantity: one.now - one.was,
            of: None,
            note,
            at: one.at,
        };
        ledger::write(tx, company, &movement, actor)?;
        let fact =
            Corrected { warehouse: one.warehouse, was: thousandths(one.was), on_hand: thousandths(one.now) };
        tx.say(About::new(company, facts::of_offer(one.offer), actor), &fact)?;
    }
    Ok(differences.len())
}

fn note_count(tx: &mut Tx, company: CompanyId, counted: &Counted) -> Result<()> {
    tx.put(
        sql!(
            "update stock_level
             set counted_at = :at
             where company_id = :company_id and offer_id = :offer_id and warehouse_id = :warehouse_id"
        ),
        params![
            at: counted.at, company_id: company, offer_id: counted.offer, warehouse_id: counted.warehouse,
        ],
    )
}

/// The orders that lose what turned out not to be there, locked by their ids.
fn losing(tx: &mut Tx, company: CompanyId, differences: &[Difference]) -> Result<Vec<Account>> {
    let mut lost: BTreeMap<OrderId, Vec<Held>> = BTreeMap::new();
    for one in differences.iter().filter(|one| one.now < one.held) {
        let mut holders = reservations::at_level(tx, company, one.offer, one.warehouse)?;
        let last_first = last_promised_first(tx, company, &holders)?;
        holders.sort_by_key(|(order, held)| (last_first.iter().position(|id| id == order), held.line));
        let mut short_by = one.held - one.now;
        for (order, held) in holders {
            let goes = held.quantity.thousandths().min(short_by);
            if goes > 0 {
                short_by -= goes;
                lost.entry(order).or_default().push(Held { quantity: thousandths(goes), ..held });
            }
        }
    }
    let mut accounts = Vec::with_capacity(lost.len());
    for (id, lost) in lost {
        let order = steps::lock(tx, company, id)?;
        let lines = takt_orders::lines(tx, company, id)?;
        let before = reservations::of_order(tx, company, id)?;
        let kept = before.iter().filter_map(|held| without(held, &lost)).collect();
        accounts.push(Account { order, lines, before, kept, new: false });
    }
    Ok(accounts)
}

fn last_promised_first(
    db: &mut dyn Query,
    company: CompanyId,
    holders: &[(OrderId, Held)],
) -> Result<Vec<OrderId>> {
    let ids: BTreeSet<OrderId> = holders.iter().map(|(order, _)| *order).collect();
    let ids: Vec<OrderId> = ids.into_iter().collect();
    let mut orders: Vec<Order> = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(1000) {
        orders.extend(takt_orders::briefs(db, company, chunk)?);
    }
    orders.sort_by_key(|order| std::cmp::Reverse((promised_since(order), order.placed_at, order.id)));
    Ok(orders.into_iter().map(|order| order.id).collect())
}

fn without(held: &Held, lost: &[Held]) -> Option<Held> {
    let goes: i64 = lost
        .iter()
        .filter(|gone| gone.line == held.line && gone.warehouse == held.warehouse)
        .map(|gone| gone.quantity.thousandths())
        .sum();
    let left = held.quantity.thousandths() - goes;
    (left > 0).then(|| Held { quantity: thousandths(left), ..held.clone() })
}
