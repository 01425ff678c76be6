use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};
use takt_kernel::{Fault, Result};

use crate::{archive::UNFINISHED, copy::seal};

pub(crate) const DATABASE_FILE: &str = "takt.db";
pub(crate) const LOCK_FILE: &str = "takt.lock";

/// Customers, orders and the digests of passwords: nobody else on the machine reads them.
const OURS_ALONE: u32 = 0o600;

const STATEMENT_CACHE: usize = 512;

/// The data folder, held by this process as long as the value lives.
pub(crate) struct Files {
    folder: PathBuf,
    database: PathBuf,
    _lock: File,
}

impl Files {
    pub fn claim(folder: &Path) -> Result<Self> {
        let files = Self::claim_unfinished(folder)?;
        if folder.join(UNFINISHED).exists() {
            return Err(Fault::unavailable("store.restore_unfinished").arg("folder", folder.display()));
        }
        Ok(files)
    }

    /// Also a folder in which a restore was broken off.
    pub fn claim_unfinished(folder: &Path) -> Result<Self> {
        let unreachable = |error: std::io::Error| {
            Fault::unavailable("store.folder_unusable").arg("folder", folder.display()).because(error)
        };
        DirBuilder::new().recursive(true).mode(OURS_ALONE | 0o100).create(folder).map_err(unreachable)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(OURS_ALONE)
            .open(folder.join(LOCK_FILE))
            .map_err(unreachable)?;
        match lock.try_lock() {
            Ok(()) => {
                seal::check(folder)?;
                Ok(Self { folder: folder.to_owned(), database: folder.join(DATABASE_FILE), _lock: lock })
            }
            Err(TryLockError::WouldBlock) => {
                Err(Fault::unavailable("store.folder_in_use").arg("folder", folder.display()))
            }
            Err(TryLockError::Error(error)) => Err(unreachable(error)),
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn database(&self) -> PathBuf {
        self.database.clone()
    }

    /// Where SQLite keeps what is not folded into the database yet.
    pub fn log(&self) -> PathBuf {
        let mut log = self.database.clone().into_os_string();
        log.push("-wal");
        log.into()
    }

    pub fn writer(&self) -> Result<Connection> {
        // SQLite would let everybody on the machine read it, and gives its log the mode of the database.
        let mut kept = OpenOptions::new();
        kept.create(true).truncate(false).write(true).mode(OURS_ALONE);
        kept.open(&self.database).map_err(|error| {
            Fault::unavailable("store.folder_unusable").arg("folder", self.folder.display()).because(error)
        })?;
        let connection =
            open(&self.database, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        settle(
            &connection,
            "pragma journal_mode = wal;
             pragma synchronous = full;
             pragma foreign_keys = on;
             pragma secure_delete = on;
             pragma cache_size = -8000;
             pragma journal_size_limit = 67108864;
             pragma wal_autocheckpoint = 4000;",
        )?;
        Ok(connection)
    }
}

pub(super) fn reader(database: &Path) -> Result<Connection> {
    let connection = open(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    settle(&connection, "pragma query_only = on; pragma cache_size = -2000;")?;
    Ok(connection)
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection =
        Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(|error| {
            Fault::unavailable("store.unreachable").arg("database", path.display()).because(error)
        })?;
    connection
        .busy_timeout(Duration::from_secs(10))
        .map_err(|error| Fault::unavailable("store.unreachable").because(error))?;
    // Without it a statement is planned anew, in its running, whenever a parameter's value might have
    // led to another plan: a third of all time under load.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(|error| Fault::unavailable("store.unreachable").because(error))?;
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    Ok(connection)
}

fn settle(connection: &Connection, pragmas: &str) -> Result<()> {
    connection.execute_batch(pragmas).map_err(|error| Fault::unavailable("store.unreachable").because(error))
}
