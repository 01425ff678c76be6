//! What the program could not do by itself, and having it tried again.

use takt_kernel::{CompanyId, Result, Timestamp};
use takt_store::{Db, Query};
use takt_ui::Arg;
use takt_work::{failed_jobs, parked, timers, try_again};

use super::Words;
use crate::arguments::WorkVerb;

/// Of each kind; who has more of them sees the rest when these are mended.
const MOST: i64 = 1_000;

/// Answers what is to be printed.
pub(super) async fn run(db: &Db, verb: &WorkVerb, words: &Words) -> Result<String> {
    match verb {
        WorkVerb::Failed { .. } => db.read("takt.failed_work", |reader| failed(reader)).await,
        WorkVerb::Retry { .. } => {
            let again = db.write("takt.try_again", try_again).await?;
            let number = |count: u64| Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
            let counts = [again.jobs, again.timers, again.parked].map(number);
            let [jobs, timers, parked] = counts;
            Ok(words.say("takt-work-retried", &[("jobs", jobs), ("timers", timers), ("parked", parked)]))
        }
    }
}

fn failed(db: &mut dyn Query) -> Result<String> {
    let mut lines = Vec::new();
    for job in failed_jobs(db, None, MOST)? {
        lines.push(line("job", &job.kind, job.company, job.attempts, job.retry_at, &job.last_error));
    }
    for failing in timers::failing(db, None, MOST)? {
        let (timer, again) = (&failing.timer, Some(failing.retry_at));
        lines.push(line("timer", &timer.kind, timer.company, failing.attempts, again, &failing.last_error));
    }
    for waits in parked(db, None, MOST)? {
        let (kind, again) = (format!("{} {}", waits.listener, waits.fact_kind), Some(waits.retry_at));
        lines.push(line("fact", &kind, waits.company, waits.attempts, again, &waits.last_error));
    }
    Ok(lines.join("\n"))
}

fn line(
    what: &str,
    kind: &str,
    company: CompanyId,
    attempts: i64,
    again: Option<Timestamp>,
    error: &str,
) -> String {
    let again = again.map_or_else(|| "never".to_owned(), |again| again.to_string());
    // One thing, one line, whatever the other side has said.
    let error = error.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{what}\t{kind}\t{company}\t{attempts}\t{again}\t{error}")
}
