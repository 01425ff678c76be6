//! How an archive's rows get into an empty database of either engine. Both first make the tables as
//! they were when the archive was written; later migrations follow when the program opens the place.

use std::pin::Pin;

use rusqlite::{Connection, config::DbConfig, params_from_iter};
use takt_kernel::{Fault, Result};
use tokio::runtime::Handle;
use tokio_postgres::{
    Client,
    binary_copy::BinaryCopyInWriter,
    types::{ToSql, Type},
};

use super::{AppliedMigration, Archive, Checked, Listen, Manifest, TableManifest};
use crate::{
    db::Engine,
    dialect,
    migrate::{self, Migrations, Pending},
    postgres, sqlite,
    tables::{ColumnKind, PostgresTables, SqliteTables, Table, Tables, quoted, typed},
    value::Value,
};

/// The steps that the archive's database had seen, for another engine.
///
/// # Errors
/// `store.archive_newer` when this program does not know one of them.
pub(super) fn schema(manifest: &Manifest, all: &[Migrations], engine: Engine) -> Result<Vec<Pending>> {
    let mut wanted: Vec<&AppliedMigration> = manifest.migrations.iter().collect();
    let steps = migrate::pending(all, &[], engine)?
        .into_iter()
        .filter(|step| {
            let same = |applied: &&AppliedMigration| {
                applied.tier == step.tier && applied.feature == step.feature && applied.number == step.number
            };
            let found = wanted.iter().position(same);
            found.map(|at| wanted.swap_remove(at)).is_some()
        })
        .collect();
    match wanted.first() {
        None => Ok(steps),
        Some(step) => Err(Fault::invalid("store.archive_newer")
            .arg("program", &manifest.program)
            .arg("feature", &step.feature)
            .arg("number", step.number)),
    }
}

/// The tables of the place, in the order of the archive's.
fn targets(archive: &Archive, place: &mut dyn Tables) -> Result<Vec<Table>> {
    let there = place.tables()?;
    let target = |table: &TableManifest| {
        there.iter().find(|known| table.is_like(known)).cloned().ok_or_else(|| {
            Fault::invalid("store.archive_newer")
                .arg("program", &archive.manifest.program)
                .arg("feature", &table.name)
                .arg("number", 0)
        })
    };
    archive.manifest.tables.iter().map(target).collect()
}

/// Into an empty file that nobody else has open. It is not synced.
pub(super) fn into_sqlite(
    archive: &Archive,
    migrations: &[Migrations],
    place: &Connection,
    listen: Listen<'_>,
) -> Result<Checked> {
    place
        .execute_batch(
            "pragma journal_mode = off;
             pragma synchronous = off;
             pragma foreign_keys = off;
             pragma cache_size = -64000;
             begin immediate;",
        )
        .map_err(sqlite::fault)?;
    place
        .execute_batch(&dialect::compile_migration(migrate::LEDGER, Engine::Sqlite))
        .map_err(sqlite::fault)?;
    for step in schema(&archive.manifest, migrations, Engine::Sqlite)? {
        place.execute_batch(&step.text).map_err(|error| not_applied(&step).because(error))?;
    }
    let tables = targets(archive, &mut SqliteTables(place))?;
    // What is put back was already let through, and noted, where it comes from.
    place.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).map_err(sqlite::fault)?;
    // What migrations put into their tables comes from the archive like all the rest.
    for table in &tables {
        place.execute_batch(&format!("delete from {}", quoted(&table.name))).map_err(sqlite::fault)?;
    }
    let texts: Vec<String> = tables.iter().map(insert_text).collect();
    let checked = archive.rows(listen, &mut |index, row| {
        let mut statement = place.prepare_cached(&texts[index]).map_err(sqlite::fault)?;
        statement
            .execute(params_from_iter(&row))
            .map_err(|error| sqlite::fault(error).arg("table", &tables[index].name))?;
        Ok(())
    })?;
    place.execute_batch("commit").map_err(sqlite::fault)?;
    let broken: Option<String> = place
        .prepare("select \"table\" from pragma_foreign_key_check limit 1")
        .and_then(|mut check| check.query_map([], |row| row.get(0))?.next().transpose())
        .map_err(sqlite::fault)?;
    match broken {
        None => Ok(checked),
        Some(table) => Err(Fault::broken("store.archive_row_without_parent").arg("table", table)),
    }
}

fn insert_text(table: &Table) -> String {
    let marks = vec!["?"; table.columns.len()].join(", ");
    format!("insert into {} ({}) values ({marks})", quoted(&table.name), table.column_list())
}

fn not_applied(step: &Pending) -> Fault {
    Fault::broken("store.migration_failed").arg("feature", step.feature).arg("number", step.number)
}

/// Into an empty schema, inside the transaction in which the connection stands.
pub(super) fn into_postgres(
    archive: &Archive,
    migrations: &[Migrations],
    client: &Client,
    runtime: &Handle,
    listen: Listen<'_>,
) -> Result<Checked> {
    let run = |text: &str| runtime.block_on(client.batch_execute(text)).map_err(postgres::fault);
    run(&dialect::compile_migration(migrate::LEDGER, Engine::Postgres))?;
    for step in schema(&archive.manifest, migrations, Engine::Postgres)? {
        run(&step.text).map_err(|fault| not_applied(&step).because(fault))?;
    }
    let tables = targets(archive, &mut PostgresTables::new(client, runtime))?;
    let triggers = |rest: &str| {
        let each =
            tables.iter().map(|table| format!("alter table {} {rest} trigger user", quoted(&table.name)));
        run(&each.collect::<Vec<_>>().join(";\n"))
    };
    triggers("disable")?;
    run(&format!(
        "truncate {}",
        tables.iter().map(|table| quoted(&table.name)).collect::<Vec<_>>().join(", ")
    ))?;
    // Rows come table by table and may point at rows of the same table that come later: what they
    // point at is compared once all are there.
    let foreign_keys = foreign_keys(client, runtime)?;
    for (table, name, _) in &foreign_keys {
        run(&format!("alter table {table} drop constraint {}", quoted(name)))?;
    }
    let mut copying: Option<(usize, Copying)> = None;
    let checked = archive.rows(listen, &mut |index, row| {
        if copying.as_ref().is_none_or(|(at, _)| *at != index) {
            if let Some((_, copying)) = copying.take() {
                copying.finish(runtime)?;
            }
            copying = Some((index, Copying::begin(&tables[index], client, runtime)?));
        }
        match &mut copying {
            Some((_, copying)) => copying.put(row, runtime),
            None => Ok(()),
        }
    })?;
    if let Some((_, copying)) = copying {
        copying.finish(runtime)?;
    }
    for (table, name, definition) in &foreign_keys {
        run(&format!("alter table {table} add constraint {} {definition}", quoted(name)))?;
    }
    triggers("enable")?;
    Ok(checked)
}

fn foreign_keys(client: &Client, runtime: &Handle) -> Result<Vec<(String, String, String)>> {
    let rows = runtime
        .block_on(client.query(
            "select conrelid::regclass::text, conname::text, pg_get_constraintdef(pg_constraint.oid)
             from pg_constraint
             join pg_namespace on pg_namespace.oid = connamespace
             where nspname = current_schema() and contype = 'f'
             order by conrelid, conname",
            &[],
        ))
        .map_err(postgres::fault)?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

/// One table that is being filled; rows go out some hundred at a time.
struct Copying {
    writer: Pin<Box<BinaryCopyInWriter>>,
    kinds: Vec<ColumnKind>,
    waiting: Vec<Vec<Value>>,
    table: String,
}

const TOGETHER: usize = 500;

impl Copying {
    fn begin(table: &Table, client: &Client, runtime: &Handle) -> Result<Self> {
        let text =
            format!("copy {} ({}) from stdin (format binary)", quoted(&table.name), table.column_list());
        let sink = runtime.block_on(client.copy_in(&text)).map_err(postgres::fault)?;
        let kinds: Vec<ColumnKind> = table.columns.iter().map(|column| column.kind).collect();
        let types: Vec<Type> = kinds.iter().map(|kind| type_of(*kind)).collect();
        let writer = Box::pin(BinaryCopyInWriter::new(sink, &types));
        Ok(Self { writer, kinds, waiting: Vec::with_capacity(TOGETHER), table: table.name.clone() })
    }

    fn put(&mut self, row: Vec<Value>, runtime: &Handle) -> Result<()> {
        self.waiting.push(row);
        if self.waiting.len() < TOGETHER { Ok(()) } else { self.send(runtime) }
    }

    fn send(&mut self, runtime: &Handle) -> Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        let sent = runtime.block_on(async {
            for row in rows {
                let row: Vec<Value> =
                    row.iter().zip(&self.kinds).map(|(value, kind)| typed(value, *kind)).collect();
                let row: Vec<&(dyn ToSql + Sync)> =
                    row.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
                self.writer.as_mut().write(&row).await?;
            }
            Ok(())
        });
        sent.map_err(|error| postgres::fault(error).arg("table", &self.table))
    }

    fn finish(mut self, runtime: &Handle) -> Result<()> {
        self.send(runtime)?;
        let finished = runtime.block_on(self.writer.as_mut().finish());
        finished.map(|_| ()).map_err(|error| postgres::fault(error).arg("table", &self.table))
    }
}

fn type_of(kind: ColumnKind) -> Type {
    match kind {
        ColumnKind::Integer => Type::INT8,
        ColumnKind::Boolean => Type::BOOL,
        ColumnKind::Text => Type::TEXT,
        ColumnKind::Blob => Type::BYTEA,
    }
}

/// SQLite numbers facts at their commit, so what a PostgreSQL node had not yet numbered would never be
/// heard there. In the order in which the sequencer would have taken them.
pub(super) fn number_on_sqlite(place: &Connection) -> Result<()> {
    place
        .execute_batch(
            "begin immediate;
             insert into fact_position (position, fact_id, company_id, subject_kind, subject_id, n, kind, lane)
             select (select coalesce(max(position), 0) from fact_position)
                 + row_number() over (order by at, fact_id),
               fact_id, company_id, subject_kind, subject_id, n, kind, lane
             from fact_unnumbered
             order by at, fact_id;
             delete from fact_unnumbered;
             commit;",
        )
        .map_err(sqlite::fault)
}
