use takt_kernel::{Actor, CompanyId, Result};
use takt_store::Tx;

use super::settle::{enter, moves, save, say};
use crate::{
    facts::Taken,
    order::{Order, OrderId},
    rows,
    stage::Stage,
};

/// One of our people took the order in hand: it no longer waits in the queue. Taking it again, or
/// taking one that is not ours to move, changes nothing.
///
/// # Errors
/// `orders.missing`.
pub fn record_taken(tx: &mut Tx, company: CompanyId, id: OrderId, actor: &Actor) -> Result<Order> {
    let before = rows::lock(tx, company, id)?;
    if before.taken || before.confirmed_at.is_some() || !before.stage.is_unconfirmed() {
        return Ok(before);
    }
    let mut after = before.clone();
    after.taken = true;
    if !after.terms.is_prepaid() || after.is_paid_in_full() {
        enter(tx, &mut after, Stage::Approval)?;
    }
    save(tx, &before, &mut after)?;
    say(tx, &after, actor, &Taken {}, moves(&before, &after))?;
    Ok(after)
}
