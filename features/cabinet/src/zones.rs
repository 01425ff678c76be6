//! Days of a company, by its own clock, as numbers: 20261121.

use jiff::{civil::Date, tz::TimeZone};
use takt_kernel::Timestamp;

pub(crate) fn day_of(moment: Timestamp, zone: &TimeZone) -> i64 {
    number(moment.to_jiff().to_zoned(zone.clone()).date())
}

pub(crate) fn day_before(moment: Timestamp, zone: &TimeZone) -> i64 {
    let today = moment.to_jiff().to_zoned(zone.clone()).date();
    today.yesterday().map_or(0, number)
}

pub(crate) fn number(date: Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// As an address names it: `2026-11-21`.
pub(crate) fn written(day: i64) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}

/// None for what is no day.
pub(crate) fn read(text: &str) -> Option<i64> {
    text.trim().parse::<Date>().ok().map(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_that_of_the_companys_own_clock() {
        let moscow = TimeZone::get("Europe/Moscow").expect("a zone");
        let late: Timestamp = "2026-10-31T21:30:00Z".parse().expect("a moment");
        assert_eq!(day_of(late, &moscow), 20_261_101);
        assert_eq!(day_of(late, &TimeZone::UTC), 20_261_031);
        assert_eq!(day_before(late, &moscow), 20_261_031);
        assert_eq!(read(&written(20_261_101)), Some(20_261_101));
        assert_eq!(read("yesterday"), None);
    }
}
