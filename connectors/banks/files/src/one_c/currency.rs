//! The currency of a 1C document, which the format does not name: the sixth to eighth digit of a
//! Russian account say it. Some banks name it beside; a name that nobody knows is refused, for whatever would be
//! taken in its place is another amount of money.

use takt_kernel::{Fault, Result, money::Currency};

use super::{keys::Key, sections::Field};
use crate::line;

/// The currency that these fields name, if any does.
///
/// # Errors
/// `bank_files.currency_unknown`, `.currency_repeated`
pub(super) fn told<'f, 'a: 'f>(fields: impl Iterator<Item = &'f Field<'a>>) -> Result<Option<Currency>> {
    let mut found = None;
    for field in fields.filter(|field| field.key == Some(Key::Currency)) {
        let given = line::one_line(&field.value);
        if given.chars().all(|letter| matches!(letter, '0' | '-')) {
            continue;
        }
        let refuse = |code: &'static str| {
            Fault::invalid(code)
                .arg("line", field.line)
                .arg("field", line::one_line(field.written))
                .arg("given", line::clip(&given))
        };
        let named = named(&given).ok_or_else(|| refuse("bank_files.currency_unknown"))?;
        if found.is_some_and(|found| found != named) {
            return Err(refuse("bank_files.currency_repeated"));
        }
        found = Some(named);
    }
    Ok(found)
}

/// The currency that an account tells by itself.
pub(super) fn of_account(account: &str) -> Option<Currency> {
    let bytes = account.as_bytes();
    let russian = bytes.len() == 20 && bytes[..8].iter().all(u8::is_ascii_digit);
    if russian {
        return numeric(account.get(5..8)?);
    }
    let iban = bytes.len() >= 15 && bytes[2..4].iter().all(u8::is_ascii_digit);
    let (_, code) = BY_COUNTRY.iter().find(|(country, _)| iban && account.starts_with(country))?;
    Currency::from_code(code).ok()
}

/// A currency named in the file, by letters or digits.
fn named(text: &str) -> Option<Currency> {
    let text = text.to_uppercase();
    if let Some((_, code)) = WORDS.iter().find(|(word, _)| *word == text.trim_end_matches('.')) {
        return Currency::from_code(code).ok();
    }
    numeric(&text).or_else(|| Currency::from_code(&text).ok())
}

fn numeric(digits: &str) -> Option<Currency> {
    let (_, code) = NUMERIC.iter().find(|(number, _)| *number == digits)?;
    Currency::from_code(code).ok()
}

/// 810 is the rouble in account numbers, 643 everywhere else.
const NUMERIC: &[(&str, &str)] = &[
    ("810", "RUB"),
    ("643", "RUB"),
    ("978", "EUR"),
    ("840", "USD"),
    ("156", "CNY"),
    ("826", "GBP"),
    ("756", "CHF"),
    ("392", "JPY"),
    ("398", "KZT"),
    ("933", "BYN"),
    ("051", "AMD"),
    ("417", "KGS"),
    ("860", "UZS"),
    ("972", "TJS"),
    ("944", "AZN"),
    ("981", "GEL"),
    ("949", "TRY"),
    ("784", "AED"),
    ("356", "INR"),
    ("344", "HKD"),
    ("980", "UAH"),
    ("498", "MDL"),
    ("934", "TMT"),
    ("496", "MNT"),
    ("985", "PLN"),
    ("203", "CZK"),
    ("348", "HUF"),
    ("975", "BGN"),
    ("946", "RON"),
    ("941", "RSD"),
    ("752", "SEK"),
    ("578", "NOK"),
    ("208", "DKK"),
    ("036", "AUD"),
    ("554", "NZD"),
    ("124", "CAD"),
    ("410", "KRW"),
    ("764", "THB"),
    ("704", "VND"),
    ("702", "SGD"),
    ("458", "MYR"),
    ("360", "IDR"),
    ("376", "ILS"),
    ("682", "SAR"),
    ("634", "QAR"),
    ("364", "IRR"),
    ("818", "EGP"),
    ("710", "ZAR"),
    ("986", "BRL"),
    ("484", "MXN"),
];

/// As people write them.
const WORDS: &[(&str, &str)] = &[
    ("RUR", "RUB"),
    ("₽", "RUB"),
    ("РУБ", "RUB"),
    ("РУБЛЬ", "RUB"),
    ("РУБЛИ", "RUB"),
    ("РОССИЙСКИЙ РУБЛЬ", "RUB"),
    ("ДОЛЛАР США", "USD"),
    ("ЕВРО", "EUR"),
    ("ЮАНЬ", "CNY"),
    ("ТЕНГЕ", "KZT"),
];

/// Neighbours that use this format have IBANs, whose accounts are nearly always in their own money.
const BY_COUNTRY: &[(&str, &str)] =
    &[("KZ", "KZT"), ("BY", "BYN"), ("UA", "UAH"), ("GE", "GEL"), ("AZ", "AZN"), ("MD", "MDL")];
