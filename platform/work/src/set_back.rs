//! When the clock was set back: what waits by it would wait that much longer, and a lease would outlive
//! its runner by as much. Timers are appointments and keep their moment; those that failed and wait for
//! another attempt do not.
//!
//! Several nodes may do this for the same jump. Then something is tried earlier than was meant, which
//! everything bears.

use takt_kernel::{Result, Timestamp};
use takt_store::{Query, Tx, params, sql};

use crate::jobs::LEASE_SECONDS;

/// What waits longer than this was not put off but ordered for that time.
const LONGEST_WAIT_SECONDS: i64 = 7_200;

pub(crate) fn set_back(tx: &mut Tx<'_>, before: Timestamp) -> Result<()> {
    let now = tx.now();
    let back = before.micros_since(now);
    let until = before.plus_seconds(LONGEST_WAIT_SECONDS);
    tx.put(
        sql!(
            "update job
             set next_at = :fresh
             where claim is not null and next_at > :fresh"
        ),
        params![fresh: now.plus_seconds(LEASE_SECONDS)],
    )?;
    tx.put(
        sql!(
            "update job
             set next_at = next_at - :back
             where claim is null and next_at > :now and next_at <= :until"
        ),
        params![back: back, now: now, until: until],
    )?;
    tx.put(
        sql!(
            "update parked_subject
             set retry_at = retry_at - :back
             where retry_at > :now"
        ),
        params![back: back, now: now],
    )?;
    tx.put(
        sql!(
            "update timer
             set fire_at = fire_at - :back
             where attempts > 0 and fire_at > :now"
        ),
        params![back: back, now: now],
    )
}
