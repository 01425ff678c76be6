//! Jobs: effects outside the database, enqueued in the transaction that wants them. A job is claimed
//! with a lease, so another node takes it over when its runner dies; it is retried with back-off and,
//! when its attempts are used up, lies dead until a person looks at it.
//!
//! A job may run more than once (a crash between effect and record): `run` must bear that.

mod lease;

pub(crate) use lease::{Claimed, LEASE_SECONDS, claim, finish, heartbeat, next_at, release_all};

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::Value as Json;
use takt_kernel::{CompanyId, Fault, Id, Result, Timestamp};
use takt_store::{Db, Query, Statement, Tx, params, sql};

pub enum JobTag {}
pub type JobId = Id<JobTag>;

/// A kind of job and how it is run.
#[derive(Clone)]
pub struct JobKind {
    pub kind: &'static str,
    /// One line for the flow document.
    pub does: &'static str,
    /// How many run at the same time on one node.
    pub concurrency: usize,
    pub max_attempts: i64,
    pub run: Arc<dyn Fn(JobRun) -> BoxFuture<'static, Result<JobEnd>> + Send + Sync>,
}

/// One attempt at a job.
pub struct JobRun {
    pub db: Db,
    pub company: CompanyId,
    pub key: Option<String>,
    pub payload: Json,
    /// 1 at first.
    pub attempt: i64,
}

/// How an attempt ended. An `Err` means: try again with back-off.
#[derive(Debug)]
pub enum JobEnd {
    Done,
    /// Not now; does not count as an attempt.
    RetryAt(Timestamp),
    /// As [`JobEnd::RetryAt`], and no other job of this kind begins on this node before then: what they
    /// all need is not there.
    RestUntil(Timestamp),
    /// Never again; kept for people to see.
    GiveUp(Fault),
}

pub struct NewJob {
    pub company: CompanyId,
    pub kind: &'static str,
    /// At most one job of this kind and key waits, runs or lies dead; a second is dropped silently.
    pub key: Option<String>,
    pub payload: Json,
    pub run_at: Timestamp,
}

/// A job that failed at least once.
#[derive(Clone, Debug, PartialEq)]
pub struct FailedJob {
    pub id: JobId,
    pub company: CompanyId,
    pub kind: String,
    pub key: Option<String>,
    pub attempts: i64,
    /// `None` for a dead job.
    pub retry_at: Option<Timestamp>,
    pub died_at: Option<Timestamp>,
    pub last_error: String,
}

/// Adds a job to be run after this transaction has committed.
///
/// # Errors
/// Faults of the store.
pub fn enqueue(tx: &mut Tx<'_>, job: NewJob) -> Result<()> {
    let id: JobId = tx.new_id();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into job (company_id, id, kind, job_key, payload, enqueued_at, next_at, attempts)
             values (:company_id, :id, :kind, :job_key, :payload, :enqueued_at, :next_at, 0)
             on conflict (company_id, kind, job_key) do nothing"
        ),
        params![
            company_id: job.company,
            id: id,
            kind: job.kind,
            job_key: job.key,
            payload: job.payload.to_string(),
            enqueued_at: now,
            next_at: job.run_at,
        ],
    )
}

/// Sees to it that a job of this kind and key begins after this transaction has committed: for jobs that
/// look by themselves what there is to do. One that waits is brought forward, one that runs runs once more
/// when it is through, a dead one is given a fresh set of attempts.
///
/// # Errors
/// Faults of the store.
pub fn call(
    tx: &mut Tx<'_>,
    company: CompanyId,
    kind: &'static str,
    key: &str,
    payload: &Json,
) -> Result<()> {
    let id: JobId = tx.new_id();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into job (company_id, id, kind, job_key, payload, enqueued_at, next_at, attempts)
             values (:company_id, :id, :kind, :job_key, :payload, :now, :now, 0)
             on conflict (company_id, kind, job_key) do update
             set called_at = case when job.claim is null then null else excluded.next_at end,
               next_at = case
                 when job.claim is null and (job.next_at is null or job.next_at > excluded.next_at)
                 then excluded.next_at
                 else job.next_at end,
               attempts = case when job.died_at is null then job.attempts else 0 end,
               died_at = null"
        ),
        params![company_id: company, id: id, kind: kind, job_key: key, payload: payload.to_string(), now: now],
    )
}

/// Jobs that failed and wait for another attempt or for a person, of one company or of all.
///
/// # Errors
/// Faults of the store.
pub fn failed_jobs(db: &mut dyn Query, company: Option<CompanyId>, limit: i64) -> Result<Vec<FailedJob>> {
    let statement = Statement::new(
        "select id, company_id, kind, job_key, attempts, next_at, died_at, last_error
         from job
         where last_error is not null",
    )
    .and_if(company, "\nand company_id = :company_id", "company_id")
    .push("\norder by company_id, id\nlimit :limit")
    .bind("limit", limit);
    db.all_of(&statement)?
        .iter()
        .map(|row| {
            Ok(FailedJob {
                id: row.get("id")?,
                company: row.get("company_id")?,
                kind: row.get("kind")?,
                key: row.get("job_key")?,
                attempts: row.get("attempts")?,
                retry_at: row.get("next_at")?,
                died_at: row.get("died_at")?,
                last_error: row.get("last_error")?,
            })
        })
        .collect()
}
