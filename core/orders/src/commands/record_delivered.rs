use takt_kernel::{Actor, CompanyId, Result};
use takt_store::{Query, Tx};

use super::settle::{complete_when_done, moves, save, say, say_completed};
use crate::{
    facts::Delivered,
    order::{Order, OrderId},
    rows,
    stage::Shipped,
};

/// The buyer has all of it. Paid in full, the order is complete with this; otherwise when the money
/// comes. Saying so twice is harmless.
///
/// # Errors
/// `orders.not_shipped`, `orders.already_cancelled`.
pub fn record_delivered(tx: &mut Tx, company: CompanyId, id: OrderId, actor: &Actor) -> Result<Order> {
    let before = rows::lock(tx, company, id)?;
    if before.delivered_at.is_some() {
        return Ok(before);
    }
    before.is_open()?;
    if before.shipped != Shipped::All {
        return Err(before.conflict("orders.not_shipped"));
    }
    let mut after = before.clone();
    after.delivered_at = Some(tx.now());
    let completed = complete_when_done(tx, &mut after)?;
    save(tx, &before, &mut after)?;
    say(tx, &after, actor, &Delivered {}, moves(&before, &after))?;
    if completed {
        say_completed(tx, &after, actor)?;
    }
    Ok(after)
}
