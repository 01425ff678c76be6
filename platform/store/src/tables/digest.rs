use std::fmt;

use sha2::{Digest, Sha256};
use takt_kernel::Result;

use super::{Table, Tables};
use crate::value::Value;

/// How many rows a table has, and a checksum of all their values in the order of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableDigest {
    pub rows: u64,
    pub sha256: [u8; 32],
}

impl fmt::Display for TableDigest {
    /// The checksum, in hexadecimal.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sha256.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

/// Sums up a table whose rows come one by one, in the order of the key.
#[derive(Default)]
pub(crate) struct RunningDigest {
    sum: Sha256,
    rows: u64,
}

impl RunningDigest {
    pub fn add(&mut self, row: &[Value]) {
        row.iter().for_each(|value| add(&mut self.sum, value));
        self.rows += 1;
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    pub fn finish(self) -> TableDigest {
        TableDigest { rows: self.rows, sha256: self.sum.finalize().into() }
    }
}

/// Where two tables part.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The key of the first row that differs or that one side lacks, as text.
    pub key: String,
    /// The columns that differ; none when one side lacks the row.
    pub columns: Vec<String>,
}

/// Reads the whole table; `progress` hears how many rows were read so far.
///
/// # Errors
/// Faults of the engine, and what `progress` refuses.
pub fn digest(
    tables: &mut dyn Tables,
    table: &Table,
    progress: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<TableDigest> {
    let mut running = RunningDigest::default();
    let mut after: Option<Vec<Value>> = None;
    loop {
        let page = tables.page(table, after.as_deref())?;
        let Some(last) = page.last() else { break };
        after = Some(table.key_of(last));
        page.iter().for_each(|row| running.add(row));
        progress(running.rows())?;
    }
    Ok(running.finish())
}

/// Every value says what it is and how long, so no two rows run into the same bytes.
fn add(sum: &mut Sha256, value: &Value) {
    let long = |sum: &mut Sha256, kind: u8, bytes: &[u8]| {
        sum.update([kind]);
        sum.update((bytes.len() as u64).to_be_bytes());
        sum.update(bytes);
    };
    match value {
        Value::Null => sum.update([0]),
        Value::Int(number) => {
            sum.update([1]);
            sum.update(number.to_be_bytes());
        }
        Value::Bool(flag) => add(sum, &Value::Int(i64::from(*flag))),
        Value::Text(text) => long(sum, 2, text.as_bytes()),
        Value::Blob(bytes) => long(sum, 3, bytes),
    }
}

/// Walks both sides row by row to the first difference. `here` and `there` describe the same table.
///
/// # Errors
/// Faults of the engines.
pub fn first_difference(
    left: &mut dyn Tables,
    right: &mut dyn Tables,
    table: &Table,
) -> Result<Option<Difference>> {
    let mut after: Option<Vec<Value>> = None;
    loop {
        let (ours, theirs) = (left.page(table, after.as_deref())?, right.page(table, after.as_deref())?);
        for (mine, yours) in ours.iter().zip(&theirs) {
            if mine != yours {
                return Ok(Some(difference(table, mine, yours)));
            }
        }
        match (ours.get(theirs.len()), theirs.get(ours.len())) {
            (Some(extra), _) | (_, Some(extra)) => {
                return Ok(Some(Difference { key: key_text(table, extra), columns: Vec::new() }));
            }
            (None, None) => {}
        }
        let Some(last) = ours.last() else { return Ok(None) };
        after = Some(table.key_of(last));
    }
}

pub(crate) fn difference(table: &Table, mine: &[Value], yours: &[Value]) -> Difference {
    let same_row = table.key_of(mine) == table.key_of(yours);
    let columns = table.columns.iter().zip(mine.iter().zip(yours));
    Difference {
        key: key_text(table, mine),
        columns: columns
            .filter(|(_, (mine, yours))| same_row && mine != yours)
            .map(|(column, _)| column.name.clone())
            .collect(),
    }
}

pub(crate) fn key_text(table: &Table, row: &[Value]) -> String {
    let shown = table.key.iter().zip(table.key_of(row)).map(|(name, value)| match value {
        Value::Null => format!("{name}=null"),
        Value::Int(number) => format!("{name}={number}"),
        Value::Bool(flag) => format!("{name}={flag}"),
        Value::Text(text) => format!("{name}={text}"),
        Value::Blob(bytes) => format!("{name}={} bytes", bytes.len()),
    });
    shown.collect::<Vec<_>>().join(" ")
}
