use std::collections::VecDeque;

use takt_kernel::{Fault, Result};

use super::{Archive, Checked, Listen};
use crate::{
    tables::{Table, Tables, difference, key_text},
    value::Value,
};

/// Where a database is not what the archive says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    pub table: String,
    /// The key of the first row that differs; of a table that is missing or made otherwise, nothing.
    pub key: String,
    /// The columns that differ; none when one side lacks the row.
    pub columns: Vec<String>,
}

/// Compares every row of the archive with those of a database, and finds rows that are there too
/// much. Answers what the archive came to, and the first difference in each table.
///
/// # Errors
/// Those of [`Archive::check`], and faults of the engine.
pub fn compare(
    archive: &Archive,
    place: &mut dyn Tables,
    listen: Listen<'_>,
) -> Result<(Checked, Vec<Mismatch>)> {
    let there = place.tables()?;
    let mut mismatches = Vec::new();
    let mut sides: Vec<Option<Side<'_>>> = Vec::new();
    for table in &archive.manifest.tables {
        let like = there.iter().find(|known| table.is_like(known));
        if like.is_none() {
            mismatches.push(Mismatch { table: table.name.clone(), key: String::new(), columns: Vec::new() });
        }
        sides.push(like.map(Side::new));
    }
    let known = |table: &&Table| !archive.manifest.tables.iter().any(|named| named.name == table.name);
    for table in there.iter().filter(known) {
        mismatches.push(Mismatch { table: table.name.clone(), key: String::new(), columns: Vec::new() });
    }
    let checked = archive.rows(listen, &mut |index, row| {
        let Some(side) = &mut sides[index] else { return Ok(()) };
        if let Some(found) = side.step(place, &row)? {
            mismatches.push(found);
            sides[index] = None;
        }
        Ok(())
    })?;
    for side in sides.iter_mut().flatten() {
        if let Some(extra) = side.next(place)? {
            mismatches.push(lone(side.table, &extra));
        }
    }
    Ok((checked, mismatches))
}

/// One table of the database, read in the order of its key.
struct Side<'t> {
    table: &'t Table,
    page: VecDeque<Vec<Value>>,
    after: Option<Vec<Value>>,
    ended: bool,
}

impl<'t> Side<'t> {
    fn new(table: &'t Table) -> Self {
        Self { table, page: VecDeque::new(), after: None, ended: false }
    }

    fn next(&mut self, place: &mut dyn Tables) -> Result<Option<Vec<Value>>> {
        if self.page.is_empty() && !self.ended {
            let page = place.page(self.table, self.after.as_deref())?;
            match page.last() {
                Some(last) => self.after = Some(self.table.key_of(last)),
                None => self.ended = true,
            }
            self.page = page.into();
        }
        Ok(self.page.pop_front())
    }

    fn step(&mut self, place: &mut dyn Tables, wanted: &[Value]) -> Result<Option<Mismatch>> {
        let Some(found) = self.next(place)? else { return Ok(Some(lone(self.table, wanted))) };
        if found == wanted {
            return Ok(None);
        }
        let parted = difference(self.table, wanted, &found);
        Ok(Some(Mismatch { table: self.table.name.clone(), key: parted.key, columns: parted.columns }))
    }
}

fn lone(table: &Table, row: &[Value]) -> Mismatch {
    Mismatch { table: table.name.clone(), key: key_text(table, row), columns: Vec::new() }
}

impl Mismatch {
    /// As a refusal that names the place.
    pub fn fault(&self, archive: &Archive) -> Fault {
        Fault::broken("store.copy_differs")
            .arg("file", archive.file().display())
            .arg("table", &self.table)
            .arg("key", if self.key.is_empty() { "-" } else { &self.key })
            .arg("columns", if self.columns.is_empty() { "-".to_owned() } else { self.columns.join(", ") })
    }
}
