//! Moves a living shop from its data folder to an empty PostgreSQL database.
//!
//! The whole copy is one transaction on PostgreSQL: until its commit nobody sees anything of it, and one
//! that is killed leaves nothing there. The shop works on meanwhile: triggers on the writer's connection
//! note the key of every row that changes, and each round brings the target to a newer snapshot of the
//! source. When all tables were compared and little is left, the writer stands still: the last rows follow
//! and are compared, the target commits, the folder is sealed. From then on the folder takes no writes and
//! is not opened any more, so nothing can be acknowledged in the old place.
//!
//! `source` is the folder's side, `target` PostgreSQL's, `plan` says beforehand what it would take.

mod plan;
pub(crate) mod seal;
mod source;
mod target;

pub use plan::Plan;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use takt_kernel::{Clock, Fault, Result};
use tokio::runtime::Handle;

use crate::{
    db::Db,
    migrate::{self, Migrations},
    sqlite::{Files, Sqlite},
    tables::{Snapshot, SqliteTables, Table, TableDigest, Tables, digest, first_difference, parents_first},
    value::Value,
};
use source::{Source, Touched};
use target::Target;

/// With so few rows left it is not worth another round.
const LITTLE: usize = 1_000;
/// A shop that never calms down stands still for at most this many rows.
const MOST_AT_LAST: usize = 40_000;
const MOST_ROUNDS: usize = 10;
/// Whoever wants to write waits at most so long; then the copy gives up and the shop goes on where it is.
const LONGEST_STANDSTILL: Duration = Duration::from_secs(20);

/// Where a copy stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Copying { table: String, rows: u64, total: u64 },
    CatchingUp { round: usize, rows: usize },
    Comparing { table: String, rows: u64, total: u64 },
    StandingStill { rows: usize },
}

/// Hears how far a copy is.
pub trait Listener: Send + 'static {
    /// # Errors
    /// Whatever is refused here ends the copy and leaves everything as it was.
    fn hear(&mut self, step: Step) -> Result<()>;
}

/// What was copied.
#[derive(Clone, Debug)]
pub struct Copied {
    /// Every table with its rows and the checksum that both sides had when they were compared.
    pub tables: Vec<(String, TableDigest)>,
    /// Rows that changed while the copy ran and followed it.
    pub followed: usize,
    /// The newest position of the log, the same on both sides.
    pub position: i64,
    pub took: Duration,
    /// How long nobody could write.
    pub stood_still: Duration,
}

impl Db {
    /// What it would take to copy this shop to an empty PostgreSQL database; changes nothing anywhere.
    ///
    /// # Errors
    /// `store.copy_from_folder_only`, `store.copy_target_not_empty`, `store.unreachable`.
    pub async fn plan_copy(&self, url: &str) -> Result<Plan> {
        let (sqlite, url) = (self.copied_from()?, url.to_owned());
        blocking(move |runtime| plan::plan(&sqlite, &url, &runtime)).await
    }

    /// Copies this shop to an empty PostgreSQL database while it works, and closes it here.
    ///
    /// # Errors
    /// As [`Db::plan_copy`], and `store.copy_schema_differs`, `store.copy_differs`, `store.copy_outrun`,
    /// `store.copy_end_unknown`. After any of them the shop goes on here as if nothing had happened.
    pub async fn copy_to(
        &self,
        url: &str,
        migrations: Vec<Migrations>,
        mut listener: impl Listener,
    ) -> Result<Copied> {
        let (sqlite, url, clock) = (self.copied_from()?, url.to_owned(), self.shared_clock());
        blocking(move |runtime| {
            let source = Source::watch(sqlite)?;
            let target = Target::begin(&url, runtime, &migrations, &*clock)?;
            copy(source, target, &mut listener, clock)
        })
        .await
    }

    fn copied_from(&self) -> Result<Arc<Sqlite>> {
        self.sqlite().cloned().ok_or_else(|| Fault::invalid("store.copy_from_folder_only"))
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce(Handle) -> Result<T> + Send + 'static) -> Result<T> {
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || work(runtime))
        .await
        .map_err(|error| Fault::broken("store.panicked").because(error))?
}

fn copy(
    mut source: Source,
    mut target: Target,
    listener: &mut dyn Listener,
    clock: Arc<dyn Clock>,
) -> Result<Copied> {
    let began = Instant::now();
    let (mut snapshot, _none_yet) = source.round()?;
    let tables = snapshot.tables()?;
    target.must_have(&tables)?;
    must_be_made_alike(&mut snapshot, &mut target.tables(), &tables)?;
    let ordered: Vec<Table> = parents_first(&tables)?.into_iter().cloned().collect();
    target.clear(&ordered)?;
    for table in &ordered {
        load(&mut snapshot, &mut target, table, listener)?;
    }
    target.settle()?;
    let mut followed = 0;
    // The snapshot is let go before the next is taken: the write-ahead log may shrink again.
    drop(snapshot);
    let mut snapshot = catch_up(&mut source, &mut target, &ordered, listener, &mut followed)?;
    let compared = compare(&mut snapshot, &mut target, &tables, listener)?;
    drop(snapshot);
    drop(catch_up(&mut source, &mut target, &ordered, listener, &mut followed)?);
    let last = stand_still(&source, target, ordered, listener, clock)?;
    Ok(Copied {
        tables: tables.into_iter().map(|table| table.name).zip(compared).collect(),
        followed: followed + last.rows,
        position: last.position,
        took: began.elapsed(),
        stood_still: last.stood_still,
    })
}

/// Both sides were brought to where they are by the same migrations.
fn must_be_made_alike(here: &mut dyn Tables, there: &mut dyn Tables, tables: &[Table]) -> Result<()> {
    let Some(ledger) = tables.iter().find(|table| table.name == migrate::TABLE) else { return Ok(()) };
    let applied = |side: &mut dyn Tables| -> Result<Vec<Vec<Value>>> {
        let mut rows = side.page(ledger, None)?;
        // When that was is each side's own matter.
        if let Some(at) = ledger.columns.iter().position(|column| column.name == "applied_at") {
            rows.iter_mut().for_each(|row| row[at] = Value::Null);
        }
        Ok(rows)
    };
    if applied(here)? == applied(there)? {
        return Ok(());
    }
    Err(Fault::broken("store.copy_schema_differs").arg("table", migrate::TABLE))
}

fn load(
    snapshot: &mut Snapshot,
    target: &mut Target,
    table: &Table,
    listener: &mut dyn Listener,
) -> Result<()> {
    let total = snapshot.count(table)?;
    let mut copied = 0;
    let mut after = None;
    listener.hear(Step::Copying { table: table.name.clone(), rows: 0, total })?;
    target.copy_in(table, &mut || {
        let page = snapshot.page(table, after.as_deref())?;
        after = page.last().map(|last| table.key_of(last));
        copied += page.len() as u64;
        listener.hear(Step::Copying { table: table.name.clone(), rows: copied, total })?;
        Ok(page)
    })
}

/// Follows the shop until little is left, at least once. Answers the snapshot at which the target is.
fn catch_up(
    source: &mut Source,
    target: &mut Target,
    ordered: &[Table],
    listener: &mut dyn Listener,
    followed: &mut usize,
) -> Result<Snapshot> {
    for round in 1..=MOST_ROUNDS {
        let (mut snapshot, touched) = source.round()?;
        let rows = touched.rows();
        *followed += rows;
        listener.hear(Step::CatchingUp { round, rows })?;
        target.follow(&mut snapshot, ordered, &touched)?;
        if rows <= LITTLE || round == MOST_ROUNDS && rows <= MOST_AT_LAST {
            return Ok(snapshot);
        }
    }
    Err(Fault::conflict("store.copy_outrun"))
}

/// Every row of every table. Answers the checksums, in the order of the tables.
fn compare(
    snapshot: &mut Snapshot,
    target: &mut Target,
    tables: &[Table],
    listener: &mut dyn Listener,
) -> Result<Vec<TableDigest>> {
    let mut digests = Vec::with_capacity(tables.len());
    for table in tables {
        let total = snapshot.count(table)?;
        let mut heard = |from: u64, rows: u64| {
            listener.hear(Step::Comparing { table: table.name.clone(), rows: (from + rows) / 2, total })
        };
        let ours = digest(snapshot, table, &mut |rows| heard(0, rows))?;
        let theirs = digest(&mut target.tables(), table, &mut |rows| heard(ours.rows, rows))?;
        if ours != theirs {
            let difference = first_difference(snapshot, &mut target.tables(), table)?;
            let (key, columns) = difference.map(|found| (found.key, found.columns)).unwrap_or_default();
            return Err(differs(table, key).arg("columns", columns.join(" ")));
        }
        digests.push(ours);
    }
    Ok(digests)
}

fn differs(table: &Table, key: String) -> Fault {
    Fault::broken("store.copy_differs").arg("table", &table.name).arg("row", key)
}

struct Last {
    rows: usize,
    position: i64,
    stood_still: Duration,
}

/// The end, on the writer's own thread, so that nothing is written beside it.
fn stand_still(
    source: &Source,
    target: Target,
    ordered: Vec<Table>,
    listener: &mut dyn Listener,
    clock: Arc<dyn Clock>,
) -> Result<Last> {
    let waiting = source.touched_now()?;
    listener.hear(Step::StandingStill { rows: waiting })?;
    let names = source.names();
    source.at_last(move |connection, files| {
        let began = Instant::now();
        let touched = Touched::take(connection, &names)?;
        let (rows, position) = finish(connection, target, &ordered, &touched, files, began, &*clock)?;
        Ok(Last { rows, position, stood_still: began.elapsed() })
    })
}

fn finish(
    connection: &rusqlite::Connection,
    target: Target,
    ordered: &[Table],
    touched: &Touched,
    files: &Files,
    began: Instant,
    clock: &dyn Clock,
) -> Result<(usize, i64)> {
    let mut source = SqliteTables(connection);
    target.hurry(LONGEST_STANDSTILL)?;
    target.follow(&mut source, ordered, touched)?;
    for (table, keys) in touched.of(ordered) {
        for keys in keys.chunks(LITTLE) {
            let theirs = target.rows_of(table, keys)?;
            for (key, theirs) in keys.iter().zip(theirs) {
                if source.by_key(table, key)? != theirs {
                    return Err(differs(table, format!("{key:?}")));
                }
            }
        }
        if began.elapsed() > LONGEST_STANDSTILL {
            return Err(Fault::conflict("store.copy_outrun"));
        }
    }
    let position = source.newest_position()?;
    let name = target.name();
    target.commit()?;
    seal::seal(files.folder(), &name, clock.now())?;
    Ok((touched.rows(), position))
}
