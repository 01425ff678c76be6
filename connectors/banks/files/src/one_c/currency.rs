//! The currency of a 1C document, which the format does not name: the sixth to eighth digit of a
//! Russian account say it.

use takt_kernel::money::Currency;

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
pub(super) fn named(text: &str) -> Option<Currency> {
    match text.to_uppercase().as_str() {
        "RUR" => Some(Currency::RUB),
        code => numeric(code).or_else(|| Currency::from_code(code).ok()),
    }
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
];

/// Neighbours that use this format have IBANs, whose accounts are nearly always in their own money.
const BY_COUNTRY: &[(&str, &str)] =
    &[("KZ", "KZT"), ("BY", "BYN"), ("UA", "UAH"), ("GE", "GEL"), ("AZ", "AZN"), ("MD", "MDL")];
