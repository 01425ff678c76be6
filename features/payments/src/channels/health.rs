//! Whether a bank is silent longer than it should be, and what people see of a channel.

use serde_json::Value;
use takt_kernel::{Actor, CompanyId, Result, Timestamp};
use takt_store::{Query, Subject, Tx, params, sql};
use takt_work::{DueTimer, TimerKind, timers};

use super::{
    Channel, ChannelId, Contact,
    channel::{about, by_id, list},
    contact_of,
    keys::{self, BankKey},
};
use crate::facts::{ChannelSilent, PollWanted};

pub const SILENCE_TIMER: &str = "payments.channel_silence";

pub(crate) fn silence_timer() -> TimerKind {
    TimerKind {
        kind: SILENCE_TIMER,
        does: "tells when a bank is silent longer than it should be",
        fire: look,
    }
}

/// Looks again when a bank that says nothing from now on would have been silent too long.
pub(super) fn watch_silence(
    tx: &mut Tx<'_>,
    company: CompanyId,
    id: ChannelId,
    silent_after_seconds: i64,
) -> Result<()> {
    let key = id.to_string();
    if silent_after_seconds == 0 {
        return timers::cancel(tx, company, SILENCE_TIMER, &key);
    }
    let at = tx.now().plus_seconds(silent_after_seconds);
    set(tx, company, id, at)
}

fn set(tx: &mut Tx<'_>, company: CompanyId, id: ChannelId, at: Timestamp) -> Result<()> {
    let subject = Subject::new("bank_channel", id.get());
    timers::set(tx, company, SILENCE_TIMER, &id.to_string(), subject, at, &Value::Null)
}

fn look(tx: &mut Tx<'_>, due: &DueTimer) -> Result<()> {
    let Some(channel) = by_id(tx, ChannelId::new(due.subject_id))? else { return Ok(()) };
    if channel.paused || channel.silent_after_seconds == 0 || channel.company != due.company {
        return Ok(());
    }
    let contact = contact_of(tx, channel.company, channel.id)?.unwrap_or_default();
    let now = tx.now();
    let ends = contact.last_good_at.unwrap_or(channel.created_at).plus_seconds(channel.silent_after_seconds);
    if ends > now {
        return set(tx, channel.company, channel.id, ends);
    }
    if contact.silent_since.is_none() {
        note_silence(tx, &channel)?;
    }
    set(tx, channel.company, channel.id, now.plus_seconds(channel.silent_after_seconds))
}

fn note_silence(tx: &mut Tx<'_>, channel: &Channel) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "insert into bank_channel_contact (company_id, channel_id, last_at, last_good_at, last_problem_at, last_problem,
               silent_since, refused)
             values (:company_id, :channel_id, null, null, null, null, :now, 0)
             on conflict (company_id, channel_id) do update
             set silent_since = excluded.silent_since"
        ),
        params![company_id: channel.company, channel_id: channel.id, now: now],
    )?;
    let actor = Actor::system(SILENCE_TIMER);
    let fact = ChannelSilent { after_seconds: channel.silent_after_seconds };
    tx.say(about(channel.company, channel.id, &actor), &fact)
}

/// Only the statement of that day can tell: whoever polls hears it. Without a day it is one of the last.
///
/// # Errors
/// Faults of the store.
pub fn wanted(
    tx: &mut Tx<'_>,
    channel: &Channel,
    account: &str,
    why: &str,
    day: Option<String>,
) -> Result<()> {
    let actor = Actor::system("payments.channel");
    let fact = PollWanted { account: account.to_owned(), why: why.to_owned(), day };
    tx.say(about(channel.company, channel.id, &actor), &fact)
}

/// A channel and how it stands.
#[derive(Clone, Debug)]
pub struct Standing {
    pub channel: Channel,
    pub contact: Contact,
    pub keys: Vec<BankKey>,
    /// Messages that wait to be applied, and those that wait for the statement or a person; up to a bound.
    pub waiting: i64,
    pub held: i64,
}

/// All channels of a company, oldest first.
///
/// # Errors
/// Faults of the store.
pub fn standings(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Standing>> {
    let channels = list(db, company)?;
    channels.into_iter().map(|channel| standing(db, channel)).collect()
}

pub(crate) fn standing(db: &mut dyn Query, channel: Channel) -> Result<Standing> {
    Ok(Standing {
        contact: contact_of(db, channel.company, channel.id)?.unwrap_or_default(),
        keys: keys::list(db, channel.company, channel.id)?,
        waiting: count(db, &channel, "kept")?,
        held: count(db, &channel, "held")?,
        channel,
    })
}

fn count(db: &mut dyn Query, channel: &Channel, state: &str) -> Result<i64> {
    db.one(
        sql!(
            "select count(*) as messages
             from (select id
               from bank_message
               where company_id = :company_id and channel_id = :channel_id and state = :state
               limit 1000) as counted"
        ),
        params![company_id: channel.company, channel_id: channel.id, state: state],
    )?
    .get("messages")
}
