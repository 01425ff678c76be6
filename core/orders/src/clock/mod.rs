//! The promise clock: what is promised by when (`promises`, stored in the row so that the desk can
//! sort by it), and who held each second of the past (`split`, computed from the facts on read and
//! never stored).

mod promises;
mod split;

pub use promises::{Allowance, Promises, SETTING};
pub use split::{Segment, Split, split};
