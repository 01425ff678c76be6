//! The bank takes a receipt back: what it had paid is owed again.

use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::Permit;
use takt_store::{About, Query, Subject, Tx, params, sql};

use crate::{
    accounts::BankAccountId,
    days::day_in_zone_of,
    facts::ReceiptReversed,
    import::{BankLine, BankLineId, LineState, Outcome, line, record_outcome},
    journal::{Account, Posting, post},
    rights::MatchMoney,
    settle,
};

const HELD: &str = "payments.held_reversal";

/// Receipts that a reversal may be of: of its account and amount, the latest first.
///
/// # Errors
/// Faults of the store.
pub fn candidates(db: &mut dyn Query, company: CompanyId, reversal: &BankLine) -> Result<Vec<BankLine>> {
    if reversal.outcome.code != HELD {
        return Ok(Vec::new());
    }
    let found = db.all(
        sql!(
            "select bank_line.id, bank_line.own_account_id
             from order_receipt
             cross join bank_line
             where order_receipt.company_id = :company_id and bank_line.company_id = :company_id
               and bank_line.id = order_receipt.id
               and bank_line.state in ('posted', 'suggested', 'other')
               and order_receipt.id < :reversal_id
               and bank_line.amount_minor = :amount_minor and bank_line.currency = :currency
               and bank_line.outcome <> 'payments.receipt_reversed'
             order by order_receipt.id desc
             limit 20"
        ),
        params![
            company_id: company, reversal_id: reversal.id, amount_minor: reversal.amount.minor(),
            currency: reversal.amount.currency(),
        ],
    )?;
    let mut receipts = Vec::new();
    for row in &found {
        let account: Option<BankAccountId> = row.get("own_account_id")?;
        if account == reversal.own_account {
            receipts.push(line(db, company, row.get("id")?)?);
        }
    }
    Ok(receipts)
}

/// A person says which receipt the bank took back. The orders it had paid owe again.
///
/// # Errors
/// `payments.not_a_reversal`, `payments.reversal_of_another`; `payments.receipt_given_back` when some of it
/// went back to the payer before.
pub fn reverse_receipt(
    tx: &mut Tx,
    permit: &Permit<MatchMoney>,
    reversal: BankLineId,
    receipt: BankLineId,
) -> Result<()> {
    let company = permit.company();
    let mut by = line(tx, company, reversal)?;
    let mut taken = line(tx, company, receipt)?;
    if by.outcome.code != HELD {
        return Err(Fault::conflict("payments.not_a_reversal"));
    }
    let receipt_states = [LineState::Posted, LineState::Suggested, LineState::Other];
    let fits = receipt_states.contains(&taken.outcome.state)
        && taken.own_account == by.own_account
        && taken.amount == by.amount
        && taken.outcome.code != "payments.receipt_reversed";
    if !fits {
        return Err(Fault::conflict("payments.reversal_of_another"));
    }
    if taken.returned.is_positive() {
        return Err(Fault::conflict("payments.receipt_given_back").arg("amount", taken.returned));
    }
    let standing = settle::standing_allocations(tx, company, receipt)?;
    let orders: Vec<i64> = standing.iter().map(|held| held.order.get()).collect();
    if !standing.is_empty() || taken.credit.is_positive() {
        settle::take_all_back(tx, &mut taken, company, permit.actor())?;
    }
    let Some(account) = taken.own_account else {
        return Err(Fault::conflict("payments.not_a_receipt"));
    };
    let entity = settle::entity_of(tx, company, &taken)?;
    let today = day_in_zone_of(tx, company)?;
    let effective_on = by.document.booked_on.as_deref().unwrap_or(&today);
    let source = by.id.to_string();
    let posting = Posting::new(company, entity, "receipt_reversed", &source, effective_on);
    post(tx, &posting.moves(Account::Unmatched, Account::Bank(account), taken.amount))?;
    taken.returned = taken.amount;
    taken.outcome = Outcome::new(LineState::Other, "payments.receipt_reversed").arg("line", by.id);
    by.outcome = Outcome::new(LineState::Outgoing, "payments.reversal_counted").arg("line", taken.id);
    let decided_by = settle::actor_text(permit.actor())?;
    record_outcome(tx, company, &taken, Some(&decided_by))?;
    record_outcome(tx, company, &by, Some(&decided_by))?;
    let about = About::new(company, Subject::new("bank_line", taken.id.get()), permit.actor());
    tx.say(
        about,
        &ReceiptReversed {
            by_line: by.id.get(),
            amount: taken.amount.to_decimal_string(),
            currency: taken.amount.currency(),
            orders,
        },
    )
}
