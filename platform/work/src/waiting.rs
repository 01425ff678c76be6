use takt_kernel::{Result, Timestamp};
use takt_store::{Query, Row, params, sql};

/// A timer that fails may be well a moment later; one that should have fired so long ago is trouble.
const FAILING_SECONDS: i64 = 60;

/// What waits in the queues of the whole installation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub jobs: i64,
    /// Those whose time has come, and since when the oldest waits.
    pub due_jobs: i64,
    pub oldest_job: Option<Timestamp>,
    pub dead_jobs: i64,
    pub timers: i64,
    pub due_timers: i64,
    pub oldest_timer: Option<Timestamp>,
    /// Those that were due a minute ago and fail since: they are put off, so they are late by no measure.
    pub failing_timers: i64,
    /// Why one of them does.
    pub failing_because: Option<String>,
    pub parked: i64,
    /// Why the oldest of them is.
    pub parked_because: Option<String>,
}

/// # Errors
/// Faults of the store.
pub fn waiting(db: &mut dyn Query) -> Result<Waiting> {
    let now = db.now();
    let jobs = db.one(
        sql!(
            "select count(*) as jobs, count(died_at) as dead,
               count(case when next_at <= :now then 1 end) as due,
               min(case when next_at <= :now then next_at end) as oldest
             from job"
        ),
        params![now: now],
    )?;
    let timers = db.one(
        sql!(
            "select count(*) as timers, count(case when fire_at <= :now then 1 end) as due,
               min(case when fire_at <= :now then fire_at end) as oldest
             from timer"
        ),
        params![now: now],
    )?;
    let since = now.plus_seconds(-FAILING_SECONDS);
    let failing = db.one(
        sql!("select count(*) as failing from timer where attempts > 0 and due_at <= :since"),
        params![since: since],
    )?;
    let failing_because = db.opt(
        sql!(
            "select kind as name, timer_key as what, coalesce(last_error, '') as last_error
             from timer
             where attempts > 0 and due_at <= :since
             order by company_id, fire_at
             limit 1"
        ),
        params![since: since],
    )?;
    let parked = db.one(sql!("select count(*) as parked from parked_subject"), params![])?;
    let because = db.opt(
        sql!(
            "select listener as name, fact_kind as what, last_error
             from parked_subject
             order by parked_at, listener, company_id, subject_kind, subject_id
             limit 1"
        ),
        params![],
    )?;
    Ok(Waiting {
        jobs: jobs.get("jobs")?,
        due_jobs: jobs.get("due")?,
        oldest_job: jobs.get("oldest")?,
        dead_jobs: jobs.get("dead")?,
        timers: timers.get("timers")?,
        due_timers: timers.get("due")?,
        oldest_timer: timers.get("oldest")?,
        failing_timers: failing.get("failing")?,
        failing_because: failing_because.as_ref().map(told).transpose()?,
        parked: parked.get("parked")?,
        parked_because: because.as_ref().map(told).transpose()?,
    })
}

fn told(row: &Row) -> Result<String> {
    let (name, what, error): (String, String, String) =
        (row.get("name")?, row.get("what")?, row.get("last_error")?);
    let error: String = error.chars().take(200).collect();
    Ok(format!("{name} {what}: {error}"))
}
