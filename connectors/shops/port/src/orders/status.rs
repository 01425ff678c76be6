//! A shop's statuses: what they mean here stands in the connection's settings.

use takt_kernel::Result;
use takt_orders::{CancelOrders, Order, SetStatus, Stage, cancel, set_status, statuses};
use takt_store::Tx;

use crate::connected::{Shop, Speaker};

pub(crate) fn is_cancelled(shop: &Shop, status: &str) -> bool {
    shop.system.cancelled.contains(&status)
}

/// Moves an order as the shop's own change of status asks, as far as the guards let it. What is only repeated
/// moves nothing.
pub(super) fn follow(
    tx: &mut Tx<'_>,
    speaker: &Speaker<'_>,
    order: Order,
    before: Option<&str>,
    now: &str,
    notes: &mut Vec<String>,
) -> Result<Order> {
    let shop = speaker.shop;
    if before == Some(now) {
        return Ok(order);
    }
    let meant = shop.settings.statuses.get(now).map(|code| code.trim());
    let wanted = match meant {
        Some("") => return Ok(order),
        Some(code) => Some(code.to_owned()),
        None if is_cancelled(shop, now) => None,
        None => return Ok(order),
    };
    let stage = match &wanted {
        None => Stage::Cancel,
        Some(code) => match statuses::get(tx, shop.company(), code) {
            Ok(status) => status.stage,
            Err(fault) if fault.is_retryable() => return Err(fault),
            Err(fault) => {
                notes.push(format!("status={now} ({})", fault.code()));
                return Ok(order);
            }
        },
    };
    if order.stage == Stage::Cancel && stage == Stage::Cancel {
        return Ok(order);
    }
    let id = order.id;
    let moved = tx.savepoint(|tx| {
        let Some(code) = &wanted else {
            return cancel(tx, &speaker.permit::<CancelOrders>()?, id, None, "");
        };
        match set_status(tx, &speaker.permit::<SetStatus>()?, id, None, code) {
            // A cancellation in the shop is heard from wherever the order stands.
            Err(fault) if stage == Stage::Cancel && fault.is("orders.move_not_allowed") => {
                cancel(tx, &speaker.permit::<CancelOrders>()?, id, None, "")
            }
            moved => moved,
        }
    });
    match moved {
        Ok(order) => Ok(order),
        Err(fault) if fault.is_retryable() => Err(fault),
        Err(fault) => {
            notes.push(format!("status={now} ({})", fault.code()));
            Ok(order)
        }
    }
}
