use takt_kernel::{Result, Slot};
use takt_store::Query;

/// Whether a listener has anything to do at all. While it has not, it sleeps: facts pass it by unread,
/// as if it had heard each and done nothing.
#[derive(Clone, Copy)]
pub struct Needed {
    /// By name.
    pub listener: &'static str,
    /// One cheap question for each look at the log. Whoever starts needing the listener commits that
    /// before the first fact that it has to hear.
    pub by_anybody: fn(&mut dyn Query) -> Result<bool>,
}

/// Filled by the owners of listeners that most installations have no use for.
pub const NEEDED: Slot<Needed> = Slot::new("work.needed");
