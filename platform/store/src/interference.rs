//! What a simulation does to the commands of one node: it refuses them, or ends the node between two
//! steps, in the same process. A running program has none.

use takt_kernel::{Fault, Result};

/// Where a question or command stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A question, before it is asked.
    Asked,
    /// All statements of a command ran; nothing is committed.
    BeforeCommit,
    /// Committed or refused; the caller has not heard yet.
    Answered,
}

#[derive(Debug)]
pub enum Verdict {
    Go,
    /// Before the commit a serialization failure or a refused write, after it a broken line.
    Refuse(Fault),
    /// The node is gone: whoever waits, waits for ever. Once gone, always gone.
    Gone,
}

pub trait Interference: Send + Sync {
    fn judge(&self, command: &'static str, moment: Moment) -> Verdict;
}

/// What a command that cannot wait is told of its end.
pub(crate) fn refusal(verdict: Verdict) -> Result<()> {
    match verdict {
        Verdict::Go => Ok(()),
        Verdict::Refuse(fault) => Err(fault),
        Verdict::Gone => Err(Fault::unavailable("store.closed")),
    }
}
