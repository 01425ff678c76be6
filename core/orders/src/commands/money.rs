//! Money that goes from one order to another. Each part stays a use of the receipt that it came by, so no more is ever
//! used than came, and what both orders have together is what they had.

use takt_kernel::{Actor, Fault, Result, Timestamp, money::Money};
use takt_store::{Query, Tx, params, sql};

use super::{record_paid::pay, record_unpaid::record_unpaid};
use crate::{
    order::{Order, OrderId},
    receipt::VerifiedReceipt,
};

/// Why money left an order, where its uses are told.
const MOVED: &str = "orders.money_moved";

/// Takes this much off an order, what came last first. Answers the receipts it is parts of.
pub(super) fn take(tx: &mut Tx, order: &Order, amount: Money, actor: &Actor) -> Result<Vec<(i64, Money)>> {
    let (mut left, mut taken) = (amount, Vec::new());
    for (receipt, here) in standing(tx, order)? {
        let part = if here < left { here } else { left };
        if part.is_positive() {
            record_unpaid(tx, order.company, receipt, order.id, part, MOVED, actor)?;
            taken.push((receipt, part));
            left = left.subtract(part)?;
        }
    }
    if left.is_zero() { Ok(taken) } else { Err(Fault::broken("orders.not_used_here").arg("amount", left)) }
}

/// Counts what was taken off one order towards another. `there_since` is when it was there, if that was before.
pub(super) fn give(
    tx: &mut Tx,
    to: &Order,
    parts: &[(i64, Money)],
    there_since: Option<Timestamp>,
    actor: &Actor,
) -> Result<()> {
    for (receipt, amount) in parts {
        let kept = VerifiedReceipt::kept(tx, to.company, *receipt)?
            .ok_or_else(|| Fault::broken("orders.foreign_receipt").arg("receipt", *receipt))?;
        pay(tx, &kept, to.id, *amount, there_since, actor)?;
    }
    Ok(())
}

/// What stands on an order of each receipt, what came last first.
fn standing(tx: &mut Tx, order: &Order) -> Result<Vec<(i64, Money)>> {
    tx.all(
        sql!(
            "select receipt_id, cast(sum(amount_minor) as bigint) as amount_minor
             from (
               select receipt_id, amount_minor, id
               from order_payment
               where company_id = :company_id and order_id = :order_id
               order by order_id, id
               limit 10000
             ) as used
             group by receipt_id
             having sum(amount_minor) > 0
             order by max(id) desc
             limit 1000"
        ),
        params![company_id: order.company, order_id: order.id],
    )?
    .iter()
    .map(|row| Ok((row.get("receipt_id")?, Money::new(row.get("amount_minor")?, order.currency))))
    .collect()
}

/// The order as it stands after what was just done to it in this transaction.
pub(super) fn again(tx: &mut Tx, order: &Order) -> Result<Order> {
    let id: OrderId = order.id;
    crate::rows::load(tx, order.company, id)
}
