use takt_kernel::{Actor, Fault, Result, Timestamp};
use takt_staff::Permit;
use takt_store::{Query, Subject, Tx};
use takt_work::{DueTimer, TimerKind, timers};

use super::settle::{save, say};
use crate::{
    facts::{self, Deferred, Woken},
    order::{Order, OrderId},
    permissions::EditOrders,
    rows,
};

pub const WAKE: &str = "orders.wake";
const LONGEST_DAYS: i64 = 366;

pub(super) fn timer_key(id: OrderId) -> String {
    id.to_string()
}

/// Puts an order aside until a moment the buyer asked for. It wakes up by itself.
///
/// # Errors
/// `orders.wake_in_the_past`, `orders.wake_too_far`, `orders.changed_meanwhile`, and the guards of an edit.
pub fn defer(
    tx: &mut Tx,
    permit: &Permit<EditOrders>,
    id: OrderId,
    expected_version: Option<i64>,
    until: Timestamp,
) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    before.expect_version(expected_version)?;
    before.may_be_edited()?;
    before.is_not_held_by_owner()?;
    if until <= tx.now() {
        return Err(Fault::field("until", "orders.wake_in_the_past"));
    }
    if until > tx.now().plus_seconds(LONGEST_DAYS * 86_400) {
        return Err(Fault::field("until", "orders.wake_too_far"));
    }
    let mut after = before.clone();
    after.deferred_until = Some(until);
    save(tx, &before, &mut after)?;
    let subject = Subject::new(facts::SUBJECT, id.get());
    timers::set(tx, after.company, WAKE, &timer_key(id), subject, until, &serde_json::Value::Null)?;
    say(tx, &after, permit.actor(), &Deferred { until }, Vec::new())?;
    Ok(after)
}

/// Takes a deferred order up again before its time.
///
/// # Errors
/// `orders.not_deferred`.
pub fn wake(tx: &mut Tx, permit: &Permit<EditOrders>, id: OrderId) -> Result<Order> {
    take_up(tx, permit, id, None)
}

/// As [`wake`], for who put it off by mistake: its promise runs since then, as if it had never been put off.
pub(crate) fn wake_since(
    tx: &mut Tx,
    permit: &Permit<EditOrders>,
    id: OrderId,
    started_at: Timestamp,
) -> Result<Order> {
    take_up(tx, permit, id, Some(started_at))
}

fn take_up(
    tx: &mut Tx,
    permit: &Permit<EditOrders>,
    id: OrderId,
    started_at: Option<Timestamp>,
) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    if before.deferred_until.is_none() {
        return Err(before.conflict("orders.not_deferred"));
    }
    timers::cancel(tx, before.company, WAKE, &timer_key(id))?;
    woken(tx, &before, started_at, permit.actor())
}

/// The promise starts anew, for the buyer asked for the wait, unless it is said since when it runs.
fn woken(tx: &mut Tx, before: &Order, started_at: Option<Timestamp>, actor: &Actor) -> Result<Order> {
    let mut after = before.clone();
    after.deferred_until = None;
    (after.taken, after.taken_by) = (false, None);
    after.started_at = before.started_at.map(|_| started_at.unwrap_or_else(|| tx.now()));
    save(tx, before, &mut after)?;
    say(tx, &after, actor, &Woken { started_at }, Vec::new())?;
    Ok(after)
}

pub fn wake_timer() -> TimerKind {
    TimerKind { kind: WAKE, does: "takes a deferred order up again at its moment", fire }
}

/// Does nothing when the order was woken, cancelled or put off further meanwhile.
fn fire(tx: &mut Tx, timer: &DueTimer) -> Result<()> {
    let before = rows::lock(tx, timer.company, OrderId::new(timer.subject_id))?;
    match before.deferred_until {
        Some(until) if until <= tx.now() => {
            woken(tx, &before, None, &Actor::system(WAKE))?;
            Ok(())
        }
        Some(_) | None => Ok(()),
    }
}
