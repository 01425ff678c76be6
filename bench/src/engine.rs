use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::process;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    pub fn code(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// Where one database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Folder(PathBuf),
    Database {
        url: String,
        name: String,
        /// Takt keeps its files there.
        folder: PathBuf,
    },
}

impl Place {
    pub fn engine(&self) -> Engine {
        match self {
            Self::Folder(_) => Engine::Sqlite,
            Self::Database { .. } => Engine::Postgres,
        }
    }

    pub fn folder(&self) -> &Path {
        match self {
            Self::Folder(folder) | Self::Database { folder, .. } => folder,
        }
    }

    /// What every command of Takt is told.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["--data".to_owned(), self.folder().display().to_string()];
        if let Self::Database { url, .. } = self {
            arguments.extend(["--database".to_owned(), url.clone()]);
        }
        arguments
    }

    pub fn sqlite_file(&self) -> PathBuf {
        self.folder().join("takt.db")
    }

    /// Of the embedded database; PostgreSQL is asked itself.
    pub fn size_on_disk(&self) -> u64 {
        process::size_on_disk(self.folder())
    }
}
