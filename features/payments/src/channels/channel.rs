use serde_json::{Map, Value};
use takt_kernel::{Actor, CompanyId, Fault, Id, Result, Timestamp};
use takt_staff::Permit;
use takt_store::{About, Query, Row, Subject, Tx, params, sql};

use super::health;
use crate::{
    facts::{ChannelChanged, ChannelConnected, ChannelPaused, ChannelResumed},
    readers::channel_kind,
    rights::ManageBankChannels,
};

pub enum BankChannelTag {}
pub type ChannelId = Id<BankChannelTag>;

const LONGEST_NAME: usize = 80;
/// Nothing from a bank that polls every quarter of an hour for so long is a silence.
const SILENT_AFTER_SECONDS: i64 = 20 * 60;
/// A bank that only pushes may have nothing to say for a night.
const SILENT_AFTER_PUSH_SECONDS: i64 = 24 * 3600;

/// A way by which a bank speaks to us, or we ask it.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    pub id: ChannelId,
    pub company: CompanyId,
    /// The code of a `ChannelKind`.
    pub kind: String,
    pub name: String,
    pub settings: Map<String, Value>,
    pub paused: bool,
    /// Longer without a good word is told to people; 0 is never.
    pub silent_after_seconds: i64,
    pub created_at: Timestamp,
}

impl Channel {
    /// A setting that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.settings.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    }

    /// A setting that is a whole number.
    pub fn seconds(&self, name: &str) -> Option<i64> {
        self.settings.get(name).and_then(Value::as_i64)
    }

    /// Texts of a setting that is a list.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        let all = self.settings.get(name).and_then(Value::as_array);
        all.into_iter().flatten().filter_map(Value::as_str).collect()
    }
}

#[derive(Clone, Debug)]
pub struct NewChannel {
    pub kind: String,
    pub name: String,
    pub settings: Map<String, Value>,
}

/// # Errors
/// `payments.channel_kind_unknown`, `payments.channel_name_malformed`.
pub fn create(tx: &mut Tx<'_>, permit: &Permit<ManageBankChannels>, new: &NewChannel) -> Result<ChannelId> {
    takt_staff::practice::refuse(tx, permit.company())?;
    let slots = tx.slots();
    let kind = channel_kind(&slots, &new.kind)?;
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(Fault::field("name", "payments.channel_name_malformed").arg("most", LONGEST_NAME));
    }
    let (id, now, company): (ChannelId, _, _) = (tx.new_id(), tx.now(), permit.company());
    let silent_after = if kind.read.is_some() { SILENT_AFTER_SECONDS } else { SILENT_AFTER_PUSH_SECONDS };
    tx.put(
        sql!(
            "insert into bank_channel (company_id, id, kind, name, settings, paused, silent_after_seconds, created_at)
             values (:company_id, :id, :kind, :name, :settings, :paused, :silent_after_seconds, :now)"
        ),
        params![
            company_id: company, id: id, kind: kind.code, name: name,
            settings: Value::Object(new.settings.clone()).to_string(), paused: false,
            silent_after_seconds: silent_after, now: now,
        ],
    )?;
    tx.say(about(company, id, permit.actor()), &ChannelConnected { bank_kind: kind.code.to_owned() })?;
    health::watch_silence(tx, company, id, silent_after)?;
    Ok(id)
}

/// # Errors
/// `payments.channel_missing`.
pub fn get(db: &mut dyn Query, company: CompanyId, id: ChannelId) -> Result<Channel> {
    let row = db
        .opt(
            sql!(
                "select company_id, id, kind, name, settings, paused, silent_after_seconds, created_at
                 from bank_channel
                 where company_id = :company_id and id = :id"
            ),
            params![company_id: company, id: id],
        )?
        .ok_or_else(|| Fault::missing("payments.channel_missing"))?;
    read(&row)
}

/// A channel by its id alone, for its door: whose it is says the channel.
///
/// # Errors
/// Faults of the store.
pub fn by_id(db: &mut dyn Query, id: ChannelId) -> Result<Option<Channel>> {
    let row = db.opt(
        sql!(
            "select company_id, id, kind, name, settings, paused, silent_after_seconds, created_at
             from bank_channel
             where id = :id"
        ),
        params![id: id],
    )?;
    row.as_ref().map(read).transpose()
}

/// All of a company, oldest first.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Channel>> {
    db.all(
        sql!(
            "select company_id, id, kind, name, settings, paused, silent_after_seconds, created_at
             from bank_channel
             where company_id = :company_id
             order by id
             limit 100"
        ),
        params![company_id: company],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Members that are null are taken out, the others put in.
///
/// # Errors
/// `payments.channel_missing`.
pub fn change_settings(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageBankChannels>,
    id: ChannelId,
    wanted: &Map<String, Value>,
) -> Result<Map<String, Value>> {
    let mut settings = get(tx, permit.company(), id)?.settings;
    for (name, value) in wanted {
        match value {
            Value::Null => settings.shift_remove(name),
            value => settings.insert(name.clone(), value.clone()),
        };
    }
    tx.put(
        sql!("update bank_channel set settings = :settings where company_id = :company_id and id = :id"),
        params![
            settings: Value::Object(settings.clone()).to_string(), company_id: permit.company(), id: id,
        ],
    )?;
    let names = wanted.keys().cloned().collect();
    tx.say(about(permit.company(), id, permit.actor()), &ChannelChanged { names })?;
    Ok(settings)
}

/// How long without a good word is told to people; 0 is never.
///
/// # Errors
/// `payments.channel_missing`.
pub fn set_silent_after(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageBankChannels>,
    id: ChannelId,
    seconds: i64,
) -> Result<()> {
    let company = permit.company();
    get(tx, company, id)?;
    tx.put(
        sql!("update bank_channel set silent_after_seconds = :seconds where company_id = :company_id and id = :id"),
        params![seconds: seconds.max(0), company_id: company, id: id],
    )?;
    let names = vec!["silent_after_seconds".to_owned()];
    tx.say(about(company, id, permit.actor()), &ChannelChanged { names })?;
    health::watch_silence(tx, company, id, seconds.max(0))
}

/// From here on nothing that this bank says counts: its pushes are refused, it is not asked.
///
/// # Errors
/// `payments.channel_missing`.
pub fn pause(tx: &mut Tx<'_>, permit: &Permit<ManageBankChannels>, id: ChannelId) -> Result<()> {
    if set_paused(tx, permit, id, true)? {
        tx.say(about(permit.company(), id, permit.actor()), &ChannelPaused {})?;
    }
    Ok(())
}

/// # Errors
/// `payments.channel_missing`.
pub fn resume(tx: &mut Tx<'_>, permit: &Permit<ManageBankChannels>, id: ChannelId) -> Result<()> {
    let channel = get(tx, permit.company(), id)?;
    if set_paused(tx, permit, id, false)? {
        tx.say(about(permit.company(), id, permit.actor()), &ChannelResumed {})?;
        health::watch_silence(tx, permit.company(), id, channel.silent_after_seconds)?;
    }
    Ok(())
}

/// Answers whether it was otherwise before.
fn set_paused(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageBankChannels>,
    id: ChannelId,
    paused: bool,
) -> Result<bool> {
    get(tx, permit.company(), id)?;
    let touched = tx.execute(
        sql!(
            "update bank_channel
             set paused = :paused
             where company_id = :company_id and id = :id and paused <> :paused"
        ),
        params![paused: paused, company_id: permit.company(), id: id],
    )?;
    Ok(touched > 0)
}

pub(super) fn about(company: CompanyId, id: ChannelId, actor: &Actor) -> About<'_> {
    About::new(company, Subject::new("bank_channel", id.get()), actor)
}

fn read(row: &Row) -> Result<Channel> {
    Ok(Channel {
        id: row.get("id")?,
        company: row.get("company_id")?,
        kind: row.get("kind")?,
        name: row.get("name")?,
        settings: row.json("settings")?,
        paused: row.get("paused")?,
        silent_after_seconds: row.get("silent_after_seconds")?,
        created_at: row.get("created_at")?,
    })
}
