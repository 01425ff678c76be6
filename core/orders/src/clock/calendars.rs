//! Whose hours promises count: the company's usual ones, and those of the calendars that milestones name.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Result};
use takt_staff::calendar::{Calendar, all_named};
use takt_store::Query;

use super::promises::{MilestoneRule, Promises};

#[derive(Clone, Debug)]
pub struct Calendars {
    pub usual: Calendar,
    named: BTreeMap<String, Calendar>,
}

impl Calendars {
    /// All that these promises are counted by.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn of(db: &mut dyn Query, company: CompanyId, promises: &Promises) -> Result<Self> {
        let usual = Calendar::of(db, company)?;
        let wanted: Vec<&str> =
            promises.milestones.iter().filter_map(|rule| rule.calendar.as_deref()).collect();
        // Few companies name any.
        let known = if wanted.is_empty() { Vec::new() } else { all_named(db, company)? };
        let named = known
            .into_iter()
            .filter(|known| wanted.contains(&known.name.as_str()))
            .map(|known| (known.name, known.calendar))
            .collect();
        Ok(Self { usual, named })
    }

    /// As [`Calendars::of`], for one milestone.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn of_rule(db: &mut dyn Query, company: CompanyId, rule: &MilestoneRule) -> Result<Calendar> {
        match Calendar::by_name(db, company, rule.calendar.as_deref()) {
            Err(fault) if fault.is("staff.calendar_missing") => Calendar::of(db, company),
            known => known,
        }
    }

    /// The hours that a milestone counts. Where its calendar is gone they are the usual ones: an order is never
    /// refused over a deadline.
    pub fn by(&self, rule: &MilestoneRule) -> &Calendar {
        rule.calendar.as_deref().and_then(|name| self.named.get(name)).unwrap_or(&self.usual)
    }
}

impl From<Calendar> for Calendars {
    fn from(usual: Calendar) -> Self {
        Self { usual, named: BTreeMap::new() }
    }
}
