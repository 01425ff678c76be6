//! A job in one runner's hands: claimed, kept by heartbeats, put down done, for later or for good.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use takt_kernel::{CompanyId, Entropy, Fault, Result, Timestamp};
use takt_store::{Query, Tx, params, sql};

use super::{JobEnd, JobId, JobKind};
use crate::backoff;

/// A claimed job that is not heard of for so long is given to another runner.
pub(crate) const LEASE_SECONDS: i64 = 60;

/// A job under lease.
#[derive(Clone, Debug)]
pub(crate) struct Claimed {
    pub company: CompanyId,
    pub id: JobId,
    pub key: Option<String>,
    pub payload: Json,
    pub attempt: i64,
    pub claim: String,
}

/// Takes up to `count` due jobs of a kind, but none that this node runs already (`,id,id,`): its clock
/// may have been set forward, beyond the end of their leases. Jobs whose runner died after their last attempt are buried
/// here, not run again.
///
/// What is due is found once, before anything is claimed: PostgreSQL may ask a plain subquery again for each
/// row, and would then claim more than was asked for.
pub(crate) fn claim(tx: &mut Tx<'_>, kind: &JobKind, count: i64, running: &str) -> Result<Vec<Claimed>> {
    let now = tx.now();
    let claim = new_claim(tx.entropy())?;
    let rows = tx.all(
        sql!(
            "with due as materialized (
               select company_id, id
               from job
               where kind = :kind and next_at <= :now
                 and {pg:strpos|sqlite:instr}(:running, ',' || id || ',') = 0
               order by next_at, id
               limit :count
               {pg:for update skip locked|sqlite:}
             )
             update job
             set claim = :claim, next_at = :lease_until, attempts = attempts + 1
             where (company_id, id) in (select company_id, id from due)
             returning company_id, id, job_key, payload, attempts"
        ),
        params![
            claim: &claim, lease_until: now.plus_seconds(LEASE_SECONDS), kind: kind.kind, now: now, count: count,
            running: running,
        ],
    )?;
    let mut claimed = Vec::with_capacity(rows.len());
    for row in rows {
        let job = Claimed {
            company: row.get("company_id")?,
            id: row.get("id")?,
            key: row.get("job_key")?,
            payload: row.json("payload")?,
            attempt: row.get("attempts")?,
            claim: claim.clone(),
        };
        if job.attempt > kind.max_attempts {
            bury(tx, &job, &Fault::broken("work.runner_died").arg("kind", kind.kind))?;
        } else {
            claimed.push(job);
        }
    }
    claimed.sort_by_key(|job| job.id);
    Ok(claimed)
}

/// Prolongs a lease. Answers whether it was still ours.
pub(crate) fn heartbeat(tx: &mut Tx<'_>, job: &Claimed) -> Result<bool> {
    let lease_until = tx.now().plus_seconds(LEASE_SECONDS);
    let touched = tx.execute(
        sql!(
            "update job
             set next_at = :lease_until
             where company_id = :company_id and id = :id and claim = :claim"
        ),
        params![lease_until: lease_until, company_id: job.company, id: job.id, claim: &job.claim],
    )?;
    Ok(touched > 0)
}

/// Gives every claimed job to whoever comes first. Only for a runner that knows all others to be dead.
pub(crate) fn release_all(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update job
             set claim = null, called_at = null, next_at = :now
             where claim is not null"
        ),
        params![now: now],
    )
}

/// Records how an attempt ended, unless the lease was lost to another runner meanwhile.
pub(crate) fn finish(tx: &mut Tx<'_>, kind: &JobKind, job: &Claimed, end: &Result<JobEnd>) -> Result<()> {
    match end {
        Ok(JobEnd::Done) => remove(tx, job),
        Ok(JobEnd::RetryAt(moment) | JobEnd::RestUntil(moment)) => {
            put_back(tx, job, job.attempt - 1, *moment, None)
        }
        Ok(JobEnd::GiveUp(fault)) => bury(tx, job, fault),
        Err(fault) if job.attempt >= kind.max_attempts => bury(tx, job, fault),
        Err(fault) => {
            tracing::warn!(kind = kind.kind, job = %job.id, attempt = job.attempt, ?fault, "job failed");
            let moment = backoff::job_retry_at(tx.now(), job.attempt, tx.entropy())?;
            put_back(tx, job, job.attempt, moment, Some(backoff::told(fault)))
        }
    }
}

/// When jobs of these kinds may next be claimed.
pub(crate) fn next_at(db: &mut dyn Query, kinds: &[&str]) -> Result<BTreeMap<String, Timestamp>> {
    let rows = db.all(
        sql!(
            "select asked.value as kind, (
               select job.next_at
               from job
               where job.kind = asked.value and job.next_at is not null
               order by job.next_at, job.id
               limit 1) as next_at
             from {pg:json_array_elements_text(cast(cast(:kinds as text) as json)) as asked(value)|sqlite:json_each(:kinds) as asked}"
        ),
        params![kinds: Json::from(kinds).to_string()],
    )?;
    let mut next = BTreeMap::new();
    for row in &rows {
        if let Some(at) = row.get::<Option<Timestamp>>("next_at")? {
            next.insert(row.get("kind")?, at);
        }
    }
    Ok(next)
}

/// One that was called for meanwhile stays and is due at once.
fn remove(tx: &mut Tx<'_>, job: &Claimed) -> Result<()> {
    let removed = tx.execute(
        sql!(
            "delete from job
             where company_id = :company_id and id = :id and claim = :claim and called_at is null"
        ),
        params![company_id: job.company, id: job.id, claim: &job.claim],
    )?;
    if removed > 0 {
        return Ok(());
    }
    let now = tx.now();
    put_back(tx, job, 0, now, None)
}

fn put_back(
    tx: &mut Tx<'_>,
    job: &Claimed,
    attempts: i64,
    next_at: Timestamp,
    last_error: Option<String>,
) -> Result<()> {
    tx.put(
        sql!(
            "update job
             set claim = null, attempts = :attempts, called_at = null,
               next_at = case when called_at < :next_at then called_at else :next_at end,
               last_error = coalesce(:last_error, last_error)
             where company_id = :company_id and id = :id and claim = :claim"
        ),
        params![
            next_at: next_at, attempts: attempts, last_error: last_error,
            company_id: job.company, id: job.id, claim: &job.claim,
        ],
    )
}

fn bury(tx: &mut Tx<'_>, job: &Claimed, fault: &Fault) -> Result<()> {
    tracing::error!(job = %job.id, attempt = job.attempt, ?fault, "job is dead");
    let now = tx.now();
    tx.put(
        sql!(
            "update job
             set claim = null, called_at = null, next_at = null, died_at = :now, last_error = :last_error
             where company_id = :company_id and id = :id and claim = :claim"
        ),
        params![
            now: now, last_error: backoff::told(fault),
            company_id: job.company, id: job.id, claim: &job.claim,
        ],
    )
}

fn new_claim(entropy: &dyn Entropy) -> Result<String> {
    let mut bytes = [0_u8; 12];
    entropy.fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use takt_kernel::{ManualClock, Slots};
    use takt_testing::on_both_engines;

    use super::*;
    use crate::jobs::{NewJob, call, enqueue};

    fn letter() -> JobKind {
        JobKind {
            kind: "letter",
            does: "writes a letter",
            concurrency: 1,
            max_attempts: 3,
            run: Arc::new(|_| Box::pin(async { Ok(JobEnd::Done) })),
        }
    }

    on_both_engines! {
        async fn a_heartbeat_keeps_a_long_job_with_its_runner(place: Place) {
            let clock = Arc::new(ManualClock::at(Timestamp::from_micros(0)));
            let db = place.open(clock.clone(), Arc::new(Slots::default()), vec![crate::MIGRATIONS], false).await;
            let company = CompanyId::new(1);
            let new = move |tx: &mut Tx<'_>| {
                let run_at = tx.now();
                enqueue(tx, NewJob { company, kind: "letter", key: None, payload: Json::Null, run_at })
            };
            db.write("test.enqueue", new).await.unwrap();
            let claim_one = |tx: &mut Tx<'_>| claim(tx, &letter(), 1, ",");
            let job = db.write("test.claim", claim_one).await.unwrap().remove(0);
            for _ in 0..3 {
                clock.advance_seconds(LEASE_SECONDS - 1);
                let beating = job.clone();
                assert!(db.write("test.beat", move |tx| heartbeat(tx, &beating)).await.unwrap());
                assert!(db.write("test.claim", claim_one).await.unwrap().is_empty());
            }
            clock.advance_seconds(LEASE_SECONDS);
            assert_eq!(db.write("test.claim", claim_one).await.unwrap()[0].attempt, 2);
            assert!(!db.write("test.beat", move |tx| heartbeat(tx, &job)).await.unwrap(), "the lease is lost");
        }

        async fn a_job_that_is_called_for_never_sleeps_over_it(place: Place) {
            let clock = Arc::new(ManualClock::at(Timestamp::from_micros(0)));
            let db = place.open(clock.clone(), Arc::new(Slots::default()), vec![crate::MIGRATIONS], false).await;
            let company = CompanyId::new(1);
            let call_for = move |tx: &mut Tx<'_>| call(tx, company, "letter", "a", &Json::Null);
            let claim_one = |tx: &mut Tx<'_>| claim(tx, &letter(), 1, ",");
            let ended = |job: Claimed, end: fn(Timestamp) -> Result<JobEnd>| {
                let now = takt_kernel::Clock::now(&*clock);
                let db = db.clone();
                async move { db.write("test.end", move |tx| finish(tx, &letter(), &job, &end(now))).await.unwrap() }
            };
            for (end, later) in [
                ((|_| Ok(JobEnd::Done)) as fn(Timestamp) -> Result<JobEnd>, false),
                (|now| Ok(JobEnd::RetryAt(now.plus_seconds(3_600))), true),
                (|_| Err(Fault::unavailable("letter.lost")), true),
            ] {
                db.write("test.call", call_for).await.unwrap();
                let job = db.write("test.claim", claim_one).await.unwrap().remove(0);
                db.write("test.call", call_for).await.unwrap();
                assert!(db.write("test.claim", claim_one).await.unwrap().is_empty(), "it runs");
                ended(job, end).await;
                let job = db.write("test.claim", claim_one).await.unwrap().remove(0);
                ended(job, end).await;
                assert!(db.write("test.claim", claim_one).await.unwrap().is_empty(), "nobody called again");
                if later {
                    db.write("test.call", call_for).await.unwrap();
                    let job = db.write("test.claim", claim_one).await.unwrap().remove(0);
                    ended(job, |_| Ok(JobEnd::Done)).await;
                }
            }
            for _ in 0..letter().max_attempts {
                db.write("test.call", call_for).await.unwrap();
                let job = db.write("test.claim", claim_one).await.unwrap().remove(0);
                ended(job, |_| Err(Fault::unavailable("letter.lost"))).await;
            }
            db.write("test.call", call_for).await.unwrap();
            assert_eq!(db.write("test.claim", claim_one).await.unwrap()[0].attempt, 1, "the dead rises");
        }
    }
}
