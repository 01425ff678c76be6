//! How stock takes part in the verbs of an order, in their transactions. The verb has locked the order.

use std::collections::BTreeMap;

use takt_kernel::{Actor, Result, money::Quantity};
use takt_orders::{
    Line, LineId, Order,
    steps::{HoldStep, Returned, ReturnedStep, ShippedStep, Step},
};
use takt_store::{About, Query, Tx};

use crate::{
    book::{self, Account, held_of_line},
    facts::{self, Held, Issued, Missing},
    ledger::{self, MovementKind, NewMovement},
    levels::{self, Deltas},
    plan::thousandths,
    reservations, returns,
};

pub(crate) const HELD: HoldStep = held;
pub(crate) const LINES_CHANGED: Step = lines_changed;
pub(crate) const CANCELLED: Step = cancelled;
pub(crate) const SHIPPED: ShippedStep = shipped;
pub(crate) const RETURNED: ReturnedStep = returned;

fn held(tx: &mut Tx, order: &Order, lines: &[Line], actor: &Actor) -> Result<Vec<(LineId, Quantity)>> {
    book::settle_new(tx, order, lines, actor)
}

fn lines_changed(tx: &mut Tx, order: &Order, lines: &[Line], actor: &Actor) -> Result<()> {
    let before = reservations::of_order(tx, order.company, order.id)?;
    settle(tx, order, lines, before, actor)
}

fn cancelled(tx: &mut Tx, order: &Order, _lines: &[Line], actor: &Actor) -> Result<()> {
    let before = reservations::of_order(tx, order.company, order.id)?;
    settle(tx, order, &[], before, actor)
}

fn settle(tx: &mut Tx, order: &Order, lines: &[Line], before: Vec<Held>, actor: &Actor) -> Result<()> {
    let account =
        Account { order: order.clone(), lines: lines.to_vec(), kept: before.clone(), before, new: true };
    book::settle(tx, order.company, vec![account], Deltas::new(), actor).map(|_| ())
}

/// The goods leave: what was held for these lines is on hand no more. The order has already counted
/// them off what is reserved, so it is not told again.
fn shipped(tx: &mut Tx, order: &Order, parts: &[(LineId, Quantity)], actor: &Actor) -> Result<()> {
    let before = reservations::of_order(tx, order.company, order.id)?;
    let Leaving { issued, left, unbacked } = leaving(&before, parts);
    let mut deltas = Deltas::new();
    for one in &issued {
        let delta = deltas.entry((one.offer, one.warehouse)).or_default();
        delta.on_hand -= one.quantity.thousandths();
        delta.held -= one.quantity.thousandths();
    }
    levels::apply(tx, order.company, &deltas)?;
    for one in &issued {
        let movement = NewMovement {
            offer: one.offer,
            warehouse: one.warehouse,
            kind: MovementKind::Issue,
            quantity: -one.quantity.thousandths(),
            of: Some((order.id, one.line)),
            note: None,
            at: tx.now(),
        };
        ledger::write(tx, order.company, &movement, actor)?;
    }
    reservations::replace(tx, order.company, order.id, &before, &left)?;
    let lines = takt_orders::lines(tx, order.company, order.id)?;
    reservations::replace_wanted(tx, order, &lacking(&lines, &left))?;
    let unbacked = unbacked
        .into_iter()
        .map(|(line, quantity)| {
            let offer = lines.iter().find(|one| one.id == line).and_then(|one| one.offer);
            Missing { line, offer, quantity }
        })
        .collect();
    let about = About::new(order.company, facts::of_order(order.id), actor);
    tx.say(about, &Issued { lines: issued, unbacked })
}

fn returned(tx: &mut Tx, came: &Returned<'_>) -> Result<()> {
    returns::returned(tx, came.order, came.lines, came.parts, came.actor)
}

struct Leaving {
    issued: Vec<Held>,
    left: Vec<Held>,
    unbacked: BTreeMap<LineId, Quantity>,
}

fn leaving(held: &[Held], parts: &[(LineId, Quantity)]) -> Leaving {
    let mut wanted: BTreeMap<LineId, i64> = BTreeMap::new();
    for (line, quantity) in parts {
        *wanted.entry(*line).or_default() += quantity.thousandths();
    }
    let (mut issued, mut left) = (Vec::new(), Vec::new());
    for one in held {
        let there = one.quantity.thousandths();
        let goes = wanted.get(&one.line).copied().unwrap_or_default().min(there);
        if goes > 0 {
            wanted.entry(one.line).and_modify(|open| *open -= goes);
            issued.push(Held { quantity: thousandths(goes), ..one.clone() });
        }
        if there > goes {
            left.push(Held { quantity: thousandths(there - goes), ..one.clone() });
        }
    }
    let unbacked = wanted
        .into_iter()
        .filter(|(_, open)| *open > 0)
        .map(|(line, open)| (line, thousandths(open)))
        .collect();
    Leaving { issued, left, unbacked }
}

fn lacking(lines: &[Line], held: &[Held]) -> Vec<Missing> {
    lines
        .iter()
        .map(|line| {
            let quantity = line.open().saturating_subtract(held_of_line(held, line.id));
            Missing { line: line.id, offer: line.offer, quantity }
        })
        .filter(|missing| missing.quantity.is_positive())
        .collect()
}
