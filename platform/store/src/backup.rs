//! Copies of a living database as archive files, and proof that they can be put back. Whoever works on
//! the database goes on: the copy is read from a snapshot, the writer is never asked.

use std::{
    fs::{self, File, OpenOptions},
    io::BufWriter,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags};
use takt_kernel::{Clock, Fault, Result, Timestamp};
use tempfile::{NamedTempFile, TempDir};

use crate::{
    archive::{Archive, Footer, Listen, Manifest, Origin, Restored, compare, restore, write},
    db::Database,
    migrate::Migrations,
    sqlite::{DATABASE_FILE, LOCK_FILE},
    tables::Snapshot,
};

const EXTENSION: &str = "takt";
const MADE_BY_HAND: &str = "takt-";
/// Copies made by the clock carry this, so that only they are ever removed by themselves.
const SCHEDULED: &str = "takt-auto-";
const UNFINISHED: &str = ".takt-unfinished-";
const PROOF: &str = ".takt-verify-";

/// What to copy, and where to.
pub struct Backup<'b> {
    pub database: &'b Database,
    /// A folder, in which the copy is named by its moment, or a file that is not there yet.
    pub to: &'b Path,
    pub scheduled: bool,
    pub program: &'b str,
    pub clock: &'b dyn Clock,
    /// With these the copy is put back into a second place, and both it and the living database are
    /// compared with that, row by row, before it gets its name.
    pub prove: Option<&'b [Migrations]>,
}

#[derive(Debug)]
pub struct BackedUp {
    pub file: PathBuf,
    pub manifest: Manifest,
    pub footer: Footer,
    pub bytes: u64,
}

/// Makes a copy. It has its name only when all of it is on the disk; nothing is ever overwritten.
/// Long work: on a blocking thread of a runtime.
///
/// # Errors
/// `store.backup_exists`, `store.archive_unwritable`, `store.archive_no_room`, `store.copy_differs`,
/// faults of the engine.
pub fn back_up(backup: &Backup<'_>, listen: Listen<'_>) -> Result<BackedUp> {
    let moment = backup.clock.now();
    let file = name(backup, moment)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sweep(folder);
    let unwritable = |error: std::io::Error| unwritable(&file, error);
    let unfinished = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .suffix(".part")
        .tempfile_in(folder)
        .map_err(unwritable)?;
    // Says to `sweep` of others that somebody is at it.
    unfinished.as_file().try_lock().map_err(|error| unwritable(error.into()))?;
    let mut snapshot = Snapshot::open(backup.database)?;
    let origin = Origin { program: backup.program.to_owned(), moment };
    let out = BufWriter::with_capacity(1 << 20, unfinished);
    let (manifest, footer, out, bytes) =
        write(&mut snapshot, origin, out, listen).map_err(|fault| fault.arg("file", file.display()))?;
    let unfinished = out.into_inner().map_err(|error| unwritable(error.into_error()))?;
    unfinished.as_file().sync_all().map_err(unwritable)?;
    if let Some(migrations) = backup.prove {
        let archive = Archive::open(unfinished.path())?;
        prove(&archive, migrations, folder, listen)?;
        if let Some(mismatch) = compare(&archive, &mut snapshot, listen)?.1.first() {
            return Err(mismatch.fault(&archive));
        }
    }
    drop(snapshot);
    keep(unfinished, &file)?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(unwritable)?;
    fold(backup.database);
    Ok(BackedUp { file, manifest, footer, bytes })
}

fn keep(unfinished: NamedTempFile, file: &Path) -> Result<()> {
    unfinished.persist_noclobber(file).map(|_| ()).map_err(|error| {
        if error.error.kind() == std::io::ErrorKind::AlreadyExists {
            Fault::conflict("store.backup_exists").arg("file", file.display())
        } else {
            unwritable(file, error.error)
        }
    })
}

fn name(backup: &Backup<'_>, moment: Timestamp) -> Result<PathBuf> {
    let to = backup.to;
    if !to.is_dir() {
        if to.exists() {
            return Err(Fault::conflict("store.backup_exists").arg("file", to.display()));
        }
        return Ok(to.to_owned());
    }
    let prefix = if backup.scheduled { SCHEDULED } else { MADE_BY_HAND };
    let stamp = moment.to_jiff().strftime("%Y%m%dT%H%M%SZ").to_string();
    let file = to.join(format!("{prefix}{stamp}.{EXTENSION}"));
    if file.exists() {
        return Err(Fault::conflict("store.backup_exists").arg("file", file.display()));
    }
    Ok(file)
}

/// Removes what backups left that were killed: nobody holds it.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let removed = if name.starts_with(UNFINISHED) && nobody_holds(&path) {
            fs::remove_file(&path)
        } else if name.starts_with(PROOF) && nobody_holds(&path.join(LOCK_FILE)) {
            fs::remove_dir_all(&path)
        } else {
            continue;
        };
        if let Err(error) = removed {
            tracing::warn!(%error, path = %path.display(), "what a killed backup left stays behind");
        }
    }
}

fn nobody_holds(file: &Path) -> bool {
    OpenOptions::new().write(true).open(file).is_ok_and(|file| file.try_lock().is_ok())
}

/// A snapshot holds back the folding of SQLite's log. What has gathered is folded here, so that the
/// next commit of the shop does not have to.
fn fold(database: &Database) {
    let Database::Sqlite { folder } = database else { return };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let folded = Connection::open_with_flags(folder.join(DATABASE_FILE), flags)
        .and_then(|connection| connection.execute_batch("pragma wal_checkpoint(passive)"));
    if let Err(error) = folded {
        tracing::debug!(%error, "the log is folded later");
    }
}

/// The copies that the clock made in this folder, the newest first.
pub fn scheduled_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.strip_prefix(SCHEDULED)
                .and_then(|rest| rest.strip_suffix(EXTENSION))
                .and_then(|rest| rest.strip_suffix('.'))
                .is_some_and(|stamp| stamp.len() == "20261122T010203Z".len() && stamp.ends_with('Z'))
        })
        .collect();
    // The moment in the name sorts.
    found.sort_unstable_by(|a, b| b.cmp(a));
    found
}

/// Keeps the copy that was just made and the newest others that the clock made, `keep` in all; answers
/// the removed ones. After the clock was set back the copy just made is not the newest by its name.
///
/// # Errors
/// `store.archive_unwritable`.
pub fn remove_older(folder: &Path, keep: usize, just_made: &Path) -> Result<Vec<PathBuf>> {
    let others = scheduled_in(folder).into_iter().filter(|file| file != just_made);
    let old: Vec<PathBuf> = others.skip(keep.saturating_sub(1)).collect();
    for file in &old {
        fs::remove_file(file).map_err(|error| unwritable(file, error))?;
    }
    Ok(old)
}

/// An archive that was put back into a second place. The place goes with this value.
pub struct Proof {
    pub footer: Footer,
    pub bytes: u64,
    /// Holds the place before `folder` takes it away.
    _held: Restored,
    folder: TempDir,
}

impl Proof {
    /// The second place, to look at.
    pub fn database(&self) -> Database {
        Database::Sqlite { folder: self.folder.path().to_owned() }
    }
}

/// Puts an archive into a new embedded database below `scratch` and compares every row.
///
/// # Errors
/// Those of [`Archive::check`] and [`restore`].
pub fn prove(
    archive: &Archive,
    migrations: &[Migrations],
    scratch: &Path,
    listen: Listen<'_>,
) -> Result<Proof> {
    sweep(scratch);
    let folder = tempfile::Builder::new()
        .prefix(PROOF)
        .tempdir_in(scratch)
        .map_err(|error| unwritable(scratch, error))?;
    let database = Database::Sqlite { folder: folder.path().to_owned() };
    let held = restore(archive, &database, migrations, listen)?;
    Ok(Proof { footer: held.footer.clone(), bytes: held.bytes, _held: held, folder })
}

fn unwritable(file: &Path, error: std::io::Error) -> Fault {
    let code = match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => "store.archive_no_room",
        _ => "store.archive_unwritable",
    };
    Fault::unavailable(code).arg("file", file.display()).because(error)
}
