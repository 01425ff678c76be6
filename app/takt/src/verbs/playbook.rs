//! Playbooks from files.

use std::{path::Path, sync::Arc};

use jiff::{ToSpan, civil::Date};
use serde_json::json;
use takt_kernel::{Fault, Result, Timestamp};
use takt_playbook::{
    Checked, ManagePlaybook, Playbook,
    replay::{self, Condition, Did, Running, Span},
    versions::{self, InFlight},
};
use takt_staff::{calendar::date, command_line, companies};
use takt_store::Db;
use takt_ui::Arg;

use super::{Input, Output, Words};
use crate::arguments::PlaybookVerb;

/// Answers what is to be printed.
pub(super) async fn run(
    db: &Db,
    verb: &PlaybookVerb,
    words: &Words,
    output: &Output,
    input: &Input,
) -> Result<String> {
    match verb.clone() {
        PlaybookVerb::Show { company, version, .. } => {
            db.read("takt.playbook_text", move |reader| {
                let company = companies::by_name_or_id(reader, &company)?.id;
                let number = version.map_or_else(|| versions::current(reader, company), Ok)?;
                Ok(versions::text(reader, company, number)?.trim_end().to_owned())
            })
            .await
        }
        PlaybookVerb::Publish { company, instead_of, note, orders_stay, .. } => {
            let text = Checked::of(&text(input.bytes().to_vec())?)?;
            db.write("takt.playbook_publish", move |tx| {
                let company = companies::by_name_or_id(tx, &company)?.id;
                let permit = command_line::permit::<ManagePlaybook>(company);
                let instead_of = instead_of.map_or_else(|| versions::current(tx, company), Ok)?;
                versions::publish(tx, &permit, &text, &note, instead_of, in_flight(orders_stay))
            })
            .await
            .map(|number| number.to_string())
        }
        PlaybookVerb::DryRun { company, order, .. } => dry_run(db, words, company, order, input).await,
        PlaybookVerb::Backtest { company, from, to, .. } => {
            backtest(db, output, company.as_deref(), &from, &to, input).await
        }
        PlaybookVerb::Rollback { company, to, orders_stay, .. } => {
            let (company, older) = db
                .read("takt.playbook_older_text", move |reader| {
                    let company = companies::by_name_or_id(reader, &company)?.id;
                    Ok((company, versions::text(reader, company, to)?))
                })
                .await?;
            let older = Checked::of(&older)?;
            db.write("takt.playbook_rollback", move |tx| {
                let permit = command_line::permit::<ManagePlaybook>(company);
                let instead_of = versions::current(tx, company)?;
                versions::roll_back(tx, &permit, (to, &older), instead_of, in_flight(orders_stay))
            })
            .await
            .map(|number| number.to_string())
        }
    }
}

fn in_flight(stay: bool) -> InFlight {
    if stay { InFlight::Stay } else { InFlight::Move }
}

fn read(input: &Input) -> Result<Arc<Playbook>> {
    versions::check(&text(input.bytes().to_vec())?)
        .map(Arc::new)
        .map_err(|problems| Fault::from_fields(versions::as_fields(&problems)))
}

async fn dry_run(db: &Db, words: &Words, company: String, number: String, input: &Input) -> Result<String> {
    let playbook = read(input)?;
    let path = db
        .read("takt.playbook_dry_run", move |reader| {
            let company = companies::by_name_or_id(reader, &company)?.id;
            let order = replay::order_by_number(reader, company, &number)?;
            replay::dry_run(reader, company, order, playbook)
        })
        .await?;
    let mut told = Vec::new();
    for stop in &path.stops {
        told.push(format!("{} {}", stop.said_at, stop.kind));
        for rule in &stop.rules {
            told.extend(rule.did.iter().map(|did| format!("  {}: {}", rule.rule, deed(words, did))));
            told.extend(
                rule.stopped
                    .iter()
                    .map(|condition| format!("  {}: {}", rule.rule, stopped(words, condition))),
            );
            told.extend(rule.failed.iter().map(|said| format!("  {}: {said}", rule.rule)));
        }
    }
    Ok(told.join("\n"))
}

fn deed(words: &Words, did: &Did) -> String {
    let arguments: Vec<String> = did
        .arguments
        .iter()
        .map(|(name, value)| {
            format!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        })
        .collect();
    let key = if did.done { "takt-playbook-done" } else { "takt-playbook-there" };
    words.say(
        key,
        &[("deed", Arg::from([did.action.clone(), arguments.join(" ")].join(" ").trim_end().to_owned()))],
    )
}

fn stopped(words: &Words, condition: &Condition) -> String {
    let because: Vec<String> =
        condition.because.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let by = match (&condition.gap, condition.by) {
        (Some((left, operator, right)), Some(by)) => format!("{left} {operator} {right}, {by}"),
        _ => because.join(", "),
    };
    words.say(
        "takt-playbook-stopped",
        &[("condition", Arg::from(condition.text.clone())), ("because", Arg::from(by))],
    )
}

/// One line of JSON for each company.
async fn backtest(
    db: &Db,
    output: &Output,
    company: Option<&str>,
    from: &str,
    to: &str,
    input: &Input,
) -> Result<String> {
    let playbook = read(input)?;
    let (from, to) = (day(from, "from")?, day(to, "to")?);
    let given = company.map(str::to_owned);
    let companies = db
        .read("takt.playbook_companies", move |reader| match &given {
            Some(given) => Ok(vec![companies::by_name_or_id(reader, given)?]),
            None => companies::all(reader),
        })
        .await?;
    let mut told = Vec::new();
    for company in companies {
        let moment = |day: Date| -> Result<Timestamp> {
            let unfit = |_out_of_time| Fault::field("to", "playbook.span_unfit");
            day.to_zoned(company.zone.clone()).map(|zoned| zoned.timestamp().into()).map_err(unfit)
        };
        let behind = to.checked_add(1.day()).map_err(|_| Fault::field("to", "playbook.span_unfit"))?;
        let span = Span { from: moment(from)?, to: moment(behind)? };
        let mut running = Running::begin(db, company.id, Arc::clone(&playbook), span).await?;
        while let Some(progress) = running.step().await? {
            output.progress(&format!("{}: {} ({} %)", company.name, progress.orders, progress.percent));
        }
        output.progress("");
        let line = json!({ "company": company.id, "name": company.name, "outcome": running.end() });
        told.push(line.to_string());
    }
    Ok(told.join("\n"))
}

fn day(text: &str, path: &'static str) -> Result<Date> {
    date(text.trim()).map_err(|fault| Fault::field(path, "playbook.day_unreadable").because(fault))
}

/// Looks a file over, without any data. Answers how many rules it has.
///
/// # Errors
/// `input.fields` with each problem at its line, or why the file cannot be read.
pub fn check(file: &Path) -> Result<usize> {
    let bytes = std::fs::read(file)
        .map_err(|error| Fault::invalid("takt.file_unreadable").arg("file", file.display()).because(error))?;
    match versions::check(&text(bytes)?) {
        Ok(playbook) => Ok(playbook.rules.len()),
        Err(problems) => Err(Fault::from_fields(versions::as_fields(&problems))),
    }
}

fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes)
        .map_err(|error| Fault::invalid("takt.not_utf8").arg("byte", error.utf8_error().valid_up_to()))
}
