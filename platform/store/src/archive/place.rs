//! Where an archive is put back: an empty folder or an empty PostgreSQL database, all of it or nothing.
//! On PostgreSQL it is one transaction. In a folder the file has another name until every row was
//! compared; a folder in which a restore was broken off is not served, and may be restored into again.

use std::{
    fs::{self, File},
    path::Path,
};

use rusqlite::{Connection, OpenFlags};
use takt_kernel::{Fault, Result};
use tokio::runtime::Handle;

use super::{Archive, Checked, Footer, Listen, compare, load};
use crate::{
    db::Database,
    migrate::Migrations,
    postgres, sqlite,
    sqlite::{DATABASE_FILE, Files, LOCK_FILE},
    tables::{PostgresTables, SqliteTables, Tables},
};

/// The name of the database in a folder while it is being restored.
pub(crate) const UNFINISHED: &str = "takt.db.restoring";

/// What a restore came to.
pub struct Restored {
    pub footer: Footer,
    /// Size of the archive.
    pub bytes: u64,
    /// A folder belongs to us until this goes.
    _place: Option<Files>,
}

/// Puts the archive into an empty place: reads all of it first, loads it, then compares every row.
/// Long work: on a blocking thread of a runtime.
///
/// # Errors
/// `store.place_not_empty`; those of [`Archive::check`]; `store.archive_newer`; `store.copy_differs`;
/// faults of the engine. Nothing is left behind then.
pub fn restore(
    archive: &Archive,
    place: &Database,
    migrations: &[Migrations],
    listen: Listen<'_>,
) -> Result<Restored> {
    match place {
        Database::Sqlite { folder } => into_folder(archive, folder, migrations, listen),
        Database::Postgres { url } => into_postgres(archive, url, migrations, listen),
    }
}

fn into_folder(
    archive: &Archive,
    folder: &Path,
    migrations: &[Migrations],
    listen: Listen<'_>,
) -> Result<Restored> {
    expect_empty(folder)?;
    load::schema(&archive.manifest, migrations, crate::Engine::Sqlite)?;
    archive.check(listen)?;
    let was_there = folder.exists();
    let files = Files::claim_unfinished(folder)?;
    let unfinished = folder.join(UNFINISHED);
    let done = remove(&unfinished)
        .and_then(|()| fill(archive, &unfinished, migrations, listen))
        .and_then(|checked| settle(folder, &unfinished).map(|()| checked));
    match done {
        Ok(checked) => Ok(Restored { footer: checked.footer, bytes: checked.bytes, _place: Some(files) }),
        Err(fault) => {
            let cleared = remove(&unfinished).and_then(|()| remove(&folder.join(LOCK_FILE)));
            if let Err(left) = cleared {
                tracing::warn!(error = ?left, "a broken restore left something behind");
            }
            drop(files);
            if !was_there && fs::remove_dir(folder).is_err() {
                tracing::debug!(folder = %folder.display(), "the folder stays");
            }
            Err(fault)
        }
    }
}

/// Nothing but what a broken restore leaves may stand there.
fn expect_empty(folder: &Path) -> Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unusable(folder, error)),
    };
    for entry in entries {
        let name = entry.map_err(|error| unusable(folder, error))?.file_name();
        if name != LOCK_FILE && name != UNFINISHED {
            return Err(Fault::conflict("store.place_not_empty").arg("place", folder.display()));
        }
    }
    Ok(())
}

fn fill(archive: &Archive, file: &Path, migrations: &[Migrations], listen: Listen<'_>) -> Result<Checked> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let place = Connection::open_with_flags(file, flags).map_err(sqlite::fault)?;
    load::into_sqlite(archive, migrations, &place, listen)?;
    let checked = compare_all(archive, &mut SqliteTables(&place), listen)?;
    load::number_on_sqlite(&place)?;
    // What was written without care for crashes is on the disk before it gets its name.
    place.close().map_err(|(_, error)| sqlite::fault(error))?;
    private(file)?;
    File::open(file).and_then(|file| file.sync_all()).map_err(|error| unusable(file, error))?;
    Ok(checked)
}

fn settle(folder: &Path, unfinished: &Path) -> Result<()> {
    fs::rename(unfinished, folder.join(DATABASE_FILE)).map_err(|error| unusable(folder, error))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| unusable(folder, error))
}

fn into_postgres(
    archive: &Archive,
    url: &str,
    migrations: &[Migrations],
    listen: Listen<'_>,
) -> Result<Restored> {
    load::schema(&archive.manifest, migrations, crate::Engine::Postgres)?;
    archive.check(listen)?;
    let runtime = Handle::current();
    let client = runtime.block_on(postgres::connect_once(url))?;
    let run = |text: &str| runtime.block_on(client.batch_execute(text)).map_err(postgres::fault);
    run("begin isolation level repeatable read; set local idle_in_transaction_session_timeout = 0;
         set local statement_timeout = 0")?;
    let mut place = PostgresTables::new(&client, &runtime);
    if !place.tables()?.is_empty() {
        return Err(Fault::conflict("store.place_not_empty").arg("place", "PostgreSQL"));
    }
    load::into_postgres(archive, migrations, &client, &runtime, listen)?;
    let checked = compare_all(archive, &mut place, listen)?;
    run("commit")?;
    // Plans of the first questions would be made for empty tables.
    run("analyze")?;
    Ok(Restored { footer: checked.footer, bytes: checked.bytes, _place: None })
}

fn compare_all(archive: &Archive, place: &mut dyn Tables, listen: Listen<'_>) -> Result<Checked> {
    let (checked, mismatches) = compare(archive, place, listen)?;
    match mismatches.first() {
        None => Ok(checked),
        Some(mismatch) => Err(mismatch.fault(archive)),
    }
}

fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unusable(file, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn private(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).map_err(|error| unusable(file, error))
}

fn unusable(path: &Path, error: std::io::Error) -> Fault {
    let code = match error.kind() {
        std::io::ErrorKind::StorageFull => "store.disk_full",
        _ => "store.folder_unusable",
    };
    Fault::unavailable(code).arg("folder", path.display()).because(error)
}
