//! What the program does by itself.

use clap::Subcommand;
use serde::{Deserialize, Serialize};

use super::DataOptions;

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum WorkVerb {
    /// Prints what failed and waits, a line each: job, timer or fact, its kind, the number of its company, how often it
    /// failed, when it is tried again (never: only by you), and why.
    Failed {
        #[command(flatten)]
        data: DataOptions,
    },
    /// Has all of it tried again now, also what the program has given up.
    Retry {
        #[command(flatten)]
        data: DataOptions,
    },
}

impl WorkVerb {
    pub(super) fn data(&self) -> &DataOptions {
        match self {
            Self::Failed { data } | Self::Retry { data } => data,
        }
    }
}
