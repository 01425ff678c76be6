//! Copies made by the clock, by a job: its lease lets one node of many make them, its back-off tries
//! again after a failure. The copy itself is read on a thread of its own, beside the program.

use std::{path::PathBuf, sync::Arc, time::Duration};

use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_store::{
    Database, Db, Query,
    backup::{BackedUp, Backup, back_up, remove_older},
};
use takt_work::{JobEnd, JobKind, JobRun, NewJob, jobs};
use tokio::{runtime::Handle, sync::oneshot};

use super::{
    PROGRAM,
    runs::{End, last_runs, record},
};

pub const BACKUP_JOB: &str = "takt.backup";
/// Looks this often whether a copy is due, so that another period counts soon after it was set.
const LOOK_SECONDS: i64 = 60;
/// The installation as a whole.
const NO_COMPANY: CompanyId = CompanyId::new(0);

/// The job of a node that was given a folder.
pub fn job(database: Database, folder: PathBuf, every: Duration, keep: usize) -> JobKind {
    let plan =
        Arc::new(Plan { database, folder, every: i64::try_from(every.as_secs()).unwrap_or(i64::MAX), keep });
    JobKind {
        kind: BACKUP_JOB,
        does: "copies all data into the folder for backups",
        concurrency: 1,
        max_attempts: i64::MAX,
        run: Arc::new(move |run| Box::pin(look(run, plan.clone()))),
    }
}

/// Lets the job begin, unless it has.
///
/// # Errors
/// Faults of the store.
pub async fn schedule(db: &Db) -> Result<()> {
    db.write("takt.schedule_backup", |tx| {
        let job = NewJob {
            company: NO_COMPANY,
            kind: BACKUP_JOB,
            key: Some("scheduled".to_owned()),
            payload: serde_json::Value::Null,
            run_at: tx.now(),
        };
        jobs::enqueue(tx, job)
    })
    .await
}

struct Plan {
    database: Database,
    folder: PathBuf,
    every: i64,
    keep: usize,
}

async fn look(run: JobRun, plan: Arc<Plan>) -> Result<JobEnd> {
    let db = run.db;
    let now = db.clock().now();
    let good = db.read("takt.last_backup", |reader| last_runs(reader)).await?.good;
    let due = good.map_or(now, |(began, _)| began.plus_seconds(plan.every));
    if due > now {
        return Ok(JobEnd::RetryAt(due.min(now.plus_seconds(LOOK_SECONDS))));
    }
    match copy(&db, plan.clone()).await {
        Ok(made) => {
            let (bytes, rows) = (made.bytes, made.footer.rows());
            tracing::info!(file = %made.file.display(), bytes, rows, "backed up");
            let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
            let file = made.file.display().to_string();
            record(&db, now, End::Good { file, bytes: whole(bytes), rows: whole(rows) }).await?;
            for removed in remove_older(&plan.folder, plan.keep, &made.file)? {
                tracing::info!(file = %removed.display(), "an old backup was removed");
            }
            Ok(JobEnd::RetryAt(now.plus_seconds(plan.every.min(LOOK_SECONDS))))
        }
        Err(fault) => {
            tracing::error!(folder = %plan.folder.display(), error = ?fault, "the backup failed");
            record(&db, now, End::Failed(failure_of(&fault))).await?;
            Err(fault)
        }
    }
}

fn failure_of(fault: &Fault) -> String {
    format!("{fault:?}").chars().take(1_000).collect()
}

/// On a thread that does not hold up the end of the program: what it has written until then is swept
/// away by the next copy.
async fn copy(db: &Db, plan: Arc<Plan>) -> Result<BackedUp> {
    let (reply, copied) = oneshot::channel();
    let (clock, runtime) = (db.shared_clock(), Handle::current());
    let work = move || {
        let _inside = runtime.enter();
        let made = std::fs::create_dir_all(&plan.folder)
            .map_err(|error| {
                Fault::unavailable("store.archive_unwritable")
                    .arg("file", plan.folder.display())
                    .because(error)
            })
            .and_then(|()| {
                let backup = Backup {
                    database: &plan.database,
                    to: &plan.folder,
                    scheduled: true,
                    program: PROGRAM,
                    clock: &*clock,
                    prove: None,
                };
                back_up(&backup, &mut |_| ())
            });
        // Nobody waits any more when the job was cut off.
        let _ = reply.send(made);
    };
    std::thread::Builder::new()
        .name("takt-backup".to_owned())
        .spawn(work)
        .map_err(|error| Fault::unavailable("takt.worker_panicked").because(error))?;
    copied.await.map_err(|error| Fault::broken("takt.worker_panicked").because(error))?
}

/// How late a copy may be before somebody should look.
pub fn is_late(last: Timestamp, now: Timestamp, every: Duration) -> bool {
    let every = i64::try_from(every.as_secs()).unwrap_or(i64::MAX);
    now.seconds_since(last) > every.saturating_add((every / 4).max(600))
}
