//! What a copy would take, found out without changing anything: the rows are counted, and a sample of
//! them really travels into a temporary table of the target, which shows how fast this way is.

use std::time::{Duration, Instant};

use takt_kernel::Result;
use tokio::runtime::Handle;

use super::target::Target;
use crate::{
    sqlite::{Sqlite, fault},
    tables::{ColumnKind, Snapshot, Table, Tables, quoted},
    value::Value,
};

/// A copy costs this many times what its sample costs: indexes are kept, and both sides are read again
/// to be compared. Measured, see docs/reliability.md.
const COST: u32 = 10;
/// PostgreSQL's rows and indexes take this many hundredths of what SQLite's take. Measured likewise.
const GROWTH: u64 = 180;
const SAMPLE: u64 = 10_000;

/// What a copy would take.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where it would go, without the password.
    pub database: String,
    /// Version of the target's server.
    pub server: String,
    /// Every table and how many rows it has.
    pub tables: Vec<(String, u64)>,
    pub rows: u64,
    /// Size of the shop now.
    pub bytes: u64,
    /// Size it is expected to have there.
    pub expected_bytes: u64,
    pub expected_time: Duration,
    /// Room on the disk of the target, if that is on this machine and may be known.
    pub free_bytes: Option<u64>,
}

pub(super) fn plan(sqlite: &Sqlite, url: &str, runtime: &Handle) -> Result<Plan> {
    let target = Target::look(url, runtime.clone())?;
    let (mut snapshot, bytes) = sqlite.alone(|connection, files| {
        let bytes: i64 = connection
            .query_row(
                "select (page_count - freelist_count) * page_size
                 from pragma_page_count, pragma_freelist_count, pragma_page_size",
                [],
                |row| row.get(0),
            )
            .map_err(fault)?;
        Ok((Snapshot::of_file(&files.database())?, u64::try_from(bytes).unwrap_or(0)))
    })?;
    let described = snapshot.tables()?;
    let mut tables = Vec::with_capacity(described.len());
    for table in &described {
        tables.push((table.name.clone(), snapshot.count(table)?));
    }
    let rows: u64 = tables.iter().map(|(_, rows)| rows).sum();
    let largest = described.iter().zip(&tables).max_by_key(|(_, (_, rows))| *rows).map(|(table, _)| table);
    let expected_time = match largest {
        Some(table) => sampled(&mut snapshot, &target, table)?.for_rows(rows) * COST,
        None => Duration::ZERO,
    };
    let server = target.first("select current_setting('server_version')", &[])?;
    let free_bytes = free(&target);
    let database = target.name();
    target.let_go()?;
    Ok(Plan {
        database,
        server,
        tables,
        rows,
        bytes,
        expected_bytes: bytes * GROWTH / 100,
        expected_time,
        free_bytes,
    })
}

struct Sampled {
    rows: u64,
    took: Duration,
}

impl Sampled {
    fn for_rows(&self, rows: u64) -> Duration {
        if self.rows == 0 { Duration::ZERO } else { self.took.mul_f64(rows as f64 / self.rows as f64) }
    }
}

fn sampled(snapshot: &mut Snapshot, target: &Target, table: &Table) -> Result<Sampled> {
    let sample = Table { name: "copy_sample".to_owned(), ..table.clone() };
    let columns = sample.columns.iter().map(|column| {
        let kind = match column.kind {
            ColumnKind::Integer => "bigint",
            ColumnKind::Boolean => "boolean",
            ColumnKind::Text => "text",
            ColumnKind::Blob => "bytea",
        };
        format!("{} {kind}", quoted(&column.name))
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    target.command(&format!("create temp table copy_sample ({columns}) on commit drop"))?;
    let (mut rows, mut after): (u64, Option<Vec<Value>>) = (0, None);
    let began = Instant::now();
    target.copy_in(&sample, &mut || {
        if rows >= SAMPLE {
            return Ok(Vec::new());
        }
        let page = snapshot.page(table, after.as_deref())?;
        after = page.last().map(|last| table.key_of(last));
        rows += page.len() as u64;
        Ok(page)
    })?;
    Ok(Sampled { rows, took: began.elapsed() })
}

/// A server on another machine, or one that does not show its folder, is no reason to refuse.
fn free(target: &Target) -> Option<u64> {
    let folder: String = target
        .first(
            "select setting
             from pg_settings
             where name = 'data_directory' and inet_server_addr() is null",
            &[],
        )
        .ok()?;
    let room = rustix::fs::statvfs(&*folder).ok()?;
    Some(room.f_bavail * room.f_frsize)
}
