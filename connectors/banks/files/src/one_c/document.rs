//! One document section as one bank document.

use std::collections::HashSet;

use takt_kernel::{
    Fault, Result,
    money::{Currency, Money},
};
use takt_payments_port::{BankDocument, BookingState, Dated, Direction, Party};

use super::{
    currency,
    fields::Fields,
    keys::{Key, Side},
    party,
    sections::{Field, Section},
};
use crate::{amount, day, line, warnings::Warnings};

/// What the header says about whose file it is.
#[derive(Default)]
pub(super) struct Owner {
    pub accounts: HashSet<String>,
    /// The one currency of all own accounts that tell one.
    pub currency: Option<Currency>,
    /// Documents whose currency nothing told.
    pub assumed: usize,
}

pub(super) fn read(section: &Section, owner: &mut Owner, warnings: &mut Warnings) -> Result<BankDocument> {
    let fields = &mut Fields::of(section);
    let payer = party::read(fields, Side::Payer, warnings);
    let payee = party::read(fields, Side::Payee, warnings);
    let currency = currency(fields, &payer, &payee, owner, section.line, warnings)?;
    let amount = amount(fields, section, currency)?;
    let (received, debited) =
        (day_of(fields, Key::ReceivedOn, warnings), day_of(fields, Key::DebitedOn, warnings));
    let kinds = kinds(fields, section, warnings);
    // A bank that writes both days books each side on its own.
    let own = |party: &Party| party.accounts.iter().any(|account| owner.accounts.contains(account));
    let (booked_on, other_side_on) = match (own(&payer) && !own(&payee), &received, &debited) {
        (true, Some(received), Some(debited)) if received != debited => {
            (Some(debited.clone()), Some(received.clone()))
        }
        _ => (received.clone().or_else(|| debited.clone()), None),
    };
    let mut state = if received.is_none() && debited.is_none() && is_demand(section.kind) {
        BookingState::Pending
    } else {
        BookingState::Booked
    };
    if amount.is_zero() {
        warnings.add("amount_zero", section.line, "");
        state = BookingState::Informational;
    }
    Ok(BankDocument {
        place: section.line.to_string(),
        account: None,
        bank_id: None,
        number: number(fields, warnings),
        date: date(fields, warnings),
        direction: Direction::BySide { dated: dated(&received, &debited) },
        booked_on,
        booked_at: None,
        valued_on: None,
        other_side_on,
        batch: None,
        amount,
        state,
        reversal: false,
        payer,
        payee,
        purpose: purpose(fields, warnings),
        references: fields
            .take(Key::PaymentIdentifier, warnings)
            .into_iter()
            .filter(|identifier| identifier.chars().any(|letter| letter != '0'))
            .collect(),
        kinds,
        extra: fields.rest(),
    })
}

/// Every amount of the section must say the same: which of two would be true is not ours to guess.
fn amount(fields: &mut Fields, section: &Section, currency: Currency) -> Result<Money> {
    let refuse = |code: &'static str, line: usize, field: &str| {
        Fault::invalid(code).arg("line", line).arg("field", line::one_line(field))
    };
    let read = |field: &Field| {
        amount::read_grouped(&field.value, currency).map_err(|wrong| {
            let given = line::one_line(line::clip(&field.value));
            refuse(wrong.code(), field.line, field.written).arg("given", given)
        })
    };
    let mut given = fields.look(Key::Amount);
    let Some(first) = given.next() else {
        return Err(refuse("bank_files.amount_missing", section.line, "Сумма"));
    };
    let amount = read(first)?;
    for field in given {
        if read(field)? != amount {
            return Err(refuse("bank_files.amount_repeated", field.line, field.written));
        }
    }
    fields.take_all(Key::Amount);
    Ok(amount)
}

/// Told by the document, else by an own account on a side, else by both sides as far as they
/// agree, else by the file's own accounts. Roubles are the last resort.
fn currency(
    fields: &mut Fields,
    payer: &Party,
    payee: &Party,
    owner: &mut Owner,
    line: usize,
    warnings: &mut Warnings,
) -> Result<Currency> {
    if let Some(named) = currency::told(fields.look(Key::Currency))? {
        return Ok(named);
    }
    let accounts = || payer.accounts.iter().chain(&payee.accounts);
    let own = accounts().filter(|account| owner.accounts.contains(*account));
    if let Some(told) = own.filter_map(|account| currency::of_account(account)).next() {
        return Ok(told);
    }
    let mut told = accounts().filter_map(|account| currency::of_account(account));
    let first = told.next();
    if let Some(first) = first.filter(|first| told.all(|other| other == *first)) {
        return Ok(first);
    }
    if let Some(own) = owner.currency {
        return Ok(own);
    }
    if first.is_some() {
        warnings.add("currency_unclear", line, "");
    }
    owner.assumed += 1;
    Ok(Currency::RUB)
}

/// Documents are looked up by it, so a longer one is kept whole among the rest.
fn number(fields: &mut Fields, warnings: &mut Warnings) -> String {
    let number = fields.take(Key::Number, warnings).unwrap_or_default();
    let short = line::clip(&number);
    if short.len() < number.len() {
        fields.give_back(Key::Number);
    }
    short.to_owned()
}

fn date(fields: &mut Fields, warnings: &mut Warnings) -> Option<String> {
    fields.take_read(Key::Date, "date_unread", warnings, day::read)
}

/// The dates of booking stay in the rest as well: which of them stood there is evidence.
fn day_of(fields: &Fields, key: Key, warnings: &mut Warnings) -> Option<String> {
    let found = fields.look(key).find_map(|field| day::read(&field.value));
    let unread = fields.look(key).find(|field| found.is_none() && !day::is_empty(&field.value));
    if let Some(field) = unread {
        warnings.add("date_unread", field.line, &field.value);
    }
    found
}

fn dated(received: &Option<String>, debited: &Option<String>) -> Option<Dated> {
    match (received, debited) {
        (Some(_), None) => Some(Dated::Incoming),
        (None, Some(_)) => Some(Dated::Outgoing),
        _ => None,
    }
}

fn kinds(fields: &mut Fields, section: &Section, warnings: &mut Warnings) -> Vec<String> {
    let code = fields.take(Key::KindCode, warnings);
    [line::one_line(section.kind)].into_iter().chain(code).filter(|kind| !kind.is_empty()).collect()
}

/// Demands for payment may stand in a file that goes to the bank, before anything was paid.
fn is_demand(kind: &str) -> bool {
    let kind = kind.to_lowercase();
    ["требование", "инкассо", "аккредитив"].iter().any(|word| kind.contains(word))
}

/// The whole text, or its pieces where the whole is missing or shorter than they are together.
fn purpose(fields: &mut Fields, warnings: &mut Warnings) -> String {
    let pieces = line::join_pieces(fields.look(Key::PurposePiece).map(|field| &*field.value));
    let whole = fields.take(Key::Purpose, warnings).unwrap_or_default();
    if pieces.starts_with(&whole) {
        fields.take_all(Key::PurposePiece);
        return pieces;
    }
    if whole.contains(&pieces) {
        fields.take_all(Key::PurposePiece);
    }
    whole
}
