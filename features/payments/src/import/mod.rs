//! From the bytes of a bank file to lines that are posted, suggested, held or known already.
//!
//! 1. [`accept`] reads the whole file, keeps its lines in chunks that nobody sees, and makes them
//!    visible in one small transaction: half a file changes nothing and is
//!    thrown away later (`unfinished`).
//! 2. [`process`] takes the waiting lines one by one, each in a transaction of its own: gate
//!    (`gate`), known already (`movement`), proof and journal, match (`crate::matching`).
//!    It goes on where it stopped; a job repeats it after a crash.
//!
//! A report counts because somebody answers for it ([`Answer`]): a person who vouches by name, or the bank
//! itself by a proof that was kept. When the person loses the right, or the key is revoked, what is still
//! waiting is held.

mod accept;
mod answer;
mod gate;
pub(crate) mod lines;
pub(crate) mod movement;
mod process;
mod unfinished;

pub use accept::{Accepted, Source, accept, accept_report};
pub use answer::Answer;
pub use lines::{
    Around, BankLine, BankLineId, ImportId, ImportSummary, LineState, Outcome, import_summary,
    lines_of_import,
};
pub use process::{PROCESS_JOB, count_apart, process, process_job};
pub use unfinished::{FORGET_JOB, forget_job};

pub(crate) use accept::{LARGEST_FILE_BYTES, accept_with, take_at_once, too_large};
pub(crate) use lines::{line, record_outcome};
pub(crate) use process::{UNCLEAR, look_again, process_at_once};
