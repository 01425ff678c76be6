use takt_kernel::{Actor, CompanyId, Fault, Result, money::Money};
use takt_store::Tx;

use super::{
    record_paid::{put_payment, used_by},
    settle::{moves, save, say},
};
use crate::{
    facts::Unpaid,
    order::{Order, OrderId},
    rows,
};

/// Takes money off an order again: the bank reversed it, or it was matched to the wrong order. Works
/// on cancelled and complete orders too, since banks do not ask.
///
/// # Errors
/// `orders.not_used_here` when less of that receipt stands on the order; `orders.amount_not_positive`.
pub fn record_unpaid(
    tx: &mut Tx,
    company: CompanyId,
    receipt: i64,
    id: OrderId,
    amount: Money,
    reason: &str,
    actor: &Actor,
) -> Result<Order> {
    let before = rows::lock(tx, company, id)?;
    if !amount.is_positive() {
        return Err(Fault::invalid("orders.amount_not_positive").arg("amount", amount));
    }
    if used_by(tx, company, receipt, &before)?.subtract(amount)?.is_negative() {
        return Err(before.conflict("orders.not_used_here").arg("receipt", receipt).arg("amount", amount));
    }
    let mut after = before.clone();
    after.paid = before.paid.subtract(amount)?;
    put_payment(tx, &after, receipt, amount.negate(), Some(reason), actor)?;
    save(tx, &before, &mut after)?;
    let fact = Unpaid {
        receipt: Some(receipt),
        amount: amount.to_decimal_string(),
        paid: after.paid.to_decimal_string(),
        total: after.total.to_decimal_string(),
        currency: after.currency.code().to_owned(),
        in_full: after.is_paid_in_full(),
    };
    say(tx, &after, actor, &fact, moves(&before, &after))?;
    Ok(after)
}
