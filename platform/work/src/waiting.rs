use takt_kernel::{Result, Timestamp};
use takt_store::{Query, params, sql};

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
    let parked = db.one(sql!("select count(*) as parked from parked_subject"), params![])?;
    let because = db.opt(
        sql!(
            "select listener, fact_kind, last_error
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
        parked: parked.get("parked")?,
        parked_because: because
            .map(|row| {
                let (listener, kind): (String, String) = (row.get("listener")?, row.get("fact_kind")?);
                let error: String = row.get("last_error")?;
                let error: String = error.chars().take(200).collect();
                Ok::<_, takt_kernel::Fault>(format!("{listener} {kind}: {error}"))
            })
            .transpose()?,
    })
}
