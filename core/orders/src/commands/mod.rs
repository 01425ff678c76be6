//! The verbs of an order, one to a file. Each locks the order's row, checks its guards, changes it,
//! recomputes whose turn it is and what is due, writes it with the next version, and says its fact.

mod cancel;
mod comment;
mod confirm;
mod defer;
mod edit;
mod erase;
mod identify;
mod pause;
mod place;
mod record_delivered;
mod record_money_dated;
mod record_paid;
mod record_past;
mod record_ready;
mod record_reserved;
mod record_returned;
mod record_shipped;
mod record_taken;
mod record_unpaid;
mod set_status;
mod set_urgent;
mod settle;

pub use cancel::cancel;
pub use comment::comment;
pub use confirm::confirm;
pub use defer::{defer, wake, wake_timer};
pub use edit::{Patch, PatchLine, edit, is_closed};
pub use erase::of_customers;
pub(crate) use erase::{erase_of_person, traces_of};
pub use identify::identify;
pub use pause::{pause, record_paused, record_resumed, resume, resume_timer};
pub use place::{Created, Outcome, Placed, place};
pub use record_delivered::record_delivered;
pub use record_money_dated::record_money_dated;
pub use record_paid::record_paid;
pub use record_past::record_past;
pub use record_ready::record_ready;
pub use record_reserved::record_reserved;
pub use record_returned::record_returned;
pub use record_shipped::record_shipped;
pub use record_taken::record_taken;
pub use record_unpaid::record_unpaid;
pub use set_status::set_status;
pub use set_urgent::set_urgent;
pub(crate) use settle::end_pause;
