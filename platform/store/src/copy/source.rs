//! The folder's side: which rows change while the copy runs. Triggers and notes are temporary, so they
//! live in the writer's connection alone and end with it; the database itself is not touched.

use std::{collections::BTreeMap, sync::Arc};

use rusqlite::{Connection, params_from_iter};
use takt_kernel::{Fault, Result};

use crate::{
    sqlite::{Files, Sqlite, fault},
    tables::{Snapshot, SqliteTables, Table, Tables, quoted},
    value::Value,
};

/// More changed rows are not kept in memory: such a shop is copied at a calmer hour.
const MOST_TOUCHED: usize = 1_000_000;

/// Keys of the rows that were written since the round before, by table.
pub(super) struct Touched(BTreeMap<String, Vec<Vec<Value>>>);

impl Touched {
    /// Takes the notes of the writer's connection. Nobody may write meanwhile.
    pub fn take(connection: &Connection, tables: &[Table]) -> Result<Self> {
        let mut touched = BTreeMap::new();
        let mut rows = 0;
        for table in tables {
            rows += count(connection, table)?;
            if rows > MOST_TOUCHED {
                return Err(Fault::conflict("store.copy_outrun"));
            }
            let keys = keys(connection, table)?;
            if !keys.is_empty() {
                connection.execute_batch(&format!("delete from temp.{}", notes(table))).map_err(fault)?;
                touched.insert(table.name.clone(), keys);
            }
        }
        Ok(Self(touched))
    }

    pub fn rows(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// The tables in their order that have any.
    pub fn of<'t>(
        &'t self,
        ordered: &'t [Table],
    ) -> impl DoubleEndedIterator<Item = (&'t Table, &'t [Vec<Value>])> {
        ordered.iter().filter_map(|table| Some((table, self.0.get(&table.name)?.as_slice())))
    }
}

/// A shop whose changes are noted, until the value is dropped.
pub(super) struct Source {
    sqlite: Arc<Sqlite>,
    tables: Vec<Table>,
}

impl Source {
    pub fn watch(sqlite: Arc<Sqlite>) -> Result<Self> {
        let tables = sqlite.alone(|connection, _| {
            let tables = SqliteTables(connection).tables()?;
            if connection.prepare(&format!("select 1 from temp.{}", notes(&tables[0]))).is_ok() {
                return Err(Fault::conflict("store.copy_runs_already"));
            }
            let watched = tables.iter().try_for_each(|table| connection.execute_batch(&watching(table)));
            if let Err(error) = watched {
                let_go(connection, &tables)?;
                return Err(fault(error));
            }
            Ok(tables)
        })?;
        Ok(Self { sqlite, tables })
    }

    /// A new snapshot, and exactly what was written between the one before and this one.
    pub fn round(&mut self) -> Result<(Snapshot, Touched)> {
        let tables = self.tables.clone();
        self.sqlite.alone(move |connection, files| {
            let touched = Touched::take(connection, &tables)?;
            Ok((Snapshot::of_file(&files.database())?, touched))
        })
    }

    pub fn touched_now(&self) -> Result<usize> {
        let tables = self.tables.clone();
        self.sqlite.alone(move |connection, _| tables.iter().map(|table| count(connection, table)).sum())
    }

    pub fn names(&self) -> Vec<Table> {
        self.tables.clone()
    }

    pub fn at_last<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &Files) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.sqlite.alone_at_last(work)
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        let tables = std::mem::take(&mut self.tables);
        let ended = self.sqlite.alone(move |connection, _| let_go(connection, &tables));
        match ended {
            Ok(()) => {}
            Err(fault) if fault.is("store.moved") || fault.is("store.closed") => {}
            Err(fault) => {
                tracing::error!(?fault, "changes are noted although no copy runs; restart the program")
            }
        }
    }
}

/// Name of the temporary table of a table's notes.
fn notes(table: &Table) -> String {
    quoted(&format!("copy_touched_{}", table.name))
}

fn trigger(table: &Table, event: &str) -> String {
    quoted(&format!("copy_sees_{event}_{}", table.name))
}

fn watching(table: &Table) -> String {
    let (notes, key) = (notes(table), table.key_list());
    let note = |row: &str| {
        let values = table.key.iter().map(|column| format!("{row}.{}", quoted(column)));
        let values = values.collect::<Vec<_>>().join(", ");
        // No `or ignore`: the statement that fires the trigger may bring a rule for conflicts of its own.
        format!(
            "insert into {notes} ({key}) select {values}
             where not exists (select 1 from {notes} where ({key}) = ({values}));"
        )
    };
    let see = |event: &str, body: String| {
        format!(
            "create temp trigger {} after {event} on main.{} begin {body} end;\n",
            trigger(table, event),
            quoted(&table.name)
        )
    };
    [
        format!("create temp table {notes} ({key}, primary key ({key})) without rowid;\n"),
        see("insert", note("new")),
        see("update", note("old") + &note("new")),
        see("delete", note("old")),
    ]
    .concat()
}

fn let_go(connection: &Connection, tables: &[Table]) -> Result<()> {
    tables.iter().try_for_each(|table| connection.execute_batch(&letting_go(table)).map_err(fault))
}

fn letting_go(table: &Table) -> String {
    let triggers = ["insert", "update", "delete"]
        .map(|event| format!("drop trigger if exists temp.{};\n", trigger(table, event)));
    format!("{}drop table if exists temp.{};", triggers.concat(), notes(table))
}

fn count(connection: &Connection, table: &Table) -> Result<usize> {
    let text = format!("select count(*) from temp.{}", notes(table));
    let count: i64 = connection.query_row(&text, [], |row| row.get(0)).map_err(fault)?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

fn keys(connection: &Connection, table: &Table) -> Result<Vec<Vec<Value>>> {
    let text = format!("select {} from temp.{}", table.key_list(), notes(table));
    let mut statement = connection.prepare(&text).map_err(fault)?;
    let mut rows = statement.query(params_from_iter::<[&Value; 0]>([])).map_err(fault)?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next().map_err(fault)? {
        let values = (0..table.key.len()).map(|at| crate::tables::exact(row.get_ref(at).map_err(fault)?));
        keys.push(values.collect::<Result<Vec<_>>>()?);
    }
    Ok(keys)
}
