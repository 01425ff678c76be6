use takt_kernel::{Actor, Result, Timestamp};
use takt_staff::Permit;
use takt_store::{Query, Tx};

use super::settle::{enter, moves, save, say};
use crate::{
    facts::Confirmed,
    order::{Order, OrderId},
    permissions::ConfirmOrders,
    rows,
    stage::Stage,
    steps::{self, Verb},
};

/// Confirms an order with the buyer: from here on it is the warehouse's. Doing it twice is harmless.
///
/// # Errors
/// `orders.not_paid`, `orders.deferred`, `orders.already_cancelled`, `orders.already_complete`, what a guard
/// refuses.
pub fn confirm(tx: &mut Tx, permit: &Permit<ConfirmOrders>, id: OrderId) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    before.may_be_packed()?;
    if before.confirmed_at.is_some() {
        return Ok(before);
    }
    steps::ask_before(tx, &before, Verb::Confirm)?;
    carry_out(tx, before, None, permit.actor())
}

/// What was agreed about an order at that moment holds for this one, which is a part of it.
pub(super) fn carry_over(tx: &mut Tx, before: Order, agreed_at: Timestamp, actor: &Actor) -> Result<Order> {
    carry_out(tx, before, Some(agreed_at), actor)
}

fn carry_out(tx: &mut Tx, before: Order, happened_at: Option<Timestamp>, actor: &Actor) -> Result<Order> {
    let mut after = before.clone();
    after.confirmed_at = Some(happened_at.unwrap_or_else(|| tx.now()));
    if before.stage.is_unconfirmed() {
        enter(tx, &mut after, Stage::Assembling)?;
    }
    save(tx, &before, &mut after)?;
    say(tx, &after, actor, &Confirmed { happened_at }, moves(&before, &after))?;
    Ok(after)
}
