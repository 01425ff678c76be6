//! Orders and their lines into rows and out of them.

mod lines;
mod read;
mod write;

pub(crate) use lines::{insert_lines, replace_lines, save_progress, save_returned};
pub use lines::{lines_asked, lines_of, lines_of_known, lines_of_known_asked, read_lines_of_known};
pub(crate) use read::{COLUMNS, ids_as_json, load_asked, lock, read_order};
pub use read::{lines, load};
pub(crate) use write::{insert, save, save_promise, touch};

use takt_kernel::Timestamp;

use crate::order::Order;

/// Stands in `due_at` where nothing is promised, so that such orders come last on both engines.
pub(crate) const NEVER: i64 = 9_007_199_254_740_991;

pub(crate) fn due_value(due_at: Option<Timestamp>) -> i64 {
    due_at.map_or(NEVER, Timestamp::micros)
}

/// By what orders in work are sorted: urgent ones first, in both parts the nearest promise.
pub(crate) fn turn_value(order: &Order) -> i64 {
    due_value(order.due_at) - if order.urgent { NEVER + 1 } else { 0 }
}
