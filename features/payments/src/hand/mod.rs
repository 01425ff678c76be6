//! When the banks are silent: two persons, each on their own, may say that money came.
//!
//! Owns receipts by hand. Only when every channel that serves an account is silent; only by two different
//! persons with the accountant's right; the second does not see what the first wrote, and writes it again.
//! Such a receipt stays marked for ever, on the order (its evidence) and in the journal (its kind), and stands
//! on a list until the bank says the same. A statement of its days that does not is an alarm.
//!
//! ```text
//! waiting ─► confirmed ─► proved
//!        └► withdrawn  └► contradicted ─► proved
//! ```

mod dark;
mod rows;
mod told;
mod verbs;

pub use dark::{account_is_dark, silent_channels, silent_companies};
pub use rows::{HandId, HandReceipt, HandState, company_of, get, list, of_order};
pub use verbs::{Said, claim, confirm, withdraw};

pub(crate) use rows::any_unproved;
pub(crate) use told::{Told, contradict, said_again, told};
