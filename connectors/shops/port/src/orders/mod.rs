//! Orders as a shop's system says them, and as the desk has them.

mod change;
pub mod kept;
pub(crate) mod lines;
pub(crate) mod read;
pub(crate) mod status;
mod take;

pub use take::{gone, take};
