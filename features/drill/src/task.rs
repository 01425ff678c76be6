//! The eight tasks, and by which fact each is done.

use takt_kernel::PersonId;
use takt_orders::{OrderId, facts as orders};
use takt_store::RecordedFact;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// Find an order by a phone number and leave a word on it.
    Find,
    /// Read who holds an order, and tell it.
    Holder,
    /// Take an order by phone.
    Phone,
    Confirm,
    /// Match a payment that waits.
    Match,
    /// Pack an order and hand it over.
    Ship,
    /// Answer a question in a comment.
    Answer,
    /// Read how many orders are in work, and tell it.
    Count,
}

impl Task {
    pub const ALL: [Self; 8] = [
        Self::Find,
        Self::Holder,
        Self::Phone,
        Self::Confirm,
        Self::Match,
        Self::Ship,
        Self::Answer,
        Self::Count,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Find => "find",
            Self::Holder => "holder",
            Self::Phone => "phone",
            Self::Confirm => "confirm",
            Self::Match => "match",
            Self::Ship => "ship",
            Self::Answer => "answer",
            Self::Count => "count",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.code() == code)
    }

    /// Where it is done.
    pub const fn href(self) -> &'static str {
        match self {
            Self::Find | Self::Holder | Self::Confirm | Self::Answer => "/orders",
            Self::Phone => "/orders/new",
            Self::Match => "/money",
            Self::Ship => "/pick",
            Self::Count => "/home",
        }
    }

    /// It is told on the page of the drill, since reading leaves no fact.
    pub const fn is_told(self) -> bool {
        matches!(self, Self::Holder | Self::Count)
    }

    /// Which task a fact finishes: it has to be said by the person who practises, and where it matters about the
    /// order that was made for it.
    pub(crate) fn of_fact(
        fact: &RecordedFact,
        person: PersonId,
        made_for: impl Fn(Self) -> Option<OrderId>,
    ) -> Option<Self> {
        if fact.actor.person() != Some(person) {
            return None;
        }
        let about = |task: Self| made_for(task).is_some_and(|order| order.get() == fact.subject_id);
        match fact.kind.as_str() {
            orders::COMMENTED => [Self::Find, Self::Answer].into_iter().find(|task| about(*task)),
            orders::PLACED => Some(Self::Phone),
            orders::CONFIRMED => Some(Self::Confirm).filter(|task| about(*task)),
            orders::PAID => Some(Self::Match),
            orders::SHIPPED => Some(Self::Ship).filter(|task| about(*task)),
            _ => None,
        }
    }
}
