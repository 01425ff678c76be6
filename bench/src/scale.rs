/// How much is measured, and for how long.
#[derive(Clone, Debug)]
pub struct Scale {
    pub rounds: usize,
    pub warm_up: f64,
    pub seconds: f64,
    /// Goods in the catalogue.
    pub goods: usize,
    /// Orders in the databases that lists are measured on.
    pub sizes: Vec<u64>,
    /// Orders in the database that is started and whose cards are read.
    pub living: u64,
    pub open_invoices: u64,
    pub bank_lines: usize,
    /// Payments of each seed whose truth is known, and lines whose matching is timed.
    pub matched_payments: usize,
    pub matched_lines: usize,
    pub imported_orders: usize,
    /// Offers in a shop's catalogue.
    pub feed_offers: usize,
    pub starts: usize,
    pub fsyncs: usize,
    /// Orders whose way to a screen is timed.
    pub screens: usize,
    /// Screens that are open at once.
    pub watching: usize,
    /// Shops that are connected at once.
    pub shops: usize,
    /// Orders of the months that are asked again.
    pub months: Vec<u64>,
    /// Timers that are armed at once, and minutes until some of them fire.
    pub timers: u64,
    pub timer_minutes: u32,
    /// Facts whose rules are decided.
    pub decided: usize,
}

/// What one shop of 300 places in a month.
const SHOP_MONTH: u64 = 1_500;

impl Scale {
    pub fn full() -> Self {
        Self {
            rounds: 3,
            warm_up: 2.0,
            seconds: 10.0,
            goods: 2_000,
            sizes: vec![100_000, 1_000_000, 10_000_000],
            living: 100_000,
            open_invoices: 100_000,
            bank_lines: 10_000,
            matched_payments: 20_000,
            matched_lines: 100_000,
            imported_orders: 50_000,
            feed_offers: 100_000,
            starts: 10,
            fsyncs: 200,
            screens: 200,
            watching: 500,
            shops: 300,
            months: vec![SHOP_MONTH, 450_000],
            timers: 1_000_000,
            timer_minutes: 2,
            decided: 200_000,
        }
    }

    /// To see within minutes where things stand.
    pub fn quick() -> Self {
        Self {
            rounds: 1,
            warm_up: 1.0,
            seconds: 4.0,
            sizes: vec![100_000],
            bank_lines: 1_000,
            matched_payments: 4_000,
            open_invoices: 10_000,
            imported_orders: 10_000,
            feed_offers: 100_000,
            starts: 3,
            fsyncs: 50,
            screens: 30,
            months: vec![SHOP_MONTH, 45_000],
            timers: 100_000,
            timer_minutes: 1,
            decided: 50_000,
            ..Self::full()
        }
    }

    /// To see that everything still runs; its figures mean nothing.
    pub fn tiny() -> Self {
        Self {
            rounds: 1,
            warm_up: 0.0,
            seconds: 0.2,
            goods: 12,
            sizes: vec![1_000],
            living: 1_000,
            open_invoices: 40,
            bank_lines: 10,
            matched_payments: 200,
            matched_lines: 40,
            imported_orders: 10,
            feed_offers: 300,
            starts: 1,
            fsyncs: 2,
            screens: 2,
            watching: 3,
            shops: 6,
            months: vec![200],
            timers: 400,
            timer_minutes: 0,
            decided: 20_000,
        }
    }
}

/// `1e5`, `100_000` or `100000`.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let plain = text.replace(['_', ','], "");
    let parsed = match plain.split_once('e') {
        Some((digits, power)) => digits
            .parse::<u64>()
            .ok()
            .and_then(|digits| digits.checked_mul(10_u64.checked_pow(power.parse().ok()?)?)),
        None => plain.parse().ok(),
    };
    parsed.filter(|size| *size > 0).ok_or_else(|| format!("{text} is no number of orders; write 1e5"))
}

/// `1e5` for a power of ten, the digits for anything else.
pub fn size_name(size: u64) -> String {
    let power = size.ilog10();
    if size >= 1_000 && 10_u64.pow(power) == size { format!("1e{power}") } else { size.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_powers_or_digits() {
        for (text, size) in [("1e5", 100_000), ("2e6", 2_000_000), ("100_000", 100_000), ("12", 12)] {
            assert_eq!(parse_size(text), Ok(size));
        }
        for wrong in ["", "0", "e5", "1e99", "many"] {
            assert!(parse_size(wrong).is_err(), "{wrong}");
        }
        assert_eq!((size_name(10_000_000), size_name(250)), ("1e7".to_owned(), "250".to_owned()));
    }
}
