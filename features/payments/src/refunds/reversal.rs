//! The bank takes a receipt back: what it had paid is owed again.

use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::Permit;
use takt_store::{About, Query, Subject, Tx, params, sql};

use crate::{
    days::day_in_zone_of,
    facts::ReceiptReversed,
    import::{BankLine, BankLineId, LineState, Outcome, line, record_outcome},
    journal::{Account, Posting, post},
    rights::MatchMoney,
    settle,
};

const HELD: &str = "payments.held_reversal";

/// By which a bank names the line that it takes back (`connectors/banks/push`).
const NAMES_ITS_LINE: &str = "orig_line_id";

/// Receipts that a reversal may be of: the one that the bank names, else those of its account and amount, the latest
/// first.
///
/// # Errors
/// Faults of the store.
pub fn candidates(db: &mut dyn Query, company: CompanyId, reversal: &BankLine) -> Result<Vec<BankLine>> {
    if reversal.outcome.code != HELD || reversal.incoming == Some(true) {
        return Ok(Vec::new());
    }
    let named = named(db, company, reversal)?;
    if !named.is_empty() {
        return Ok(named);
    }
    let found = db.all(
        sql!(
            "select bank_line.id
             from bank_line
             where bank_line.company_id = :company_id and bank_line.own_account_id = :own_account_id
               and bank_line.amount_minor = :amount_minor and bank_line.id < :reversal_id
               and bank_line.currency = :currency
               and (bank_line.state in ('posted', 'suggested', 'other') or bank_line.outcome = 'payments.held_other_seller')
               and bank_line.outcome <> 'payments.receipt_reversed'
               and exists (select 1
                 from order_receipt
                 where order_receipt.company_id = bank_line.company_id and order_receipt.id = bank_line.id)
             order by bank_line.id desc
             limit 20"
        ),
        params![
            company_id: company, own_account_id: reversal.own_account, reversal_id: reversal.id,
            amount_minor: reversal.amount.minor(), currency: reversal.amount.currency(),
        ],
    )?;
    found.iter().map(|row| line(db, company, row.get("id")?)).collect()
}

/// The receipt that the bank itself names.
fn named(db: &mut dyn Query, company: CompanyId, reversal: &BankLine) -> Result<Vec<BankLine>> {
    let Some((_, bank_id)) = reversal.document.extra.iter().find(|(name, _)| name == NAMES_ITS_LINE) else {
        return Ok(Vec::new());
    };
    let rows = db.all(
        sql!(
            "select distinct line_id
             from bank_movement
             where company_id = :company_id and bank_id = :bank_id
             order by line_id
             limit 20"
        ),
        params![company_id: company, bank_id: bank_id],
    )?;
    let mut lines = Vec::new();
    for row in &rows {
        let known = line(db, company, row.get("line_id")?)?;
        if known.id != reversal.id && may_be_taken_back(&known, reversal) {
            lines.push(known);
        }
    }
    Ok(lines)
}

/// Money that is in the books and has not been taken back.
fn may_be_taken_back(receipt: &BankLine, reversal: &BankLine) -> bool {
    let receipt_states = [LineState::Posted, LineState::Suggested, LineState::Other];
    let counted =
        receipt_states.contains(&receipt.outcome.state) || receipt.outcome.code == settle::OTHER_SELLER;
    counted
        && receipt.incoming == Some(true)
        && receipt.own_account == reversal.own_account
        && receipt.amount == reversal.amount
        && receipt.outcome.code != "payments.receipt_reversed"
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
    if by.outcome.code != HELD || by.incoming == Some(true) {
        return Err(Fault::conflict("payments.not_a_reversal"));
    }
    if !may_be_taken_back(&taken, &by) {
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
    let effective_on = by.document.day().unwrap_or(&today);
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
