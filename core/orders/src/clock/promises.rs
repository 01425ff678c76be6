use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Result, Timestamp};
use takt_staff::{calendar::Calendar, settings};
use takt_store::Query;

use crate::{holder::Milestone, order::Order, terms::Terms};

/// The company's setting with its [`Promises`].
pub const SETTING: &str = "orders.promises";
const DAY_SECONDS: i64 = 86_400;
const MINUTE_SECONDS: i64 = 60;

/// How long something may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowance {
    /// Minutes while the company is open.
    WorkingMinutes(i64),
    /// The same time of day so many days after the company was first open; when it is closed then,
    /// its next opening.
    Days(i64),
}

/// What the company promises, each counted from the money (or from the order, when nothing is owed
/// before packing).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Promises {
    pub confirmed: Allowance,
    pub ready: Allowance,
    pub delivered: Allowance,
}

impl Default for Promises {
    fn default() -> Self {
        Self {
            confirmed: Allowance::WorkingMinutes(15),
            ready: Allowance::WorkingMinutes(60),
            delivered: Allowance::Days(1),
        }
    }
}

impl Promises {
    /// # Errors
    /// Faults of the store.
    pub fn of(db: &mut dyn Query, company: CompanyId) -> Result<Self> {
        Ok(settings::get(db, company, SETTING)?.unwrap_or_default())
    }

    /// By when the next milestone is promised. A deferred order is promised to be looked at again;
    /// an unpaid prepaid one waits for the buyer, to whom nothing is promised yet.
    pub fn due(&self, order: &Order, calendar: &Calendar) -> Option<Timestamp> {
        if order.deferred_until.is_some() {
            return order.deferred_until;
        }
        let allowance = match order.standing().milestone()? {
            Milestone::Paid => return paid_by(order),
            Milestone::Confirmed => self.confirmed,
            Milestone::Ready => self.ready,
            Milestone::Delivered => self.delivered,
        };
        Some(allowance.from(order.started_at?, calendar))
    }
}

impl Allowance {
    pub fn from(self, start: Timestamp, calendar: &Calendar) -> Timestamp {
        match self {
            Self::WorkingMinutes(minutes) => {
                calendar.add_working_seconds(start, minutes.saturating_mul(MINUTE_SECONDS))
            }
            Self::Days(days) => {
                let opened = next_open(start, calendar);
                next_open(opened.plus_seconds(days.saturating_mul(DAY_SECONDS)), calendar)
            }
        }
    }
}

fn next_open(moment: Timestamp, calendar: &Calendar) -> Timestamp {
    if calendar.is_open(moment) { moment } else { calendar.add_working_seconds(moment, 1).plus_seconds(-1) }
}

/// Credit runs from delivery; who pays the carrier has no date of ours.
fn paid_by(order: &Order) -> Option<Timestamp> {
    match order.terms {
        Terms::Credit { days } => Some(order.delivered_at?.plus_seconds(days.saturating_mul(DAY_SECONDS))),
        Terms::Prepaid | Terms::OnDelivery => None,
    }
}
