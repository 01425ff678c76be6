use serde::{Deserialize, Serialize};
use takt_kernel::Timestamp;

use crate::{
    db::Engine,
    tables::{Table, TableDigest},
};

/// What an archive is of; its first part, readable before anything else is.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Manifest {
    pub format: u32,
    /// The program that wrote it, with its version.
    pub program: String,
    pub engine: Engine,
    /// Everything committed before this moment is in it, nothing that was committed after it.
    pub moment: Timestamp,
    /// The newest position of the log in it.
    pub position: i64,
    pub migrations: Vec<AppliedMigration>,
    /// In the order of the file: parents before their children.
    pub tables: Vec<TableManifest>,
}

pub const FORMAT: u32 = 1;

#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct AppliedMigration {
    pub tier: String,
    pub feature: String,
    pub number: i64,
    pub checksum: String,
}

/// A table as the source described it.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct TableManifest {
    pub name: String,
    pub columns: Vec<String>,
    pub key: Vec<String>,
}

impl TableManifest {
    pub(crate) fn of(table: &Table) -> Self {
        Self {
            name: table.name.clone(),
            columns: table.columns.iter().map(|column| column.name.clone()).collect(),
            key: table.key.clone(),
        }
    }

    /// Whether a table of another database holds the same columns under the same key.
    pub(crate) fn is_like(&self, table: &Table) -> bool {
        *self == Self::of(table)
    }
}

/// What the archive came to; the last part but the seal.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Footer {
    pub tables: Vec<TableSum>,
}

#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct TableSum {
    pub name: String,
    pub rows: u64,
    pub sha256: String,
}

impl TableSum {
    pub(crate) fn of(name: &str, digest: &TableDigest) -> Self {
        Self { name: name.to_owned(), rows: digest.rows, sha256: digest.to_string() }
    }
}

impl Footer {
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

impl Serialize for Engine {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Engine {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        [Engine::Sqlite, Engine::Postgres]
            .into_iter()
            .find(|engine| engine.code() == code)
            .ok_or_else(|| serde::de::Error::custom(format!("no engine is called {code}")))
    }
}

impl Engine {
    /// As people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgresql",
        }
    }
}
