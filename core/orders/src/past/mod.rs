//! An order as it stood at any moment of its life, out of its facts alone: pure and without a database,
//! so that rules can be asked about the past and a page can show it.
//!
//! What facts never hold is empty here: contact, words, free fields. What some of them do not tell
//! (the parts of a total, the tax and discount of a line) stays zero. What comes next is what the company promised,
//! so it is asked with those promises. Moments are those of the facts: the
//! facts of one command stand a microsecond apart, its row knows only the first.
//!
//! Invariant: for whatever a rule can ask, the fold of all facts is the row (a test of the simulation
//! holds them against each other after every step).

mod apply;
mod lines;

pub use lines::PastLine;

use takt_kernel::{
    Result, Timestamp,
    money::{Money, Quantity},
};
use takt_store::{Query, RecordedFact};

use crate::{
    clock::{self, Next, Promises},
    facts,
    holder::{Holder, Milestone},
    order::{Order, OrderId},
    statuses::Status,
};

/// Facts of one order that are read at once; no honest order has more.
pub const MOST_FACTS: i64 = 5_000;

#[derive(Clone, Debug)]
pub struct Past {
    pub order: Order,
    pub lines: Vec<PastLine>,
    /// How many facts of the order were taken in, and when the last was said.
    pub n: i64,
    pub at: Timestamp,
    /// Counts how often its promise began anew: with its money, and when it woke up.
    pub round: i64,
}

impl Past {
    /// The order after these facts, which are those of one order from the first on, in order. `None` before
    /// it was placed.
    ///
    /// # Errors
    /// `store.fact_unreadable`.
    pub fn of<'f>(facts: impl IntoIterator<Item = &'f RecordedFact>) -> Result<Option<Self>> {
        let mut past: Option<Self> = None;
        for fact in facts {
            match &mut past {
                Some(past) => past.apply(fact)?,
                None => past = Self::begin(fact)?,
            }
        }
        Ok(past)
    }

    /// The order at its first fact; `None` for any other fact.
    ///
    /// # Errors
    /// `store.fact_unreadable`.
    pub fn begin(fact: &RecordedFact) -> Result<Option<Self>> {
        match fact.kind.as_str() {
            facts::PLACED => apply::placed(fact).map(Some),
            facts::RECORDED => apply::recorded(fact).map(Some),
            _ => Ok(None),
        }
    }

    /// Takes the next fact in. Those that others say about the order change nothing.
    ///
    /// # Errors
    /// `store.fact_unreadable`.
    pub fn apply(&mut self, fact: &RecordedFact) -> Result<()> {
        (self.n, self.at) = (fact.n, fact.at);
        apply::apply(self, fact)
    }

    /// Who was waited for.
    pub fn holder(&self) -> Option<Holder> {
        self.order.standing().holder()
    }

    /// What came next, by what the company promised then.
    pub fn milestone(&self, promises: &Promises, statuses: &[Status]) -> Option<Milestone> {
        let passed = |code: &str| clock::has_passed(statuses, &self.order.status, code);
        match promises.next(&self.order.standing(), &passed) {
            Next::Nothing => None,
            Next::Money => Some(Milestone::PAID),
            Next::Milestone(rule) => Some(rule.milestone()),
        }
    }

    /// Σ of what is still wanted of its lines.
    pub fn units(&self) -> Quantity {
        let sum = self.lines.iter().map(|line| line.quantity.thousandths()).fold(0_i64, i64::saturating_add);
        Quantity::from_thousandths(sum)
    }

    pub fn total(&self) -> Money {
        self.order.total
    }
}

/// The facts of an order, for [`Past::of`].
///
/// # Errors
/// Faults of the store.
pub fn facts_of(
    db: &mut dyn Query,
    company: takt_kernel::CompanyId,
    order: OrderId,
) -> Result<Vec<RecordedFact>> {
    takt_store::facts::of_subject(db, company, facts::SUBJECT, order.get(), 0, MOST_FACTS)
}
