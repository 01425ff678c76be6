//! A seeded world of customers, invoices and payments whose truth is known, to measure matching.
//!
//! [`World::pay`] makes one payment in the mix of failures seen in practice, asks [`crate::decide`],
//! scores the answer against the truth and then does the truth, as an accountant would. Replays and
//! restated lines are not in it: they are removed before matching.

mod chance;
mod customers;
mod memory;
mod payments;
mod score;
mod spelling;
mod world;

pub use chance::Chance;
pub use memory::MemoryLedger;
pub use payments::{Category, Payment};
pub use score::{Outcome, Score};
pub use world::{Numbering, World};
