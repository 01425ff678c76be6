use takt_kernel::{Actor, CompanyId, Result};
use takt_store::{Query, Tx};

use super::settle::{save, say};
use crate::{
    facts::Ready,
    order::{Order, OrderId},
    rows,
    stage::Shipped,
    steps::{self, Verb},
};

/// The warehouse has packed it. Saying so twice is harmless.
///
/// # Errors
/// As `may_pack`, `orders.already_shipped`, what a guard refuses.
pub fn record_ready(tx: &mut Tx, company: CompanyId, id: OrderId, actor: &Actor) -> Result<Order> {
    let before = rows::lock(tx, company, id)?;
    before.may_be_packed()?;
    if before.shipped == Shipped::All {
        return Err(before.conflict("orders.already_shipped"));
    }
    if before.ready_at.is_some() {
        return Ok(before);
    }
    steps::ask_before(tx, &before, Verb::Ready)?;
    let mut after = before.clone();
    after.ready_at = Some(tx.now());
    save(tx, &before, &mut after)?;
    say(tx, &after, actor, &Ready { pickup: after.delivery.is_pickup() }, Vec::new())?;
    Ok(after)
}
