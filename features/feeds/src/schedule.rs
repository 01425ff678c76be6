//! When a feed is read next. The hour is a timer, so that it can be moved; the reading is a job.

use serde_json::json;
use takt_kernel::{Result, Timestamp};
use takt_store::{Query, Tx, params, sql};
use takt_work::{DueTimer, NewJob, TimerKind, jobs, timers};

use crate::{
    facts,
    feed::{self, Feed, FeedId},
    pull,
};

const DUE: &str = "feeds.due";
pub(crate) const SHORTEST_SECONDS: i64 = 15 * 60;
pub(crate) const LONGEST_SECONDS: i64 = 7 * 24 * 3600;
pub(crate) const USUAL_SECONDS: i64 = 4 * 3600;
const FIRST_RETRY_SECONDS: i64 = 5 * 60;

pub(crate) const TIMER: TimerKind =
    TimerKind { kind: DUE, does: "has a shop's catalogue read when its time has come", fire };

fn fire(tx: &mut Tx<'_>, due: &DueTimer) -> Result<()> {
    let feed = feed::get(tx, due.company, FeedId::new(due.subject_id))?;
    if feed.paused { Ok(()) } else { at_once(tx, &feed) }
}

/// Has it read now; nothing changes when it is being read already.
pub(crate) fn at_once(tx: &mut Tx, feed: &Feed) -> Result<()> {
    let run_at = tx.now();
    jobs::enqueue(
        tx,
        NewJob {
            company: feed.company,
            kind: pull::JOB,
            key: Some(feed.id.to_string()),
            payload: json!({ "feed": feed.id }),
            run_at,
        },
    )
}

/// After the usual interval, give or take a tenth: a thousand shops are not asked in the same second.
pub(crate) fn after_interval(tx: &mut Tx, feed: &Feed) -> Result<()> {
    set(tx, feed, feed.interval_seconds)
}

/// After a failure: soon, then later and later, but not later than usual.
pub(crate) fn after_failure(tx: &mut Tx, feed: &Feed, failures: i64) -> Result<()> {
    let doublings = u32::try_from(failures.clamp(1, 12) - 1).unwrap_or_default();
    set(tx, feed, (FIRST_RETRY_SECONDS << doublings).min(feed.interval_seconds))
}

fn set(tx: &mut Tx, feed: &Feed, seconds: i64) -> Result<()> {
    let mut chance = [0_u8; 2];
    tx.entropy().fill(&mut chance)?;
    let next = tx.now().plus_seconds(spread(seconds, u16::from_le_bytes(chance)));
    note(tx, feed, Some(next))?;
    timers::set(tx, feed.company, DUE, &feed.id.to_string(), facts::subject(feed.id), next, &json!({}))
}

fn spread(seconds: i64, chance: u16) -> i64 {
    let tenth = seconds / 10;
    seconds - tenth + 2 * tenth * i64::from(chance) / i64::from(u16::MAX)
}

pub(crate) fn never(tx: &mut Tx, feed: &Feed) -> Result<()> {
    note(tx, feed, None)?;
    timers::cancel(tx, feed.company, DUE, &feed.id.to_string())
}

fn note(tx: &mut Tx, feed: &Feed, next: Option<Timestamp>) -> Result<()> {
    tx.put(
        sql!(
            "update feed
             set next_at = :next_at
             where company_id = :company_id and id = :id"
        ),
        params![next_at: next, company_id: feed.company, id: feed.id],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_spread_by_a_tenth() {
        assert_eq!((spread(1_000, 0), spread(1_000, u16::MAX)), (900, 1_100));
    }
}
