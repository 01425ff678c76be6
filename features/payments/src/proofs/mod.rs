//! The proof that nothing is missing: per account and interval, what was there, what came and went, and what
//! the bank says is there now.
//!
//! Owns statements and gaps. A gap is what does not add up, or was told by a push and never by a statement; it
//! is seen once, asks for a poll of its days, is shown until it heals, and heals by itself when the missing
//! lines come, by whichever way. It never holds money back: lines count by themselves. Only goods that nothing
//! but an unconfirmed push has paid for stay here meanwhile (`doubt.rs`).
//!
//! Three ways in: [`keep`] with a report, [`look`] when its lines are decided, [`await_statement`] for a push.

mod confirm;
mod doubt;
mod gaps;
mod look;
mod statements;
mod view;

pub use doubt::{Awaited, Stopped, awaited, parts as doubt_parts, stopped};
pub use gaps::{Gap, GapId, GapKind, healed, open};
pub use statements::Stated;
pub use view::{Day, DayState, days};

pub(crate) use confirm::{await_statement, confirmed, unconfirmed_timer};
pub(crate) use doubt::{awaited_asked, guard_leaving};
pub(crate) use gaps::{LISTENER, Missing, Wanted, heal_of, open_gap, pressing, wanted};
pub(crate) use look::{again, are_proved, look};
pub(crate) use statements::keep;
