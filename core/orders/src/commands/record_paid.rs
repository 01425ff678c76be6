use takt_kernel::{Actor, CompanyId, Fault, Result, Timestamp, money::Money};
use takt_store::{Query, Tx, params, sql};

use super::settle::{complete_when_done, enter, moves, save, say, say_completed};
use crate::{
    facts::Paid,
    order::{Order, OrderId},
    receipt::VerifiedReceipt,
    rows,
    stage::Stage,
};

/// Counts money that was proved towards an order: all of a receipt, or a part of it.
///
/// # Errors
/// `orders.already_cancelled`, `orders.receipt_used_up` when more than the receipt would be used,
/// `orders.foreign_receipt`, `money.mixed_currencies`, `orders.amount_not_positive`.
pub fn record_paid(
    tx: &mut Tx,
    receipt: &VerifiedReceipt,
    id: OrderId,
    amount: Money,
    actor: &Actor,
) -> Result<Order> {
    pay(tx, receipt, id, amount, None, actor)
}

/// As [`record_paid`]; the money was there at that moment, on an order that this one is a part of.
pub(super) fn pay(
    tx: &mut Tx,
    receipt: &VerifiedReceipt,
    id: OrderId,
    amount: Money,
    happened_at: Option<Timestamp>,
    actor: &Actor,
) -> Result<Order> {
    let before = rows::lock(tx, receipt.company(), id)?;
    if before.stage == Stage::Cancel {
        return Err(before.conflict("orders.already_cancelled"));
    }
    if !amount.is_positive() {
        return Err(Fault::invalid("orders.amount_not_positive").arg("amount", amount));
    }
    receipt.lock(tx)?;
    let left = receipt.left(tx)?.subtract(amount)?;
    if left.is_negative() {
        return Err(Fault::conflict("orders.receipt_used_up")
            .arg("receipt", receipt.id())
            .arg("amount", amount));
    }
    let mut after = before.clone();
    after.paid = before.paid.add(amount)?;
    put_payment(tx, &after, receipt.id(), amount, None, actor)?;
    if after.stage == Stage::New && after.is_paid_in_full() {
        enter(tx, &mut after, Stage::Approval)?;
    }
    let completed = complete_when_done(tx, &mut after)?;
    save(tx, &before, &mut after)?;
    let fact = Paid {
        receipt: Some(receipt.id()),
        amount: amount.to_decimal_string(),
        paid: after.paid.to_decimal_string(),
        total: after.total.to_decimal_string(),
        currency: after.currency.code().to_owned(),
        in_full: after.is_paid_in_full(),
        sent_at: receipt.sent_at(),
        booked_at: receipt.booked_at(),
        received_at: Some(receipt.received_at()),
        happened_at,
    };
    say(tx, &after, actor, &fact, moves(&before, &after))?;
    if completed {
        say_completed(tx, &after, actor)?;
    }
    Ok(after)
}

/// A use of a receipt; given back it is a row with a minus.
pub(super) fn put_payment(
    tx: &mut Tx,
    order: &Order,
    receipt: i64,
    amount: Money,
    reason: Option<&str>,
    actor: &Actor,
) -> Result<()> {
    let id = tx.new_id::<()>();
    let at = tx.now();
    let actor = serde_json::to_string(actor)
        .map_err(|error| Fault::broken("orders.actor_unwritable").because(error))?;
    tx.put(
        sql!(
            "insert into order_payment (company_id, id, order_id, receipt_id, amount_minor, currency, reason, actor, at)
             values (:company_id, :id, :order_id, :receipt_id, :amount_minor, :currency, :reason, :actor, :at)"
        ),
        params![
            company_id: order.company, id: id, order_id: order.id, receipt_id: receipt,
            amount_minor: amount.minor(), currency: amount.currency(), reason: reason, actor: actor, at: at,
        ],
    )
}

/// What of this receipt stands on this order.
pub(super) fn used_by(tx: &mut Tx, company: CompanyId, receipt: i64, order: &Order) -> Result<Money> {
    let used: i64 = tx
        .one(
            sql!(
                "select cast(coalesce(sum(amount_minor), 0) as bigint) as used
                 from order_payment
                 where company_id = :company_id and order_id = :order_id and receipt_id = :receipt_id"
            ),
            params![company_id: company, order_id: order.id, receipt_id: receipt],
        )?
        .get("used")?;
    Ok(Money::new(used, order.currency))
}
