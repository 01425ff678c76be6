//! The regulation as one document: prose for people and rules for the program, read into what can be
//! asked "what is to be done now?". Pure: a fact and a look at the world in, deeds out; no clock, no
//! database.
//!
//! ````markdown
//! ## 2. The money has come
//! A paid order is picked and its buyer called within 15 working minutes.
//!
//! - [ ] **before ready:** The address is complete
//! - [ ] The time is agreed
//!
//! ```script
//! Good day! Your order is paid and all of it is here.
//! ```
//!
//! ```rule call-the-buyer
//! when = ["orders.paid", { fact = "orders.placed", if = "fact.terms != 'prepaid'" }]
//! if = ["order.may_be_packed", "!order.left"]
//! then = [{ do = "tasks.open", kind = "call", role = "manager", due = "15 min" }]
//! ```
//! ````
//!
//! Or a rule waits for a state to last, in a calendar of the company:
//!
//! ````markdown
//! ```rule long-unconfirmed
//! while = ["order.may_be_packed", "!order.confirmed"]
//! for = "30 min"
//! then = [{ do = "tasks.open", kind = "long_unconfirmed", role = "manager", due = "15 min" }]
//! after = [{ do = "tasks.close", kind = "long_unconfirmed", outcome = "over" }]
//! ```
//! ````
//!
//! Headings are clauses; text, scripts and checklists beneath them are for people, and an item with
//! **before …** has to be ticked first. A rule is TOML;
//! each condition is one expression of CEL and all of them must hold, so that every line of a rule is
//! a line of its explanation. What facts, fields and actions there are is told by a [`Vocabulary`]:
//! the language knows nothing of orders.
//!
//! Start reading at [`Playbook::parse`], [`Playbook::decide`] and, for what lasts, [`Playbook::hear`].

mod checklist;
mod checks;
mod condition;
mod decide;
mod document;
mod gap;
mod lasting;
mod playbook;
mod problem;
mod quick;
mod reading;
mod rule;
mod value;
mod vocabulary;

pub use checklist::{Before, Item};
pub use checks::Known;
pub use decide::{Decision, Effect, Looked, Verdict};
pub use document::{Clause, LARGEST_TEXT};
pub use gap::{Gap, gap};
pub use lasting::{Hours, Moment, Occasion, Passes, Progress, Step, Turn};
pub use playbook::Playbook;
pub use problem::Problem;
pub use rule::{Act, Rule, When};
pub use value::{Kind, LONGEST_MINUTES, Rung, Value};
pub use vocabulary::{ActionWord, ArgumentWord, FactWord, FieldWord, Fit, Need, Undoing, Vocabulary};

/// What problems are called, for people.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];
