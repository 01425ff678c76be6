//! A database that is only looked at: whoever holds it goes on working, nothing is migrated, nothing
//! is locked. For verifying and for finding out what is wrong, also where opening would fail.

use std::{path::Path, sync::Arc};

use rusqlite::{Connection as Raw, OpenFlags};
use takt_kernel::{Clock, Entropy, Fault, Result, Slots};
use takt_metrics::Metrics;
use tokio::sync::watch;

use crate::{
    db::{Context, Database, Engine},
    foreseen::Foreseen,
    migrate::{self, Migrations},
    numbers::Numbers,
    postgres::{self, PostgresConnection},
    query::{Connection, Reader},
    sqlite::{self, DATABASE_FILE, SqliteConnection},
};

pub struct Look {
    side: Side,
    context: Arc<Context>,
}

enum Side {
    Sqlite(Raw),
    Postgres(Box<PostgresConnection>),
}

/// What the database is, as it says itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    pub engine: Engine,
    pub version: String,
    pub bytes: i64,
}

/// How the schema compares with what this program brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// As `feature/number`.
    pub applied: usize,
    pub pending: Vec<String>,
    /// Steps that a newer program applied.
    pub unknown: Vec<String>,
    /// Steps whose text is another one here.
    pub changed: Vec<String>,
}

impl Look {
    /// Call it, and ask, on a blocking thread of a runtime.
    ///
    /// # Errors
    /// `store.unreachable`, `store.bad_database_url`.
    pub fn open(
        database: &Database,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        slots: Arc<Slots>,
    ) -> Result<Self> {
        let side = match database {
            Database::Sqlite { folder } => Side::Sqlite(open_file(&folder.join(DATABASE_FILE))?),
            Database::Postgres { url } => Side::Postgres(Box::new(postgres::one_connection(url)?)),
        };
        let metrics = Metrics::new(clock.now().micros() as f64 / 1e6);
        let (visible, _) = watch::channel(0);
        let context = Context {
            clock,
            entropy,
            slots,
            numbers: Numbers::default(),
            visible,
            told: tokio::sync::broadcast::channel(1).0,
            metrics,
            seldom: Default::default(),
        };
        Ok(Self { side, context: Arc::new(context) })
    }

    /// Asks within one view of the data, on both engines.
    ///
    /// # Errors
    /// What the question refuses, and faults of the engine.
    pub fn ask<T>(&mut self, ask: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> Result<T> {
        let (context, now) = (self.context.clone(), self.context.clock.now());
        match &mut self.side {
            Side::Sqlite(raw) => {
                raw.execute_batch("begin").map_err(sqlite::fault)?;
                let connection = Connection::Sqlite(SqliteConnection::new(raw));
                let answer =
                    ask(&mut Reader { connection, context, now, stamp: None, foreseen: Foreseen::default() });
                raw.execute_batch("rollback").map_err(sqlite::fault)?;
                answer
            }
            Side::Postgres(connection) => {
                connection.begin();
                let reader = Connection::Postgres(connection);
                let answer = ask(&mut Reader {
                    connection: reader,
                    context,
                    now,
                    stamp: None,
                    foreseen: Foreseen::default(),
                });
                connection.roll_back();
                answer
            }
        }
    }

    /// # Errors
    /// Faults of the engine.
    pub fn describe(&mut self) -> Result<Described> {
        let (engine, text) = match &self.side {
            Side::Sqlite(_) => (
                Engine::Sqlite,
                "select sqlite_version() as version, page_count * page_size as bytes
                 from pragma_page_count(), pragma_page_size()",
            ),
            Side::Postgres(_) => (
                Engine::Postgres,
                "select split_part(current_setting('server_version'), ' ', 1) as version,
                   pg_database_size(current_database()) as bytes",
            ),
        };
        self.ask(|reader| {
            let row = crate::Query::opt_of(reader, &crate::Statement::new(text))?;
            let row = row.ok_or_else(|| Fault::broken("store.row_missing"))?;
            Ok(Described { engine, version: row.get("version")?, bytes: row.get("bytes")? })
        })
    }

    /// # Errors
    /// Faults of the engine; a database without the ledger is one to which nothing was applied.
    pub fn schema(&mut self, all: &[Migrations]) -> Result<Schema> {
        let there = self.ask(|reader| {
            let text = match reader.connection {
                Connection::Sqlite(_) => {
                    "select count(*) as n from sqlite_schema where type = 'table' and name = 'migration'"
                }
                Connection::Postgres(_) => {
                    "select count(*) as n from pg_class
                     join pg_namespace on pg_namespace.oid = relnamespace
                     where nspname = current_schema() and relname = 'migration'"
                }
            };
            let row = crate::Query::opt_of(reader, &crate::Statement::new(text))?;
            row.map_or(Ok(0), |row| row.get::<i64>("n"))
        })?;
        let applied = if there == 0 { Vec::new() } else { self.ask(applied)? };
        Ok(migrate::compare(all, &applied))
    }

    /// What SQLite's own check finds wrong with its file, and rows that point at nothing. PostgreSQL
    /// keeps both by itself.
    ///
    /// # Errors
    /// Faults of the engine.
    pub fn integrity(&mut self) -> Result<Vec<String>> {
        let Side::Sqlite(raw) = &self.side else { return Ok(Vec::new()) };
        let list = |text: &str| -> Result<Vec<String>> {
            let mut statement = raw.prepare(text).map_err(sqlite::fault)?;
            statement.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(sqlite::fault)
        };
        let mut found = list("pragma integrity_check(20)")?;
        found.retain(|told| told != "ok");
        found.extend(list(
            "select 'foreign key: ' || \"table\" || ' row ' || coalesce(rowid, '') || ' without ' || parent
             from pragma_foreign_key_check
             limit 20",
        )?);
        Ok(found)
    }
}

fn applied(reader: &mut Reader<'_>) -> Result<Vec<(String, String, i64, String)>> {
    let text = "select tier, feature, number, checksum from migration order by tier, feature, number";
    crate::Query::all_of(reader, &crate::Statement::new(text))?
        .iter()
        .map(|row| Ok((row.get("tier")?, row.get("feature")?, row.get("number")?, row.get("checksum")?)))
        .collect()
}

fn open_file(file: &Path) -> Result<Raw> {
    let unreachable = |error: rusqlite::Error| {
        Fault::unavailable("store.unreachable").arg("database", file.display()).because(error)
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let raw = Raw::open_with_flags(file, flags).map_err(unreachable)?;
    raw.busy_timeout(std::time::Duration::from_secs(10)).map_err(unreachable)?;
    raw.execute_batch("pragma query_only = on; pragma cache_size = -16000; select 1 from sqlite_schema;")
        .map_err(unreachable)?;
    Ok(raw)
}
