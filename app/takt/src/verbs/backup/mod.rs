//! `takt backup`: beside a running program, from a snapshot. `scheduled` makes copies by the clock.

mod runs;
mod scheduled;

pub use runs::{LastRuns, last_runs};
pub use scheduled::{BACKUP_JOB, is_late, job, schedule};

use takt_kernel::{Fault, Result, SystemClock};
use takt_store::{
    Migration,
    backup::{BackedUp, Backup, back_up},
};
use takt_ui::Arg;

use super::{Output, Words, long_work::Told};
use crate::{arguments::BackupOptions, place, wiring};

pub(super) const MIGRATIONS: &[Migration] =
    &[Migration { number: 1, name: "backups", sql: include_str!("../../../migrations/0001_backups.sql") }];

pub const PROGRAM: &str = concat!("takt ", env!("CARGO_PKG_VERSION"));

/// # Errors
/// As [`back_up`].
pub async fn backup(options: BackupOptions, words: &Words, output: &Output) -> Result<()> {
    place::expect_data(&options.data)?;
    let database = place::database(&options.data);
    let migrations = wiring::assemble(wiring::without_mail()?).migrations;
    let mut told = Told::new(words.clone(), "takt-keep-reading");
    let made = tokio::task::spawn_blocking(move || {
        let backup = Backup {
            database: &database,
            to: &options.to,
            scheduled: false,
            program: PROGRAM,
            clock: &SystemClock,
            prove: options.verify.then_some(&migrations),
        };
        let made = back_up(&backup, &mut |progress| told.hear(progress));
        told.end();
        made
    })
    .await
    .map_err(|error| Fault::broken("takt.worker_panicked").because(error))??;
    output.error(summed_up(words, &made)).await;
    output.out(format!("{}\n", made.file.display())).await;
    Ok(())
}

fn summed_up(words: &Words, made: &BackedUp) -> String {
    let number = |number: u64| Arg::Number(i64::try_from(number).unwrap_or(i64::MAX));
    let said = words.say(
        "takt-keep-backed-up",
        &[
            ("tables", number(made.footer.tables.len() as u64)),
            ("rows", number(made.footer.rows())),
            ("bytes", number(made.bytes)),
            ("moment", Arg::Text(made.manifest.moment.to_string().into())),
        ],
    );
    said + "\n"
}
