//! Where the data is, and how it is opened.

use std::{path::PathBuf, sync::Arc};

use takt_feature::Wiring;
use takt_kernel::{Fault, Result, SystemClock, SystemEntropy};
use takt_store::{
    Database, Db, Options,
    folder::{self, Held},
};
use takt_vault::{Source, VAULT};

use crate::arguments::DataOptions;

/// Name of the socket on which a running program takes verbs, inside the data folder.
pub const SOCKET: &str = "takt.sock";

pub fn database(options: &DataOptions) -> Database {
    match &options.database {
        Some(url) => Database::Postgres { url: url.clone() },
        None => Database::Sqlite { folder: options.data.clone() },
    }
}

/// Looks whether there is anything yet; of PostgreSQL its tables tell.
///
/// # Errors
/// `takt.no_data`.
pub fn expect_data(options: &DataOptions) -> Result<()> {
    if options.database.is_some() || folder::held(&options.data) != Held::Nothing {
        return Ok(());
    }
    Err(Fault::missing("takt.no_data").arg("folder", options.data.display()))
}

/// Where the key is under which secrets are sealed: said by the environment, else beside the data. Nodes over one
/// PostgreSQL need the same.
pub fn secret_key(options: &DataOptions) -> Source {
    let said = |name: &str| std::env::var(name).ok().filter(|said| !said.trim().is_empty());
    if let Some(keys) = said("TAKT_SECRET_KEY") {
        return Source::given(keys);
    }
    let file = said("TAKT_SECRET_KEY_FILE").map(PathBuf::from);
    Source::File(file.unwrap_or_else(|| options.data.join(takt_vault::FILE)))
}

/// # Errors
/// As [`Db::open`]: `store.folder_in_use` when a running program holds the folder; `vault.key_missing`.
pub async fn open(options: &DataOptions, wiring: &Wiring, background: bool) -> Result<Db> {
    for vault in wiring.slots.of(&VAULT) {
        vault.told(secret_key(options));
    }
    let db = Db::open(Options {
        database: database(options),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        slots: wiring.slots.clone(),
        migrations: wiring.migrations.clone(),
        background,
    })
    .await?;
    takt_vault::check(&db).await?;
    Ok(db)
}
