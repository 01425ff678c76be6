//! How far a shop was asked, and how that went. A change of it is shown in the connection's settings too, where
//! people look.

use serde_json::json;
use takt_connections::{Connection, ConnectionId, get, save_settings};
use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_store::{Db, Query, Tx, params, sql};

use super::actor;
use crate::facts::{self, Found, ReachedAgain, Unreachable};

/// After a failure a shop is left alone for so long, doubled by each.
const FIRST_REST: i64 = 300;
const LONGEST_REST: i64 = 3600;
/// What the settings show under this is the poll's own.
pub(crate) const SHOWN: &str = "poll";

#[derive(Clone, Debug)]
pub struct Standing {
    /// Everything that changed before is stored.
    pub cursor: Timestamp,
    /// When the end was reached last.
    pub finished_at: Option<Timestamp>,
    pub not_before: Option<Timestamp>,
    pub failures: i64,
    /// Why the last asking failed, as a code.
    pub problem: Option<String>,
    /// Orders that were looked at.
    pub asked: i64,
    /// Those of them of which no message had told.
    pub found: i64,
}

impl Standing {
    /// Of a shop that was never asked: what came before it was connected is not asked for.
    pub(super) fn new(cursor: Timestamp) -> Self {
        Self { cursor, finished_at: None, not_before: None, failures: 0, problem: None, asked: 0, found: 0 }
    }
}

/// How the asking of a shop stands; nothing of one that never was asked.
///
/// # Errors
/// Faults of the store.
pub fn standing(db: &mut dyn Query, connection: &Connection) -> Result<Option<Standing>> {
    of(db, connection.company, connection.id)
}

pub(super) fn of(
    db: &mut dyn Query,
    company: CompanyId,
    connection: ConnectionId,
) -> Result<Option<Standing>> {
    let row = db.opt(
        sql!(
            "select cursor_at, finished_at, not_before, failures, problem, asked, found
             from shop_poll
             where company_id = :company_id and connection_id = :connection_id"
        ),
        params![company_id: company, connection_id: connection],
    )?;
    row.as_ref()
        .map(|row| {
            Ok(Standing {
                cursor: row.get("cursor_at")?,
                finished_at: row.get("finished_at")?,
                not_before: row.get("not_before")?,
                failures: row.get("failures")?,
                problem: row.get("problem")?,
                asked: row.get("asked")?,
                found: row.get("found")?,
            })
        })
        .transpose()
}

fn save(tx: &mut Tx<'_>, connection: &Connection, standing: &Standing) -> Result<()> {
    tx.put(
        sql!(
            "insert into shop_poll (company_id, connection_id, cursor_at, finished_at, not_before, failures, problem,
               asked, found)
             values (:company_id, :connection_id, :cursor_at, :finished_at, :not_before, :failures, :problem, :asked,
               :found)
             on conflict (company_id, connection_id) do update
             set cursor_at = excluded.cursor_at, finished_at = excluded.finished_at,
               not_before = excluded.not_before, failures = excluded.failures, problem = excluded.problem,
               asked = excluded.asked, found = excluded.found"
        ),
        params![
            company_id: connection.company, connection_id: connection.id, cursor_at: standing.cursor,
            finished_at: standing.finished_at, not_before: standing.not_before, failures: standing.failures,
            problem: standing.problem.clone(), asked: standing.asked, found: standing.found,
        ],
    )
}

fn load(tx: &mut Tx<'_>, connection: &Connection) -> Result<Standing> {
    Ok(of(tx, connection.company, connection.id)?.unwrap_or_else(|| Standing::new(connection.created_at)))
}

/// A page is stored: the cursor moves to its end, never back.
pub(super) fn moved(
    tx: &mut Tx<'_>,
    connection: &Connection,
    cursor: Option<Timestamp>,
    asked: usize,
    found: usize,
) -> Result<()> {
    let mut standing = load(tx, connection)?;
    let found = i64::try_from(found).unwrap_or(i64::MAX);
    standing.cursor = cursor.map_or(standing.cursor, |cursor| cursor.max(standing.cursor));
    standing.asked = standing.asked.saturating_add(i64::try_from(asked).unwrap_or(i64::MAX));
    standing.found = standing.found.saturating_add(found);
    save(tx, connection, &standing)?;
    if found > 0 {
        show(tx, connection, &standing)?;
        tx.say(facts::about(connection.company, connection.id, &actor()), &Found { orders: found })?;
    }
    Ok(())
}

pub(super) async fn finished(db: &Db, company: CompanyId, id: ConnectionId, whole: bool) -> Result<()> {
    db.write("shops.poll.finished", move |tx| {
        let connection = get(tx, company, id)?;
        let mut standing = load(tx, &connection)?;
        let recovered = standing.problem.take().is_some();
        if whole {
            standing.finished_at = Some(tx.now());
        }
        (standing.failures, standing.not_before) = (0, None);
        save(tx, &connection, &standing)?;
        if recovered {
            show(tx, &connection, &standing)?;
            tx.say(facts::about(company, id, &actor()), &ReachedAgain {})?;
        }
        Ok(())
    })
    .await
}

pub(super) async fn failed(
    db: &Db,
    company: CompanyId,
    id: ConnectionId,
    fault: Fault,
    rest_seconds: Option<i64>,
) -> Result<()> {
    tracing::warn!(fault = ?fault, connection = %id, "a shop could not be asked");
    let code = fault.code().to_owned();
    db.write("shops.poll.failed", move |tx| {
        let connection = get(tx, company, id)?;
        let mut standing = load(tx, &connection)?;
        let is_news = standing.problem.as_deref() != Some(&code);
        let first = standing.problem.is_none();
        standing.failures = standing.failures.saturating_add(1);
        let doublings = u32::try_from(standing.failures - 1).unwrap_or(u32::MAX).min(10);
        let rest = rest_seconds.unwrap_or((FIRST_REST << doublings).min(LONGEST_REST));
        standing.not_before = Some(tx.now().plus_seconds(rest));
        standing.problem = Some(code.clone());
        save(tx, &connection, &standing)?;
        if is_news {
            show(tx, &connection, &standing)?;
        }
        if first {
            let fact = Unreachable { code: code.clone() };
            tx.say(facts::about(company, id, &actor()), &fact)?;
        }
        Ok(())
    })
    .await
}

/// Somebody may have changed the settings since they were read.
fn show(tx: &mut Tx<'_>, connection: &Connection, standing: &Standing) -> Result<()> {
    let connection = get(tx, connection.company, connection.id)?;
    let mut settings = connection.settings.clone();
    let shown = json!({
        "found": standing.found, "asked": standing.asked, "cursor": standing.cursor,
        "finished_at": standing.finished_at, "problem": standing.problem,
    });
    settings.insert(SHOWN.to_owned(), shown);
    match save_settings(tx, &connection, &settings, &actor()) {
        Err(fault) if fault.is("connections.changed_meanwhile") => Err(fault.retryable()),
        saved => saved,
    }
}
