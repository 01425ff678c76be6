//! Dates and times of the protocol: the wall clock of the company, without an offset.

use jiff::{civil::DateTime, tz::TimeZone};
use takt_kernel::Timestamp;

const FORMAT: &str = "%Y-%m-%d %H:%M:%S";

pub(crate) fn written(at: Timestamp, zone: &TimeZone) -> String {
    let shown = jiff::Timestamp::from_microsecond(at.micros()).map(|at| at.to_zoned(zone.clone()));
    shown.map(|at| at.strftime(FORMAT).to_string()).unwrap_or_default()
}

/// `2026-11-21 20:03:12`, or a date alone, which is its midnight. A time with its offset is that moment.
pub(crate) fn read(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp::from_micros(at.as_microsecond()));
    }
    let civil = DateTime::strptime(FORMAT, text)
        .or_else(|_| DateTime::strptime("%Y-%m-%d", text).or_else(|_| text.parse()))
        .ok()?;
    let at = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
    Some(Timestamp::from_micros(at.as_microsecond()))
}

/// Moments of the protocol have no fractions: the last of them is meant with all of its second.
pub(crate) fn to_its_end(at: Timestamp) -> Timestamp {
    const SECOND: i64 = 1_000_000;
    Timestamp::from_micros(at.micros().div_euclid(SECOND).saturating_mul(SECOND).saturating_add(SECOND - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_modules_write_them() {
        let zone = TimeZone::get("Europe/Moscow").expect("a zone");
        for (given, read_as) in [
            ("2026-11-21 20:03:12", Some("2026-11-21 20:03:12")),
            (" 2026-11-21 ", Some("2026-11-21 00:00:00")),
            ("2026-11-21T20:03:12", Some("2026-11-21 20:03:12")),
            ("2026-11-21 20:03:12.000000", Some("2026-11-21 20:03:12")),
            ("2026-11-21T20:03:12+05:00", Some("2026-11-21 18:03:12")),
            ("2026-11-21T17:03:12Z", Some("2026-11-21 20:03:12")),
            ("0000-00-00 00:00:00", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(read(given, &zone).map(|at| written(at, &zone)).as_deref(), read_as, "{given}");
        }
    }
}
