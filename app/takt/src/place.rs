//! Where the data is, and how it is opened.

use std::sync::Arc;

use takt_feature::Wiring;
use takt_kernel::{Result, SystemClock, SystemEntropy};
use takt_store::{Database, Db, Options};

use crate::arguments::DataOptions;

/// Name of the socket on which a running program takes verbs, inside the data folder.
pub const SOCKET: &str = "takt.sock";

pub fn database(options: &DataOptions) -> Database {
    match &options.database {
        Some(url) => Database::Postgres { url: url.clone() },
        None => Database::Sqlite { folder: options.data.clone() },
    }
}

/// # Errors
/// As [`Db::open`]: `store.folder_in_use` when a running program holds the folder.
pub async fn open(options: &DataOptions, wiring: &Wiring, background: bool) -> Result<Db> {
    Db::open(Options {
        database: database(options),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        slots: wiring.slots.clone(),
        migrations: wiring.migrations.clone(),
        background,
    })
    .await
}
