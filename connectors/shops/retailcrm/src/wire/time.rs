//! Dates and times of the protocol: the wall clock of the company, without an offset.

use jiff::{civil::DateTime, tz::TimeZone};
use takt_kernel::Timestamp;

const FORMAT: &str = "%Y-%m-%d %H:%M:%S";

pub(crate) fn written(at: Timestamp, zone: &TimeZone) -> String {
    let shown = jiff::Timestamp::from_microsecond(at.micros()).map(|at| at.to_zoned(zone.clone()));
    shown.map(|at| at.strftime(FORMAT).to_string()).unwrap_or_default()
}

/// `2026-11-21 20:03:12`, or a date alone, which is its midnight.
pub(crate) fn read(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    let civil = DateTime::strptime(FORMAT, text)
        .or_else(|_| DateTime::strptime("%Y-%m-%d", text).or_else(|_| text.parse()))
        .ok()?;
    let at = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
    Some(Timestamp::from_micros(at.as_microsecond()))
}
