use serde::{Serialize, Serializer};

use crate::{Fault, Result};

/// Digits of the longest amount, its sign and its point.
const LONGEST: usize = 24;

/// A decimal number as text that needs no allocation: lists write thousands of them.
#[derive(Clone, Copy)]
pub struct DecimalText {
    /// The text stands at the end.
    letters: [u8; LONGEST],
    from: usize,
    until: usize,
}

impl DecimalText {
    /// A whole number of 10^-scale with all its decimals.
    pub(super) fn of(value: i64, scale: u32) -> Self {
        let mut text = Self { letters: [b'0'; LONGEST], from: LONGEST, until: LONGEST };
        let mut left = value.unsigned_abs();
        let mut decimals = 0;
        // At least one digit stands before the point.
        while left > 0 || decimals <= scale {
            if decimals == scale && scale > 0 {
                text.put(b'.');
            }
            let digit = u8::try_from(left % 10).unwrap_or_default();
            text.put(b'0' + digit);
            left /= 10;
            decimals += 1;
        }
        if value < 0 {
            text.put(b'-');
        }
        text
    }

    fn put(&mut self, letter: u8) {
        if let Some(before) = self.from.checked_sub(1) {
            self.letters[before] = letter;
            self.from = before;
        }
    }

    /// Without zeros at its end as long as so many decimals stay; without the point when none does.
    pub(super) fn shortened_to(mut self, decimals: usize, scale: u32) -> Self {
        let mut there = usize::try_from(scale).unwrap_or_default();
        while there > decimals && self.letters[self.until - 1] == b'0' {
            self.until -= 1;
            there -= 1;
        }
        if there == 0 && scale > 0 {
            self.until -= 1;
        }
        self
    }

    pub fn as_str(&self) -> &str {
        self.letters.get(self.from..self.until).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default()
    }
}

impl std::fmt::Display for DecimalText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
impl Serialize for DecimalText {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Reads a decimal text as a whole number of 10^-scale.
pub(super) fn parse(text: &str, scale: u32) -> Result<i64> {
    let malformed = || Fault::invalid("money.malformed").arg("given", text);
    let trimmed = text.trim();
    let (negative, plain) = trimmed.strip_prefix('-').map_or((false, trimmed), |rest| (true, rest));
    let (whole, decimals) = plain.split_once(['.', ',']).unwrap_or((plain, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if plain.len() > LONGEST_GIVEN || !is_number(whole) || !is_number(decimals) {
        return Err(malformed());
    }
    let decimals = decimals.trim_end_matches('0');
    let scale = usize::try_from(scale).unwrap_or_default();
    if decimals.len() > scale {
        return Err(Fault::invalid("money.too_precise").arg("given", text).arg("decimals", scale));
    }
    let overflow = || Fault::invalid("money.overflow");
    let digits =
        whole.bytes().chain(decimals.bytes()).chain(std::iter::repeat_n(b'0', scale - decimals.len()));
    let value = digits
        .map(|digit| i128::from(digit - b'0'))
        .try_fold(0_i128, |value, digit| value.checked_mul(10)?.checked_add(digit));
    let value = value.ok_or_else(overflow)?;
    i64::try_from(if negative { -value } else { value }).map_err(|_| overflow())
}

/// `1,234` is 1234 to who formats a number for reading and 1.234 to half of Europe: what a machine sent so may not be
/// guessed.
pub fn may_be_thousands(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['-', '+', '\u{2212}']);
    let Some((whole, rest)) = text.split_once(',') else { return false };
    let digits = |part: &str| part.bytes().all(|sign| sign.is_ascii_digit());
    (1..=3).contains(&whole.len())
        && !whole.starts_with('0')
        && rest.len() == 3
        && digits(whole)
        && digits(rest)
}

/// Letters of what is given, its sign aside.
const LONGEST_GIVEN: usize = 24;

/// `numerator / denominator`, half away from zero. The denominator must be positive.
pub(super) fn divide_half_up(numerator: i128, denominator: i128) -> i128 {
    let half = denominator / 2;
    if numerator >= 0 { (numerator + half) / denominator } else { -((-numerator + half) / denominator) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    proptest! {
        #[test]
        fn an_amount_is_written_with_all_its_decimals(
            value in prop_oneof![any::<i64>(), -100_000..100_000_i64, Just(0), Just(i64::MIN), Just(i64::MAX)],
            scale in 0..=4_u32,
        ) {
            let expected = Decimal::from_i128_with_scale(i128::from(value), scale).to_string();
            let written = DecimalText::of(value, scale);
            prop_assert_eq!(written.as_str(), &expected);
            prop_assert_eq!(parse(written.as_str(), scale).ok(), Some(value));
            for decimals in 0..=2_usize {
                let shorter = written.shortened_to(decimals, scale);
                prop_assert_eq!(shorter.as_str(), without_zeros(&expected, decimals));
            }
        }

        #[test]
        fn what_is_read_is_what_was_given(text in "-?[0-9]{1,20}([.,][0-9]{1,8})?", scale in 0..=4_u32) {
            let given = text.replace(',', ".").parse::<Decimal>().expect("a number").normalize();
            let expected = (given.scale() <= scale).then_some(given).and_then(|given| {
                i64::try_from(given.mantissa() * 10_i128.pow(scale - given.scale())).ok()
            });
            let is_too_long = text.trim_start_matches('-').len() > LONGEST_GIVEN;
            prop_assert_eq!(parse(&text, scale).ok(), expected.filter(|_| !is_too_long), "{}", text);
        }
    }

    fn without_zeros(text: &str, decimals: usize) -> &str {
        let Some((whole, rest)) = text.split_once('.') else { return text };
        let kept = rest.trim_end_matches('0').len().max(decimals.min(rest.len()));
        if kept == 0 { whole } else { &text[..whole.len() + 1 + kept] }
    }

    #[test]
    fn what_is_no_number_is_refused_by_what_is_wrong_with_it() {
        for (text, code) in [
            ("", "money.malformed"),
            ("-", "money.malformed"),
            ("1.", "money.malformed"),
            (".5", "money.malformed"),
            ("1.2.3", "money.malformed"),
            ("1,2.3", "money.malformed"),
            ("+1", "money.malformed"),
            ("1_000", "money.malformed"),
            ("0000000000000000000000001", "money.malformed"),
            ("1.999", "money.too_precise"),
            ("92233720368547758.08", "money.overflow"),
        ] {
            assert_eq!(
                parse(text, 2).err().map(|fault| fault.code().to_owned()).as_deref(),
                Some(code),
                "{text}"
            );
        }
    }
}
