//! Decimal texts of shops as our amounts, exactly.

use rust_decimal::{Decimal, RoundingStrategy};
use takt_kernel::{
    Fault, Result,
    money::{Currency, Money, Quantity, UnitPrice, line_amount},
};

const PRICE_DECIMALS: u32 = 4;
const QUANTITY_DECIMALS: u32 = 3;

/// A decimal text; an empty one is nothing.
///
/// # Errors
/// `shops.amount_malformed`.
pub fn decimal(text: &str) -> Result<Decimal> {
    let given = text.trim();
    if given.is_empty() {
        return Ok(Decimal::ZERO);
    }
    Decimal::from_str_exact(given)
        .or_else(|_| Decimal::from_scientific(given))
        .map_err(|_| Fault::invalid("shops.amount_malformed").arg("given", clipped(given)))
}

fn clipped(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The sum of decimal texts, as one.
///
/// # Errors
/// `shops.amount_malformed`.
pub fn sum<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<String> {
    let mut sum = Decimal::ZERO;
    for text in texts {
        sum = sum.checked_add(decimal(text)?).ok_or_else(|| Fault::invalid("money.overflow"))?;
    }
    Ok(sum.normalize().to_string())
}

/// # Errors
/// `shops.amount_malformed`, `money.overflow`.
pub fn money(text: &str, currency: Currency) -> Result<Money> {
    Money::parse(&rounded(decimal(text)?, currency.exponent(), NEAREST), currency)
}

/// # Errors
/// `shops.amount_malformed`, `money.overflow`.
pub fn quantity(text: &str) -> Result<Quantity> {
    Quantity::parse(&rounded(decimal(text)?, QUANTITY_DECIMALS, NEAREST))
}

const NEAREST: RoundingStrategy = RoundingStrategy::MidpointAwayFromZero;
const UP: RoundingStrategy = RoundingStrategy::AwayFromZero;

fn rounded(number: Decimal, decimals: u32, how: RoundingStrategy) -> String {
    number.round_dp_with_strategy(decimals, how).normalize().to_string()
}

/// A line that shops tell by what all of it costs: the price of one, and the discount with which the line comes
/// to its total exactly.
///
/// # Errors
/// `shops.amount_malformed`, `money.overflow`.
pub fn priced(
    amount: &str,
    total: &str,
    quantity: Quantity,
    currency: Currency,
) -> Result<(UnitPrice, Money)> {
    let total = money(total, currency)?;
    let amount = money(amount, currency)?;
    let whole = decimal(&if amount < total { total } else { amount }.to_decimal_string())?;
    let each = decimal(&quantity.to_decimal_string())?;
    let each = whole.checked_div(each).unwrap_or_default();
    let price = |how| UnitPrice::parse(&rounded(each, PRICE_DECIMALS, how));
    let nearest = price(NEAREST)?;
    let price = if line_amount(nearest, quantity, currency)? < total { price(UP)? } else { nearest };
    let discount = line_amount(price, quantity, currency)?.subtract(total)?;
    Ok((price, discount))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_to_its_total_exactly() {
        for (amount, total, quantity, price, discount) in [
            ("1000.00", "1000.00", "2", "500.00", "0.00"),
            ("1000", "900.00", "2", "500.00", "100.00"),
            ("10.00", "10.00", "3", "3.3333", "0.00"),
            ("20.00", "20.00", "3", "6.6667", "0.00"),
            ("0.01", "0.01", "7", "0.0014", "0.00"),
            ("100", "100", "30000", "0.0034", "2.00"),
            ("5.00", "6.00", "1", "6.00", "0.00"),
            ("", "", "1", "0.00", "0.00"),
            ("833.333333", "833.33", "1", "833.33", "0.00"),
        ] {
            let quantity = super::quantity(quantity).expect("a quantity");
            let (given, off) = priced(amount, total, quantity, Currency::RUB).expect("a price");
            assert_eq!(
                (given.to_string().as_str(), off.to_decimal_string().as_str()),
                (price, discount),
                "{amount}"
            );
            let left = line_amount(given, quantity, Currency::RUB).and_then(|amount| amount.subtract(off));
            assert_eq!(left.expect("money"), money(total, Currency::RUB).expect("money"));
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["abc", "1,5", "0x10", "NaN", "--1", "1.2.3"] {
            assert!(decimal(text).is_err_and(|fault| fault.is("shops.amount_malformed")), "{text}");
        }
        assert_eq!(sum(["1.10", "", "2.2"]).expect("a sum"), "3.3");
    }
}
