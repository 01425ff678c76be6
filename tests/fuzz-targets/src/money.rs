use takt_kernel::money::{Currency, Money, Quantity, UnitPrice, VatRate, line_amount};

use crate::text::{fields, text};

/// Two decimal texts and a code of a currency, a line each: amounts, quantities, prices, rates of VAT.
pub fn money(data: &[u8]) {
    let [one, other, code] = fields(text(data));
    let currency = Currency::from_code(code).unwrap_or(Currency::RUB);
    for text in [one, other] {
        if let Ok(money) = Money::parse(text, currency) {
            let written = money.to_decimal_string();
            assert_eq!(Money::parse(&written, currency).expect("written by us"), money);
            assert!(written.len() <= 21 && text.len() >= written.trim_end_matches('0').len().min(1));
        }
        if let Ok(quantity) = Quantity::parse(text) {
            assert_eq!(Quantity::parse(&quantity.to_string()).expect("written by us"), quantity);
        }
        if let Ok(price) = UnitPrice::parse(text) {
            assert_eq!(UnitPrice::parse(&price.to_string()).expect("written by us"), price);
        }
        if let Ok(rate) = VatRate::parse(text) {
            assert_eq!(VatRate::parse(&rate.to_string()).expect("written by us"), rate);
        }
    }
    if let (Ok(one), Ok(other)) = (Money::parse(one, currency), Money::parse(other, currency)) {
        sums(one, other);
    }
    if let (Ok(price), Ok(quantity)) = (UnitPrice::parse(one), Quantity::parse(other))
        && let Ok(amount) = line_amount(price, quantity, currency)
    {
        let vat = VatRate::Percent(2200).included_in(amount);
        assert!(vat.minor().unsigned_abs() <= amount.minor().unsigned_abs());
    }
}

fn sums(one: Money, other: Money) {
    let exact = |sum: i128| i64::try_from(sum).ok();
    let (a, b) = (i128::from(one.minor()), i128::from(other.minor()));
    assert_eq!(one.add(other).ok().map(Money::minor), exact(a + b));
    assert_eq!(one.subtract(other).ok().map(Money::minor), exact(a - b));
    let weights = [other.minor(), 1, one.minor(), other.minor() / 3];
    let shares = one.split(&weights);
    let sum: i128 = shares.iter().map(|share| i128::from(share.minor())).sum();
    assert_eq!((shares.len(), sum), (weights.len(), a), "{one} by {weights:?} is {shares:?}");
}
