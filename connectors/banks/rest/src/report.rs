//! What the bank answered, as a report. The flag of an operation never says by itself which way money went:
//! the side on which our account stands does, and where the two disagree a person decides.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use takt_kernel::{
    Fault, Result,
    money::{Currency, Money},
};
use takt_payments_port::{
    BankDocument, BankReport, BookingState, Dated, Direction, Format, Party, Statement, Warning,
};

use crate::profile::{Dates, Fields, PartyFields, Profile};

const MOST_KEPT: usize = 200;
const LONGEST_KEPT: usize = 1_000;

/// What an answer does not say itself and has to be known to read it.
pub fn about(account: &str, currency: Currency, from: &str, until: &str) -> BTreeMap<String, String> {
    let pairs = [("account", account), ("currency", currency.code()), ("from", from), ("until", until)];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Reads answers as they were kept: the pages one behind the other, then the summary where the bank has one.
///
/// # Errors
/// `bank_rest.unreadable`, and those of [`document`] and [`operations`].
pub fn read(profile: &Profile, bytes: &[u8], about: &BTreeMap<String, String>) -> Result<BankReport> {
    let unreadable = || Fault::invalid("bank_rest.unreadable");
    let known = |name: &str| about.get(name).map(String::as_str).ok_or_else(unreadable);
    let (own, from, until) = (known("account")?, known("from")?, known("until")?);
    let currency = Currency::from_code(known("currency")?)?;
    let mut pages = serde_json::Deserializer::from_slice(bytes)
        .into_iter::<Json>()
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|error| unreadable().because(error))?;
    let summary = match profile.summary {
        Some(_) => pages.pop(),
        None => pages.last().cloned(),
    };
    let summary = summary.ok_or_else(unreadable)?;
    let (mut documents, mut warnings) = (Vec::new(), Vec::new());
    for page in &pages {
        for operation in operations(profile, page)? {
            let place = format!("{from}[{}]", documents.len() + 1);
            documents.push(document(profile, operation, place, own, currency, &mut warnings)?);
        }
    }
    let statement = statement(profile, &summary, own, currency, from, until);
    check(profile, &summary, &statement, &documents, &mut warnings);
    Ok(BankReport {
        format: Format::Rest,
        accounts: vec![own.to_owned()],
        statements: vec![statement],
        documents,
        warnings,
        extra: Vec::new(),
    })
}

/// One operation of a page.
///
/// # Errors
/// `bank_rest.field_missing`, `.amount_malformed`, `.currency_unknown`.
pub fn document(
    profile: &Profile,
    operation: &Json,
    place: String,
    own: &str,
    own_currency: Currency,
    warnings: &mut Vec<Warning>,
) -> Result<BankDocument> {
    let fields = &profile.fields;
    let currency = match text(operation, fields.currency) {
        Some(code) => currency(&code).ok_or_else(|| {
            Fault::invalid("bank_rest.currency_unknown").arg("place", &place).arg("given", clip(&code))
        })?,
        None => own_currency,
    };
    let amount = match found(operation, fields.amount) {
        Some(given) => money(given, currency).filter(|money| !money.is_negative()).ok_or_else(|| {
            Fault::invalid("bank_rest.amount_malformed")
                .arg("place", &place)
                .arg("given", clip(&given.to_string()))
        })?,
        None => {
            return Err(Fault::invalid("bank_rest.field_missing")
                .arg("place", &place)
                .arg("field", "amount"));
        }
    };
    let (payer, payee) = (party(operation, &fields.payer), party(operation, &fields.payee));
    let flag = text(operation, fields.flag);
    let direction = match (&flag, flag.as_deref().and_then(flagged)) {
        // A word that is not understood may say that the money went back.
        (Some(_), None) => Direction::BySide { dated: None },
        (_, dated) => direction(&payer, &payee, own, dated),
    };
    if matches!(direction, Direction::BySide { .. }) {
        warn(warnings, "direction_unclear", &place, flag.unwrap_or_default());
    }
    let bank_id = text(operation, fields.id);
    if bank_id.is_none() {
        warn(warnings, "no_id", &place, String::new());
    }
    let mut extra = Vec::new();
    flatten(operation, String::new(), &mut extra);
    Ok(BankDocument {
        account: Some(own.to_owned()),
        bank_id,
        number: text(operation, fields.number).unwrap_or_default(),
        date: text(operation, fields.date).as_deref().and_then(day),
        booked_on: text(operation, fields.booked).as_deref().and_then(day),
        booked_at: text(operation, fields.booked).filter(|given| given.parse::<jiff::Timestamp>().is_ok()),
        valued_on: None,
        other_side_on: None,
        batch: None,
        state: if amount.is_zero() { BookingState::Informational } else { state(operation, fields) },
        amount,
        direction,
        reversal: false,
        payer,
        payee,
        purpose: text(operation, fields.purpose).unwrap_or_default(),
        references: Vec::new(),
        kinds: fields.kinds.iter().filter_map(|path| text(operation, &[path])).collect(),
        extra,
        place,
    })
}

/// Balances of the interval, as far as the bank tells them.
pub fn statement(
    profile: &Profile,
    answer: &Json,
    own: &str,
    currency: Currency,
    from: &str,
    until: &str,
) -> Statement {
    let fields = &profile.fields;
    let balance = |paths| found(answer, paths).and_then(|given| money(given, currency));
    Statement {
        account: own.to_owned(),
        currency: Some(currency),
        from: Some(from.to_owned()),
        until: Some(until.to_owned()),
        opening: balance(fields.opening),
        closing: balance(fields.closing),
        incoming: balance(fields.incoming),
        outgoing: balance(fields.outgoing),
        copy: false,
        extra: Vec::new(),
    }
}

/// What the bank itself says of how much there was, against what came.
pub fn check(
    profile: &Profile,
    answer: &Json,
    statement: &Statement,
    documents: &[BankDocument],
    warnings: &mut Vec<Warning>,
) {
    let place = statement.from.clone().unwrap_or_default();
    let one_way = |wanted: Direction, dated: Dated| {
        documents.iter().filter(move |document| {
            document.direction == wanted || document.direction == Direction::BySide { dated: Some(dated) }
        })
    };
    let fields = &profile.fields;
    for (stated, counted, wanted, dated) in [
        (statement.incoming, fields.incoming_count, Direction::Incoming, Dated::Incoming),
        (statement.outgoing, fields.outgoing_count, Direction::Outgoing, Dated::Outgoing),
    ] {
        let sum: i128 = one_way(wanted, dated)
            .filter(|document| document.state == BookingState::Booked)
            .map(|document| i128::from(document.amount.minor()))
            .sum();
        if let Some(stated) = stated.filter(|stated| i128::from(stated.minor()) != sum) {
            warn(warnings, "totals_differ", &place, format!("{} / {sum}", stated.minor()));
        }
        let count = found(answer, counted).and_then(Json::as_u64);
        let here = one_way(wanted, dated).count();
        if let Some(count) = count.filter(|count| *count != here as u64) {
            warn(warnings, "count_differs", &place, format!("{count} / {here}"));
        }
    }
}

/// The operations of one answer.
///
/// # Errors
/// `bank_rest.bank_error` with the bank's words, wherever it puts them; `bank_rest.no_list`.
pub fn operations<'a>(profile: &Profile, answer: &'a Json) -> Result<&'a [Json]> {
    if let Some(errors) = found(answer, profile.fields.errors).filter(|errors| !is_empty(errors)) {
        return Err(Fault::unavailable("bank_rest.bank_error").arg("said", clip(&errors.to_string())));
    }
    match profile.fields.list.iter().find_map(|path| answer.pointer(path)) {
        Some(Json::Array(list)) => Ok(list),
        _ => Err(Fault::unavailable("bank_rest.no_list").arg("given", clip(&answer.to_string()))),
    }
}

/// Whether a link leads on.
pub fn has_next(profile: &Profile, answer: &Json) -> bool {
    let is_next = |link: &Json| link.pointer("/rel").and_then(Json::as_str) == Some("next");
    match found(answer, profile.fields.links) {
        Some(Json::Array(links)) => links.iter().any(is_next),
        Some(Json::Object(links)) => links.get("next").is_some_and(|next| !is_empty(next)),
        _ => false,
    }
}

/// A day as the bank wants to be asked for it.
pub fn asked_day(profile: &Profile, day: &str) -> String {
    match profile.dates {
        Dates::Iso => day.to_owned(),
        Dates::Dotted => {
            let parts: Vec<&str> = day.split('-').rev().collect();
            parts.join(".")
        }
    }
}

fn direction(payer: &Party, payee: &Party, own: &str, flag: Option<Dated>) -> Direction {
    let names = |party: &Party| party.accounts.iter().any(|account| account == own);
    match (names(payer), names(payee), flag) {
        (false, true, Some(Dated::Incoming) | None) => Direction::Incoming,
        (true, false, Some(Dated::Outgoing) | None) => Direction::Outgoing,
        _ => Direction::BySide { dated: flag },
    }
}

fn flagged(flag: &str) -> Option<Dated> {
    match flag.to_uppercase().as_str() {
        "CREDIT" | "CRDT" | "C" | "КРЕДИТ" | "К" | "2" => Some(Dated::Incoming),
        "DEBIT" | "DBIT" | "D" | "ДЕБЕТ" | "Д" | "1" => Some(Dated::Outgoing),
        _ => None,
    }
}

fn state(operation: &Json, fields: &Fields) -> BookingState {
    let status = text(operation, fields.status).unwrap_or_default().to_uppercase();
    match status.as_str() {
        // A list of operations of an account is of what was booked, unless it says otherwise.
        "" | "BOOKED" | "EXECUTED" | "IMPLEMENTED" | "DONE" | "ACCEPTED" => BookingState::Booked,
        "PENDING" | "PROCESSING" | "HOLD" | "AUTHORIZED" => BookingState::Pending,
        _ => BookingState::Informational,
    }
}

fn party(operation: &Json, fields: &PartyFields) -> Party {
    let account =
        text(operation, fields.account).map(|account| account.split_whitespace().collect::<String>());
    Party {
        name: text(operation, fields.name).unwrap_or_default(),
        inn: text(operation, fields.inn).filter(|inn| inn.chars().any(|letter| letter != '0')),
        accounts: account.into_iter().collect(),
        bic: text(operation, fields.bic),
        bank: text(operation, fields.bank),
    }
}

fn found<'a>(json: &'a Json, paths: &[&str]) -> Option<&'a Json> {
    paths.iter().filter_map(|path| json.pointer(path)).find(|value| !value.is_null())
}

fn text(json: &Json, paths: &[&str]) -> Option<String> {
    let one_line = |text: &str| {
        let words: Vec<&str> = text
            .split(|letter: char| letter.is_whitespace() || letter.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        words.join(" ")
    };
    paths.iter().filter_map(|path| json.pointer(path)).find_map(|value| match value {
        Json::String(text) => Some(one_line(text)).filter(|text| !text.is_empty()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Amounts as numbers or texts; a number is read as it was written, never through a float.
fn money(given: &Json, currency: Currency) -> Option<Money> {
    let written = match given {
        Json::String(text) => text.trim().to_owned(),
        // Beyond fifteen digits a number is not what the bank wrote any more.
        Json::Number(number) => {
            let written = number.to_string();
            let digits = written.bytes().filter(u8::is_ascii_digit).count();
            (number.is_i64() || digits <= 15).then_some(written)?
        }
        _ => return None,
    };
    let (negative, digits) = written.strip_prefix('-').map_or((false, written.as_str()), |rest| (true, rest));
    let digits = digits.replace(',', ".");
    let shaped = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && !digits.is_empty();
    let money = shaped.then(|| Money::parse(&digits, currency).ok()).flatten()?;
    Some(if negative { money.negate() } else { money })
}

fn currency(code: &str) -> Option<Currency> {
    let code = match code.to_uppercase().as_str() {
        "RUR" | "810" | "643" => "RUB".to_owned(),
        "933" => "BYN".to_owned(),
        "978" => "EUR".to_owned(),
        "840" => "USD".to_owned(),
        "156" => "CNY".to_owned(),
        other => other.to_owned(),
    };
    Currency::from_code(&code).ok()
}

fn day(given: &str) -> Option<String> {
    let head: String = given.trim().chars().take(10).collect();
    if let Ok(date) = head.parse::<jiff::civil::Date>() {
        return Some(date.to_string());
    }
    let parts: Vec<&str> = head.split('.').collect();
    let [day, month, year] = parts.as_slice() else { return None };
    format!("{year}-{month}-{day}").parse::<jiff::civil::Date>().ok().map(|date| date.to_string())
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(list) => list.is_empty(),
        Json::Object(map) => map.is_empty(),
        Json::String(text) => text.trim().is_empty(),
        Json::Bool(said) => !said,
        Json::Number(_) => false,
    }
}

/// Every field that the bank sent, with its path.
fn flatten(value: &Json, path: String, into: &mut Vec<(String, String)>) {
    if into.len() >= MOST_KEPT {
        return;
    }
    match value {
        Json::Object(map) => {
            for (key, value) in map {
                let path = if path.is_empty() { key.clone() } else { format!("{path}/{key}") };
                flatten(value, path, into);
            }
        }
        Json::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                flatten(value, format!("{path}/{index}"), into);
            }
        }
        Json::Null => {}
        Json::String(text) => into.push((path, text.chars().take(LONGEST_KEPT).collect())),
        other => into.push((path, other.to_string())),
    }
}

pub(crate) fn clip(text: &str) -> String {
    text.chars().take(300).collect()
}

fn warn(warnings: &mut Vec<Warning>, code: &str, place: &str, detail: String) {
    if warnings.len() < MOST_KEPT {
        warnings.push(Warning {
            code: format!("bank_rest.{code}"),
            place: place.to_owned(),
            detail: clip(&detail),
        });
    }
}
