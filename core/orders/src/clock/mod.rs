//! The promise clock: what is promised by when (`promises`, stored in the row so that the desk can sort by it),
//! who held each second of the past (`split`) and which milestones were kept (`course`), both computed from
//! the facts on read and never stored with the order.

mod allowance;
mod calendars;
mod course;
mod events;
mod promises;
mod reached;
mod split;

pub use allowance::{Allowance, Wait, next_open};
pub use calendars::Calendars;
pub use course::{Course, Passage, course};
pub use events::happened;
pub use promises::{
    Basis, MOST_MILESTONES, MOST_REASONS, MilestoneRule, NOT_REACHED, Next, PauseReason, Promises, SETTING,
    Since,
};
pub use reached::Reached;
pub use split::{Border, Evidence, Segment, Split, split};

use crate::statuses::Status;

/// Whether an order in one status has come to another or further on, by the stages and places of both.
pub fn has_passed(statuses: &[Status], now: &str, wanted: &str) -> bool {
    let place = |code: &str| {
        let status = statuses.iter().find(|status| status.code == code)?;
        Some((status.stage, status.place))
    };
    match (place(now), place(wanted)) {
        (Some(now), Some(wanted)) => now >= wanted && now.0 != crate::Stage::Cancel,
        _ => false,
    }
}
