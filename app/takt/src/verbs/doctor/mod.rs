//! `takt doctor`: what is wrong with this installation, and what to do. Every line is looked at by
//! itself and within a time limit, so that one that hangs or breaks hides no other. Nothing is changed.

mod backups;
mod certificates;
mod database;
mod folder;
mod mail;
mod queues;
mod report;
mod secrets;

use std::{process::ExitCode, sync::Arc, time::Duration};

use takt_kernel::{Clock, Fault, Result, SystemClock, SystemEntropy};
use takt_store::Look;
use tokio::{task::spawn_blocking, time::timeout};

use self::report::{Line, Report};
use super::{Output, Words};
use crate::{arguments::DoctorOptions, place, wiring};

/// Longer than any healthy answer.
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn doctor(options: DoctorOptions, words: Words, output: &Output) -> ExitCode {
    let words = match options.language {
        Some(lang) => Words::new(words.texts().clone(), lang),
        None => words,
    };
    let json = options.json;
    let report = examine(options).await;
    let said = if json { report.json(&words, SystemClock.now()) } else { report.text(&words) };
    output.out(said).await;
    ExitCode::from(report.exit_code())
}

async fn examine(options: DoctorOptions) -> Report {
    let mut report = Report::default();
    let serving = folder::look_at_folder(&options.data, &mut report);
    let options = Arc::new(options);
    let asked = options.clone();
    let looked = within(spawn_blocking(move || look_into_data(&asked, serving))).await;
    match looked {
        Ok(found) => report.extend(found),
        Err(fault) => report.add(Line::of_fault("database", &fault)),
    }
    report.add(mail::look_at_mail(options.smtp.as_deref()).await);
    let asked = options.clone();
    let looked = within(spawn_blocking(move || certificates::look_at_certificate(&asked.tls))).await;
    report.add(looked.unwrap_or_else(|fault| Line::of_fault("certificates", &fault)));
    report
}

async fn within<T>(work: tokio::task::JoinHandle<T>) -> Result<T> {
    match timeout(PATIENCE, work).await {
        Ok(done) => done.map_err(|error| Fault::broken("takt.worker_panicked").because(error)),
        Err(_) => Err(Fault::unavailable("store.busy")),
    }
}

/// On a blocking thread.
fn look_into_data(options: &DoctorOptions, serving: Option<bool>) -> Report {
    let mut report = Report::default();
    let opened = wiring::without_mail().map(wiring::assemble).and_then(|wiring| {
        let database = place::database(&options.data);
        let slots = wiring.slots.clone();
        Look::open(&database, Arc::new(SystemClock), Arc::new(SystemEntropy), slots)
            .map(|look| (wiring, look))
    });
    let (wiring, mut look) = match opened {
        Ok(opened) => opened,
        Err(fault) => {
            report.add(Line::of_fault("database", &fault));
            folder::look_at_disks(options, None, &mut report);
            backups::look_at_files(options, &mut report);
            return report;
        }
    };
    let bytes = database::look_at_database(&mut look, &mut report);
    folder::look_at_disks(options, bytes, &mut report);
    if !database::look_at_schema(&mut look, &wiring, &mut report) {
        backups::look_at_files(options, &mut report);
        return report;
    }
    database::look_at_clock(&mut look, &mut report);
    queues::look_at_queues(&mut look, &mut report);
    queues::look_at_lag(&mut look, &wiring, serving, &mut report);
    queues::look_at_watched_folders(&mut look, serving, &mut report);
    secrets::look_at_secrets(&mut look, &options.data, &mut report);
    backups::look_at_runs(&mut look, options, &mut report);
    database::look_at_data(&mut look, &wiring, &mut report);
    report
}
