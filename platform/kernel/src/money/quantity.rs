use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Currency, DecimalText, Money, fixed};
use crate::{Fault, Result};

const QUANTITY_DECIMALS: u32 = 3;
const PRICE_DECIMALS: u32 = 4;

/// Thousandths of a unit: 1.5 kg is 1500.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

/// The price of one unit, VAT included, in ten-thousandths of the currency's major unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitPrice(i64);

impl Quantity {
    pub const ZERO: Self = Self(0);

    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }
    pub const fn whole(units: i64) -> Self {
        Self(units.saturating_mul(1000))
    }
    pub const fn thousandths(self) -> i64 {
        self.0
    }
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }
    /// # Errors
    /// `money.overflow`.
    #[expect(clippy::should_implement_trait, reason = "adding may be refused, so it is no operator")]
    pub fn add(self, other: Self) -> Result<Self> {
        self.0.checked_add(other.0).map(Self).ok_or_else(|| Fault::invalid("money.overflow"))
    }
    pub const fn saturating_subtract(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
    /// # Errors
    /// As [`Money::parse`], with three decimals.
    pub fn parse(text: &str) -> Result<Self> {
        fixed::parse(text, QUANTITY_DECIMALS).map(Self)
    }
    /// `2` or `1.5`: no trailing zeros.
    pub fn to_decimal_string(self) -> String {
        self.to_decimal().to_string()
    }

    /// As [`Quantity::to_decimal_string`], for whoever writes many.
    pub fn to_decimal(self) -> DecimalText {
        DecimalText::of(self.0, QUANTITY_DECIMALS).shortened_to(0, QUANTITY_DECIMALS)
    }
}

impl UnitPrice {
    pub const fn from_ten_thousandths(value: i64) -> Self {
        Self(value)
    }
    pub const fn ten_thousandths(self) -> i64 {
        self.0
    }
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
    /// # Errors
    /// As [`Money::parse`], with four decimals.
    pub fn parse(text: &str) -> Result<Self> {
        fixed::parse(text, PRICE_DECIMALS).map(Self)
    }
    /// At least two decimals, at most four: `199.50`, `0.0125`.
    pub fn to_decimal_string(self) -> String {
        self.to_decimal().to_string()
    }

    /// As [`UnitPrice::to_decimal_string`], for whoever writes many.
    pub fn to_decimal(self) -> DecimalText {
        DecimalText::of(self.0, PRICE_DECIMALS).shortened_to(2, PRICE_DECIMALS)
    }
}

/// `price × quantity` in the currency's minor units, rounded half up.
///
/// # Errors
/// `money.overflow`.
pub fn line_amount(price: UnitPrice, quantity: Quantity, currency: Currency) -> Result<Money> {
    let product = i128::from(price.0) * i128::from(quantity.0);
    let scale = PRICE_DECIMALS + QUANTITY_DECIMALS;
    let minor = if currency.exponent() <= scale {
        fixed::divide_half_up(product, 10_i128.pow(scale - currency.exponent()))
    } else {
        product * 10_i128.pow(currency.exponent() - scale)
    };
    i64::try_from(minor)
        .map(|minor| Money::new(minor, currency))
        .map_err(|_| Fault::invalid("money.overflow"))
}

macro_rules! decimal_text {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.to_decimal(), f)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                self.to_decimal().serialize(serializer)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                $name::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
    };
}
decimal_text!(Quantity);
decimal_text!(UnitPrice);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_rounded_half_up_to_the_minor_unit() {
        for (price, quantity, expected) in [
            ("199.50", "2", "399.00"),
            ("0.0125", "2", "0.03"),
            ("0.005", "1", "0.01"),
            ("10", "0.333", "3.33"),
            ("3.3333", "3", "10.00"),
        ] {
            let price = UnitPrice::parse(price).expect("price");
            let quantity = Quantity::parse(quantity).expect("quantity");
            let amount = line_amount(price, quantity, Currency::RUB).expect("amount");
            assert_eq!(amount.to_decimal_string(), expected);
        }
    }

    #[test]
    fn decimals_are_written_as_people_write_them() {
        assert_eq!(Quantity::from_thousandths(2000).to_string(), "2");
        assert_eq!(Quantity::from_thousandths(1500).to_string(), "1.5");
        assert_eq!(UnitPrice::from_ten_thousandths(1_995_000).to_string(), "199.50");
        assert_eq!(UnitPrice::from_ten_thousandths(125).to_string(), "0.0125");
        assert_eq!(UnitPrice::from_ten_thousandths(1250).to_string(), "0.125");
        assert_eq!(UnitPrice::from_ten_thousandths(0).to_string(), "0.00");
    }
}
