//! Hours of one day and of a week, in local wall-clock time, as people write them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use takt_kernel::{Fault, Result};

pub const DAY_SECONDS: i64 = 86_400;

/// From inclusive to exclusive, in seconds since local midnight; `to` may be 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: i64,
    pub to: i64,
}

/// The open spans of one day: `9:00-13:00, 14:00-18:00`. No spans is a closed day. A night shift is
/// two spans: until 24:00, and from 0:00 of the next day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayHours(Vec<Span>);

impl DayHours {
    pub const CLOSED: Self = Self(Vec::new());

    pub fn all_day() -> Self {
        Self(vec![Span { from: 0, to: DAY_SECONDS }])
    }
    pub fn spans(&self) -> &[Span] {
        &self.0
    }
    pub fn is_closed(&self) -> bool {
        self.0.is_empty()
    }

    /// The day before a holiday: the last `seconds` of work fall away.
    #[must_use]
    pub fn shortened_by(&self, mut seconds: i64) -> Self {
        let mut spans = self.0.clone();
        while seconds > 0 {
            let Some(last) = spans.last_mut() else { break };
            let cut = seconds.min(last.to - last.from);
            last.to -= cut;
            seconds -= cut;
            if last.to == last.from {
                spans.pop();
            }
        }
        Self(spans)
    }
}

impl FromStr for DayHours {
    type Err = Fault;
    /// # Errors
    /// `staff.hours_malformed`, `staff.hours_overlap`.
    fn from_str(text: &str) -> Result<Self> {
        let malformed = || Fault::invalid("staff.hours_malformed").arg("given", text);
        let mut spans = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (from, to) = part.split_once(['-', '–', '—']).ok_or_else(malformed)?;
            let span = Span {
                from: clock_seconds(from).ok_or_else(malformed)?,
                to: clock_seconds(to).ok_or_else(malformed)?,
            };
            if span.from >= span.to {
                return Err(malformed());
            }
            spans.push(span);
        }
        if spans.windows(2).any(|pair| pair[1].from < pair[0].to) {
            return Err(Fault::invalid("staff.hours_overlap").arg("given", text));
        }
        Ok(Self(spans))
    }
}

/// `9:00`, `09:30`, `24:00`, `9`.
fn clock_seconds(text: &str) -> Option<i64> {
    let (hours, minutes) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
    let digits = |part: &str, most: i64| {
        let plain = !part.is_empty() && part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| part.parse::<i64>().ok()).flatten().filter(|number| *number <= most)
    };
    let seconds = digits(hours, 24)? * 3600 + digits(minutes, 59)? * 60;
    (seconds <= DAY_SECONDS).then_some(seconds)
}

impl fmt::Display for DayHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, span) in self.0.iter().enumerate() {
            let separator = if place == 0 { "" } else { ", " };
            let clock = |seconds: i64| format!("{:02}:{:02}", seconds / 3600, seconds % 3600 / 60);
            write!(f, "{separator}{}-{}", clock(span.from), clock(span.to))?;
        }
        Ok(())
    }
}
impl Serialize for DayHours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for DayHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Hours from Monday to Sunday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week(pub [DayHours; 7]);

impl Week {
    /// Monday to Friday, 9 to 18.
    pub fn office() -> Self {
        let day = DayHours(vec![Span { from: 9 * 3600, to: 18 * 3600 }]);
        Self(std::array::from_fn(|weekday| if weekday < 5 { day.clone() } else { DayHours::CLOSED }))
    }
    pub fn round_the_clock() -> Self {
        Self(std::array::from_fn(|_| DayHours::all_day()))
    }
    pub fn on(&self, weekday: jiff::civil::Weekday) -> &DayHours {
        &self.0[usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0)]
    }
    pub fn first_working_day(&self) -> &DayHours {
        self.0.iter().find(|day| !day.is_closed()).unwrap_or(&self.0[0])
    }
    pub fn is_always_closed(&self) -> bool {
        self.0.iter().all(DayHours::is_closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (given, expected) in [
            ("9-18", "09:00-18:00"),
            ("9:00–13:00, 14:00–18:30", "09:00-13:00, 14:00-18:30"),
            ("0:00-24:00", "00:00-24:00"),
            ("", ""),
        ] {
            assert_eq!(given.parse::<DayHours>().expect(given).to_string(), expected);
        }
        for given in ["18-9", "9:60-10", "25-26", "9", "9-9", "24:30-25:00", "9:00-10:00:00", "-9-10"] {
            assert!(
                given.parse::<DayHours>().is_err_and(|fault| fault.is("staff.hours_malformed")),
                "{given}"
            );
        }
        assert!("9-13, 12-18".parse::<DayHours>().is_err_and(|fault| fault.is("staff.hours_overlap")));
    }

    #[test]
    fn a_short_day_loses_its_end() {
        for (given, expected) in
            [("9-18", "09:00-17:00"), ("9-13, 17:30-18", "09:00-12:30"), ("9:00-9:30", ""), ("", "")]
        {
            let hours: DayHours = given.parse().expect(given);
            assert_eq!(hours.shortened_by(3600).to_string(), expected, "{given}");
        }
    }
}
