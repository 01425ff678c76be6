//! A question as an address says it, and back.

use serde::{Deserialize, Serialize};
use takt_kernel::{Result, Timestamp};
use takt_staff::{Caller, Scope};

use crate::{
    dimension::{Basis, Dimension},
    period::{Day, Days},
    question::{Over, Question},
    rights::SeeSlices,
};

/// How a filter by nothing (orders without a city) is written.
const NOTHING: &str = "~";

macro_rules! asked {
    ($($field:ident),+ ; $($filter:ident = $dimension:ident),+ $(,)?) => {
        #[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
        #[serde(default)]
        pub(super) struct Asked {
            $(#[serde(skip_serializing_if = "String::is_empty")] pub $field: String,)+
            $(#[serde(skip_serializing_if = "String::is_empty")] pub $filter: String,)+
        }

        impl Asked {
            fn filter(&self, dimension: Dimension) -> &str {
                match dimension { $(Dimension::$dimension => &self.$filter),+ }
            }

            fn filter_of(&mut self, dimension: Dimension) -> &mut String {
                match dimension { $(Dimension::$dimension => &mut self.$filter),+ }
            }
        }
    };
}

asked! {
    by, cross, of, period, from, to, base, base_from, base_to, show, links;
    city = City, product = Product, category = Category, status = Status, stage = Stage, shop = Shop, source = Source,
    operator = Operator, carrier = Carrier, terms = Terms, reason = Reason, hour = Hour, weekday = Weekday, day = Day,
    week = Week, month = Month,
}

/// What a chart and the cells of a cross table show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Orders,
    Revenue,
    Units,
    Average,
    Cancelled,
    Completed,
}

impl Measure {
    pub const ALL: [Self; 6] =
        [Self::Orders, Self::Revenue, Self::Units, Self::Average, Self::Cancelled, Self::Completed];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Revenue => "revenue",
            Self::Units => "units",
            Self::Average => "average",
            Self::Cancelled => "cancelled",
            Self::Completed => "completed",
        }
    }
}

pub(super) const PERIODS: [&str; 7] =
    ["today", "yesterday", "week", "month", "last-month", "quarter", "year"];
pub(super) const BASES: [&str; 2] = ["before", "year"];

/// What is asked for, with everything that was left out.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub scope: Scope,
    pub question: Question,
    pub base: Option<Days>,
    pub measure: Measure,
}

impl Asked {
    pub fn wanted(&self, caller: &Caller, now: Timestamp) -> Result<Wanted> {
        let scope = caller.scope_where::<SeeSlices>()?;
        let days = self.days(Day::of(now, &caller.zone))?;
        let by = match self.by.trim() {
            "" => Dimension::Day,
            given => Dimension::from_code(given)?,
        };
        let cross = match self.cross.trim() {
            "" => None,
            given => Some(Dimension::from_code(given)?).filter(|cross| *cross != by),
        };
        let basis = match self.of.trim() {
            "" => Basis::Placed,
            given => Basis::from_code(given)?,
        };
        let filters = Dimension::ALL.iter().filter_map(|dimension| match self.filter(*dimension) {
            "" => None,
            NOTHING => Some((*dimension, String::new())),
            value => Some((*dimension, value.to_owned())),
        });
        let filters = filters.collect();
        let measure = Measure::ALL.into_iter().find(|measure| measure.code() == self.show);
        Ok(Wanted {
            question: Question { by, cross, basis, days, filters, links: self.links == "1" },
            base: self.base(days)?,
            measure: measure.unwrap_or(Measure::Orders),
            scope,
        })
    }

    pub fn days(&self, today: Day) -> Result<Days> {
        if !self.from.trim().is_empty() || !self.to.trim().is_empty() {
            let to = if self.to.trim().is_empty() { today } else { self.to.parse()? };
            let from = if self.from.trim().is_empty() { to } else { self.from.parse()? };
            return Ok(Days::new(from, to));
        }
        let first = today.first_of_month();
        Ok(match self.period.as_str() {
            "today" => Days::new(today, today),
            "yesterday" => Days::new(today.plus(-1), today.plus(-1)),
            "week" => Days::new(today.monday(), today.monday().plus(6)),
            "last-month" => Days::new(first.plus_months(-1), first.plus(-1)),
            "quarter" => {
                let quarter = today.first_of_quarter();
                Days::new(quarter, quarter.plus_months(3).plus(-1))
            }
            "year" => Days::new(today.first_of_year(), today.first_of_year().plus_months(12).plus(-1)),
            _ => Days::new(first, today.last_of_month()),
        })
    }

    fn base(&self, days: Days) -> Result<Option<Days>> {
        if !self.base_from.trim().is_empty() {
            let from: Day = self.base_from.parse()?;
            let to = if self.base_to.trim().is_empty() {
                from.plus(days.length() - 1)
            } else {
                self.base_to.parse()?
            };
            return Ok(Some(Days::new(from, to)));
        }
        Ok(match self.base.as_str() {
            "before" => Some(days.before()),
            "year" => Some(days.a_year_before()),
            _ => None,
        })
    }

    /// The same with only the orders of a value.
    pub fn only(&self, dimension: Dimension, value: &str) -> Self {
        let mut asked = self.clone();
        *asked.filter_of(dimension) = if value.is_empty() { NOTHING.to_owned() } else { value.to_owned() };
        asked
    }

    pub fn without(&self, dimension: Dimension) -> Self {
        let mut asked = self.clone();
        asked.filter_of(dimension).clear();
        asked
    }

    pub fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

impl Wanted {
    pub fn over(&self) -> Over {
        let owner = match &self.scope {
            Scope::Company { company, .. } => *company,
            Scope::Desk { desk, .. } => *desk,
        };
        Over { owner, companies: self.scope.companies().to_vec() }
    }
}
