use std::{collections::BTreeMap, path::Path};

use takt_kernel::Result;
use takt_orders::VouchForMoney;
use takt_payments::import::{BankLine, LineState};
use takt_staff::{command_line, companies};
use takt_store::Db;
use takt_ui::Arg;

use super::{Input, Output, Words};

/// Reads a bank file in the name of an accountant: a line per document with its outcome, then
/// `N documents: …`.
pub async fn import_bank(
    db: &Db,
    words: &Words,
    output: &Output,
    file: &Path,
    company: &str,
    by: &str,
    input: &Input,
) -> Result<()> {
    let (company, by) = (company.to_owned(), by.to_owned());
    let permit = db
        .read("takt.import_permit", move |reader| {
            let company = companies::by_name_or_id(reader, &company)?;
            command_line::permit_of_person::<VouchForMoney>(reader, company.id, &by)
        })
        .await?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut progress = |done: usize, total: usize| output.progress(&format!("{done} / {total}"));
    let imported = takt_payments::import_bank_file(
        db,
        permit,
        name,
        input.bytes().to_vec(),
        "command line",
        &mut progress,
    )
    .await?;
    output.progress("");
    let mut counts: BTreeMap<LineState, usize> = BTreeMap::new();
    for line in &imported.lines {
        *counts.entry(line.outcome.state).or_default() += 1;
        output.out(format!("{}\n", said(words, line))).await;
    }
    for warning in &imported.summary.warnings {
        let args = [("place", Arg::from(&warning.place)), ("detail", Arg::from(&warning.detail))];
        output.error(format!("{}\n", words.say(&warning.code.replace('.', "-"), &args))).await;
    }
    let parts: Vec<String> = LineState::ALL
        .into_iter()
        .filter_map(|state| counts.get(&state).map(|count| format!("{count} {}", state.code())))
        .collect();
    let total = imported.lines.len();
    let parts = if parts.is_empty() { "nothing to post".to_owned() } else { parts.join(", ") };
    output.out(format!("{total} documents: {parts}\n")).await;
    Ok(())
}

/// `3  posted  1250.00 RUB  № 17  Paid order 1001.` The state is a word for scripts, the
/// sentence is for people.
fn said(words: &Words, line: &BankLine) -> String {
    let why = words.say(&line.outcome.text_key(), &line.outcome.text_args());
    format!("{}\t{}\t{}\t{}\t{}", line.n, line.outcome.state.code(), line.amount, line.document.number, why)
}
