//! What we sign in with at a bank: sealed under the key of the installation, each for its place. Written by
//! whoever manages channels; never shown, logged or said.

use std::{collections::BTreeMap, fmt};

use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::Permit;
use takt_store::{Query, Tx, params, sql};
use takt_vault::{Column, Sealed};

use super::channel::{ChannelId, about, get as channel_of};
use crate::{facts::ChannelSecretSet, rights::ManageBankChannels};

const LONGEST_NAME: usize = 40;
/// A private key with its certificate fits.
const LONGEST: usize = 32 * 1024;

/// Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// # Errors
/// `payments.channel_missing`, `payments.secret_malformed`.
pub fn set(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageBankChannels>,
    channel: ChannelId,
    name: &str,
    value: &str,
) -> Result<()> {
    channel_of(tx, permit.company(), channel)?;
    write(tx, permit.company(), channel, name, value)?;
    tx.say(about(permit.company(), channel, permit.actor()), &ChannelSecretSet { name: name.to_owned() })
}

/// What the bank gave us itself and we shall need again, as a token that is renewed.
///
/// # Errors
/// `payments.secret_malformed`.
pub fn renew(tx: &mut Tx<'_>, company: CompanyId, channel: ChannelId, name: &str, value: &str) -> Result<()> {
    write(tx, company, channel, name, value)
}

fn write(tx: &mut Tx<'_>, company: CompanyId, channel: ChannelId, name: &str, value: &str) -> Result<()> {
    let named = (1..=LONGEST_NAME).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if !named || value.is_empty() || value.len() > LONGEST {
        return Err(Fault::field("secret", "payments.secret_malformed").arg("most", LONGEST));
    }
    let now = tx.now();
    let sealed = takt_vault::seal(tx, &place(company, channel, name), value)?;
    tx.put(
        sql!(
            "insert into bank_channel_secret (company_id, channel_id, name, value, set_at)
             values (:company_id, :channel_id, :name, :value, :now)
             on conflict (company_id, channel_id, name) do update
             set value = excluded.value, set_at = excluded.set_at"
        ),
        params![company_id: company, channel_id: channel, name: name, value: sealed, now: now],
    )
}

/// What a sealed secret is tied to.
fn place(company: CompanyId, channel: ChannelId, name: &str) -> String {
    format!("bank_channel_secret/{company}/{channel}/{name}")
}

pub(crate) const SEALED: Sealed =
    Sealed { begins: |db| VALUES.begins(db), renew: |tx, prefix, limit| VALUES.renew(tx, prefix, limit) };
const VALUES: Column = Column {
    table: "bank_channel_secret",
    column: "value",
    key: &["company_id", "channel_id", "name"],
    place: |row| Ok(place(row.get("company_id")?, row.get("channel_id")?, &row.get::<String>("name")?)),
};

/// All of a channel, for whoever asks the bank.
///
/// # Errors
/// Faults of the store.
pub fn all(db: &mut dyn Query, company: CompanyId, channel: ChannelId) -> Result<BTreeMap<String, String>> {
    let slots = db.slots();
    db.all(
        sql!(
            "select name, value
             from bank_channel_secret
             where company_id = :company_id and channel_id = :channel_id
             order by name
             limit 100"
        ),
        params![company_id: company, channel_id: channel],
    )?
    .iter()
    .map(|row| {
        let (name, kept): (String, String) = (row.get("name")?, row.get("value")?);
        let secret = takt_vault::open(&slots, &place(company, channel, &name), &kept)?;
        Ok((name, secret))
    })
    .collect()
}

/// # Errors
/// Faults of the store.
pub fn get(db: &mut dyn Query, company: CompanyId, channel: ChannelId, name: &str) -> Result<Option<Secret>> {
    let row = db.opt(
        sql!(
            "select value
             from bank_channel_secret
             where company_id = :company_id and channel_id = :channel_id and name = :name"
        ),
        params![company_id: company, channel_id: channel, name: name],
    )?;
    let Some(row) = row else { return Ok(None) };
    let kept: String = row.get("value")?;
    takt_vault::open(&db.slots(), &place(company, channel, name), &kept).map(|secret| Some(Secret(secret)))
}
