//! What is left of a file whose taking in was cut off between two chunks: its lines would stand among
//! those that wait, for ever and of no file. After an hour they are thrown away, and whoever were
//! still at it then is refused.

use std::sync::Arc;

use serde_json::json;
use takt_kernel::{CompanyId, Fault, Id, Result};
use takt_store::{Db, Tx, params, sql};
use takt_work::{JobEnd, JobKind, JobRun, NewJob, jobs};

use super::lines::ImportId;

pub const FORGET_JOB: &str = "payments.forget_unfinished";
const GIVEN_UP_AFTER_SECONDS: i64 = 3600;
const LINES_AT_ONCE: i64 = 2_000;

pub fn forget_job() -> JobKind {
    JobKind {
        kind: FORGET_JOB,
        does: "throws away what was kept of a bank file whose taking in was cut off",
        concurrency: 1,
        max_attempts: 20,
        run: Arc::new(|run| Box::pin(forget(run))),
    }
}

/// Whoever begins a file says when it is to be given up.
pub(super) fn watch(tx: &mut Tx, company: CompanyId, import: ImportId) -> Result<()> {
    let run_at = takt_store::Query::now(tx).plus_seconds(GIVEN_UP_AFTER_SECONDS);
    let key = Some(import.to_string());
    jobs::enqueue(tx, NewJob { company, kind: FORGET_JOB, key, payload: json!({ "import": import }), run_at })
}

/// Moves a file on that is still being taken in: to `accepted`, or nowhere to hold it for this transaction.
///
/// # Errors
/// `payments.file_given_up`.
pub(super) fn go_on(tx: &mut Tx, company: CompanyId, import: ImportId, state: &str) -> Result<()> {
    let touched = tx.execute(
        sql!(
            "update bank_import
             set state = :state
             where company_id = :company_id and id = :id and state = 'staging'"
        ),
        params![state: state, company_id: company, id: import],
    )?;
    if touched == 1 { Ok(()) } else { Err(Fault::unavailable("payments.file_given_up")) }
}

async fn forget(run: JobRun) -> Result<JobEnd> {
    let import = run.payload.get("import").and_then(serde_json::Value::as_i64).map(Id::new);
    let Some(import) = import else {
        return Ok(JobEnd::GiveUp(Fault::broken("payments.job_unreadable")));
    };
    let company = run.company;
    if give_up(&run.db, company, import).await? {
        while forget_lines(&run.db, company, import).await? > 0 {}
    }
    Ok(JobEnd::Done)
}

/// Answers whether there is something to throw away. From here on nobody adds to the file.
async fn give_up(db: &Db, company: CompanyId, import: ImportId) -> Result<bool> {
    let touched = db
        .write("payments.give_up_file", move |tx| {
            tx.execute(
                sql!(
                    "update bank_import
                     set state = 'given_up'
                     where company_id = :company_id and id = :id and state in ('staging', 'given_up')"
                ),
                params![company_id: company, id: import],
            )
        })
        .await?;
    Ok(touched > 0)
}

/// The row of the file goes with its last lines.
async fn forget_lines(db: &Db, company: CompanyId, import: ImportId) -> Result<u64> {
    db.write("payments.forget_lines", move |tx| {
        let gone = tx.execute(
            sql!(
                "delete from bank_line
                 where company_id = :company_id and import_id = :import_id
                   and n in (select n
                     from bank_line
                     where company_id = :company_id and import_id = :import_id
                     order by n
                     limit :limit)"
            ),
            params![company_id: company, import_id: import, limit: LINES_AT_ONCE],
        )?;
        if gone == 0 {
            tx.put(
                sql!("delete from bank_import where company_id = :company_id and id = :id and state = 'given_up'"),
                params![company_id: company, id: import],
            )?;
        }
        Ok(gone)
    })
    .await
}
