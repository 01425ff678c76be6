//! Where a shop's lists and ours are not the same. Every path that compares says what it compared
//! ([`compared`]); what differs stands here until both agree again or somebody decided.
//!
//! Invariants: one row for each field of each thing; a difference that was decided for ours is not opened again
//! before the shop says something new; no value that is a person's is kept. A connector fills in a
//! [`Reconciler`], which looks again and takes theirs through the verbs and guards of the desk.

mod again;
mod decide;
mod queries;
mod theirs;
pub mod words;

pub(crate) use again::{LISTENER, NEEDED, forget_resolved, look};
pub use again::{compared, forget_person, look_again};
pub(crate) use decide::decide;
pub use queries::open_fields;
pub(crate) use queries::{Filter, get, list, open_of_connections};
pub use theirs::Theirs;

use takt_kernel::{Id, Result, Slot, Timestamp};
use takt_staff::SettingsCaller;
use takt_store::{Query, Tx};

use crate::{Connection, ConnectionId};

pub enum DifferenceTag {}
pub type DifferenceId = Id<DifferenceTag>;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Order,
    Customer,
    Offer,
    Stock,
}

impl Subject {
    pub const ALL: [Self; 4] = [Self::Order, Self::Customer, Self::Offer, Self::Stock];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Customer => "customer",
            Self::Offer => "offer",
            Self::Stock => "stock",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.code() == code)
    }
}

/// Whose word about a field counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Shop,
    Takt,
}

impl Owner {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Takt => "takt",
        }
    }

    fn from_code(code: &str) -> Self {
        if code == Self::Shop.code() { Self::Shop } else { Self::Takt }
    }
}

/// One thing that both know.
#[derive(Clone, Debug)]
pub struct Thing {
    pub subject: Subject,
    /// In the shop's words.
    pub external_id: String,
    /// Of the order, the customer, the offer.
    pub own: Option<i64>,
}

/// One field of it that was compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// A word of the texts: `connections-field-{name}`.
    pub name: &'static str,
    pub owner: Owner,
    /// Whether what it holds is a person's: then it is shown, and not kept.
    pub personal: bool,
    pub differs: bool,
    /// The shop has not said this of it before.
    pub anew: bool,
    pub theirs: Option<String>,
    pub ours: Option<String>,
}

impl Field {
    pub fn new(name: &'static str, owner: Owner, theirs: impl Into<String>, ours: impl Into<String>) -> Self {
        let (theirs, ours) = (theirs.into(), ours.into());
        let filled = |text: String| Some(text).filter(|text| !text.is_empty());
        let differs = theirs != ours;
        Self {
            name,
            owner,
            personal: false,
            differs,
            anew: false,
            theirs: filled(theirs),
            ours: filled(ours),
        }
    }

    pub fn personal(self) -> Self {
        Self { personal: true, ..self }
    }

    /// What the shop said of the same thing before, compared in the same way.
    #[must_use]
    pub fn since(self, before: &[Self]) -> Self {
        let was = before.iter().find(|field| field.name == self.name);
        Self { anew: was.is_none_or(|was| was.theirs != self.theirs), ..self }
    }

    /// Whether they differ is known better than by their words.
    pub fn differs(self, differs: bool) -> Self {
        Self { differs, ..self }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    Agreed,
    Theirs,
    Ours,
}

impl Resolution {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Theirs => "theirs",
            Self::Ours => "ours",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Agreed, Self::Theirs, Self::Ours].into_iter().find(|known| known.code() == code)
    }
}

#[derive(Clone, Debug)]
pub struct Difference {
    pub id: DifferenceId,
    pub connection: ConnectionId,
    pub thing: Thing,
    pub field: String,
    pub owner: Owner,
    /// None also where it is a person's.
    pub theirs: Option<String>,
    pub ours: Option<String>,
    pub first_seen_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub resolved: Option<(Timestamp, Resolution)>,
}

/// Each connector whose shops are compared with ours fills in one.
pub const RECONCILERS: Slot<Reconciler> = Slot::new("connections.reconcilers");

#[derive(Clone, Copy)]
pub struct Reconciler {
    /// The code of a [`crate::Kind`].
    pub kind: &'static str,
    /// How a thing stands now, field by field; nothing when it cannot be told any more.
    pub look: fn(&mut dyn Query, &Connection, &Thing) -> Result<Vec<Field>>,
    /// What the shop says becomes ours, through the guards of the desk and with the rights of the person.
    pub take: fn(&mut Tx<'_>, &SettingsCaller, &Connection, &Thing, field: &str) -> Result<()>,
    /// Ours stays. Where we write to the shop, it is written.
    pub keep: fn(&mut Tx<'_>, &Connection, &Thing, field: &str) -> Result<()>,
}
