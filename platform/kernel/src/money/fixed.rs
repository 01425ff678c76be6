use rust_decimal::Decimal;

use crate::{Fault, Result};

/// Reads a decimal text as a whole number of 10^-scale.
pub(super) fn parse(text: &str, scale: u32) -> Result<i64> {
    let malformed = || Fault::invalid("money.malformed").arg("given", text);
    let trimmed = text.trim();
    let plain = trimmed.strip_prefix('-').unwrap_or(trimmed);
    let shaped = plain.len() <= 24
        && plain.starts_with(|first: char| first.is_ascii_digit())
        && plain.ends_with(|last: char| last.is_ascii_digit())
        && plain.chars().all(|letter| letter.is_ascii_digit() || letter == '.' || letter == ',');
    if !shaped {
        return Err(malformed());
    }
    let decimal =
        Decimal::from_str_exact(&trimmed.replace(',', ".")).map_err(|error| malformed().because(error))?;
    let mut rescaled = decimal.normalize();
    if rescaled.scale() > scale {
        return Err(Fault::invalid("money.too_precise").arg("given", text).arg("decimals", scale));
    }
    rescaled.rescale(scale);
    if rescaled.scale() != scale {
        return Err(Fault::invalid("money.overflow"));
    }
    i64::try_from(rescaled.mantissa()).map_err(|_| Fault::invalid("money.overflow"))
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

/// Writes a whole number of 10^-scale with all its decimals.
pub(super) fn format(value: i64, scale: u32) -> String {
    Decimal::from_i128_with_scale(i128::from(value), scale).to_string()
}

/// `numerator / denominator`, half away from zero. The denominator must be positive.
pub(super) fn divide_half_up(numerator: i128, denominator: i128) -> i128 {
    let half = denominator / 2;
    if numerator >= 0 { (numerator + half) / denominator } else { -((-numerator + half) / denominator) }
}
