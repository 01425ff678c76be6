//! The mark in a data folder whose shop has moved: whoever holds the folder next is told where to.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

use takt_kernel::{Fault, Result, Timestamp};

const MARK: &str = "takt.moved";

/// # Errors
/// `store.moved` with the argument `to`.
pub(crate) fn check(folder: &Path) -> Result<()> {
    match fs::read_to_string(folder.join(MARK)) {
        Ok(told) => {
            let to = told.lines().next().unwrap_or_default();
            Err(Fault::unavailable("store.moved").arg("to", to).arg("mark", folder.join(MARK).display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unusable(folder, error)),
    }
}

/// Where the shop of this folder lives now; nothing when it lives here, or when the mark cannot be read.
pub(crate) fn moved_to(folder: &Path) -> Option<String> {
    let told = fs::read_to_string(folder.join(MARK)).ok()?;
    Some(told.lines().next().unwrap_or_default().to_owned())
}

/// Durable before it returns.
pub(super) fn seal(folder: &Path, to: &str, at: Timestamp) -> Result<()> {
    let write = || {
        let unfinished = folder.join("takt.moved.new");
        let mut file = File::create(&unfinished)?;
        file.write_all(format!("{to}\n{at}\n").as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, folder.join(MARK))?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|error| unusable(folder, error))
}

fn unusable(folder: &Path, error: std::io::Error) -> Fault {
    Fault::unavailable("store.folder_unusable").arg("folder", folder.display()).because(error)
}
