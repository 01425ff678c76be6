use takt_kernel::Result;
use takt_staff::Permit;
use takt_store::Tx;

use super::settle::{save, say};
use crate::{
    facts::UrgencySet,
    order::{Order, OrderId},
    permissions::EditOrders,
    rows,
};

/// Puts an order before all that are not urgent, with the shorter promises of the company, or back among
/// them. Saying so twice is harmless.
///
/// # Errors
/// `orders.already_cancelled`, `orders.already_complete`.
pub fn set_urgent(tx: &mut Tx, permit: &Permit<EditOrders>, id: OrderId, urgent: bool) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    before.is_open()?;
    if before.urgent == urgent {
        return Ok(before);
    }
    let mut after = before.clone();
    after.urgent = urgent;
    save(tx, &before, &mut after)?;
    say(tx, &after, permit.actor(), &UrgencySet { urgent }, Vec::new())?;
    Ok(after)
}
