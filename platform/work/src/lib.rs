//! Work that nobody waits for: reactions to facts, timers and jobs, on SQLite and on any number of
//! PostgreSQL nodes.
//!
//! * A [`Listener`] hears facts, in order per subject, and its effect on the database happens exactly
//!   once: what it writes and how far it has heard commit together. A fact it cannot take parks the
//!   subject: its later facts wait behind it, others go on.
//! * A [`timers`] row fires in a transaction that also deletes it, with others that are due.
//! * A [`jobs`] row is for effects outside the database (mail, HTTP), which no database can make
//!   exactly once: claimed with a lease, retried with back-off, dead at last and shown.
//!
//! [`Runner`] drives all three; tests call [`Runner::drain`] with the clock in their hand.

mod again;
mod backoff;
mod checks;
mod cursors;
mod foreseen;
mod heard;
pub mod jobs;
mod lanes;
mod needed;
mod parked;
mod reactions;
mod runner;
mod samples;
mod set_back;
mod sometimes;
pub mod timers;
mod waiting;

pub use again::{TriedAgain, try_again};
pub use checks::CHECKS;
pub use foreseen::{FORESEEN, Foreseen};
pub use heard::{HEARD, Heard, Patience, caught_up};
pub use jobs::{FailedJob, JobEnd, JobKind, JobRun, NewJob, failed_jobs};
pub use needed::{NEEDED, Needed};
pub use parked::{Parked, parked};
pub use reactions::Listener;
pub use runner::{Drained, Lag, Pulse, Runner};
pub use samples::SAMPLES;
pub use sometimes::is_due;
pub use timers::{DueTimer, FailingTimer, TimerKind};
pub use waiting::{Waiting, waiting};

use takt_store::{Migration, Migrations, Tier};

/// The tables of this crate.
pub const MIGRATIONS: Migrations = Migrations {
    tier: Tier::Platform,
    feature: "work",
    steps: &[
        Migration {
            number: 1,
            name: "reactions, timers, jobs",
            sql: include_str!("../migrations/0001_work.sql"),
        },
        Migration {
            number: 2,
            name: "jobs that are called",
            sql: include_str!("../migrations/0002_called.sql"),
        },
    ],
};

/// Texts of the faults of this crate.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];

/// Names as one parameter, `,a,b,`: the statement stays the same however many there are.
fn listed(names: impl Iterator<Item = &'static str>) -> String {
    names.fold(String::from(","), |list, name| list + name + ",")
}
