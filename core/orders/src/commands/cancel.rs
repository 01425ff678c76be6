use takt_kernel::{Actor, Result};
use takt_staff::Permit;
use takt_store::{Change, Tx};
use takt_work::timers;

use super::{
    defer::{WAKE, timer_key},
    settle::{enter, moves, save, say},
};
use crate::{
    facts::Cancelled,
    new_order::{FieldFaults, check_comment},
    order::{Order, OrderId},
    permissions::CancelOrders,
    rows,
    stage::Stage,
    steps::{self, Verb},
};

/// Cancels an order of which nothing has left, or all has come back. Cancelling it again changes nothing.
///
/// # Errors
/// `orders.changed_meanwhile`, `orders.already_shipped`, `orders.already_complete`, what a step refuses.
pub fn cancel(
    tx: &mut Tx,
    permit: &Permit<CancelOrders>,
    id: OrderId,
    expected_version: Option<i64>,
    reason: &str,
) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    before.expect_version(expected_version)?;
    if before.stage == Stage::Cancel {
        return Ok(before);
    }
    cancel_into(tx, before, None, reason, permit.actor())
}

/// Cancels into this status, or into the first there is.
pub(super) fn cancel_into(
    tx: &mut Tx,
    before: Order,
    status: Option<String>,
    reason: &str,
    actor: &Actor,
) -> Result<Order> {
    let lines = rows::lines(tx, before.company, before.id)?;
    before.may_be_cancelled(&lines)?;
    steps::ask_before(tx, &before, Verb::Cancel)?;
    close(tx, before, status, reason, None, actor)
}

/// What was ordered is part of another order now, so nobody has to agree that it is cancelled.
pub(super) fn cancel_merged(
    tx: &mut Tx,
    before: Order,
    into: OrderId,
    reason: &str,
    actor: &Actor,
) -> Result<Order> {
    close(tx, before, None, reason, Some(into), actor)
}

fn close(
    tx: &mut Tx,
    before: Order,
    status: Option<String>,
    reason: &str,
    merged_into: Option<OrderId>,
    actor: &Actor,
) -> Result<Order> {
    let mut faults = FieldFaults::default();
    check_comment(reason, &mut faults);
    faults.into_result(Some(()))?;
    let mut after = before.clone();
    match status {
        Some(code) => (after.stage, after.status) = (Stage::Cancel, code),
        None => enter(tx, &mut after, Stage::Cancel)?,
    }
    after.deferred_until = None;
    let reason = reason.trim();
    after.cancel_reason = (!reason.is_empty()).then(|| reason.to_owned());
    save(tx, &before, &mut after)?;
    if before.deferred_until.is_some() {
        timers::cancel(tx, after.company, WAKE, &timer_key(after.id))?;
    }
    let mut changes = moves(&before, &after);
    if let Some(reason) = &after.cancel_reason {
        changes.push(Change::of("cancel_reason", None, Some(reason.clone())).personal());
    }
    let fact = Cancelled {
        status: after.status.clone(),
        paid: after.paid.to_decimal_string(),
        currency: after.currency.code().to_owned(),
        merged_into,
    };
    say(tx, &after, actor, &fact, changes)?;
    let lines = rows::lines(tx, after.company, after.id)?;
    steps::run(tx, &steps::CANCELLED, &after, &lines, actor)?;
    rows::load(tx, after.company, after.id)
}
