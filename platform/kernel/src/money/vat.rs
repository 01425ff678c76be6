use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{DecimalText, Money, fixed};
use crate::{Fault, Result};

/// The VAT of a line. `None` is "not subject to VAT", which is not the same as 0 %.
/// Rates are data: no rule anywhere depends on a particular one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VatRate {
    None,
    /// Hundredths of a percent: 22 % is 2200.
    Percent(u32),
}

impl VatRate {
    /// Reads `none`, `0`, `22` or `8.5`.
    ///
    /// # Errors
    /// `vat.malformed` for anything else, and for 100 % or more.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("none") {
            return Ok(Self::None);
        }
        let malformed = || Fault::invalid("vat.malformed").arg("given", text);
        let hundredths =
            fixed::parse(text.trim_end_matches('%'), 2).map_err(|fault| malformed().because(fault))?;
        u32::try_from(hundredths).ok().filter(|rate| *rate < 10_000).map(Self::Percent).ok_or_else(malformed)
    }

    /// The VAT inside an amount that includes it, rounded half up.
    pub fn included_in(self, gross: Money) -> Money {
        match self {
            Self::None => Money::zero(gross.currency()),
            Self::Percent(rate) => {
                let rate = i128::from(rate);
                let minor = fixed::divide_half_up(i128::from(gross.minor()) * rate, 10_000 + rate);
                Money::new(i64::try_from(minor).unwrap_or(i64::MAX), gross.currency())
            }
        }
    }
}

impl std::fmt::Display for VatRate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Percent(rate) if rate % 100 == 0 => write!(f, "{}", rate / 100),
            Self::Percent(rate) => {
                f.write_str(DecimalText::of(i64::from(*rate), 2).shortened_to(0, 2).as_str())
            }
        }
    }
}
impl Serialize for VatRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for VatRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn vat_is_taken_out_of_the_gross_amount_half_up() {
        for (rate, gross, vat) in [
            ("22", "122.00", "22.00"),
            ("20", "399.00", "66.50"),
            ("5", "100.00", "4.76"),
            ("0", "10.00", "0.00"),
            ("none", "10.00", "0.00"),
        ] {
            let gross = Money::parse(gross, Currency::RUB).expect("gross");
            let rate = VatRate::parse(rate).expect("rate");
            assert_eq!(rate.included_in(gross).to_decimal_string(), vat, "{rate}");
        }
    }
}
