use serde::{Deserialize, Serialize};
use takt_kernel::Timestamp;
use takt_staff::calendar::Calendar;

const MINUTE_SECONDS: i64 = 60;

/// How long something may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowance {
    /// Minutes while the company is open.
    WorkingMinutes(i64),
    /// Minutes by the clock on the wall, day and night.
    WallMinutes(i64),
    /// The same time of day so many days after the company was first open; when it is closed then,
    /// its next opening.
    Days(i64),
}

impl Allowance {
    pub const UNITS: [&'static str; 3] = ["working_minutes", "wall_minutes", "days"];
    pub const MOST_MINUTES: i64 = 60 * 24 * 366;
    pub const MOST_DAYS: i64 = 366;

    pub const fn unit(self) -> &'static str {
        match self {
            Self::WorkingMinutes(_) => "working_minutes",
            Self::WallMinutes(_) => "wall_minutes",
            Self::Days(_) => "days",
        }
    }

    pub const fn amount(self) -> i64 {
        match self {
            Self::WorkingMinutes(amount) | Self::WallMinutes(amount) | Self::Days(amount) => amount,
        }
    }

    /// None when there is no such unit, or more of it than anybody waits.
    pub fn of(unit: &str, amount: i64) -> Option<Self> {
        let allowance = match unit {
            "working_minutes" => Self::WorkingMinutes(amount),
            "wall_minutes" => Self::WallMinutes(amount),
            "days" => Self::Days(amount),
            _ => return None,
        };
        allowance.is_sensible().then_some(allowance)
    }

    pub const fn is_sensible(self) -> bool {
        match self {
            Self::WorkingMinutes(minutes) | Self::WallMinutes(minutes) => {
                minutes >= 1 && minutes <= Self::MOST_MINUTES
            }
            Self::Days(days) => days >= 1 && days <= Self::MOST_DAYS,
        }
    }

    pub fn from(self, start: Timestamp, calendar: &Calendar) -> Timestamp {
        match self {
            Self::WorkingMinutes(minutes) => {
                calendar.add_working_seconds(start, minutes.saturating_mul(MINUTE_SECONDS))
            }
            Self::WallMinutes(minutes) => start.plus_seconds(minutes.saturating_mul(MINUTE_SECONDS)),
            Self::Days(days) => {
                let opened = next_open(start, calendar);
                next_open(calendar.days_later(opened, days), calendar)
            }
        }
    }

    /// As [`Allowance::from`], without the time for which the buyer asked us to wait: what began before
    /// the promise was over makes it later by as much as it lasted.
    pub fn without(self, start: Timestamp, waits: &[Wait], calendar: &Calendar) -> Timestamp {
        let mut due = self.from(start, calendar);
        for wait in waits {
            let from = wait.from.max(start);
            if wait.to <= from || from >= due {
                continue;
            }
            due = match self {
                Self::WorkingMinutes(_) => {
                    calendar.add_working_seconds(due, calendar.open_seconds(from, wait.to))
                }
                Self::WallMinutes(_) => due.plus_micros(wait.to.micros_since(from)),
                Self::Days(_) => next_open(due.plus_micros(wait.to.micros_since(from)), calendar),
            };
        }
        due
    }
}

/// From when until when the buyer let us wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// The moment itself when the company is open then, else its next opening.
pub fn next_open(moment: Timestamp, calendar: &Calendar) -> Timestamp {
    if calendar.is_open(moment) { moment } else { calendar.add_working_seconds(moment, 1).plus_seconds(-1) }
}
