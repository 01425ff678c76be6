//! Erasing a person from the command line, in the name of somebody who may.

use takt_customers::{CustomerId, EraseCustomers, Reason, erase};
use takt_kernel::Result;
use takt_staff::{command_line, companies};
use takt_store::Db;

use crate::arguments::CustomerVerb;

/// Answers what is to be printed.
pub(super) async fn run(db: &Db, verb: &CustomerVerb) -> Result<String> {
    let CustomerVerb::Erase { company, customer, reason, by, .. } = verb.clone();
    let reason = Reason::from_code(&reason)?;
    let permit = db
        .read("takt.who_erases", move |reader| {
            let company = companies::by_name_or_id(reader, &company)?.id;
            command_line::permit_of_person::<EraseCustomers>(reader, company, &by)
        })
        .await?;
    let kept = erase(db, &permit, CustomerId::new(customer), reason).await?;
    let lines: Vec<String> = kept.iter().map(|kept| format!("{}\t{}", kept.what, kept.count)).collect();
    Ok(lines.join("\n"))
}
