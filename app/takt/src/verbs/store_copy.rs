use std::time::{Duration, Instant};

use takt_kernel::{Fault, Result};
use takt_store::{
    Db,
    copy::{Copied, Listener, Plan, Step},
};
use takt_ui::Arg;

use super::{Output, Words};
use crate::wiring;

/// A line for whoever reads a log instead of looking at a terminal.
const NOW_AND_THEN: Duration = Duration::from_secs(10);

/// Says what the move would take and, unless that was all that was asked, moves the shop. The result
/// goes to standard output, everything else to standard error.
pub async fn copy(db: &Db, words: &Words, output: &Output, to: &str, dry_run: bool) -> Result<()> {
    let plan = said(words, &db.plan_copy(to).await?);
    if dry_run {
        output.out(plan).await;
        return Ok(());
    }
    output.error(plan).await;
    let migrations = wiring::assemble(wiring::without_mail()?).migrations;
    let progress = Progress { words: words.clone(), output: output.clone(), last: Instant::now() };
    let copied = db.copy_to(to, migrations, progress).await;
    output.progress("");
    output.out(summed_up(words, &copied?)).await;
    Ok(())
}

fn said(words: &Words, plan: &Plan) -> String {
    let mut lines = vec![words.say(
        "takt-copy-to",
        &[("database", Arg::from(&plan.database)), ("server", Arg::from(&plan.server))],
    )];
    lines.extend(plan.tables.iter().filter(|(_, rows)| *rows > 0).map(|(name, rows)| row(name, *rows, "")));
    lines.push(words.say(
        "takt-copy-size",
        &[
            ("tables", number(plan.tables.len() as u64)),
            ("rows", number(plan.rows)),
            ("size", number(megabytes(plan.bytes))),
            ("expected", number(megabytes(plan.expected_bytes))),
        ],
    ));
    lines.push(words.say("takt-copy-time", &[("seconds", number(plan.expected_time.as_secs() + 1))]));
    lines.push(match plan.free_bytes {
        Some(free) => words.say("takt-copy-free", &[("free", number(megabytes(free)))]),
        None => words.say("takt-copy-free-unknown", &[]),
    });
    lines.push(words.say("takt-copy-living", &[]));
    lines.join("\n") + "\n"
}

fn summed_up(words: &Words, copied: &Copied) -> String {
    let rows = copied.tables.iter().map(|(_, digest)| digest.rows).sum();
    let mut lines: Vec<String> = copied
        .tables
        .iter()
        .filter(|(_, digest)| digest.rows > 0)
        .map(|(name, digest)| row(name, digest.rows, &digest.to_string()))
        .collect();
    lines.push(words.say(
        "takt-copy-done",
        &[
            ("tables", number(copied.tables.len() as u64)),
            ("rows", number(rows)),
            ("followed", number(copied.followed as u64)),
            ("position", Arg::from(copied.position)),
            ("seconds", number(copied.took.as_secs() + 1)),
            ("still", number(u64::try_from(copied.stood_still.as_millis()).unwrap_or(u64::MAX))),
        ],
    ));
    lines.push(words.say("takt-copy-next", &[]));
    lines.join("\n") + "\n"
}

fn row(name: &str, rows: u64, digest: &str) -> String {
    format!("  {name:<28} {rows:>12}  {digest}").trim_end().to_owned()
}

fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}

fn number(value: u64) -> Arg<'static> {
    Arg::from(i64::try_from(value).unwrap_or(i64::MAX))
}

struct Progress {
    words: Words,
    output: Output,
    last: Instant,
}

impl Listener for Progress {
    fn hear(&mut self, step: Step) -> Result<()> {
        if self.output.is_unheard() {
            // Nobody would learn that the shop moved, and where to.
            return Err(Fault::unavailable("takt.copy_unheard"));
        }
        let (key, table, rows, total) = match &step {
            Step::Copying { table, rows, total } => ("takt-copy-copying", table.as_str(), *rows, *total),
            Step::Comparing { table, rows, total } => ("takt-copy-comparing", table.as_str(), *rows, *total),
            Step::CatchingUp { rows, .. } => ("takt-copy-catching-up", "", *rows as u64, 0),
            Step::StandingStill { rows } => ("takt-copy-standing-still", "", *rows as u64, 0),
        };
        let text = self
            .words
            .say(key, &[("table", Arg::from(table)), ("rows", number(rows)), ("total", number(total))]);
        let ended = rows == total && total > 0 || table.is_empty();
        if ended || self.last.elapsed() > NOW_AND_THEN {
            self.last = Instant::now();
            self.output.milestone(&text);
        } else {
            self.output.progress(&text);
        }
        Ok(())
    }
}
