//! What holds of every amount, compared with sums in numbers twice as wide.

#![expect(clippy::expect_used, reason = "what a property does not expect is its failure")]

use proptest::prelude::*;
use takt_kernel::money::{Currency, Money, Quantity, UnitPrice, VatRate, line_amount};

fn currencies() -> impl Strategy<Value = Currency> {
    // Two, none, three and four decimals.
    prop::sample::select(vec!["RUB", "EUR", "JPY", "BHD", "CLF"])
        .prop_map(|code| Currency::from_code(code).expect("a currency"))
}

/// Small ones as in shops, and those at the edge of what fits.
fn minors() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => -10_000_000..10_000_000_i64,
        2 => any::<i64>(),
        1 => prop::sample::select(vec![0, 1, -1, i64::MAX, i64::MAX - 1, i64::MIN, i64::MIN + 1]),
    ]
}

fn exact(wide: i128) -> Option<i64> {
    i64::try_from(wide).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_written_is_read(minor in minors(), currency in currencies()) {
        let money = Money::new(minor, currency);
        let written = money.to_decimal_string();
        prop_assert_eq!(Money::parse(&written, currency).expect("written by us"), money);
        prop_assert_eq!(Money::parse(&format!(" {} ", written.replace('.', ",")), currency).expect("as people write"), money);
        let decimals = written.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        prop_assert_eq!(decimals, currency.exponent() as usize);
        let quantity = Quantity::from_thousandths(minor);
        prop_assert_eq!(Quantity::parse(&quantity.to_string()).expect("written by us"), quantity);
        let price = UnitPrice::from_ten_thousandths(minor);
        prop_assert_eq!(UnitPrice::parse(&price.to_string()).expect("written by us"), price);
    }

    #[test]
    fn what_is_read_is_exact_or_refused(whole in 0..=9_999_999_i64, decimals in "[0-9]{0,6}", minus in any::<bool>(), currency in currencies()) {
        let sign = if minus { "-" } else { "" };
        let point = if decimals.is_empty() { "" } else { "." };
        let given = format!("{sign}{whole}{point}{decimals}");
        let exponent = currency.exponent() as usize;
        let needed = decimals.trim_end_matches('0').len();
        let read = Money::parse(&given, currency);
        if needed > exponent {
            prop_assert!(read.is_err_and(|fault| fault.is("money.too_precise")), "{}", given);
        } else {
            let digits: String = decimals.chars().chain("000000".chars()).take(exponent).collect();
            let minor: i64 = format!("{sign}{whole}{digits}").parse().expect("a number");
            prop_assert_eq!(read.expect("exact").minor(), minor, "{}", given);
        }
    }

    #[test]
    fn sums_are_exact_or_refused(one in minors(), other in minors(), third in minors(), currency in currencies()) {
        let [a, b, c] = [one, other, third].map(|minor| Money::new(minor, currency));
        let (wide_a, wide_b) = (i128::from(one), i128::from(other));
        prop_assert_eq!(a.add(b).ok().map(Money::minor), exact(wide_a + wide_b));
        prop_assert_eq!(a.subtract(b).ok().map(Money::minor), exact(wide_a - wide_b));
        prop_assert_eq!(a.add(b).ok(), b.add(a).ok());
        if let (Ok(left), Ok(right)) = (a.add(b).and_then(|sum| sum.add(c)), b.add(c).and_then(|sum| a.add(sum))) {
            prop_assert_eq!(left, right);
        }
        if let Ok(difference) = a.subtract(b) {
            prop_assert_eq!(difference.add(b).expect("where it came from"), a);
        }
    }

    #[test]
    fn a_split_loses_nothing_and_is_fair(
        minor in minors(),
        weights in prop::collection::vec(prop_oneof![0..1_000_i64, 0..=i64::MAX], 1..12),
        currency in currencies(),
    ) {
        let parts = Money::new(minor, currency).split(&weights);
        prop_assert_eq!(parts.len(), weights.len());
        let sum: i128 = parts.iter().map(|part| i128::from(part.minor())).sum();
        prop_assert_eq!(sum, i128::from(minor));
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        for (part, weight) in parts.iter().zip(&weights) {
            if total > 0 {
                // Within one minor unit of its share: |part·total − whole·weight| < total.
                let owed = i128::from(minor) * i128::from(*weight);
                prop_assert!((i128::from(part.minor()) * total - owed).abs() < total, "{:?} by {:?}", parts, weights);
            }
            prop_assert!(*weight != 0 || total == 0 || part.is_zero(), "nothing for nothing");
        }
    }

    #[test]
    fn a_line_is_within_half_a_minor_unit_of_its_price(price in 0..100_000_000_i64, quantity in 1..10_000_000_i64, currency in currencies()) {
        let (unit, count) = (UnitPrice::from_ten_thousandths(price), Quantity::from_thousandths(quantity));
        let amount = line_amount(unit, count, currency).expect("fits");
        let scale = 10_i128.pow(7 - currency.exponent());
        let off = i128::from(amount.minor()) * scale - i128::from(price) * i128::from(quantity);
        prop_assert!(-scale < 2 * off && 2 * off <= scale, "{} × {} = {}", unit, count, amount);
    }

    #[test]
    fn vat_is_a_part_of_its_amount(minor in 0..=i64::MAX, rate in 0..10_000_u32, currency in currencies()) {
        let gross = Money::new(minor, currency);
        let vat = VatRate::Percent(rate).included_in(gross);
        prop_assert!(!vat.is_negative() && vat <= gross);
        let net = gross.subtract(vat).expect("a part");
        // The net and its VAT are the gross within half a minor unit of the net's share.
        let off = i128::from(net.minor()) * i128::from(10_000 + rate) - i128::from(minor) * 10_000;
        prop_assert!(2 * off.abs() <= i128::from(10_000 + rate), "{} of {}", vat, gross);
        prop_assert_eq!(VatRate::parse(&VatRate::Percent(rate).to_string()).expect("written by us"), VatRate::Percent(rate));
    }

    #[test]
    fn any_text_is_an_amount_or_refused(text in "\\PC{0,30}|[-+0-9., ]{0,30}", currency in currencies()) {
        if let Ok(money) = Money::parse(&text, currency) {
            prop_assert_eq!(Money::parse(&money.to_decimal_string(), currency).expect("written by us"), money);
        }
    }
}
