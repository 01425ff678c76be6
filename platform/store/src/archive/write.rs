use std::io::Write;

use takt_kernel::{Fault, Result, Timestamp};

use super::{
    AppliedMigration, Footer, Listen, Manifest, Progress, TableManifest, TableSum,
    frames::{FrameWriter, Kind},
    manifest::FORMAT,
    rows,
};
use crate::{
    tables::{RunningDigest, Snapshot, Table, Tables, parents_first},
    value::Value,
};

/// A frame of rows is closed at this length, or behind the one row that is longer.
const FRAME: usize = 256 << 10;

/// What only the caller knows of an archive.
pub struct Origin {
    pub program: String,
    pub moment: Timestamp,
}

/// Writes the whole snapshot; answers what it came to, with the writer and the number of bytes.
///
/// # Errors
/// `store.archive_unwritable`, `store.archive_no_room`, `store.not_a_shop` when the database holds no
/// tables of the program, and faults of the engine.
pub fn write<W: Write>(
    snapshot: &mut Snapshot,
    origin: Origin,
    out: W,
    listen: Listen<'_>,
) -> Result<(Manifest, Footer, W, u64)> {
    let tables = snapshot.tables()?;
    let ordered = parents_first(&tables)?;
    let manifest = Manifest {
        format: FORMAT,
        program: origin.program,
        engine: snapshot.engine(),
        moment: origin.moment,
        position: newest_position(snapshot, &tables)?,
        migrations: applied(snapshot, &tables)?,
        tables: ordered.iter().map(|table| TableManifest::of(table)).collect(),
    };
    let mut frames = FrameWriter::begin(out)?;
    frames.frame(Kind::Header, &json(&manifest)?)?;
    let mut footer = Footer { tables: Vec::with_capacity(ordered.len()) };
    let mut before = 0;
    for (index, table) in ordered.into_iter().enumerate() {
        let sum = write_table(snapshot, table, index, &mut frames, &mut |rows| {
            listen(Progress { table: &table.name, rows: before + rows });
        })?;
        before += sum.rows;
        footer.tables.push(sum);
    }
    frames.frame(Kind::Footer, &json(&footer)?)?;
    let (out, bytes) = frames.seal()?;
    Ok((manifest, footer, out, bytes))
}

fn write_table<W: Write>(
    snapshot: &mut Snapshot,
    table: &Table,
    index: usize,
    frames: &mut FrameWriter<W>,
    told: &mut dyn FnMut(u64),
) -> Result<TableSum> {
    let mut digest = RunningDigest::default();
    let mut frame = Vec::with_capacity(FRAME + FRAME / 4);
    let mut after: Option<Vec<Value>> = None;
    loop {
        let page = snapshot.page(table, after.as_deref())?;
        let Some(last) = page.last() else { break };
        after = Some(table.key_of(last));
        for row in &page {
            if frame.is_empty() {
                rows::put_number(index as u64, &mut frame);
            }
            rows::put(row, &mut frame);
            digest.add(row);
            if frame.len() >= FRAME {
                frames.frame(Kind::Rows, &frame)?;
                frame.clear();
            }
        }
        told(digest.rows());
    }
    if !frame.is_empty() {
        frames.frame(Kind::Rows, &frame)?;
    }
    Ok(TableSum::of(&table.name, &digest.finish()))
}

fn json<T: serde::Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|error| Fault::broken("store.archive_unwritable").because(error))
}

/// What the database says was applied to it. The ledger is small: it is read as a whole.
fn applied(snapshot: &mut Snapshot, tables: &[Table]) -> Result<Vec<AppliedMigration>> {
    let mut applied = Vec::new();
    let Some(ledger) = tables.iter().find(|table| table.name == "migration") else {
        return Err(Fault::invalid("store.not_a_shop"));
    };
    let mut after: Option<Vec<Value>> = None;
    loop {
        let page = snapshot.page(ledger, after.as_deref())?;
        let Some(last) = page.last() else { return Ok(applied) };
        after = Some(ledger.key_of(last));
        for row in &page {
            applied.push(AppliedMigration {
                tier: text_of(ledger, row, "tier")?,
                feature: text_of(ledger, row, "feature")?,
                number: match value_of(ledger, row, "number")? {
                    Value::Int(number) => *number,
                    _ => return Err(Fault::invalid("store.not_a_shop")),
                },
                checksum: text_of(ledger, row, "checksum")?,
            });
        }
    }
}

fn newest_position(snapshot: &mut Snapshot, tables: &[Table]) -> Result<i64> {
    let Some(log) = tables.iter().find(|table| table.name == "fact_position") else {
        return Err(Fault::invalid("store.not_a_shop"));
    };
    snapshot.largest(log, "position")
}

fn text_of(table: &Table, row: &[Value], column: &str) -> Result<String> {
    match value_of(table, row, column)? {
        Value::Text(text) => Ok(text.clone()),
        _ => Err(Fault::invalid("store.not_a_shop")),
    }
}

fn value_of<'r>(table: &Table, row: &'r [Value], column: &str) -> Result<&'r Value> {
    let at = table.columns.iter().position(|known| known.name == column);
    at.and_then(|at| row.get(at)).ok_or_else(|| Fault::invalid("store.not_a_shop"))
}
