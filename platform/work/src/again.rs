//! All that failed and waits is tried again at once: for a person who has mended the cause.

use takt_kernel::Result;
use takt_store::{Query, Tx, params, sql};

/// How much that was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TriedAgain {
    /// Those that had used up their attempts, and those that wait for another.
    pub jobs: u64,
    pub timers: u64,
    pub parked: u64,
}

/// Jobs begin with a fresh set of attempts, the dead among them too.
///
/// # Errors
/// Faults of the store.
pub fn try_again(tx: &mut Tx<'_>) -> Result<TriedAgain> {
    let now = tx.now();
    let jobs = tx.execute(
        sql!(
            "update job
             set next_at = :now, attempts = 0, died_at = null
             where last_error is not null and claim is null and (died_at is not null or attempts > 0)"
        ),
        params![now: now],
    )?;
    let timers = tx.execute(
        sql!(
            "update timer
             set fire_at = :now
             where attempts > 0 and fire_at > :now"
        ),
        params![now: now],
    )?;
    let parked = tx.execute(
        sql!(
            "update parked_subject
             set retry_at = :now
             where retry_at > :now"
        ),
        params![now: now],
    )?;
    Ok(TriedAgain { jobs, timers, parked })
}
