//! Tasks: what somebody of a role has to do, by when, mostly about an order.
//!
//! Owns the deadline and its escalation (operator, manager, owner). Does not know why a task was
//! opened: the playbook and other features do. Closing a task does nothing to the order by itself.
//!
//! Invariant: a task that is not closed has a timer until the owner was asked. Start reading at
//! [`open`].

mod commands;
pub mod facts;
mod queries;
mod reactions;
mod rights;
mod task;

pub use commands::{NewTask, close, close_all_for_order, close_for_order, escalate, open, release, take};
pub use queries::{Count, Filter, Page, Whose, count, get, list, of_order, roles_reached};
pub use rights::{DoTasks, ViewTasks};
pub use task::{State, Task};

pub enum TaskTag {}
pub type TaskId = takt_kernel::Id<TaskTag>;
