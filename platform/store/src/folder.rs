//! What a data folder holds, told by its files alone: nobody has to hold the folder to ask.

use std::path::{Path, PathBuf};

use crate::{
    archive::UNFINISHED,
    copy::seal,
    sqlite::{DATABASE_FILE, LOCK_FILE},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    Nothing,
    /// A restore was broken off: only another restore may go on here.
    Unfinished,
    /// The shop lives elsewhere now.
    Moved {
        to: String,
    },
    Data,
}

pub fn held(folder: &Path) -> Held {
    if folder.join(UNFINISHED).exists() {
        Held::Unfinished
    } else if let Some(to) = seal::moved_to(folder) {
        Held::Moved { to }
    } else if folder.join(DATABASE_FILE).exists() {
        Held::Data
    } else {
        Held::Nothing
    }
}

/// The file that a running program keeps locked.
pub fn lock(folder: &Path) -> PathBuf {
    folder.join(LOCK_FILE)
}
