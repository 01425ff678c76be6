use std::{fmt, str::FromStr};

use jiff::{civil::Date, tz::TimeZone};
use takt_kernel::{Fault, Result, Timestamp};

/// A month of the calendar, as `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    pub fn of(moment: Timestamp, zone: &TimeZone) -> Self {
        let date = zone.to_datetime(moment.to_jiff()).date();
        Self { year: date.year(), month: date.month() }
    }

    #[must_use]
    pub const fn before(self) -> Self {
        if self.month == 1 {
            Self { year: self.year - 1, month: 12 }
        } else {
            Self { year: self.year, month: self.month - 1 }
        }
    }

    /// As it stands in rows: 202611.
    pub fn number(self) -> i64 {
        i64::from(self.year) * 100 + i64::from(self.month)
    }
}

impl FromStr for Month {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self> {
        let malformed = || Fault::invalid("promises.month_malformed").arg("given", text);
        let date: Date = format!("{}-01", text.trim()).parse().map_err(|_| malformed())?;
        if !(2000..=2200).contains(&date.year()) {
            return Err(malformed());
        }
        Ok(Self { year: date.year(), month: date.month() })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}
