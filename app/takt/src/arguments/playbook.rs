//! The regulation of a company: read, published, taken back.

use std::path::PathBuf;

use clap::{
    Subcommand,
    builder::{PathBufValueParser, TypedValueParser},
};
use serde::{Deserialize, Serialize};

use super::DataOptions;

#[derive(Subcommand, Debug)]
pub enum PlaybookCommand {
    /// Looks a text over and prints the number of its rules; needs no data. Exit code 1 when something is wrong.
    Check { file: PathBuf },
    #[command(flatten)]
    Verb(PlaybookVerb),
}

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum PlaybookVerb {
    /// Prints the text by which a company works, or that of an earlier version; 0 is what Takt brings along.
    Show {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        #[arg(long)]
        version: Option<i64>,
    },
    /// Makes a text the one by which a company works, and prints the number of the version.
    Publish {
        #[command(flatten)]
        data: DataOptions,
        #[arg(value_parser = PathBufValueParser::new().try_map(std::path::absolute))]
        file: PathBuf,
        #[arg(long)]
        company: String,
        /// The version that the text was written from, so that nobody's change is lost; the one in force by default.
        #[arg(long)]
        instead_of: Option<i64>,
        /// What has changed, in one line.
        #[arg(long, default_value = "")]
        note: String,
        /// Orders that are in work now stay with the version before, instead of moving to this one.
        #[arg(long)]
        orders_stay: bool,
    },
    /// Prints the path that an order would have taken by a text, rule by rule. Nothing is written.
    DryRun {
        #[command(flatten)]
        data: DataOptions,
        #[arg(value_parser = PathBufValueParser::new().try_map(std::path::absolute))]
        file: PathBuf,
        #[arg(long)]
        company: String,
        /// The number of the order.
        #[arg(long)]
        order: String,
    },
    /// Prints, as JSON, what a text would have done with the orders that were placed between two days, both whole. Nothing
    /// is written, nobody hears of it.
    Backtest {
        #[command(flatten)]
        data: DataOptions,
        #[arg(value_parser = PathBufValueParser::new().try_map(std::path::absolute))]
        file: PathBuf,
        /// All companies when left out.
        #[arg(long)]
        company: Option<String>,
        /// The first day, as 2026-11-01, by the company's clock.
        #[arg(long)]
        from: String,
        /// The last day.
        #[arg(long)]
        to: String,
    },
    /// Works by an earlier version again, and prints the number of the new one.
    Rollback {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        #[arg(long)]
        to: i64,
        /// Orders that are in work now stay with the version before, instead of moving to this one.
        #[arg(long)]
        orders_stay: bool,
    },
}

impl PlaybookVerb {
    pub(super) fn data(&self) -> &DataOptions {
        match self {
            Self::Show { data, .. }
            | Self::Publish { data, .. }
            | Self::DryRun { data, .. }
            | Self::Backtest { data, .. }
            | Self::Rollback { data, .. } => data,
        }
    }
}
