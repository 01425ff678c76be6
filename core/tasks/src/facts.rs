//! What this crate says, about the subject "task".

use serde::{Deserialize, Serialize};
use takt_kernel::{PersonId, Timestamp};
use takt_orders::OrderId;
use takt_staff::Role;
use takt_store::{Fact, Subject};

use crate::TaskId;

pub const SUBJECT: &str = "task";

pub(crate) fn subject(task: TaskId) -> Subject {
    Subject::new(SUBJECT, task.get())
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    pub kind: String,
    pub order: Option<OrderId>,
    pub role: Role,
    pub due_at: Timestamp,
}
impl Fact for Opened {
    const KIND: &'static str = "tasks.opened";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub kind: String,
    pub order: Option<OrderId>,
    /// None when the program itself took it.
    pub person: Option<PersonId>,
    /// It was given, for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leased_until: Option<Timestamp>,
}
impl Fact for Taken {
    const KIND: &'static str = "tasks.taken";
}

/// Nothing was done with what was given: it is asked of its role again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseEnded {
    pub kind: String,
    pub order: Option<OrderId>,
    /// Who had it.
    pub person: Option<PersonId>,
}
impl Fact for LeaseEnded {
    const KIND: &'static str = "tasks.lease_ended";
}

/// Somebody is away, or back: who does it is somebody else from now on. Nobody has it in hand then, unless it was
/// given back. Without person and role it is asked of its own role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rerouted {
    pub kind: String,
    pub order: Option<OrderId>,
    pub from: Option<PersonId>,
    pub to: Option<PersonId>,
    pub role: Option<Role>,
    /// Who was away has it in hand again.
    #[serde(default)]
    pub given_back: bool,
}
impl Fact for Rerouted {
    const KIND: &'static str = "tasks.rerouted";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    pub kind: String,
    pub order: Option<OrderId>,
}
impl Fact for Released {
    const KIND: &'static str = "tasks.released";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    pub kind: String,
    pub order: Option<OrderId>,
    /// A code: `done`, `order_cancelled`, or what the kind of task knows.
    pub outcome: String,
}
impl Fact for Closed {
    const KIND: &'static str = "tasks.closed";
}

/// The deadline went by, and somebody higher is asked as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalated {
    pub kind: String,
    pub order: Option<OrderId>,
    pub from: Role,
    pub to: Role,
    pub due_at: Timestamp,
}
impl Fact for Escalated {
    const KIND: &'static str = "tasks.escalated";
}

pub(crate) const SAID: &[&str] = &[
    Opened::KIND,
    Taken::KIND,
    LeaseEnded::KIND,
    Rerouted::KIND,
    Released::KIND,
    Closed::KIND,
    Escalated::KIND,
];
