//! Working time of an organisation, exact to the microsecond: which moments are open, and when so
//! many open seconds will have passed.
//!
//! Days are counted by the wall clock of an IANA zone and turned into moments one border at a time,
//! so a day of 23 or 25 hours needs no rule of its own. A border that the clock skips is the moment
//! of the skip; one that comes twice is its first coming. Holidays are looked up, not stored, so
//! coming years need nobody to fill them in; an exception for a date overrules everything.
//!
//! Invariant: `open_seconds(from, add_working_seconds(from, n)) == n`.

mod hours;
mod named;
mod store;

pub use hours::{DAY_SECONDS, DayHours, Span, Week};
pub use named::{NamedCalendar, NewCalendar, all_named, exceptions_from, remove_named, save_named};
pub(crate) use store::seed;
pub use store::{Exception, date, edit, exceptions, remove_exception, set_exception};

use std::collections::BTreeMap;

use jiff::{SignedDuration, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use takt_kernel::{Fault, Result, Timestamp};

/// Work on the day before a Russian holiday ends an hour earlier (Labour Code, article 95).
const SHORT_DAY_CUT_SECONDS: i64 = 3600;
/// How far ahead deadlines are looked for; beyond it the last moment looked at is the answer.
const HORIZON_DAYS: usize = 400 * 366;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// Whose public holidays close the organisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holidays {
    #[default]
    None,
    /// The federal production calendar of Russia: holidays, moved days off, working Saturdays and
    /// short days.
    Russia,
}

impl Holidays {
    pub const ALL: [Self; 2] = [Self::None, Self::Russia];

    pub const fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Russia => "russia",
        }
    }
    pub fn from_code(code: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|holidays| holidays.code() == code)
            .ok_or_else(|| Fault::invalid("staff.holidays_unknown").arg("given", code))
    }
}

#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    week: Week,
    holidays: Holidays,
    exceptions: BTreeMap<Date, DayHours>,
}

impl Calendar {
    /// # Errors
    /// `staff.calendar_always_closed`: no deadline could ever be met in it.
    pub fn new(
        zone: TimeZone,
        week: Week,
        holidays: Holidays,
        exceptions: BTreeMap<Date, DayHours>,
    ) -> Result<Self> {
        if week.is_always_closed() {
            return Err(Fault::invalid("staff.calendar_always_closed"));
        }
        Ok(Self { zone, week, holidays, exceptions })
    }

    pub fn round_the_clock(zone: TimeZone) -> Self {
        Self { zone, week: Week::round_the_clock(), holidays: Holidays::None, exceptions: BTreeMap::new() }
    }

    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
    pub fn week(&self) -> &Week {
        &self.week
    }
    pub fn holidays(&self) -> Holidays {
        self.holidays
    }

    /// The hours of one date, with holidays and exceptions.
    pub fn hours_on(&self, date: Date) -> DayHours {
        if let Some(hours) = self.exceptions.get(&date) {
            return hours.clone();
        }
        let usual = self.week.on(date.weekday());
        match self.holidays {
            Holidays::None => usual.clone(),
            Holidays::Russia => self.hours_in_russia(date, usual),
        }
    }

    fn hours_in_russia(&self, date: Date, usual: &DayHours) -> DayHours {
        let (Ok(month), Ok(day)) = (u8::try_from(date.month()), u8::try_from(date.day())) else {
            return usual.clone();
        };
        let Some(known) = holidays_ru::flags_ymd::<holidays_ru::Federal>(i32::from(date.year()), month, day)
        else {
            return usual.clone();
        };
        let flags = known.value();
        let weekend = date.weekday().to_monday_zero_offset() >= 5;
        let hours = if flags.is_holiday() || (!weekend && flags.is_day_off()) {
            DayHours::CLOSED
        } else if weekend && flags.is_working_day() && usual.is_closed() {
            self.week.first_working_day().clone()
        } else {
            usual.clone()
        };
        if flags.is_short_day() { hours.shortened_by(SHORT_DAY_CUT_SECONDS) } else { hours }
    }

    pub fn is_open(&self, at: Timestamp) -> bool {
        self.spans_after(at).next().is_some_and(|(from, _)| from <= at)
    }

    /// The same time of day so many days later, also where the clocks are set forward or back between them.
    pub fn days_later(&self, from: Timestamp, days: i64) -> Timestamp {
        let wall = from.to_jiff().to_zoned(self.zone.clone());
        let later = jiff::Span::new().try_days(days).and_then(|days| wall.checked_add(days));
        later.map_or_else(
            |_out_of_time| from.plus_seconds(days.saturating_mul(86_400)),
            |then| then.timestamp().into(),
        )
    }

    /// The moment at which `seconds` of open time will have passed since `from`: at the latest the
    /// closing, never the next opening. With nothing to wait for it is `from` itself.
    pub fn add_working_seconds(&self, from: Timestamp, seconds: i64) -> Timestamp {
        let mut left = seconds.saturating_mul(MICROS_PER_SECOND);
        let mut reached = from;
        if left <= 0 {
            return from;
        }
        for (opens, closes) in self.spans_after(from) {
            let start = opens.max(from);
            let open = closes.micros_since(start);
            if open >= left {
                return start.plus_micros(left);
            }
            left -= open;
            reached = closes;
        }
        reached
    }

    /// Whole open seconds between two moments; 0 when they are in the wrong order.
    pub fn open_seconds(&self, from: Timestamp, to: Timestamp) -> i64 {
        let micros: i64 =
            self.open_spans(from, to).into_iter().map(|(opens, closes)| closes.micros_since(opens)).sum();
        micros / MICROS_PER_SECOND
    }

    /// The open parts between two moments, in order; parts that touch are one.
    pub fn open_spans(&self, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        let mut spans: Vec<(Timestamp, Timestamp)> = Vec::new();
        if from >= to {
            return spans;
        }
        for (opens, closes) in self.spans_after(from) {
            if opens >= to {
                break;
            }
            let (opens, closes) = (opens.max(from), closes.min(to));
            match spans.last_mut() {
                Some(last) if last.1 == opens => last.1 = closes,
                Some(_) | None => spans.push((opens, closes)),
            }
        }
        spans
    }

    /// Spans that end after a moment, in order, unclipped.
    fn spans_after(&self, moment: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
        let today = self.zone.to_datetime(moment.to_jiff()).date();
        let first = today.checked_sub(1.day()).unwrap_or(today);
        first
            .series(1.day())
            .take(HORIZON_DAYS)
            .flat_map(move |date| {
                let hours = self.hours_on(date);
                let borders: Vec<_> = hours
                    .spans()
                    .iter()
                    .filter_map(|span| Some((self.moment(date, span.from)?, self.moment(date, span.to)?)))
                    .collect();
                borders
            })
            .filter(move |(opens, closes)| closes > opens && *closes > moment)
    }

    /// The first moment at which the wall clock shows at least this; none beyond the end of time.
    fn moment(&self, date: Date, seconds: i64) -> Option<Timestamp> {
        let midnight = date.to_datetime(jiff::civil::Time::midnight());
        let wall = midnight.checked_add(SignedDuration::from_secs(seconds)).ok()?;
        let ambiguous = self.zone.to_ambiguous_timestamp(wall);
        let skipped = matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Gap { .. });
        let moment = ambiguous.compatible().ok()?;
        if !skipped {
            return Some(moment.into());
        }
        let just_after = moment.checked_add(SignedDuration::from_secs(1)).ok()?;
        self.zone.preceding(just_after).next().map(|transition| transition.timestamp().into())
    }
}

#[cfg(test)]
mod tests;
