//! What this crate says, about the subject "import". No row and no name of a file stands in it.

use serde::{Deserialize, Serialize};
use takt_store::{Fact, Subject};

use crate::import::ImportId;

pub(crate) fn subject(import: ImportId) -> Subject {
    Subject::new("import", import.get())
}

/// A file was read and waits for what its columns mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    pub kind: String,
    pub rows: i64,
}
impl Fact for Brought {
    const KIND: &'static str = "imports.brought";
}

/// It is known what would become of every row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    pub new: i64,
    pub changed: i64,
    pub same: i64,
    pub refused: i64,
}
impl Fact for Looked {
    const KIND: &'static str = "imports.looked";
}

/// Every row was taken in or refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenIn {
    pub new: i64,
    pub changed: i64,
    pub same: i64,
    pub refused: i64,
}
impl Fact for TakenIn {
    const KIND: &'static str = "imports.taken_in";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {}
impl Fact for Removed {
    const KIND: &'static str = "imports.removed";
}

pub(crate) const SAID: &[&str] = &[Brought::KIND, Looked::KIND, TakenIn::KIND, Removed::KIND];
