//! Which banks are silent.

use takt_kernel::{CompanyId, Result};
use takt_store::{Query, Statement, params, sql};

use crate::{
    channels::{self, Channel},
    poll::serves,
};

/// Every channel that serves the account is silent, and there is one. An account that never had a channel is
/// not in the dark: its statements come as files.
///
/// # Errors
/// Faults of the store.
pub fn account_is_dark(db: &mut dyn Query, company: CompanyId, account: &str) -> Result<bool> {
    let serving: Vec<Channel> = channels::list(db, company)?
        .into_iter()
        .filter(|channel| !channel.paused && serves(channel, account))
        .collect();
    for channel in &serving {
        let contact = channels::contact_of(db, company, channel.id)?.unwrap_or_default();
        if contact.silent_since.is_none() {
            return Ok(false);
        }
    }
    Ok(!serving.is_empty())
}

/// Names of the channels of a company that are silent now.
///
/// # Errors
/// Faults of the store.
pub fn silent_channels(db: &mut dyn Query, company: CompanyId) -> Result<Vec<String>> {
    db.all(
        sql!(
            "select bank_channel.name
             from bank_channel
             join bank_channel_contact on bank_channel_contact.company_id = bank_channel.company_id
               and bank_channel_contact.channel_id = bank_channel.id
             where bank_channel.company_id = :company_id and not bank_channel.paused
               and bank_channel_contact.silent_since is not null
             order by bank_channel.id
             limit 100"
        ),
        params![company_id: company],
    )?
    .iter()
    .map(|row| row.get("name"))
    .collect()
}

/// Of these companies those with a silent channel, and its name.
///
/// # Errors
/// Faults of the store.
pub fn silent_companies(db: &mut dyn Query, companies: &[CompanyId]) -> Result<Vec<(CompanyId, String)>> {
    if companies.is_empty() {
        return Ok(Vec::new());
    }
    let list: Vec<String> = companies.iter().map(ToString::to_string).collect();
    let statement = Statement::new(
        "select bank_channel.company_id, bank_channel.name
         from bank_channel
         join bank_channel_contact on bank_channel_contact.company_id = bank_channel.company_id
           and bank_channel_contact.channel_id = bank_channel.id
         where not bank_channel.paused and bank_channel_contact.silent_since is not null
           and bank_channel.company_id in (",
    )
    .push(&list.join(", "))
    .push(")\norder by bank_channel.company_id, bank_channel.id\nlimit 20");
    db.all_of(&statement)?.iter().map(|row| Ok((row.get("company_id")?, row.get("name")?))).collect()
}
