//! Orders as a shop's system says them, and as the desk has them.

mod change;
pub mod kept;
mod lines;
mod read;
mod status;
mod take;

pub use take::{gone, take};
