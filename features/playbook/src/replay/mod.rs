//! The past, asked again. The log tells of every order how it stood ([`takt_orders::past`]) and what the playbook
//! made of it ([`Looked`]); so a page can tell why something was done or not, and a document that nobody works
//! by yet can be asked what it would have done. Nothing here writes to an order or speaks to anybody.
//!
//! Start reading at [`walk`].

pub(crate) mod backtest;
pub(crate) mod board;
pub(crate) mod company;
pub(crate) mod evidence;
pub(crate) mod lasted;
pub(crate) mod path;
pub(crate) mod run;
pub(crate) mod shadow;
pub(crate) mod states;
pub(crate) mod story;
pub(crate) mod walk;

pub use backtest::{BackTest, Both, Difference, Kept, Load, MOST_TOLD, Span};
pub use evidence::{Did, Looked};
pub use lasted::Lasted;
pub use path::{Condition, Path, RuleStop, Stop, dry_run, order_by_number, path};
pub use run::{Progress, Running};
pub use shadow::{Shadow, shadow};
