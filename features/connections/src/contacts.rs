//! When a connection's system was last heard of. Counted in memory and written every few seconds: a write
//! for each of a module's reads would cost more than the reads.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use takt_kernel::{Actor, CompanyId, Result, Slot, Timestamp};
use takt_store::{Db, Query, Row, params, sql};

use crate::{
    Connection, ConnectionId,
    facts::{self, BeganRefusing, Heard},
    health::{LATELY_SECONDS, SILENT_SECONDS},
};

pub(crate) const CONTACTS: Slot<Contacts> = Slot::new("connections.contacts");
const EVERY_SECONDS: i64 = 10;
const LONGEST_REFUSAL: usize = 500;

/// What is not written yet, of all connections of this node.
#[derive(Default)]
pub struct Contacts(Mutex<HashMap<ConnectionId, Unwritten>>);

#[derive(Clone, Default)]
struct Unwritten {
    written_at: Option<Timestamp>,
    refusal_written_at: Option<Timestamp>,
    last_at: Option<Timestamp>,
    last_write_at: Option<Timestamp>,
    last_refused_at: Option<Timestamp>,
    last_refusal: Option<String>,
    requests: i64,
    refused: i64,
}

/// What is known of a connection's system.
#[derive(Clone, Debug)]
pub struct Contact {
    pub last_at: Timestamp,
    /// It sent something that was to change something.
    pub last_write_at: Option<Timestamp>,
    pub last_refused_at: Option<Timestamp>,
    pub last_refusal: Option<String>,
    pub requests: i64,
    pub refused: i64,
}

impl Contacts {
    /// Notes a request and how it ended; now and then writes what was noted.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn note(db: &Db, connection: &Connection, writes: bool, refusal: Option<&str>) -> Result<()> {
        let now = db.clock().now();
        let slots = db.shared_slots();
        let Some(contacts) = slots.of(&CONTACTS).next() else { return Ok(()) };
        let Some(heard) = contacts.heard(connection.id, now, writes, refusal) else { return Ok(()) };
        let (company, id) = (connection.company, connection.id);
        db.write("connections.note_contact", move |tx| write(tx, company, id, &heard)).await
    }

    fn heard(
        &self,
        id: ConnectionId,
        now: Timestamp,
        writes: bool,
        refusal: Option<&str>,
    ) -> Option<Unwritten> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = all.entry(id).or_default();
        heard.last_at = Some(now);
        heard.requests += 1;
        if writes {
            heard.last_write_at = Some(now);
        }
        if let Some(refusal) = refusal {
            heard.refused += 1;
            heard.last_refused_at = Some(now);
            heard.last_refusal = Some(refusal.chars().take(LONGEST_REFUSAL).collect());
        }
        let just = |at: Option<Timestamp>| at.is_some_and(|at| now.seconds_since(at) < EVERY_SECONDS);
        // A refusal is worth a write of its own, or nobody would know of it until the next request.
        let refused = heard.last_refused_at.is_some() && !just(heard.refusal_written_at);
        if just(heard.written_at) && !refused {
            return None;
        }
        let ready = heard.clone();
        let refusal_written_at = heard.last_refused_at.or(heard.refusal_written_at);
        *heard = Unwritten { written_at: Some(now), refusal_written_at, ..Unwritten::default() };
        Some(ready)
    }

    /// What this node knows beyond what is written.
    fn add_unwritten(&self, id: ConnectionId, contact: &mut Contact) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(heard) = all.get(&id) else { return };
        contact.last_at = heard.last_at.unwrap_or(contact.last_at).max(contact.last_at);
        contact.last_write_at = heard.last_write_at.max(contact.last_write_at);
        if heard.last_refused_at > contact.last_refused_at {
            contact.last_refused_at = heard.last_refused_at;
            contact.last_refusal.clone_from(&heard.last_refusal);
        }
        contact.requests += heard.requests;
        contact.refused += heard.refused;
    }
}

/// Says when a silence ended or refusals began; what goes on as it went is no news.
fn say_news(
    tx: &mut takt_store::Tx<'_>,
    company: CompanyId,
    id: ConnectionId,
    heard: &Unwritten,
) -> Result<()> {
    let known = written(tx, company, id)?;
    let now = tx.now();
    let actor = Actor::system("connections.contacts");
    let silent = known.as_ref().is_none_or(|known| now.seconds_since(known.last_at) >= SILENT_SECONDS);
    if silent {
        tx.say(facts::about(company, id, &actor), &Heard {})?;
    }
    let refused = known.and_then(|known| known.last_refused_at);
    let began = refused.is_none_or(|at| now.seconds_since(at) >= LATELY_SECONDS);
    if heard.last_refused_at.is_some() && began {
        tx.say(facts::about(company, id, &actor), &BeganRefusing {})?;
    }
    Ok(())
}

fn write(tx: &mut takt_store::Tx<'_>, company: CompanyId, id: ConnectionId, heard: &Unwritten) -> Result<()> {
    say_news(tx, company, id, heard)?;
    tx.put(
        sql!(
            "insert into connection_contact (company_id, connection_id, last_at, last_write_at, last_refused_at,
               last_refusal, requests, refused)
             values (:company_id, :connection_id, :last_at, :last_write_at, :last_refused_at, :last_refusal,
               :requests, :refused)
             on conflict (company_id, connection_id) do update
             set last_at = excluded.last_at,
               last_write_at = coalesce(excluded.last_write_at, connection_contact.last_write_at),
               last_refused_at = coalesce(excluded.last_refused_at, connection_contact.last_refused_at),
               last_refusal = coalesce(excluded.last_refusal, connection_contact.last_refusal),
               requests = connection_contact.requests + excluded.requests,
               refused = connection_contact.refused + excluded.refused"
        ),
        params![
            company_id: company, connection_id: id, last_at: heard.last_at, last_write_at: heard.last_write_at,
            last_refused_at: heard.last_refused_at, last_refusal: heard.last_refusal.clone(),
            requests: heard.requests, refused: heard.refused,
        ],
    )
}

/// # Errors
/// Faults of the store.
pub fn of(db: &mut dyn Query, company: CompanyId, connection: ConnectionId) -> Result<Option<Contact>> {
    let mut contact = written(db, company, connection)?;
    add_unwritten(db, connection, contact.as_mut());
    Ok(contact)
}

pub(crate) fn add_unwritten(db: &dyn Query, connection: ConnectionId, contact: Option<&mut Contact>) {
    if let Some(contact) = contact
        && let Some(contacts) = db.slots().of(&CONTACTS).next()
    {
        contacts.add_unwritten(connection, contact);
    }
}

fn written(db: &mut dyn Query, company: CompanyId, connection: ConnectionId) -> Result<Option<Contact>> {
    db.opt(
        sql!(
            "select last_at, last_write_at, last_refused_at, last_refusal, requests, refused
             from connection_contact
             where company_id = :company_id and connection_id = :connection_id"
        ),
        params![company_id: company, connection_id: connection],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

pub(crate) fn read(row: &Row) -> Result<Contact> {
    Ok(Contact {
        last_at: row.get("last_at")?,
        last_write_at: row.get("last_write_at")?,
        last_refused_at: row.get("last_refused_at")?,
        last_refusal: row.get("last_refusal")?,
        requests: row.get("requests")?,
        refused: row.get("refused")?,
    })
}
