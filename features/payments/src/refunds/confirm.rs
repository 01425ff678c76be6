//! The bank's own outgoing line closes a refund, by itself when it can be told which, else by a person.

use takt_kernel::{Actor, CompanyId, Fault, Result};
use takt_staff::Permit;
use takt_store::{Query, Statement, Tx, params, sql};

use super::{COLUMNS, Refund, RefundId, State, lock, read, save};
use crate::{
    accounts::{self, BankAccount},
    days::day_in_zone_of,
    import::{BankLine, BankLineId, LineState, Outcome, line, record_outcome},
    journal::{Account, Posting, post},
    rights::OrderRefunds,
};

const OUTGOING: &str = "payments.outgoing";
/// Accounts of one payee that are looked up.
const MOST_ACCOUNTS: usize = 4;

/// A person says which refund an outgoing line carried out.
///
/// # Errors
/// `payments.not_outgoing`, `payments.refund_is_elsewhere`, `payments.refund_other_amount`.
pub fn confirm(tx: &mut Tx, permit: &Permit<OrderRefunds>, id: RefundId, by: BankLineId) -> Result<()> {
    let company = permit.company();
    let refund = lock(tx, company, id)?;
    refund.must_be(&[State::Approved, State::Sent])?;
    let mut bank_line = line(tx, company, by)?;
    let account = match bank_line.own_account {
        Some(account) if bank_line.outcome.code == OUTGOING => accounts::get(tx, company, account)?,
        Some(_) | None => return Err(Fault::conflict("payments.not_outgoing")),
    };
    let outcome = carry_out(tx, refund, &bank_line, &account, permit.actor())?;
    bank_line.outcome = outcome;
    record_outcome(tx, company, &bank_line, None)
}

/// The refund that a new outgoing line carries out, when there is exactly one that it can be: named by its
/// reference in the purpose, or, when the purpose names none, the only one to that account of just this amount.
pub(crate) fn confirm_by_line(
    tx: &mut Tx,
    company: CompanyId,
    bank_line: &BankLine,
    account: &BankAccount,
) -> Result<Option<Outcome>> {
    if bank_line.outcome.code != OUTGOING || bank_line.amount.currency() != account.currency {
        return Ok(None);
    }
    let sent = sent_to(tx, company, bank_line)?;
    let fits = |refund: &&Refund| {
        refund.entity == account.entity
            && refund.amount.currency() == bank_line.amount.currency()
            && bank_line.amount <= refund.left()
    };
    let words: Vec<&str> = bank_line
        .document
        .purpose
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| is_reference(word))
        .collect();
    let named = |refund: &&Refund| words.iter().any(|word| word.eq_ignore_ascii_case(&refund.reference()));
    let found: Vec<&Refund> = sent.iter().filter(fits).collect();
    let chosen = match found.iter().find(|refund| named(refund)) {
        Some(named) => named.id,
        // The purpose names another one, so it is not for one of these.
        None if !words.is_empty() => return Ok(None),
        None => {
            let whole: Vec<&&Refund> =
                found.iter().filter(|refund| refund.left() == bank_line.amount).collect();
            match whole[..] {
                [only] => only.id,
                _ => return Ok(None),
            }
        }
    };
    let refund = lock(tx, company, chosen)?;
    carry_out(tx, refund, bank_line, account, &Actor::system("payments.import")).map(Some)
}

/// Refunds on their way to an account that the line names.
fn sent_to(tx: &mut Tx, company: CompanyId, bank_line: &BankLine) -> Result<Vec<Refund>> {
    let mut named: Vec<String> =
        bank_line.document.payee.accounts.iter().map(|to| accounts::normal(to)).collect();
    named.sort_unstable();
    named.dedup();
    let mut sent = Vec::new();
    for account in named.iter().take(MOST_ACCOUNTS) {
        let statement = Statement::new(COLUMNS)
            .push(
                "\nwhere company_id = :company_id and state = 'sent' and payee_account = :account
                 \norder by id\nlimit 1000",
            )
            .bind("company_id", company)
            .bind("account", account.as_str());
        for row in tx.all_of(&statement)? {
            sent.push(read(&row)?);
        }
    }
    Ok(sent)
}

/// A word that says of itself that it names a refund.
fn is_reference(word: &str) -> bool {
    let digits = word.get(..2).filter(|begin| begin.eq_ignore_ascii_case("RF")).and_then(|_| word.get(2..));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

fn carry_out(
    tx: &mut Tx,
    mut refund: Refund,
    by: &BankLine,
    account: &BankAccount,
    actor: &Actor,
) -> Result<Outcome> {
    let company = refund.company;
    let other = by.amount.currency() != refund.amount.currency() || account.entity != refund.entity;
    if other || !by.amount.is_positive() || by.amount > refund.left() {
        return Err(Fault::conflict("payments.refund_other_amount").arg("left", refund.left()));
    }
    let today = day_in_zone_of(tx, company)?;
    let effective_on = by.document.day().unwrap_or(&today);
    let source = by.id.to_string();
    let posting = Posting::new(company, refund.entity, "refund_paid", &source, effective_on);
    let (from, to) = (Account::RefundPayable(refund.customer), Account::Bank(account.id));
    post(tx, &posting.moves(from, to, by.amount))?;
    let now = tx.now();
    tx.put(
        sql!(
            "insert into refund_payment (company_id, refund_id, line_id, amount_minor, at)
             values (:company_id, :refund_id, :line_id, :amount_minor, :at)"
        ),
        params![
            company_id: company, refund_id: refund.id, line_id: by.id, amount_minor: by.amount.minor(), at: now,
        ],
    )?;
    refund.confirmed = refund.confirmed.add(by.amount)?;
    if refund.left().is_zero() {
        refund.state = State::Closed;
    }
    save(tx, &refund, actor)?;
    Ok(Outcome::new(LineState::Outgoing, "payments.refund_confirmed").arg("refund", refund.reference()))
}
