//! Amounts as banks write them. What can be read in two ways is not read at all.

use takt_kernel::money::{Currency, Money};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    Malformed,
    /// More decimals than the currency has.
    TooPrecise,
    Negative,
}

impl Wrong {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Malformed => "bank_files.amount_malformed",
            Self::TooPrecise => "bank_files.amount_too_precise",
            Self::Negative => "bank_files.amount_negative",
        }
    }
}

/// Reads `700`, `107728.7`, `18,00`, `1 234 567,89`, `1,234,567.89`. `1,234` alone could be either
/// a thousand or a fraction and is malformed.
pub(crate) fn read_grouped(text: &str, currency: Currency) -> Result<Money, Wrong> {
    parse(&ungroup(text).ok_or(Wrong::Malformed)?, currency)
}

/// As [`read_grouped`], for balances, which may be below zero.
pub(crate) fn read_balance(text: &str, currency: Currency) -> Option<Money> {
    let text = text.trim();
    match text.strip_prefix(['-', '−']) {
        Some(rest) => read_grouped(rest, currency).ok().map(Money::negate),
        None => read_grouped(text, currency).ok(),
    }
}

/// Reads an XML decimal: a point, no grouping, any number of trailing zeros.
pub(crate) fn read_decimal(text: &str, currency: Currency) -> Result<Money, Wrong> {
    let text = text.trim();
    let text = text.strip_prefix('+').unwrap_or(text);
    let text = text.strip_suffix(['.', ',']).unwrap_or(text);
    if text.starts_with(['.', ',']) {
        return parse(&format!("0{text}"), currency);
    }
    parse(text, currency)
}

fn parse(text: &str, currency: Currency) -> Result<Money, Wrong> {
    let money = Money::parse(text, currency).map_err(|fault| match fault.code() {
        "money.too_precise" => Wrong::TooPrecise,
        _ => Wrong::Malformed,
    })?;
    if text.starts_with('-') { Err(Wrong::Negative) } else { Ok(money) }
}

fn ungroup(text: &str) -> Option<String> {
    let text = text.trim();
    let (sign, text) = match text.strip_prefix(['-', '−', '+']) {
        Some(rest) if text.starts_with('+') => ("", rest),
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let marks: String = text
        .chars()
        .map(|letter| if letter.is_whitespace() || matches!(letter, '\'' | '’') { ' ' } else { letter })
        .collect();
    let (whole, fraction) = split_fraction(marks.trim())?;
    let whole = if whole.is_empty() && !fraction.is_empty() { "0".to_owned() } else { join_groups(whole)? };
    if fraction.is_empty() {
        return Some(format!("{sign}{whole}"));
    }
    fraction.bytes().all(|byte| byte.is_ascii_digit()).then(|| format!("{sign}{whole}.{fraction}"))
}

/// Parts the whole units from the decimals.
fn split_fraction(text: &str) -> Option<(&str, &str)> {
    let Some(last) = text.rfind(['.', ',']) else {
        return Some((text, ""));
    };
    let (whole, fraction) = (&text[..last], &text[last + 1..]);
    let mark = &text[last..=last];
    if whole.contains(mark) {
        return (!whole.contains(if mark == "." { ',' } else { '.' })).then_some((text, ""));
    }
    let lone = !whole.contains([' ', '.', ',']);
    let ambiguous = lone && fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    (!ambiguous).then_some((whole, fraction))
}

/// `1 234 567` to `1234567`: one kind of separator, three digits behind each.
fn join_groups(whole: &str) -> Option<String> {
    let Some(mark) = whole.chars().find(|letter| !letter.is_ascii_digit()) else {
        return (!whole.is_empty()).then(|| whole.to_owned());
    };
    if !matches!(mark, ' ' | '.' | ',') {
        return None;
    }
    let groups: Vec<&str> = whole.split(mark).collect();
    let shaped = groups.iter().enumerate().all(|(index, group)| {
        let width = if index == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 };
        width && group.bytes().all(|byte| byte.is_ascii_digit())
    });
    shaped.then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grouped_amounts_are_read_one_way_or_not_at_all() {
        for (given, minor) in [
            ("700", Ok(70000)),
            ("107728.7", Ok(10_772_870)),
            ("18,00", Ok(1800)),
            ("700.", Ok(70000)),
            (",50", Ok(50)),
            ("+5.5", Ok(550)),
            ("1 234 567,89", Ok(123_456_789)),
            ("1\u{a0}234.5", Ok(123_450)),
            ("1'234.50", Ok(123_450)),
            ("1,234,567.89", Ok(123_456_789)),
            ("1.234.567,89", Ok(123_456_789)),
            ("1,234,567", Ok(123_456_700)),
            ("0.00", Ok(0)),
            ("12345.600", Ok(1_234_560)),
            ("1 234.500", Ok(123_450)),
            ("1,234", Err(Wrong::Malformed)),
            ("1.234", Err(Wrong::Malformed)),
            ("0.005", Err(Wrong::TooPrecise)),
            ("700 18", Err(Wrong::Malformed)),
            ("1,2,3", Err(Wrong::Malformed)),
            ("1.2,3.4", Err(Wrong::Malformed)),
            ("-5", Err(Wrong::Negative)),
            ("- 5", Err(Wrong::Negative)),
            ("5 руб", Err(Wrong::Malformed)),
            ("1e3", Err(Wrong::Malformed)),
            ("٣", Err(Wrong::Malformed)),
            ("", Err(Wrong::Malformed)),
            (".", Err(Wrong::Malformed)),
            ("99999999999999999999", Err(Wrong::Malformed)),
        ] {
            assert_eq!(read_grouped(given, Currency::RUB).map(Money::minor), minor, "{given:?}");
        }
    }

    #[test]
    fn decimals_keep_the_minor_unit_of_their_currency() {
        let yen = Currency::from_code("JPY").expect("JPY");
        for (given, currency, minor) in [
            ("18.15000", Currency::EUR, Ok(1815)),
            ("8.85001", Currency::EUR, Err(Wrong::TooPrecise)),
            ("2700", yen, Ok(2700)),
            ("2700.5", yen, Err(Wrong::TooPrecise)),
            (".5", Currency::EUR, Ok(50)),
            ("5.", Currency::EUR, Ok(500)),
            ("-1", Currency::EUR, Err(Wrong::Negative)),
            ("1 000", Currency::EUR, Err(Wrong::Malformed)),
        ] {
            assert_eq!(read_decimal(given, currency).map(Money::minor), minor, "{given:?}");
        }
    }
}
