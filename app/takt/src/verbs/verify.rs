//! `takt verify`: are the data what they should be? Of a copy: is it whole, can it be put back, does
//! every row come out as it went in, and do the checks of all features hold there? Of the living data:
//! SQLite's own checks, and those of all features.

use std::{path::PathBuf, sync::Arc};

use takt_feature::Wiring;
use takt_kernel::{Fault, Result, SystemClock, SystemEntropy};
use takt_store::{Check, Database, Look, MOST_SHOWN, archive::Archive, backup::prove};
use takt_ui::Arg;

use super::{Output, Words, long_work::Told};
use crate::{arguments::VerifyOptions, place, wiring};

/// Answers whether all is well.
///
/// # Errors
/// When the copy is not whole, or the data cannot be read at all.
pub async fn verify(options: VerifyOptions, words: &Words, output: &Output) -> Result<bool> {
    let wiring = Arc::new(wiring::assemble(wiring::without_mail()?));
    let asked = words.clone();
    let found = tokio::task::spawn_blocking(move || match &options.file {
        Some(file) => of_copy(file.clone(), options.scratch.clone(), &wiring, &asked),
        None => {
            place::expect_data(&options.data)?;
            of_data(&place::database(&options.data), &wiring, &asked)
        }
    })
    .await
    .map_err(|error| Fault::broken("takt.worker_panicked").because(error))??;
    output.out(found.text).await;
    Ok(found.wrong == 0)
}

struct Found {
    text: String,
    wrong: usize,
}

impl Found {
    fn line(&mut self, mark: &str, text: &str) {
        self.text.push_str(&format!("{mark} {text}\n"));
    }
}

fn of_copy(file: PathBuf, scratch: Option<PathBuf>, wiring: &Wiring, words: &Words) -> Result<Found> {
    let archive = Archive::open(&file)?;
    let beside = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let scratch = scratch.unwrap_or_else(|| beside.map_or_else(|| PathBuf::from("."), PathBuf::from));
    let mut told = Told::new(words.clone(), "takt-keep-comparing");
    let proof = prove(&archive, &wiring.migrations, &scratch, &mut |progress| told.hear(progress));
    told.end();
    let proof = proof?;
    let mut found = Found { text: String::new(), wrong: 0 };
    let number = |number: u64| Arg::Number(i64::try_from(number).unwrap_or(i64::MAX));
    let whole = words.say(
        "takt-keep-whole",
        &[
            ("tables", number(proof.footer.tables.len() as u64)),
            ("rows", number(proof.footer.rows())),
            ("bytes", number(proof.bytes)),
            ("moment", Arg::Text(archive.manifest.moment.to_string().into())),
            ("program", Arg::Text(archive.manifest.program.clone().into())),
        ],
    );
    found.line(GOOD, &whole);
    match look_at(&proof.database(), wiring, words, &mut found) {
        // The checks are those of today's tables.
        Err(fault) if fault.is("takt.other_schema") => {
            found.line(GOOD, &words.say("takt-keep-older", &[]));
            Ok(found)
        }
        looked => looked.map(|()| found),
    }
}

fn of_data(database: &Database, wiring: &Wiring, words: &Words) -> Result<Found> {
    let mut found = Found { text: String::new(), wrong: 0 };
    look_at(database, wiring, words, &mut found)?;
    Ok(found)
}

const GOOD: &str = "✓";
const BAD: &str = "✗";

fn look_at(database: &Database, wiring: &Wiring, words: &Words, found: &mut Found) -> Result<()> {
    let mut look =
        Look::open(database, Arc::new(SystemClock), Arc::new(SystemEntropy), wiring.slots.clone())?;
    let schema = look.schema(&wiring.migrations)?;
    if schema.applied == 0 {
        return Err(Fault::invalid("store.not_a_shop"));
    }
    if let Some(step) = schema.unknown.first() {
        return Err(Fault::conflict("store.database_newer").arg("step", step));
    }
    if !schema.pending.is_empty() || !schema.changed.is_empty() {
        return Err(Fault::conflict("takt.other_schema").arg("applied", schema.applied));
    }
    let wrong = look.integrity()?;
    report(words, found, "takt-keep-integrity", wrong);
    for check in all_checks(wiring) {
        let wrong = look.ask(|reader| (check.look)(reader))?;
        report(words, found, &check.key(), wrong.into_iter().map(|wrong| wrong.0).collect());
    }
    let sum = [("wrong", Arg::Number(i64::try_from(found.wrong).unwrap_or(i64::MAX)))];
    let last = words.say("takt-keep-verified", &sum);
    found.text.push_str(&(last + "\n"));
    Ok(())
}

pub fn all_checks(wiring: &Wiring) -> Vec<&Check> {
    wiring.slots.of(&takt_store::CHECKS).flat_map(|checks| checks.iter()).collect()
}

fn report(words: &Words, found: &mut Found, key: &str, wrong: Vec<String>) {
    let title = words.say(key, &[]);
    if wrong.is_empty() {
        return found.line(GOOD, &title);
    }
    found.wrong += 1;
    found.line(BAD, &title);
    for row in &wrong {
        found.line("   ", row);
    }
    if wrong.len() >= MOST_SHOWN {
        found.line("   ", &words.say("takt-keep-and-more", &[]));
    }
    found.line("  →", &words.say(&format!("{key}-do"), &[]));
}
