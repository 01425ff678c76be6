//! Amounts. Money is minor units and a currency; unit prices have four decimals; quantities are
//! thousandths. No floats anywhere. Nothing has `+`: adding may be refused, splitting loses nothing.
//!
//! Prices include VAT. A line is `price × quantity` rounded half up to the minor unit, less its
//! discount; the VAT inside it is rounded half up per line; a document is the sum of its lines.

mod currency;
mod fixed;
mod quantity;
mod vat;

pub use currency::Currency;
pub use fixed::{DecimalText, may_be_thousands};
pub use quantity::{Quantity, UnitPrice, line_amount};
pub use vat::VatRate;

use serde::{Deserialize, Serialize};

use crate::{Fault, Result};

/// An amount in minor units (kopecks, cents) of one currency. May be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }
    pub const fn minor(self) -> i64 {
        self.minor
    }
    pub const fn currency(self) -> Currency {
        self.currency
    }
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// Reads `199.50` exactly; `,` is taken for `.`.
    ///
    /// # Errors
    /// `money.malformed`, or `money.too_precise` when there are more decimals than the currency has.
    pub fn parse(text: &str, currency: Currency) -> Result<Self> {
        fixed::parse(text, currency.exponent()).map(|minor| Self { minor, currency })
    }

    /// `199.50`: with a point, all decimals of the currency, no grouping.
    pub fn to_decimal_string(self) -> String {
        self.to_decimal().to_string()
    }

    /// As [`Money::to_decimal_string`], for whoever writes many.
    pub fn to_decimal(self) -> DecimalText {
        DecimalText::of(self.minor, self.currency.exponent())
    }

    /// # Errors
    /// `money.mixed_currencies`, `money.overflow`.
    #[expect(clippy::should_implement_trait, reason = "adding may be refused, so it is no operator")]
    pub fn add(self, other: Self) -> Result<Self> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or_else(overflow)?;
        Ok(Self { minor, ..self })
    }

    /// # Errors
    /// `money.mixed_currencies`, `money.overflow`.
    pub fn subtract(self, other: Self) -> Result<Self> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or_else(overflow)?;
        Ok(Self { minor, ..self })
    }

    pub const fn negate(self) -> Self {
        Self { minor: self.minor.saturating_neg(), currency: self.currency }
    }

    /// Sums amounts of one currency.
    ///
    /// # Errors
    /// As [`Money::add`].
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::add)
    }

    /// Splits by weights with the largest-remainder method: the parts add up to the whole exactly,
    /// each is within one minor unit of its share, ties go to the earlier part. Weights must be
    /// non-negative; when all are zero the whole goes to the first part.
    pub fn split(self, weights: &[i64]) -> Vec<Self> {
        let total: i128 = weights.iter().map(|weight| i128::from((*weight).max(0))).sum();
        if total == 0 {
            return weights
                .iter()
                .enumerate()
                .map(|(index, _)| Self { minor: if index == 0 { self.minor } else { 0 }, ..self })
                .collect();
        }
        let whole = i128::from(self.minor);
        let mut parts = Vec::with_capacity(weights.len());
        let mut remainders = Vec::with_capacity(weights.len());
        let mut given: i128 = 0;
        for (index, weight) in weights.iter().enumerate() {
            let product = whole * i128::from((*weight).max(0));
            let part = product.div_euclid(total);
            given += part;
            parts.push(part);
            remainders.push((std::cmp::Reverse(product.rem_euclid(total)), index));
        }
        remainders.sort_unstable();
        let mut left = whole - given;
        for (_, index) in remainders {
            if left == 0 {
                break;
            }
            parts[index] += 1;
            left -= 1;
        }
        parts
            .into_iter()
            .map(|part| Self { minor: i64::try_from(part).unwrap_or(i64::MAX), ..self })
            .collect()
    }

    fn same_currency(self, other: Self) -> Result<()> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(Fault::invalid("money.mixed_currencies")
            .arg("one", self.currency.code())
            .arg("other", other.currency.code()))
    }
}

impl PartialOrd for Money {
    /// Amounts of different currencies do not compare.
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (self.currency == other.currency).then(|| self.minor.cmp(&other.minor))
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.to_decimal_string(), self.currency.code())
    }
}

fn overflow() -> Fault {
    Fault::invalid("money.overflow")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rub(text: &str) -> Money {
        Money::parse(text, Currency::RUB).expect("a test amount")
    }

    #[test]
    fn amounts_are_read_exactly_or_refused() {
        for (text, minor) in
            [("0", 0), ("199.5", 19950), ("199,50", 19950), ("-0.01", -1), ("107728.7", 10_772_870)]
        {
            assert_eq!(rub(text).minor(), minor, "{text}");
        }
        for text in ["", "1e3", "1.999", "abc", "1 000", "--1", "99999999999999999999", "1."] {
            assert!(Money::parse(text, Currency::RUB).is_err(), "{text}");
        }
        assert_eq!(rub("199.5").to_decimal_string(), "199.50");
        assert_eq!(rub("-0.05").to_decimal_string(), "-0.05");
    }

    #[test]
    fn a_split_loses_nothing_and_favours_the_largest_remainder() {
        for (whole, weights, expected) in [
            ("100.00", vec![1, 1, 1], vec![3334, 3333, 3333]),
            ("0.05", vec![3, 1], vec![4, 1]),
            ("-1.00", vec![1, 2], vec![-33, -67]),
            ("5.00", vec![0, 0], vec![500, 0]),
        ] {
            let parts: Vec<i64> = rub(whole).split(&weights).into_iter().map(Money::minor).collect();
            assert_eq!(parts.iter().sum::<i64>(), rub(whole).minor(), "{whole}");
            assert_eq!(parts, expected, "{whole} by {weights:?}");
        }
    }

    #[test]
    fn currencies_never_mix() {
        let euro = Currency::from_code("EUR").expect("EUR");
        assert!(rub("1").add(Money::new(100, euro)).is_err());
        assert_eq!(rub("1").partial_cmp(&Money::new(100, euro)), None);
    }
}
