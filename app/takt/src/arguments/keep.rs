//! What keeps the data: copies of it, putting them back, and finding out whether all is well.

use std::{path::PathBuf, time::Duration};

use clap::{
    Args, Subcommand,
    builder::{PathBufValueParser, TypedValueParser},
};
use serde::{Deserialize, Serialize};
use takt_ui::Lang;

use super::{DataOptions, TlsOptions};

#[derive(Subcommand, Debug)]
pub enum Keep {
    /// Copies all data into one file, also while the program works, and prints its name.
    Backup(BackupOptions),
    /// Puts a copy back: into a new folder, or into an empty PostgreSQL database.
    Restore(RestoreOptions),
    /// Checks the data, or a copy by putting it back into a second place; exit code 1 when something is wrong.
    Verify(VerifyOptions),
    /// Says what is wrong with this installation and what to do; exit code 1 for warnings, 2 for what is broken.
    Doctor(DoctorOptions),
}

#[derive(Args, Debug)]
pub struct BackupOptions {
    #[command(flatten)]
    pub data: DataOptions,
    /// A folder, in which the copy is named by its moment, or a new file.
    #[arg(long, env = "TAKT_BACKUP_FOLDER", default_value = ".")]
    pub to: PathBuf,
    /// Put the copy back into a second place and compare every row with the living data of the same moment.
    #[arg(long)]
    pub verify: bool,
}

#[derive(Args, Debug)]
pub struct RestoreOptions {
    /// The copy.
    #[arg(long)]
    pub from: PathBuf,
    /// A folder that is new or empty.
    #[arg(long, required_unless_present = "database")]
    pub data: Option<PathBuf>,
    /// An empty PostgreSQL database instead: postgres://…
    #[arg(long, conflicts_with = "data")]
    pub database: Option<String>,
}

#[derive(Args, Debug)]
pub struct VerifyOptions {
    /// A copy; without one the living data are checked.
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataOptions,
    /// Where to put the copy back for the time of the check; beside it by default.
    #[arg(long)]
    pub scratch: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct DoctorOptions {
    #[command(flatten)]
    pub data: DataOptions,
    #[command(flatten)]
    pub backups: BackupPlan,
    /// Mail server, as given to takt serve.
    #[arg(long, env = "TAKT_SMTP", hide_env_values = true)]
    pub smtp: Option<String>,
    #[command(flatten)]
    pub tls: TlsOptions,
    /// For programs.
    #[arg(long)]
    pub json: bool,
    /// ru or en; as the environment's locale says by default.
    #[arg(long, value_parser = language)]
    pub language: Option<Lang>,
}

/// Copies that are made by the clock.
#[derive(Args, Clone, Debug, Serialize, Deserialize)]
pub struct BackupPlan {
    /// Folder for copies made by the clock.
    #[arg(long, env = "TAKT_BACKUP_FOLDER", value_parser = PathBufValueParser::new().try_map(std::path::absolute))]
    pub backup_folder: Option<PathBuf>,
    /// How often: 30m, 24h, 7d.
    #[arg(long, env = "TAKT_BACKUP_EVERY", default_value = "24h", value_parser = period)]
    pub backup_every: Duration,
    /// How many of them to keep.
    #[arg(long, env = "TAKT_BACKUP_KEEP", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..))]
    pub backup_keep: u16,
}

fn language(text: &str) -> Result<Lang, String> {
    Lang::parse(text).ok_or_else(|| "ru or en".to_owned())
}

fn period(text: &str) -> Result<Duration, String> {
    let wrong = || "a number and m, h or d: 30m, 24h, 7d".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let seconds = match unit {
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    match number.checked_mul(seconds) {
        Some(seconds) if (60..=366 * 86_400).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_a_number_and_a_unit() {
        for (text, seconds) in [("1m", Some(60)), ("24h", Some(86_400)), ("7d", Some(604_800))] {
            assert_eq!(period(text).ok().map(|period| period.as_secs()), seconds, "{text}");
        }
        for text in ["", "h", "0m", "24", "-1h", "1.5h", "400d", "99999999999999999999d", "5ч"] {
            assert!(period(text).is_err(), "{text}");
        }
    }
}
