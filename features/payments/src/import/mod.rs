//! From the bytes of a bank file to lines that are posted, suggested, held or known already.
//!
//! 1. [`accept`] reads the whole file, keeps its lines in chunks that nobody sees, and makes them
//!    visible in one small transaction: half a file changes nothing and is
//!    thrown away later (`unfinished`).
//! 2. [`process`] takes the waiting lines one by one, each in a transaction of its own: gate
//!    (`gate`), known already (`movement`), proof and journal, match (`crate::matching`).
//!    It goes on where it stopped; a job repeats it after a crash.
//!
//! The file counts because a person vouches for it by name; when that person loses the right, what
//! is still waiting is held.

mod accept;
mod gate;
pub(crate) mod lines;
mod movement;
mod process;
mod unfinished;

pub use accept::{Accepted, accept};
pub use lines::{
    BankLine, BankLineId, ImportId, ImportSummary, LineState, Outcome, import_summary, lines_of_import,
};
pub use process::{PROCESS_JOB, count_apart, process, process_job};
pub use unfinished::{FORGET_JOB, forget_job};

pub(crate) use lines::{line, record_outcome};
pub(crate) use process::look_again;
