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
}
impl Fact for Taken {
    const KIND: &'static str = "tasks.taken";
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

pub(crate) const SAID: &[&str] = &[Opened::KIND, Taken::KIND, Released::KIND, Closed::KIND, Escalated::KIND];
