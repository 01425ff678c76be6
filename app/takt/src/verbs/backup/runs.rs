use takt_kernel::{Result, Timestamp};
use takt_store::{Db, Query, params, sql};

/// So many runs are remembered.
const REMEMBERED: i64 = 200;

/// Clocks of nodes differ a little.
const CLOCKS_DIFFER_SECONDS: i64 = 60;

/// How the copies of the clock went, as the database remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastRuns {
    /// Moment and file of the newest good copy.
    pub good: Option<(Timestamp, String)>,
    /// What failed since, the newest.
    pub failure: Option<(Timestamp, String)>,
}

/// What lies in the future was written before the clock was set back, and says nothing.
///
/// # Errors
/// Faults of the store.
pub fn last_runs(db: &mut dyn Query) -> Result<LastRuns> {
    let soon = db.now().plus_seconds(CLOCKS_DIFFER_SECONDS);
    let good = db
        .opt(
            sql!(
                "select began_at, ended_at, file
                 from backup_run
                 where failure is null and ended_at <= :soon
                 order by ended_at desc, id desc
                 limit 1"
            ),
            params![soon: soon],
        )?
        .map(|row| {
            Ok((row.get::<Timestamp>("began_at")?, row.get::<String>("file")?, row.get::<i64>("ended_at")?))
        })
        .transpose()?;
    let since = good.as_ref().map_or(i64::MIN, |(.., ended)| *ended);
    let failure = db
        .opt(
            sql!(
                "select ended_at, failure
                 from backup_run
                 where failure is not null and ended_at >= :since and ended_at <= :soon
                 order by ended_at desc, id desc
                 limit 1"
            ),
            params![since: since, soon: soon],
        )?
        .map(|row| Ok((row.get("ended_at")?, row.get("failure")?)))
        .transpose()?;
    Ok(LastRuns { good: good.map(|(began, file, _)| (began, file)), failure })
}

/// What a run came to.
pub(super) enum End {
    Good { file: String, bytes: i64, rows: i64 },
    Failed(String),
}

pub(super) async fn record(db: &Db, began: Timestamp, end: End) -> Result<()> {
    db.write("takt.record_backup", move |tx| {
        let (id, now) = (tx.new_id::<()>(), tx.now());
        let (file, bytes, rows, failure) = match &end {
            End::Good { file, bytes, rows } => (Some(file.clone()), Some(*bytes), Some(*rows), None),
            End::Failed(failure) => (None, None, None, Some(failure.clone())),
        };
        tx.put(
            sql!(
                "insert into backup_run (id, began_at, ended_at, file, bytes, rows, failure)
                 values (:id, :began_at, :ended_at, :file, :bytes, :rows, :failure)"
            ),
            params![
                id: id, began_at: began, ended_at: now, file: file, bytes: bytes, rows: rows, failure: failure,
            ],
        )?;
        tx.put(
            sql!(
                "delete from backup_run
                 where id in (select id from backup_run order by ended_at desc, id desc limit 1000 offset :kept)"
            ),
            params![kept: REMEMBERED],
        )
    })
    .await
}
