//! Erasing a person from the command line, in the name of somebody who may.

use takt_customers::{CustomerId, EraseCustomers, Reason, erase};
use takt_kernel::Result;
use takt_staff::{command_line, companies};
use takt_store::Db;

use crate::arguments::CustomerVerb;

/// Answers what is to be printed.
pub(super) async fn run(db: &Db, verb: &CustomerVerb) -> Result<String> {
    let CustomerVerb::Erase { company, customer, reason, by, .. } = verb.clone();
    let kept = db
        .write("takt.erase_customer", move |tx| {
            let company = companies::by_name_or_id(tx, &company)?.id;
            let permit = command_line::permit_of_person::<EraseCustomers>(tx, company, &by)?;
            erase(tx, &permit, CustomerId::new(customer), Reason::from_code(&reason)?)
        })
        .await?;
    let lines: Vec<String> = kept.iter().map(|kept| format!("{}\t{}", kept.what, kept.count)).collect();
    Ok(lines.join("\n"))
}
