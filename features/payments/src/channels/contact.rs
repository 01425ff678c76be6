//! When a bank was last heard of, and what it was refused for. Counted in memory and written every few seconds:
//! ten thousand pushes at once must not wait for one row.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use takt_kernel::{Actor, CompanyId, Result, Slot, Timestamp};
use takt_store::{Db, Query, Row, Tx, params, sql};

use super::{Channel, ChannelId, channel::about};
use crate::{
    facts::{ChannelHeard, PushRefused},
    trouble::Trouble,
};

pub(crate) const CONTACTS: Slot<Contacts> = Slot::new("payments.channel_contacts");
const EVERY_SECONDS: i64 = 5;
const REFUSED_A_MINUTE: i64 = 30;
/// Within this time each reason is one alarm, and only the first reasons are: whoever sends nonsense chooses how it is
/// refused.
const ALARM_AGAIN_SECONDS: i64 = 600;
const REASONS_AT_ONCE: usize = 3;

/// What is not written yet, of all channels of this node.
#[derive(Default)]
pub struct Contacts(Mutex<HashMap<ChannelId, Unwritten>>);

#[derive(Clone, Default)]
struct Unwritten {
    good_written_at: Option<Timestamp>,
    problem_written_at: Option<Timestamp>,
    alarmed: Alarmed,
    refused: i64,
    /// Refused messages that were kept in this minute.
    kept: (i64, i64),
}

/// For what people were called, and since when that counts.
#[derive(Clone, Default)]
struct Alarmed {
    since: Option<Timestamp>,
    reasons: Vec<String>,
}

impl Alarmed {
    /// Whether people are to be called for this one as well; then it is remembered.
    fn calls(&mut self, now: Timestamp, code: &str) -> bool {
        if self.since.is_none_or(|since| now.seconds_since(since) >= ALARM_AGAIN_SECONDS) {
            *self = Self { since: Some(now), reasons: Vec::new() };
        }
        let calls = self.reasons.len() < REASONS_AT_ONCE && !self.reasons.iter().any(|one| one == code);
        if calls {
            self.reasons.push(code.to_owned());
        }
        calls
    }
}

/// What is known of a bank's last words.
#[derive(Clone, Debug, Default)]
pub struct Contact {
    pub last_at: Option<Timestamp>,
    pub last_good_at: Option<Timestamp>,
    pub last_problem_at: Option<Timestamp>,
    pub last_problem: Option<Trouble>,
    pub silent_since: Option<Timestamp>,
    pub refused: i64,
}

impl Contacts {
    /// The bank said something that verified, or answered as agreed.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn good(db: &Db, channel: &Channel) -> Result<()> {
        let now = db.clock().now();
        let slots = db.shared_slots();
        let Some(contacts) = slots.of(&CONTACTS).next() else { return Ok(()) };
        {
            let mut all = contacts.0.lock().unwrap_or_else(PoisonError::into_inner);
            let heard = all.entry(channel.id).or_default();
            if heard.good_written_at.is_some_and(|at| now.seconds_since(at) < EVERY_SECONDS) {
                return Ok(());
            }
            heard.good_written_at = Some(now);
        }
        let (company, id) = (channel.company, channel.id);
        db.write("payments.note_good", move |tx| write_good(tx, company, id)).await
    }

    /// Something was wrong: a refusal of what came, or of what we asked.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn problem(db: &Db, channel: &Channel, trouble: Trouble) -> Result<()> {
        let now = db.clock().now();
        let slots = db.shared_slots();
        let Some(contacts) = slots.of(&CONTACTS).next() else { return Ok(()) };
        let refused = {
            let mut all = contacts.0.lock().unwrap_or_else(PoisonError::into_inner);
            let heard = all.entry(channel.id).or_default();
            heard.refused += 1;
            let news = heard.alarmed.calls(now, &trouble.code);
            let just = heard.problem_written_at.is_some_and(|at| now.seconds_since(at) < EVERY_SECONDS);
            if just && !news {
                return Ok(());
            }
            heard.problem_written_at = Some(now);
            std::mem::take(&mut heard.refused)
        };
        let (company, id) = (channel.company, channel.id);
        db.write("payments.note_problem", move |tx| write_problem(tx, company, id, &trouble, refused)).await
    }
}

impl Contacts {
    /// Whether one more refused message may be written: a flood of them shall not keep the disk busy.
    pub(super) fn has_room(&self, id: ChannelId, now: Timestamp) -> bool {
        let minute = now.micros().div_euclid(60_000_000);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = all.entry(id).or_default();
        if heard.kept.0 != minute {
            heard.kept = (minute, 0);
        }
        heard.kept.1 += 1;
        heard.kept.1 <= REFUSED_A_MINUTE
    }
}

fn write_good(tx: &mut Tx<'_>, company: CompanyId, id: ChannelId) -> Result<()> {
    if contact_of(tx, company, id)?.is_some_and(|contact| contact.silent_since.is_some()) {
        let actor = Actor::system("payments.channel");
        tx.say(about(company, id, &actor), &ChannelHeard {})?;
    }
    let now = tx.now();
    tx.put(
        sql!(
            "insert into bank_channel_contact (company_id, channel_id, last_at, last_good_at, last_problem_at, last_problem,
               silent_since, refused)
             values (:company_id, :channel_id, :now, :now, null, null, null, 0)
             on conflict (company_id, channel_id) do update
             set last_at = excluded.last_at, last_good_at = excluded.last_good_at, silent_since = null"
        ),
        params![company_id: company, channel_id: id, now: now],
    )
}

fn write_problem(
    tx: &mut Tx<'_>,
    company: CompanyId,
    id: ChannelId,
    trouble: &Trouble,
    refused: i64,
) -> Result<()> {
    let now = tx.now();
    let code = trouble.code.as_str();
    let mut alarmed = alarmed(tx, company, id)?;
    // One that goes on for the same reason is no news, however long it goes on.
    let known = contact_of(tx, company, id)?.unwrap_or_default();
    let goes_on = known.last_problem.is_some_and(|known| known.code == code)
        && known.last_problem_at.is_some_and(|at| now.seconds_since(at) < ALARM_AGAIN_SECONDS);
    if !goes_on && alarmed.calls(now, code) {
        let actor = Actor::system("payments.channel");
        tx.say(about(company, id, &actor), &PushRefused { why: code.to_owned() })?;
    }
    let reasons = alarmed.reasons.join(" ");
    tx.put(
        sql!(
            "insert into bank_channel_contact (company_id, channel_id, last_at, last_good_at, last_problem_at, last_problem,
               silent_since, refused, alarmed_at, alarmed)
             values (:company_id, :channel_id, :now, null, :now, :problem, null, :refused, :alarmed_at, :alarmed)
             on conflict (company_id, channel_id) do update
             set last_at = excluded.last_at, last_problem_at = excluded.last_problem_at,
               last_problem = excluded.last_problem, refused = bank_channel_contact.refused + excluded.refused,
               alarmed_at = excluded.alarmed_at, alarmed = excluded.alarmed"
        ),
        params![
            company_id: company, channel_id: id, now: now, problem: trouble.written()?, refused: refused,
            alarmed_at: alarmed.since, alarmed: reasons,
        ],
    )
}

fn alarmed(db: &mut dyn Query, company: CompanyId, id: ChannelId) -> Result<Alarmed> {
    let row = db.opt(
        sql!(
            "select alarmed_at, alarmed
             from bank_channel_contact
             where company_id = :company_id and channel_id = :channel_id"
        ),
        params![company_id: company, channel_id: id],
    )?;
    let Some(row) = row else { return Ok(Alarmed::default()) };
    let reasons: Option<String> = row.get("alarmed")?;
    let reasons = reasons.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    Ok(Alarmed { since: row.get("alarmed_at")?, reasons })
}

/// # Errors
/// Faults of the store.
pub fn contact_of(db: &mut dyn Query, company: CompanyId, id: ChannelId) -> Result<Option<Contact>> {
    db.opt(
        sql!(
            "select last_at, last_good_at, last_problem_at, last_problem, silent_since, refused
             from bank_channel_contact
             where company_id = :company_id and channel_id = :channel_id"
        ),
        params![company_id: company, channel_id: id],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

fn read(row: &Row) -> Result<Contact> {
    Ok(Contact {
        last_at: row.get("last_at")?,
        last_good_at: row.get("last_good_at")?,
        last_problem_at: row.get("last_problem_at")?,
        last_problem: row.get::<Option<String>>("last_problem")?.as_deref().map(Trouble::read),
        silent_since: row.get("silent_since")?,
        refused: row.get("refused")?,
    })
}
