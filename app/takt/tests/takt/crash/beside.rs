//! A look at the database while the program works: plain questions on a connection of our own.

use std::path::PathBuf;

use rusqlite::OpenFlags;
use takt_store::Database;
use tokio_postgres::NoTls;

pub enum Beside {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client),
}

impl Beside {
    /// To be dropped before the program dies: an open connection would spare SQLite its recovery.
    pub async fn open(database: &Database) -> Self {
        match database {
            Database::Sqlite { folder } => Self::Sqlite(open(folder.join("takt.db"))),
            Database::Postgres { url } => {
                let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("PostgreSQL");
                tokio::spawn(connection);
                Self::Postgres(client)
            }
        }
    }

    /// The one number that a question answers.
    pub async fn number(&self, question: &str) -> i64 {
        match self {
            Self::Sqlite(connection) => connection
                .query_row(question, [], |row| row.get(0))
                .unwrap_or_else(|e| panic!("{question}: {e}")),
            Self::Postgres(client) => {
                client.query_one(question, &[]).await.unwrap_or_else(|e| panic!("{question}: {e:?}")).get(0)
            }
        }
    }

    pub async fn execute(&self, statement: &str) {
        match self {
            Self::Sqlite(connection) => {
                connection.execute_batch(statement).unwrap_or_else(|e| panic!("{statement}: {e}"));
            }
            Self::Postgres(client) => {
                client.batch_execute(statement).await.unwrap_or_else(|e| panic!("{statement}: {e:?}"));
            }
        }
    }
}

fn open(path: PathBuf) -> rusqlite::Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = rusqlite::Connection::open_with_flags(&path, flags).expect("the database");
    connection.busy_timeout(std::time::Duration::from_secs(10)).expect("a timeout");
    connection
}
