//! Days of the calendar and stretches of them.

use std::{fmt, str::FromStr};

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use takt_kernel::{Fault, Result, Timestamp};

const FIRST_YEAR: i16 = 1990;
const LAST_YEAR: i16 = 2200;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Date);

/// From one day to another, both in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub from: Day,
    pub to: Day,
}

/// The first and the last day, as `20261105`.
type Span = (i64, i64);

impl Day {
    pub fn of(moment: Timestamp, zone: &TimeZone) -> Self {
        Self(moment.to_jiff().to_zoned(zone.clone()).date())
    }

    /// `20261122`
    pub fn number(self) -> i64 {
        i64::from(self.0.year()) * 10_000 + i64::from(self.0.month()) * 100 + i64::from(self.0.day())
    }

    pub fn from_number(number: i64) -> Option<Self> {
        let year = i16::try_from(number / 10_000).ok()?;
        let month = i8::try_from(number / 100 % 100).ok()?;
        Date::new(year, month, i8::try_from(number % 100).ok()?).ok().map(Self)
    }

    pub fn date(self) -> Date {
        self.0
    }

    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.days()))
    }

    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        Self(self.0.saturating_add(months.months()))
    }

    /// 1 is Monday.
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }

    #[must_use]
    pub fn monday(self) -> Self {
        self.plus(1 - i64::from(self.weekday()))
    }

    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self(self.0.first_of_month())
    }

    #[must_use]
    pub fn last_of_month(self) -> Self {
        Self(self.0.last_of_month())
    }

    #[must_use]
    pub fn first_of_quarter(self) -> Self {
        let back = i64::from((self.0.month() - 1) % 3);
        self.first_of_month().plus_months(-back)
    }

    #[must_use]
    pub fn first_of_year(self) -> Self {
        Self(self.0.first_of_year())
    }

    /// `2026-11`
    pub fn month_text(self) -> String {
        self.0.strftime("%Y-%m").to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self> {
        let malformed = || Fault::invalid("slices.day_malformed").arg("given", text);
        let date: Date = text.trim().parse().map_err(|_| malformed())?;
        if !(FIRST_YEAR..=LAST_YEAR).contains(&date.year()) {
            return Err(malformed());
        }
        Ok(Self(date))
    }
}

impl Days {
    pub fn new(from: Day, to: Day) -> Self {
        if from <= to { Self { from, to } } else { Self { from: to, to: from } }
    }

    pub fn length(self) -> i64 {
        self.from.0.until(self.to.0).map_or(1, |span| i64::from(span.get_days()) + 1)
    }

    pub fn holds(self, number: i64) -> bool {
        (self.from.number()..=self.to.number()).contains(&number)
    }

    /// As long as this one, right before it; whole months before whole months.
    #[must_use]
    pub fn before(self) -> Self {
        if !self.is_of_whole_months() {
            let length = self.length();
            return Self { from: self.from.plus(-length), to: self.to.plus(-length) };
        }
        let (from, to) = (self.from.0, self.to.0);
        let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month() - from.month()) + 1;
        Self { from: self.from.plus_months(-months), to: self.from.plus(-1) }
    }

    fn is_of_whole_months(self) -> bool {
        self.from == self.from.first_of_month() && self.to == self.to.last_of_month()
    }

    /// The same days of the year before; whole months stay whole, also a February.
    #[must_use]
    pub fn a_year_before(self) -> Self {
        let to = self.to.plus_months(-12);
        let to = if self.is_of_whole_months() { to.last_of_month() } else { to };
        Self { from: self.from.plus_months(-12), to }
    }

    /// Whole months inside, as `20261100`, and what is left of days before and behind them.
    pub(crate) fn in_months(self) -> (Option<Span>, Vec<Span>) {
        let first = if self.from == self.from.first_of_month() {
            self.from
        } else {
            self.from.first_of_month().plus_months(1)
        };
        let end =
            if self.to == self.to.last_of_month() { self.to } else { self.to.first_of_month().plus(-1) };
        if first > end {
            return (None, vec![(self.from.number(), self.to.number())]);
        }
        let months = (first.number() / 100 * 100, end.number() / 100 * 100);
        let mut days = Vec::new();
        if self.from < first {
            days.push((self.from.number(), first.plus(-1).number()));
        }
        if end < self.to {
            days.push((end.plus(1).number(), self.to.number()));
        }
        (Some(months), days)
    }

    /// Its parts by month: large reports are counted one after another.
    pub(crate) fn by_month(self) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut from = self.from;
        while from <= self.to {
            let to = from.last_of_month().min(self.to);
            parts.push(Self { from, to });
            from = to.plus(1);
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(from: &str, to: &str) -> Days {
        Days::new(from.parse().expect("a day"), to.parse().expect("a day"))
    }

    #[test]
    fn a_period_is_laid_beside_the_one_before_it() {
        for (given, before) in [
            (("2026-11-01", "2026-11-30"), ("2026-10-01", "2026-10-31")),
            (("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31")),
            (("2026-11-22", "2026-11-22"), ("2026-11-21", "2026-11-21")),
            (("2026-11-16", "2026-11-22"), ("2026-11-09", "2026-11-15")),
        ] {
            assert_eq!(days(given.0, given.1).before(), days(before.0, before.1), "{given:?}");
        }
    }

    #[test]
    fn a_year_before_whole_months_are_whole_months() {
        for (given, before) in [
            (("2029-02-01", "2029-02-28"), ("2028-02-01", "2028-02-29")),
            (("2028-02-01", "2028-02-29"), ("2027-02-01", "2027-02-28")),
            (("2028-02-10", "2028-02-29"), ("2027-02-10", "2027-02-28")),
            (("2026-11-22", "2026-11-22"), ("2025-11-22", "2025-11-22")),
        ] {
            assert_eq!(days(given.0, given.1).a_year_before(), days(before.0, before.1), "{given:?}");
        }
    }

    #[test]
    fn whole_months_are_taken_as_such_and_the_rest_by_days() {
        let told = |from, to| days(from, to).in_months();
        assert_eq!(told("2026-11-01", "2026-11-30"), (Some((20_261_100, 20_261_100)), vec![]));
        assert_eq!(told("2026-11-02", "2026-11-29"), (None, vec![(20_261_102, 20_261_129)]));
        assert_eq!(
            told("2025-12-31", "2026-02-01"),
            (Some((20_260_100, 20_260_100)), vec![(20_251_231, 20_251_231), (20_260_201, 20_260_201)])
        );
        let whole: i64 = days("2025-12-31", "2026-02-01").by_month().into_iter().map(Days::length).sum();
        assert_eq!(whole, 33);
    }
}
