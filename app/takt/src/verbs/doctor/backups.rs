use std::{path::Path, time::Duration};

use takt_kernel::{Clock, SystemClock, Timestamp};
use takt_store::{Look, archive::Archive, backup::scheduled_in};

use super::report::{Line, Report};
use crate::{
    arguments::DoctorOptions,
    verbs::backup::{LastRuns, is_late, last_runs},
};

pub fn look_at_runs(look: &mut Look, options: &DoctorOptions, report: &mut Report) {
    match look.ask(|reader| last_runs(reader)) {
        Ok(runs) => report.add(last(&runs, options)),
        Err(fault) => report.add(Line::of_fault("backup", &fault)),
    }
}

/// When the database cannot say, the folder does.
pub fn look_at_files(options: &DoctorOptions, report: &mut Report) {
    report.add(last(&LastRuns::default(), options));
}

fn last(runs: &LastRuns, options: &DoctorOptions) -> Line {
    let every = options.backups.backup_every;
    let folder = options.backups.backup_folder.as_deref();
    let newest = runs.good.clone().max(folder.and_then(newest_in));
    if let Some((at, failure)) = &runs.failure {
        return Line::broken("backup", "backup-failed").arg("at", at).arg("failure", failure);
    }
    let Some((at, file)) = newest else { return Line::warning("backup", "backup-none") };
    let hours = SystemClock.now().seconds_since(at) / 3_600;
    let line =
        if folder.is_some_and(|folder| Path::new(&file).starts_with(folder)) && !Path::new(&file).exists() {
            Line::broken("backup", "backup-gone")
        } else if is_late(at, SystemClock.now(), every.max(Duration::from_secs(60))) {
            Line::warning("backup", "backup-late")
        } else {
            Line::ok("backup", "backup-ok")
        };
    line.arg("at", at).arg("hours", hours).arg("file", file)
}

/// The newest copy in a folder that says what it is.
fn newest_in(folder: &Path) -> Option<(Timestamp, String)> {
    let readable =
        |file: &std::path::PathBuf| Archive::open(file).ok().map(|archive| archive.manifest.moment);
    scheduled_in(folder).iter().find_map(|file| Some((readable(file)?, file.display().to_string())))
}
