//! How long to wait after a failure: doubling, with a ceiling; jobs add jitter so that a thousand
//! mails refused together do not come back together.

use takt_kernel::{Entropy, Fault, Result, Timestamp};

const REACTION_CEILING_SECONDS: i64 = 600;
const JOB_CEILING_SECONDS: i64 = 3_600;

/// For reactions and timers: 1, 2, 4 … 600 seconds.
pub(crate) fn retry_at(now: Timestamp, attempts: i64) -> Timestamp {
    now.plus_seconds(doubled(1, attempts, REACTION_CEILING_SECONDS))
}

/// For jobs: 5, 10, 20 … 3600 seconds and up to a quarter more.
///
/// # Errors
/// `entropy.unavailable`.
pub(crate) fn job_retry_at(now: Timestamp, attempts: i64, entropy: &dyn Entropy) -> Result<Timestamp> {
    let seconds = doubled(5, attempts, JOB_CEILING_SECONDS);
    let mut chance = [0_u8; 1];
    entropy.fill(&mut chance)?;
    Ok(now.plus_seconds(seconds).plus_micros(seconds * 1_000_000 * i64::from(chance[0]) / 1_024))
}

fn doubled(first: i64, attempts: i64, ceiling: i64) -> i64 {
    let doublings = u32::try_from((attempts - 1).clamp(0, 30)).unwrap_or(0);
    (first << doublings).min(ceiling)
}

/// What is kept of a fault for people to read: the chain of causes, of bearable length.
pub(crate) fn told(fault: &Fault) -> String {
    format!("{fault:?}").chars().take(1_000).collect()
}

#[cfg(test)]
mod tests {
    use takt_kernel::SeededEntropy;

    use super::*;

    #[test]
    fn waiting_doubles_up_to_a_ceiling() {
        let start = Timestamp::from_micros(0);
        for (attempts, seconds) in [(1, 1), (2, 2), (3, 4), (10, 512), (11, 600), (99, 600)] {
            assert_eq!(retry_at(start, attempts).seconds_since(start), seconds, "after {attempts} attempts");
        }
    }

    #[test]
    fn jobs_wait_up_to_a_quarter_longer_by_chance() {
        let start = Timestamp::from_micros(0);
        let entropy = SeededEntropy::from_seed(7);
        for attempts in 1..20 {
            let waited = job_retry_at(start, attempts, &entropy).unwrap().seconds_since(start);
            let least = doubled(5, attempts, JOB_CEILING_SECONDS);
            assert!(waited >= least && waited <= least + least / 4, "{waited} after {attempts}");
        }
    }
}
