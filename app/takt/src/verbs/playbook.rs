//! Playbooks from files.

use std::path::Path;

use takt_kernel::{Fault, Result};
use takt_playbook::{ManagePlaybook, versions};
use takt_staff::{command_line, companies};
use takt_store::Db;

use super::Input;
use crate::arguments::PlaybookVerb;

/// Answers what is to be printed.
pub(super) async fn run(db: &Db, verb: &PlaybookVerb, input: &Input) -> Result<String> {
    match verb.clone() {
        PlaybookVerb::Show { company, version, .. } => {
            db.read("takt.playbook_text", move |reader| {
                let company = companies::by_name_or_id(reader, &company)?.id;
                let number = version.map_or_else(|| versions::current(reader, company), Ok)?;
                Ok(versions::text(reader, company, number)?.trim_end().to_owned())
            })
            .await
        }
        PlaybookVerb::Publish { company, instead_of, note, .. } => {
            let text = text(input.bytes().to_vec())?;
            db.write("takt.playbook_publish", move |tx| {
                let company = companies::by_name_or_id(tx, &company)?.id;
                let permit = command_line::permit::<ManagePlaybook>(company);
                let instead_of = instead_of.map_or_else(|| versions::current(tx, company), Ok)?;
                versions::publish(tx, &permit, &text, &note, instead_of)
            })
            .await
            .map(|number| number.to_string())
        }
        PlaybookVerb::Rollback { company, to, .. } => db
            .write("takt.playbook_rollback", move |tx| {
                let company = companies::by_name_or_id(tx, &company)?.id;
                let permit = command_line::permit::<ManagePlaybook>(company);
                let instead_of = versions::current(tx, company)?;
                versions::roll_back(tx, &permit, to, instead_of)
            })
            .await
            .map(|number| number.to_string()),
    }
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
