//! Dates and times of the protocol: the wall clock of the company, without an offset.

use jiff::{civil::DateTime, tz::TimeZone};
use takt_kernel::Timestamp;

const FORMAT: &str = "%Y-%m-%d %H:%M:%S";

pub(crate) fn written(at: Timestamp, zone: &TimeZone) -> String {
    let Ok(at) = jiff::Timestamp::from_microsecond(at.micros()) else { return String::new() };
    figures(zone.to_datetime(at))
}

/// As [`FORMAT`] has it. Lists write hundreds of these.
fn figures(at: DateTime) -> String {
    let mut text = String::with_capacity("2026-11-21 20:03:12".len());
    let mut put = |before: &str, number: i16, tens: i16| {
        text.push_str(before);
        let mut ten = tens;
        while ten > 0 {
            text.push(char::from(b'0' + u8::try_from(number / ten % 10).unwrap_or_default()));
            ten /= 10;
        }
    };
    if at.year() < 0 {
        return at.strftime(FORMAT).to_string();
    }
    put("", at.year(), 1_000);
    for (before, number) in
        [("-", at.month()), ("-", at.day()), (" ", at.hour()), (":", at.minute()), (":", at.second())]
    {
        put(before, i16::from(number), 10);
    }
    text
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
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn times_are_written_as_their_format_says(second in -80_000_000_000..250_000_000_000_i64) {
            let zone = TimeZone::get("Europe/Moscow").expect("a zone");
            let at = jiff::Timestamp::from_second(second).expect("a moment");
            let expected = at.to_zoned(zone.clone()).strftime(FORMAT).to_string();
            prop_assert_eq!(written(at.into(), &zone), expected);
        }
    }

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
