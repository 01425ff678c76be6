//! Money that went from one order to another when orders were split or merged: every part stays with the receipt
//! that it came by, off the one invoice and on the other, as entries of their own.

use takt_kernel::{CompanyId, Fault, Result, money::Money};
use takt_orders::{Order, steps::MovedMoney};
use takt_store::{About, Query, Subject, Tx};

use crate::{
    claims,
    days::day_in_zone_of,
    facts::{Matched, MatchedPart, Unmatched},
    import::{BankLineId, line},
    invoices::{self, Invoice},
    journal::{Account, Posting, post},
    refunds,
    settle::{self, StandingAllocation},
};

/// Step of a split and of a merge.
///
/// # Errors
/// `payments.other_seller` when the orders are billed by different sellers, `payments.invoice_missing`.
pub fn follow(tx: &mut Tx, moved: &MovedMoney<'_>) -> Result<()> {
    let company = moved.to.company;
    let invoice = invoices::current_of_order(tx, company, moved.to.id)?
        .ok_or_else(|| Fault::missing("payments.invoice_missing"))?;
    for (receipt, amount) in moved.parts {
        let id = BankLineId::new(*receipt);
        let entity = {
            let bank_line = line(tx, company, id)?;
            settle::entity_of(tx, company, &bank_line)?
        };
        if entity != invoice.entity {
            return Err(Fault::conflict("payments.other_seller").arg("invoice", &invoice.reference));
        }
        take_off(tx, moved, id, *amount)?;
        put_on(tx, moved, id, &invoice, *amount)?;
        claims::went(tx, company, moved.from.id, id)?;
    }
    invoices::follow(tx, moved.from)?;
    invoices::follow(tx, moved.to)?;
    if let (true, Some((last, _))) = (moved.to.is_paid_in_full(), moved.parts.last()) {
        claims::came(tx, moved.to, BankLineId::new(*last))?;
    }
    Ok(())
}

/// Refuses while money of the order is on its way back: whose it would be afterwards nobody could tell.
///
/// # Errors
/// `payments.refund_under_way`.
pub fn nothing_goes_back(db: &mut dyn Query, order: &Order) -> Result<()> {
    let going = refunds::of_order(db, order.company, order.id)?;
    if going.iter().any(|refund| !refund.state.is_over()) {
        return Err(Fault::conflict("payments.refund_under_way").arg("number", &order.number));
    }
    Ok(())
}

fn take_off(tx: &mut Tx, moved: &MovedMoney<'_>, id: BankLineId, amount: Money) -> Result<()> {
    let company = moved.from.company;
    let mut left = amount;
    let standing = settle::standing_allocations(tx, company, id)?;
    for held in standing.iter().filter(|held| held.order == moved.from.id) {
        let part = if held.amount < left { held.amount } else { left };
        if !part.is_positive() {
            continue;
        }
        take_part(tx, moved, id, held, part)?;
        left = left.subtract(part)?;
    }
    if left.is_zero() {
        return Ok(());
    }
    Err(Fault::broken("payments.allocation_missing").arg("line", id).arg("amount", left))
}

fn take_part(
    tx: &mut Tx,
    moved: &MovedMoney<'_>,
    id: BankLineId,
    held: &StandingAllocation,
    part: Money,
) -> Result<()> {
    let company: CompanyId = moved.from.company;
    let invoice = invoices::get(tx, company, held.invoice)?;
    let valid = settle::payable(tx, company, held.invoice)?;
    let row = settle::write_part(tx, company, id, &invoice, part.negate(), moved.actor, Some(held.id))?;
    let (source, effective_on) = (row.to_string(), day_in_zone_of(tx, company)?);
    let posting = Posting::new(company, invoice.entity, "allocation_undone", &source, &effective_on);
    post(tx, &posting.moves(Account::Receivable(valid.customer), Account::Unmatched, part))?;
    let about = About::new(company, Subject::new("bank_line", id.get()), moved.actor);
    let fact =
        Unmatched { order: held.order.get(), invoice: held.invoice.get(), amount: part.to_decimal_string() };
    tx.say(about, &fact)
}

fn put_on(
    tx: &mut Tx,
    moved: &MovedMoney<'_>,
    id: BankLineId,
    invoice: &Invoice,
    amount: Money,
) -> Result<()> {
    let company = moved.to.company;
    let row = settle::write_part(tx, company, id, invoice, amount, moved.actor, None)?;
    let (source, effective_on) = (row.to_string(), day_in_zone_of(tx, company)?);
    let posting = Posting::new(company, invoice.entity, "allocated", &source, &effective_on);
    post(tx, &posting.moves(Account::Unmatched, Account::Receivable(invoice.customer), amount))?;
    let about = About::new(company, Subject::new("bank_line", id.get()), moved.actor);
    let allocations = vec![MatchedPart {
        order: moved.to.id.get(),
        invoice: invoice.id.get(),
        amount: amount.to_decimal_string(),
    }];
    tx.say(about, &Matched { tier: None, allocations, credit: None })
}
