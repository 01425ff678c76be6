//! What waits, as the metrics tell it.

use takt_kernel::Result;
use takt_store::{Params, Query, Sample, Sql, params, sql};

/// What is due for so long is late: somebody should have taken it.
const JOB_LATE_SECONDS: i64 = 60;
const TIMER_LATE_SECONDS: i64 = 5;

pub const SAMPLES: [Sample; 6] = [
    Sample {
        name: "takt_jobs_waiting",
        help: "Jobs that wait or run",
        label: Some("kind"),
        ask: |db| {
            counted(
                db,
                sql!(
                    "select kind as name, count(*) as count
                     from job
                     where next_at is not null
                     group by kind
                     order by kind
                     limit 1000"
                ),
                params![],
            )
        },
    },
    Sample {
        name: "takt_jobs_late",
        help: "Jobs that were due a minute ago",
        label: Some("kind"),
        ask: |db| {
            let late = db.now().plus_seconds(-JOB_LATE_SECONDS);
            counted(
                db,
                sql!(
                    "select kind as name, count(*) as count
                     from job
                     where next_at <= :late
                     group by kind
                     order by kind
                     limit 1000"
                ),
                params![late: late],
            )
        },
    },
    Sample {
        name: "takt_jobs_dead",
        help: "Jobs whose attempts are used up: a person has to look",
        label: Some("kind"),
        ask: |db| {
            counted(
                db,
                sql!(
                    "select kind as name, count(*) as count
                     from job
                     where died_at is not null
                     group by kind
                     order by kind
                     limit 1000"
                ),
                params![],
            )
        },
    },
    Sample {
        name: "takt_timers_late",
        help: "Timers that should have fired five seconds ago",
        label: None,
        ask: |db| {
            let late = db.now().plus_seconds(-TIMER_LATE_SECONDS);
            counted(
                db,
                sql!("select '' as name, count(*) as count from timer where fire_at <= :late limit 1"),
                params![late: late],
            )
        },
    },
    Sample {
        name: "takt_timers_failing",
        help: "Timers that failed and wait for another attempt",
        label: Some("kind"),
        ask: |db| {
            counted(
                db,
                sql!(
                    "select kind as name, count(*) as count
                     from timer
                     where attempts > 0
                     group by kind
                     order by kind
                     limit 1000"
                ),
                params![],
            )
        },
    },
    Sample {
        name: "takt_parked_subjects",
        help: "Subjects whose fact a listener could not take: their later facts wait",
        label: Some("listener"),
        ask: |db| {
            counted(
                db,
                sql!(
                    "select listener as name, count(*) as count
                     from parked_subject
                     group by listener
                     order by listener
                     limit 1000"
                ),
                params![],
            )
        },
    },
];

fn counted(db: &mut dyn Query, sql: &Sql, params: Params<'_>) -> Result<Vec<(String, i64)>> {
    db.all(sql, params)?.iter().map(|row| Ok((row.get("name")?, row.get("count")?))).collect()
}
