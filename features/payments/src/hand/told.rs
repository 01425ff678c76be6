//! What the bank says later of what two persons said before.

use takt_kernel::{Actor, CompanyId, Result};
use takt_store::{About, Query as _, Subject, Tx, params, sql};

use super::rows::{HandReceipt, HandState, unproved, unproved_of_amount, unproved_of_line};
use crate::{
    accounts::BankAccountId,
    facts::{ByHandContradicted, ByHandProved},
    import::{BankLine, BankLineId},
    proofs::{self, GapKind, Missing},
};

/// A bank may book a payment some days after the people at it said that it was there.
const DAYS: i64 = 4;

/// What a line of the bank has to do with receipts by hand.
pub(crate) enum Told {
    Nothing,
    /// It is the movement that two persons told: this line stands for it.
    Same(BankLineId),
    /// It may be: the amount is the same and nothing else tells.
    Perhaps(BankLineId),
}

/// Looks whether a credit that is new to the books was told by hand before.
///
/// # Errors
/// Faults of the store.
pub(crate) fn told(
    tx: &mut Tx<'_>,
    company: CompanyId,
    account: BankAccountId,
    line: &BankLine,
) -> Result<Told> {
    let near: Vec<HandReceipt> = unproved_of_amount(tx, company, account, line.amount)?
        .into_iter()
        .filter(|receipt| receipt.line != Some(line.id) && is_near(receipt, line))
        .collect();
    let named = near.iter().find(|receipt| names(receipt, line));
    match (named, near.first()) {
        (Some(receipt), _) => {
            let Some(known) = receipt.line else { return Ok(Told::Nothing) };
            prove(tx, receipt, line)?;
            Ok(Told::Same(known))
        }
        (None, Some(receipt)) => Ok(receipt.line.map_or(Told::Nothing, Told::Perhaps)),
        (None, None) => Ok(Told::Nothing),
    }
}

/// The bank reports the very movement for which the line of the two stands.
///
/// # Errors
/// Faults of the store.
pub(crate) fn said_again(
    tx: &mut Tx<'_>,
    company: CompanyId,
    known: BankLineId,
    line: &BankLine,
) -> Result<()> {
    match unproved_of_line(tx, company, known)? {
        Some(receipt) => prove(tx, &receipt, line),
        None => Ok(()),
    }
}

fn is_near(receipt: &HandReceipt, line: &BankLine) -> bool {
    let day = line.document.day();
    let parsed = |day: &str| day.parse::<jiff::civil::Date>().ok();
    let (Some(one), Some(other)) = (day.and_then(parsed), parsed(&receipt.booked_on)) else { return true };
    let apart = one.since(other).map_or(i64::MAX, |span| i64::from(span.get_days()).abs());
    apart <= DAYS
}

/// The reference in the purpose, or number and day: amount and account agree already. Payers count their documents each
/// from one, so the number tells nothing where the accounts that paid are told and are others.
fn names(receipt: &HandReceipt, line: &BankLine) -> bool {
    let squeezed = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
    };
    let reference = squeezed(&receipt.reference);
    let purpose = squeezed(&line.document.purpose);
    let number = crate::accounts::normal(line.document.number.trim_start_matches('№'));
    (!reference.is_empty() && purpose.contains(&reference))
        || (!number.is_empty() && number == receipt.number && !is_of_another(receipt, line))
}

fn is_of_another(receipt: &HandReceipt, line: &BankLine) -> bool {
    let theirs = &line.document.payer.accounts;
    !receipt.payer_account.is_empty()
        && !theirs.is_empty()
        && theirs.iter().all(|account| crate::accounts::normal(account) != receipt.payer_account)
}

fn prove(tx: &mut Tx<'_>, receipt: &HandReceipt, line: &BankLine) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update hand_receipt
             set state = 'proved', told_by_line_id = :line_id, told_at = :now
             where company_id = :company_id and id = :id and state in ('confirmed', 'contradicted')"
        ),
        params![line_id: line.id, now: now, company_id: receipt.company, id: receipt.id],
    )?;
    proofs::heal_of(tx, receipt.company, &receipt.account, GapKind::ByHand, &receipt.id.to_string())?;
    let actor = Actor::system("payments.by_hand");
    let about = About::new(receipt.company, Subject::new("hand_receipt", receipt.id.get()), &actor);
    tx.say(about, &ByHandProved { order: receipt.order.get(), line: line.id.get() })
}

/// A whole statement covers all the days on which the bank could have booked it, and has nothing like it.
///
/// # Errors
/// Faults of the store.
pub(crate) fn contradict(
    tx: &mut Tx<'_>,
    company: CompanyId,
    account: BankAccountId,
    proved_until: &str,
) -> Result<()> {
    for receipt in unproved(tx, company, account)? {
        let last = receipt
            .booked_on
            .parse::<jiff::civil::Date>()
            .and_then(|date| date.checked_add(jiff::Span::new().try_days(DAYS)?));
        let Ok(last) = last.map(|last| last.to_string()) else { continue };
        if receipt.state != HandState::Confirmed
            || last.as_str() > proved_until
            || !proofs::are_proved(tx, company, &receipt.account, &receipt.booked_on, &last)?
        {
            continue;
        }
        tx.put(
            sql!(
                "update hand_receipt
                 set state = 'contradicted'
                 where company_id = :company_id and id = :id and state = 'confirmed'"
            ),
            params![company_id: company, id: receipt.id],
        )?;
        let missing = Missing {
            kind: GapKind::ByHand,
            account: receipt.account.clone(),
            key: receipt.id.to_string(),
            from: receipt.booked_on.clone(),
            until: proved_until.to_owned(),
            currency: Some(receipt.amount.currency()),
            expected: Some(receipt.amount.minor()),
            found: Some(0),
            statement: None,
            line: receipt.line,
        };
        proofs::open_gap(tx, company, &missing)?;
        let actor = Actor::system("payments.by_hand");
        let about = About::new(company, Subject::new("hand_receipt", receipt.id.get()), &actor);
        let fact = ByHandContradicted {
            order: receipt.order.get(),
            amount: receipt.amount.to_decimal_string(),
            currency: receipt.amount.currency(),
        };
        tx.say(about, &fact)?;
    }
    Ok(())
}
