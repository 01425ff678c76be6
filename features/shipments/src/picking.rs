//! The pick list of one order: what a picker has found so far, and what is not there.

use std::collections::BTreeMap;

use serde_json::json;
use takt_kernel::{CompanyId, Fault, Result, Timestamp, money::Quantity};
use takt_orders::{
    CommentOrders, Line, LineId, Order, OrderId, comment, may_pack,
    panels::{GOODS_PLACES, GoodsPlace},
    steps,
};
use takt_staff::{Calendar, Permit, Role};
use takt_store::{Query, Tx, params, sql};
use takt_tasks::NewTask;

use crate::{
    PackOrders, Parcel, ShipmentId,
    commands::{finish_picking, pack, unpacked},
};

const MISSING_GOODS: &str = "missing_goods";
/// How long the manager has to find a way for what is not there.
const TO_DECIDE_SECONDS: i64 = 60 * 60;

/// One line to pick.
#[derive(Clone, Debug)]
pub struct Pick {
    pub line: Line,
    /// What has to be found.
    pub quantity: Quantity,
    /// What was; nobody looked yet when none.
    pub found: Option<Quantity>,
    pub places: Vec<GoodsPlace>,
}

impl Pick {
    pub fn is_whole(&self) -> bool {
        self.found.is_some_and(|found| found >= self.quantity)
    }
}

/// What is still to be picked of an order, in the order in which its goods lie.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, order: &Order) -> Result<Vec<Pick>> {
    let lines = takt_orders::lines(db, order.company, order.id)?;
    let left = unpacked(db, order.company, order.id, &lines)?;
    let found = marks(db, order.company, order.id)?;
    let mut places = Vec::new();
    for ask in db.slots().of(&GOODS_PLACES) {
        places.extend(ask(db, order.company, &[order.id])?);
    }
    let mut picks: Vec<Pick> = lines
        .into_iter()
        .filter_map(|line| {
            let quantity = Quantity::from_thousandths(*left.get(&line.id)?);
            let found = found.get(&line.id).copied();
            let places = places.iter().filter(|place| place.line == line.id).cloned().collect();
            Some(Pick { line, quantity, found, places })
        })
        .collect();
    let walk = |pick: &Pick| {
        let first = pick.places.first();
        let known = first.and_then(|place| place.shelf.clone());
        (known.is_none(), first.map(|place| place.warehouse.clone()), known, pick.line.place)
    };
    picks.sort_by_key(walk);
    Ok(picks)
}

fn marks(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<BTreeMap<LineId, Quantity>> {
    let rows = db.all(
        sql!(
            "select line_id, found
             from pick_mark
             where company_id = :company_id and order_id = :order_id
             order by line_id
             limit 10000"
        ),
        params![company_id: company, order_id: order],
    )?;
    rows.iter().map(|row| Ok((row.get("line_id")?, row.get("found")?))).collect()
}

fn opened(tx: &mut Tx, permit: &Permit<PackOrders>, order: OrderId) -> Result<(Order, Vec<Pick>)> {
    let order = steps::lock(tx, permit.company(), order)?;
    permit.reaches_shop(order.shop)?;
    may_pack(&order)?;
    let picks = list(tx, &order)?;
    Ok((order, picks))
}

/// The line is there; all lines when none is named.
///
/// # Errors
/// As `may_pack`; `shipments.line_missing`.
pub fn take(tx: &mut Tx, permit: &Permit<PackOrders>, order: OrderId, line: Option<LineId>) -> Result<()> {
    let (order, picks) = opened(tx, permit, order)?;
    let chosen = |pick: &&Pick| match line {
        Some(line) => pick.line.id == line,
        None => pick.found.is_none(),
    };
    let picks: Vec<&Pick> = picks.iter().filter(chosen).collect();
    if picks.is_empty() && line.is_some() {
        return Err(Fault::missing("shipments.line_missing"));
    }
    for pick in picks {
        mark(tx, &order, pick.line.id, pick.quantity)?;
    }
    Ok(())
}

/// Forgets what was said of a line.
///
/// # Errors
/// As `may_pack`.
pub fn put_back(tx: &mut Tx, permit: &Permit<PackOrders>, order: OrderId, line: LineId) -> Result<()> {
    let (order, _) = opened(tx, permit, order)?;
    tx.put(
        sql!(
            "delete from pick_mark
             where company_id = :company_id and order_id = :order_id and line_id = :line_id"
        ),
        params![company_id: order.company, order_id: order.id, line_id: line],
    )
}

/// Less is there than was wanted: what is, is kept for this order; a manager is asked for the rest, and
/// `words` are put on the order for everybody to read.
///
/// # Errors
/// As `may_pack`; `shipments.line_missing`, field fault `shipments.found_malformed`.
pub fn not_there(
    tx: &mut Tx,
    permit: &Permit<PackOrders>,
    may_comment: &Permit<CommentOrders>,
    order: OrderId,
    line: LineId,
    found: Quantity,
    words: &str,
) -> Result<()> {
    let (order, picks) = opened(tx, permit, order)?;
    let pick = picks.iter().find(|pick| pick.line.id == line);
    let pick = pick.ok_or_else(|| Fault::missing("shipments.line_missing"))?;
    if found < Quantity::ZERO || found >= pick.quantity {
        return Err(Fault::field("found", "shipments.found_malformed"));
    }
    mark(tx, &order, line, found)?;
    comment(tx, may_comment, order.id, words)?;
    let now = tx.now();
    let due_at = Calendar::of(tx, order.company)?.add_working_seconds(now, TO_DECIDE_SECONDS);
    let task = NewTask {
        company: order.company,
        kind: MISSING_GOODS,
        role: Role::Manager,
        order: Some(order.id),
        due_at,
        key: Some(format!("shipments.not_there.{}.{line}.{}", order.id, now.micros())),
        args: json!({ "line": line, "sku": pick.line.sku, "wanted": pick.quantity, "found": found }),
    };
    takt_tasks::open(tx, task, permit.actor()).map(|_| ())
}

fn mark(tx: &mut Tx, order: &Order, line: LineId, found: Quantity) -> Result<()> {
    let at: Timestamp = tx.now();
    tx.put(
        sql!(
            "insert into pick_mark (company_id, order_id, line_id, found, at)
             values (:company_id, :order_id, :line_id, :found, :at)
             on conflict (company_id, order_id, line_id) do update
             set found = excluded.found, at = excluded.at"
        ),
        params![company_id: order.company, order_id: order.id, line_id: line, found: found, at: at],
    )
}

/// Packs what was found and closes the pick task: as done, or in part when something was not there.
/// None when nothing was there at all.
///
/// # Errors
/// As `may_pack`; `shipments.not_all_looked_for`.
pub fn finish(tx: &mut Tx, permit: &Permit<PackOrders>, order: OrderId) -> Result<Option<ShipmentId>> {
    let (order, picks) = opened(tx, permit, order)?;
    if picks.is_empty() {
        return pack(tx, permit, order.id, &Parcel::default()).map(Some);
    }
    if picks.iter().any(|pick| pick.found.is_none()) {
        return Err(Fault::conflict("shipments.not_all_looked_for").arg("number", &order.number));
    }
    if picks.iter().all(Pick::is_whole) {
        return pack(tx, permit, order.id, &Parcel::default()).map(Some);
    }
    let found: Vec<(LineId, Quantity)> = picks
        .iter()
        .filter_map(|pick| Some((pick.line.id, pick.found?)))
        .filter(|(_, found)| found.is_positive())
        .collect();
    let packed = if found.is_empty() {
        None
    } else {
        Some(pack(tx, permit, order.id, &Parcel { lines: found, ..Parcel::default() })?)
    };
    let outcome = if packed.is_some() { "in_part" } else { "not_there" };
    finish_picking(tx, order.company, order.id, outcome, permit.actor())?;
    Ok(packed)
}
