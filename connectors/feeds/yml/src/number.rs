//! Numbers as shops write them.

use takt_kernel::{
    Fault, Result,
    money::{Quantity, UnitPrice, may_be_thousands},
};

const LONGEST: usize = 40;

/// `1234.5`, `1 234,50`, `1,234.50`, `199.99000000001`: a price of one unit, rounded to what a price has. `1,234` may be
/// one and a little or more than a thousand: no price is guessed.
pub(crate) fn price(text: &str) -> Result<UnitPrice> {
    scaled(text, 4)
        .filter(|_| !may_be_thousands(text))
        .map(UnitPrice::from_ten_thousandths)
        .ok_or_else(|| Fault::invalid("yml.price_malformed").arg("given", shortened(text)))
}

/// Less than nothing is nothing: some shops count below zero.
pub(crate) fn quantity(text: &str) -> Option<Quantity> {
    scaled(text, 3).map(|thousandths| Quantity::from_thousandths(thousandths.max(0)))
}

pub(crate) fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// The number in units of 10^-decimals, rounded half away from zero.
fn scaled(text: &str, decimals: usize) -> Option<i64> {
    let signs: Vec<char> = text
        .chars()
        .filter(|sign| !sign.is_whitespace() && !matches!(sign, '\'' | '\u{2019}' | '\u{202f}'))
        .collect();
    if signs.len() > LONGEST {
        return None;
    }
    let (negative, signs) = match signs.as_slice() {
        ['-' | '\u{2212}', rest @ ..] => (true, rest),
        ['+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let point = decimal_point(signs);
    let (mut number, mut places, mut digits, mut round_up) = (0_i64, 0, 0, None);
    for (at, sign) in signs.iter().enumerate() {
        let Some(digit) = sign.to_digit(10) else {
            if matches!(sign, ',' | '.') && at > 0 {
                continue;
            }
            return None;
        };
        digits += 1;
        let after_point = point.is_some_and(|point| at > point);
        if after_point && places == decimals {
            round_up.get_or_insert(digit >= 5);
            continue;
        }
        places += usize::from(after_point);
        number = number.checked_mul(10)?.checked_add(i64::from(digit))?;
    }
    if digits == 0 {
        return None;
    }
    for _ in places..decimals {
        number = number.checked_mul(10)?;
    }
    let number = number.checked_add(i64::from(round_up.unwrap_or(false)))?;
    Some(if negative { -number } else { number })
}

/// Where the decimals begin: at the last of points and commas, unless that sign stands several times.
fn decimal_point(signs: &[char]) -> Option<usize> {
    let last = signs.iter().rposition(|sign| matches!(sign, ',' | '.'))?;
    let same = signs.iter().filter(|sign| **sign == signs[last]).count();
    (same == 1).then_some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_as_shops_write_them() {
        for (given, read) in [
            ("1234.5", Some("1234.50")),
            ("1234,50", Some("1234.50")),
            ("1 234,50", Some("1234.50")),
            ("1\u{a0}234.5", Some("1234.50")),
            ("1'234.50", Some("1234.50")),
            ("1,234.50", Some("1234.50")),
            ("1.234,50", Some("1234.50")),
            ("1,234,567", Some("1234567.00")),
            ("1,234", None),
            ("12,500", None),
            ("0,125", Some("0.125")),
            ("1.234", Some("1.234")),
            ("199.99000000001", Some("199.99")),
            ("0.12345", Some("0.1235")),
            ("199.", Some("199.00")),
            ("+5", Some("5.00")),
            ("0", Some("0.00")),
            ("-5", Some("-5.00")),
            ("", None),
            ("-", None),
            (".5", None),
            ("12 руб", None),
            ("1e5", None),
            ("NaN", None),
            ("99999999999999999999", None),
        ] {
            let price = price(given).ok().map(|price| price.to_string());
            assert_eq!(price.as_deref(), read, "{given}");
        }
    }

    #[test]
    fn a_quantity_is_never_below_nothing() {
        assert_eq!(quantity("-3"), Some(Quantity::whole(0)));
        assert_eq!(quantity("2,5"), Some(Quantity::from_thousandths(2_500)));
        assert_eq!(quantity("много"), None);
    }
}
