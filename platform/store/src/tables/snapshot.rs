use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use takt_kernel::{Fault, Result};
use tokio::runtime::Handle;
use tokio_postgres::Client;

use super::{PostgresTables, SqliteTables, Table, Tables, quoted};
use crate::{
    db::{Database, Engine},
    postgres,
    sqlite::{self, DATABASE_FILE},
    value::Value,
};

/// A whole database as it was at one moment, while others go on writing to it.
pub struct Snapshot(Side);

enum Side {
    Sqlite(Connection),
    Postgres(Client, Handle),
}

/// While a copy is put back for proof nothing is asked here for as long as that takes, and a large table takes long to
/// count: what bounds other connections would end this one.
const AS_LONG_AS_IT_TAKES: &str = "begin isolation level repeatable read read only;
     set local idle_in_transaction_session_timeout = 0;
     set local statement_timeout = 0";

impl Snapshot {
    /// Of a data folder, whoever holds it, or of a PostgreSQL database. Call it, and use what it
    /// answers, on a blocking thread of a runtime.
    ///
    /// # Errors
    /// `store.unreachable`, `store.bad_database_url`.
    pub fn open(database: &Database) -> Result<Self> {
        match database {
            Database::Sqlite { folder } => Self::of_file(&folder.join(DATABASE_FILE)),
            Database::Postgres { url } => {
                let runtime = Handle::current();
                let client = runtime.block_on(postgres::connect_once(url))?;
                runtime.block_on(client.batch_execute(AS_LONG_AS_IT_TAKES)).map_err(postgres::fault)?;
                Ok(Self(Side::Postgres(client, runtime)))
            }
        }
    }

    /// Of one SQLite file, a restored backup for instance.
    ///
    /// # Errors
    /// `store.unreachable`.
    pub fn of_file(file: &Path) -> Result<Self> {
        let unreachable = |error: rusqlite::Error| {
            Fault::unavailable("store.unreachable").arg("database", file.display()).because(error)
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags).map_err(unreachable)?;
        // The view is taken with the first read, not by `begin`.
        connection
            .execute_batch(
                "pragma query_only = on; pragma cache_size = -16000; begin; select 1 from sqlite_schema;",
            )
            .map_err(sqlite::fault)?;
        Ok(Self(Side::Sqlite(connection)))
    }

    pub fn engine(&self) -> Engine {
        match &self.0 {
            Side::Sqlite(_) => Engine::Sqlite,
            Side::Postgres(..) => Engine::Postgres,
        }
    }

    /// The largest number in a column; 0 in an empty table.
    pub(crate) fn largest(&mut self, table: &Table, column: &str) -> Result<i64> {
        let text = format!("select coalesce(max({}), 0) from {}", quoted(column), quoted(&table.name));
        match &self.0 {
            Side::Sqlite(connection) => {
                connection.query_row(&text, [], |row| row.get(0)).map_err(sqlite::fault)
            }
            Side::Postgres(client, runtime) => {
                let row = runtime.block_on(client.query_one(&text, &[])).map_err(postgres::fault)?;
                row.try_get(0).map_err(postgres::fault)
            }
        }
    }

    fn on<T>(&mut self, ask: impl FnOnce(&mut dyn Tables) -> T) -> T {
        match &self.0 {
            Side::Sqlite(connection) => ask(&mut SqliteTables(connection)),
            Side::Postgres(client, runtime) => ask(&mut PostgresTables::new(client, runtime)),
        }
    }
}

impl Tables for Snapshot {
    fn tables(&mut self) -> Result<Vec<Table>> {
        self.on(|tables| tables.tables())
    }
    fn count(&mut self, table: &Table) -> Result<u64> {
        self.on(|tables| tables.count(table))
    }
    fn page(&mut self, table: &Table, after: Option<&[Value]>) -> Result<Vec<Vec<Value>>> {
        self.on(|tables| tables.page(table, after))
    }
    fn by_key(&mut self, table: &Table, key: &[Value]) -> Result<Option<Vec<Value>>> {
        self.on(|tables| tables.by_key(table, key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_server_lets_a_snapshot_wait_for_as_long_as_a_proof_takes() {
        let bounds = tokio::task::spawn_blocking(|| {
            let server = takt_testing::postgres::empty_database();
            let snapshot = Snapshot::open(&Database::Postgres { url: server.url().to_owned() });
            let Ok(Snapshot(Side::Postgres(client, runtime))) = &snapshot else { panic!("no snapshot") };
            let ask = |name: &str| {
                let answer = runtime.block_on(client.query_one(&format!("show {name}"), &[]));
                answer.expect("a setting").get::<_, String>(0)
            };
            ["idle_in_transaction_session_timeout", "statement_timeout", "transaction_isolation"].map(ask)
        });
        assert_eq!(bounds.await.expect("no panic"), ["0", "0", "repeatable read"]);
    }
}
