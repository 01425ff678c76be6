//! Tables as such, whatever they mean: what the catalogue says of them, their rows in the order of
//! their keys, and a digest of them that comes out alike on both engines. For copying, backing up and
//! verifying, so nothing here knows a table by name.
//!
//! All of it is synchronous: it is long work and belongs on a blocking thread.

mod digest;
mod postgres;
mod snapshot;
mod sqlite;

pub use digest::{Difference, TableDigest, digest, first_difference};
pub(crate) use digest::{RunningDigest, difference, key_text};
pub(crate) use postgres::{PostgresTables, typed, without_booleans};
pub use snapshot::Snapshot;
pub(crate) use sqlite::{SqliteTables, exact};

use takt_kernel::{Fault, Result};

use crate::value::Value;

/// What a column holds. SQLite keeps booleans as the integers 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    Integer,
    Boolean,
    Text,
    Blob,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: ColumnKind,
    pub nullable: bool,
}

/// A table as its own database describes it. Columns that the database computes by itself are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    /// In alphabetical order, so that the order of `alter table` does not matter.
    pub columns: Vec<Column>,
    /// Columns of the primary key, in its order.
    pub key: Vec<String>,
    /// Tables to which its foreign keys point, itself left out.
    pub parents: Vec<String>,
}

/// A database whose rows can be read as they are. Rows are values in the order of [`Table::columns`];
/// booleans read as the integers 0 and 1 on both engines.
pub trait Tables {
    /// All tables of the program, by name.
    ///
    /// # Errors
    /// `store.table_without_key`, `store.column_of_unknown_type` and faults of the engine.
    fn tables(&mut self) -> Result<Vec<Table>>;

    /// # Errors
    /// Faults of the engine.
    fn count(&mut self, table: &Table) -> Result<u64>;

    /// The next rows in the order of their keys, behind the key `after`; none at the end.
    ///
    /// # Errors
    /// Faults of the engine.
    fn page(&mut self, table: &Table, after: Option<&[Value]>) -> Result<Vec<Vec<Value>>>;

    /// # Errors
    /// Faults of the engine.
    fn by_key(&mut self, table: &Table, key: &[Value]) -> Result<Option<Vec<Value>>>;
}

/// Rows read at once: so few where one may be a whole file that memory stays bounded.
const PAGE: usize = 1_000;
const PAGE_OF_FILES: usize = 64;
const PAGE_BYTES: usize = 8 << 20;

impl Table {
    /// The values of its key, in the key's order.
    pub fn key_of(&self, row: &[Value]) -> Vec<Value> {
        self.key_columns().map(|at| row[at].clone()).collect()
    }

    pub(crate) fn page_size(&self) -> usize {
        let files = self.columns.iter().any(|column| column.kind == ColumnKind::Blob);
        if files { PAGE_OF_FILES } else { PAGE }
    }

    pub(crate) fn key_kinds(&self) -> impl Iterator<Item = ColumnKind> + '_ {
        self.key_columns().map(|at| self.columns[at].kind)
    }

    fn key_columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.key.iter().filter_map(|name| self.columns.iter().position(|column| column.name == *name))
    }

    /// `"a", "b"`
    pub(crate) fn column_list(&self) -> String {
        quoted_list(self.columns.iter().map(|column| column.name.as_str()))
    }

    pub(crate) fn key_list(&self) -> String {
        quoted_list(self.key.iter().map(String::as_str))
    }

    /// Put together by an engine's catalogue.
    fn described(
        name: String,
        mut columns: Vec<Column>,
        key: Vec<String>,
        mut parents: Vec<String>,
    ) -> Result<Self> {
        if key.is_empty() {
            return Err(Fault::broken("store.table_without_key").arg("table", name));
        }
        columns.sort_by(|a, b| a.name.cmp(&b.name));
        parents.retain(|parent| *parent != name);
        parents.sort();
        parents.dedup();
        Ok(Self { name, columns, key, parents })
    }
}

/// How much memory a row takes, about.
fn size_of(row: &[Value]) -> usize {
    row.iter()
        .map(|value| match value {
            Value::Null | Value::Int(_) | Value::Bool(_) => 8,
            Value::Text(text) => text.len(),
            Value::Blob(bytes) => bytes.len(),
        })
        .sum()
}

pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn quoted_list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(quoted).collect::<Vec<_>>().join(", ")
}

/// `select … from … where (key) > (…) order by key limit …`, with numbered parameters behind `mark`.
fn page_text(table: &Table, mark: char, behind: bool) -> String {
    let condition = if behind {
        format!("\nwhere ({}) > ({})", table.key_list(), parameters(table.key.len(), mark))
    } else {
        String::new()
    };
    format!(
        "select {}\nfrom {}{condition}\norder by {}\nlimit {}",
        table.column_list(),
        quoted(&table.name),
        table.key_list(),
        table.page_size()
    )
}

fn by_key_text(table: &Table, mark: char) -> String {
    format!(
        "select {}\nfrom {}\nwhere ({}) = ({})",
        table.column_list(),
        quoted(&table.name),
        table.key_list(),
        parameters(table.key.len(), mark)
    )
}

fn parameters(count: usize, mark: char) -> String {
    (1..=count).map(|n| format!("{mark}{n}")).collect::<Vec<_>>().join(", ")
}

fn unknown_type(table: &str, column: &str, found: &str) -> Fault {
    Fault::broken("store.column_of_unknown_type")
        .arg("table", table)
        .arg("column", column)
        .arg("found", found)
}

/// Parents before their children, so that foreign keys find what they point to.
///
/// # Errors
/// `store.tables_in_a_circle`.
pub fn parents_first(tables: &[Table]) -> Result<Vec<&Table>> {
    let mut ordered: Vec<&Table> = Vec::with_capacity(tables.len());
    let mut waiting: Vec<&Table> = tables.iter().collect();
    while !waiting.is_empty() {
        let known: Vec<&str> = ordered.iter().map(|table| table.name.as_str()).collect();
        let (ready, rest): (Vec<&Table>, Vec<&Table>) = waiting
            .iter()
            .copied()
            .partition(|table| table.parents.iter().all(|parent| known.contains(&parent.as_str())));
        if ready.is_empty() {
            return Err(Fault::broken("store.tables_in_a_circle").arg("table", &rest[0].name));
        }
        ordered.extend(ready);
        waiting = rest;
    }
    Ok(ordered)
}
