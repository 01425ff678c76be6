//! 1CClientBankExchange (`kl_to_1c.txt`): lines of `Ключ=Значение` in sections. The format names
//! no direction, no currency and no bank id; direction is left to the reader of the report.

mod compose;
mod currency;
mod document;
mod fields;
pub(crate) mod keys;
mod party;
mod sections;
mod totals;

pub use compose::{Header, Movement, compose};

use std::collections::HashMap;

use takt_kernel::{
    Fault, Result,
    money::{Currency, Money},
};
use takt_payments_port::{BankReport, Format, Statement};

use crate::{LONGEST_ACCOUNT, amount, day, encoding, line::one_line, warnings::Warnings, within_size};
use document::Owner;
use fields::Fields;
use keys::Key;
use sections::{Field, Section};

/// # Errors
/// `bank_files.too_large`, `.too_many_documents`, `.damaged_encoding`, `.cut_off`, `.stray_amount`,
/// `.section_not_read`, `.amount_missing`, `.amount_malformed`, `.amount_too_precise`, `.amount_negative`,
/// `.amount_repeated`, `.currency_unknown`, `.currency_repeated`, `.value_too_long`.
pub fn read(bytes: &[u8]) -> Result<BankReport> {
    within_size(bytes)?;
    let text = encoding::of_one_c(bytes)?;
    let mut warnings = Warnings::default();
    let found = sections::split(&text, &mut warnings)?;
    check_interval(&found.header, &mut warnings);
    let accounts = own_accounts(&found.header, &found.accounts)?;
    let mut owner = owner(&accounts, currency::told(found.header.iter())?);
    let statements = found
        .accounts
        .iter()
        .map(|section| Ok((section.line, statement(section, &accounts, &owner, &mut warnings)?)))
        .collect::<Result<Vec<(usize, Statement)>>>()?;
    let statements = ended(statements, header_end(&found.header));
    let documents = found
        .documents
        .iter()
        .map(|section| document::read(section, &mut owner, &mut warnings))
        .collect::<Result<Vec<_>>>()?;
    if owner.assumed > 0 {
        warnings.add("currency_assumed", "", owner.assumed.to_string());
    }
    totals::check(&statements, &documents, &mut warnings);
    Ok(BankReport {
        format: Format::OneCClientBank,
        accounts,
        statements: statements.into_iter().map(|(_, statement)| statement).collect(),
        documents,
        warnings: warnings.into_list(),
        extra: kept(found.header.iter().filter(|field| field.key != Some(Key::Account)).chain(&found.aside)),
    })
}

/// Accounts of the header, then those that only the sections name. The only one is repeated in every section
/// that names none, so its length is bounded.
fn own_accounts(header: &[Field], sections: &[Section]) -> Result<Vec<String>> {
    let mut seen = std::collections::HashSet::new();
    let mut accounts = Vec::new();
    let fields = header.iter().chain(sections.iter().flat_map(|section| &section.fields));
    for field in fields.filter(|field| field.key == Some(Key::Account)) {
        let account: String = field.value.chars().filter(|letter| !letter.is_whitespace()).collect();
        if account.chars().count() > LONGEST_ACCOUNT {
            return Err(Fault::invalid("bank_files.value_too_long")
                .arg("line", field.line)
                .arg("field", one_line(field.written)));
        }
        if !account.is_empty() && seen.insert(account.clone()) {
            accounts.push(account);
        }
    }
    Ok(accounts)
}

/// The accounts tell the currency; where none does, the header may.
fn owner(accounts: &[String], named: Option<Currency>) -> Owner {
    let mut told = accounts.iter().filter_map(|account| currency::of_account(account));
    let first = told.next();
    Owner {
        accounts: accounts.iter().cloned().collect(),
        currency: if first.is_none() {
            named
        } else {
            first.filter(|first| told.all(|other| other == *first))
        },
        assumed: 0,
    }
}

/// Keys and values as they stand; those without a value say nothing.
fn kept<'f, 'a: 'f>(fields: impl Iterator<Item = &'f Field<'a>>) -> Vec<(String, String)> {
    fields
        .map(|field| (one_line(field.written), one_line(&field.value)))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

fn statement(
    section: &Section,
    accounts: &[String],
    owner: &Owner,
    warnings: &mut Warnings,
) -> Result<Statement> {
    let fields = &mut Fields::of(section);
    let account = match fields.take(Key::Account, warnings) {
        Some(account) => account.split_whitespace().collect(),
        None if accounts.len() == 1 => accounts[0].clone(),
        None => String::new(),
    };
    let told = currency::told(section.fields.iter())?;
    let currency = currency::of_account(&account).or(told).or(owner.currency).unwrap_or(Currency::RUB);
    let read = |text: &str| amount::read_balance(text, currency);
    let mut money = |key| -> Option<Money> { fields.take_read(key, "balance_unread", warnings, read) };
    let (opening, closing) = (money(Key::OpeningBalance), money(Key::ClosingBalance));
    let (incoming, outgoing) = (money(Key::TotalIncoming), money(Key::TotalOutgoing));
    let mut date = |key| fields.take_read(key, "date_unread", warnings, day::read);
    Ok(Statement {
        currency: Some(currency),
        from: date(Key::From),
        until: date(Key::Until),
        opening,
        closing,
        incoming,
        outgoing,
        copy: false,
        extra: fields.rest(),
        account,
    })
}

/// A section without an end of its own ends with the file when it is the only one of its account; of several each
/// is a day.
fn ended(mut statements: Vec<(usize, Statement)>, file_ends: Option<String>) -> Vec<(usize, Statement)> {
    let mut sections: HashMap<String, usize> = HashMap::new();
    for (_, statement) in &statements {
        *sections.entry(statement.account.clone()).or_default() += 1;
    }
    for (_, statement) in statements.iter_mut().filter(|(_, statement)| statement.until.is_none()) {
        let only = sections.get(&statement.account).is_none_or(|count| *count == 1);
        let end =
            file_ends.clone().filter(|end| only && statement.from.as_ref().is_none_or(|from| from <= end));
        statement.until = end.or_else(|| statement.from.clone());
    }
    statements
}

fn header_end(header: &[Field]) -> Option<String> {
    header.iter().filter(|field| field.key == Some(Key::Until)).find_map(|field| day::read(&field.value))
}

fn check_interval(header: &[Field], warnings: &mut Warnings) {
    for field in header.iter().filter(|field| matches!(field.key, Some(Key::From | Key::Until))) {
        let written = one_line(&field.value);
        if !written.is_empty() && day::read(&written).is_none() {
            warnings.add("date_unread", field.line, written);
        }
    }
}
