//! How a connection is, and whether somebody has to look.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Result, Timestamp};
use takt_store::{Query, Statement, params, sql};

use crate::{Connection, ConnectionId, Contact, contacts};

/// A refusal is news for this long.
pub(crate) const LATELY_SECONDS: i64 = 3600;
/// A module asks for news every few minutes: an hour of silence is worth a word, a day worth a look.
const QUIET_SECONDS: i64 = 3600;
pub(crate) const SILENT_SECONDS: i64 = 24 * 3600;
/// What stored messages wait for somebody longer than this is worth a word.
pub(crate) const LAG_SECONDS: i64 = 60;
/// Counts end here: "more than" is enough to know.
pub(crate) const COUNTED: i64 = 1000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    Paused,
    NeverHeard,
    /// It was refused within the last hour.
    Refused,
    /// Not heard of for a day or longer.
    Silent,
    /// Not heard of for an hour or longer.
    Quiet,
    Well,
}

impl Health {
    pub fn of(connection: &Connection, contact: Option<&Contact>, now: Timestamp) -> Self {
        if connection.paused {
            return Self::Paused;
        }
        let Some(contact) = contact else { return Self::NeverHeard };
        if contact.last_refused_at.is_some_and(|at| now.seconds_since(at) < LATELY_SECONDS) {
            return Self::Refused;
        }
        match now.seconds_since(contact.last_at) {
            SILENT_SECONDS.. => Self::Silent,
            QUIET_SECONDS.. => Self::Quiet,
            _ => Self::Well,
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::NeverHeard => "never",
            Self::Refused => "refused",
            Self::Silent => "silent",
            Self::Quiet => "quiet",
            Self::Well => "well",
        }
    }
}

/// A connection with what is known of it now.
#[derive(Clone, Debug)]
pub struct Standing {
    pub connection: Connection,
    pub contact: Option<Contact>,
    pub quarantined: i64,
    /// Of what came to an end since the day began.
    pub applied: i64,
    pub refused: i64,
    /// When the oldest message came that nobody dealt with yet.
    pub waits_since: Option<Timestamp>,
    /// Fields that stand otherwise in the shop.
    pub differing: i64,
}

impl Standing {
    pub fn health(&self, now: Timestamp) -> Health {
        Health::of(&self.connection, self.contact.as_ref(), now)
    }

    /// As [`needing`] counts.
    pub fn needs_somebody(&self, now: Timestamp) -> bool {
        self.quarantined > 0 || matches!(self.health(now), Health::Refused | Health::Silent)
    }

    /// How long the oldest message has waited, when it is worth a word.
    pub fn lag(&self, now: Timestamp) -> Option<i64> {
        self.waits_since.map(|at| now.seconds_since(at)).filter(|seconds| *seconds >= LAG_SECONDS)
    }
}

/// Those of a company, by name; `today` is when its day began.
///
/// # Errors
/// Faults of the store.
pub fn standings(db: &mut dyn Query, company: CompanyId, today: Timestamp) -> Result<Vec<Standing>> {
    let mut contacts = contacts_of(db, company)?;
    let mut counts = counts_of(db, company, None, today)?;
    let connections = crate::list(db, company)?;
    Ok(connections
        .into_iter()
        .map(|connection| {
            let counted = counts.remove(&connection.id).unwrap_or_default();
            let mut contact = contacts.remove(&connection.id);
            contacts::add_unwritten(db, connection.id, contact.as_mut());
            joined(connection, contact, counted)
        })
        .collect())
}

/// # Errors
/// `connections.missing`.
pub fn standing(
    db: &mut dyn Query,
    company: CompanyId,
    id: ConnectionId,
    today: Timestamp,
) -> Result<Standing> {
    let connection = crate::get(db, company, id)?;
    let contact = contacts::of(db, company, id)?;
    let counted = counts_of(db, company, Some(id), today)?.remove(&id).unwrap_or_default();
    Ok(joined(connection, contact, counted))
}

fn joined(connection: Connection, contact: Option<Contact>, counted: Counted) -> Standing {
    let Counted { quarantined, applied, refused, waits_since, differing } = counted;
    Standing { connection, contact, quarantined, applied, refused, waits_since, differing }
}

#[derive(Default)]
struct Counted {
    quarantined: i64,
    applied: i64,
    refused: i64,
    waits_since: Option<Timestamp>,
    differing: i64,
}

fn contacts_of(db: &mut dyn Query, company: CompanyId) -> Result<BTreeMap<ConnectionId, Contact>> {
    let rows = db.all(
        sql!(
            "select connection_id, last_at, last_write_at, last_refused_at, last_refusal, requests, refused
             from connection_contact
             where company_id = :company_id
             order by connection_id
             limit 1000"
        ),
        params![company_id: company],
    )?;
    rows.iter().map(|row| Ok((row.get("connection_id")?, contacts::read(row)?))).collect()
}

/// Each count has its own range of an index and ends at [`COUNTED`]. The state of what is done is cast, so
/// that the index by time is taken and not the one by state, which would lead through a month of messages.
fn counts_of(
    db: &mut dyn Query,
    company: CompanyId,
    only: Option<ConnectionId>,
    today: Timestamp,
) -> Result<BTreeMap<ConnectionId, Counted>> {
    let rows = db.all(
        sql!(
            "select c.id,
               (select count(*)
                from (select 1
                  from connection_message m
                  where m.company_id = c.company_id and m.connection_id = c.id and m.state = 'quarantined'
                  limit 1000) as kept) as quarantined,
               (select count(*)
                from (select 1
                  from connection_message m
                  where m.company_id = c.company_id and m.connection_id = c.id
                    and m.state <> 'received' and m.state <> 'quarantined'
                    and cast(m.state as text) = 'applied' and m.done_at >= :today
                  limit 1000) as done) as applied,
               (select count(*)
                from (select 1
                  from connection_message m
                  where m.company_id = c.company_id and m.connection_id = c.id
                    and m.state <> 'received' and m.state <> 'quarantined'
                    and cast(m.state as text) = 'refused' and m.done_at >= :today
                  limit 1000) as done) as refused,
               (select min(m.received_at)
                from connection_message m
                where m.company_id = c.company_id and m.connection_id = c.id and m.state = 'received'
               ) as waits_since,
               (select count(*)
                from (select 1
                  from connection_difference d
                  where d.company_id = c.company_id and d.connection_id = c.id and d.resolved_at is null
                  limit 1000) as counted) as differing
             from connection c
             where c.company_id = :company_id and (c.id = :only or :only = 0)
             order by c.id
             limit 500"
        ),
        params![company_id: company, today: today, only: only.map_or(0, ConnectionId::get)],
    )?;
    rows.iter()
        .map(|row| {
            let counted = Counted {
                quarantined: row.get("quarantined")?,
                applied: row.get("applied")?,
                refused: row.get("refused")?,
                waits_since: row.get("waits_since")?,
                differing: row.get("differing")?,
            };
            Ok((row.get("id")?, counted))
        })
        .collect()
}

/// How many connections of each company need somebody: something is in quarantine, they were refused
/// lately, or they are silent for long.
///
/// # Errors
/// Faults of the store.
pub(crate) fn needing(db: &mut dyn Query, companies: &[CompanyId]) -> Result<Vec<(CompanyId, i64)>> {
    let ids: Vec<String> = companies.iter().map(ToString::to_string).collect();
    let now = db.now();
    let statement = Statement::new(
        "select connection.company_id, count(*) as waiting
         from connection
         left join connection_contact on connection_contact.company_id = connection.company_id
           and connection_contact.connection_id = connection.id
         where connection.company_id in (",
    )
    // Ids are numbers, so they may stand in the text of a statement.
    .push(&ids.join(", "))
    .push(
        ")
           and (exists (
               select 1
               from connection_message
               where connection_message.company_id = connection.company_id
                 and connection_message.connection_id = connection.id
                 and connection_message.state = 'quarantined')
             or not connection.paused
               and (connection_contact.last_refused_at > :refused or connection_contact.last_at <= :silent))
         group by connection.company_id
         order by connection.company_id
         limit 1000",
    )
    .bind("refused", now.plus_seconds(-LATELY_SECONDS))
    .bind("silent", now.plus_seconds(-SILENT_SECONDS));
    let rows = db.all_of(&statement)?;
    rows.iter().map(|row| Ok((row.get("company_id")?, row.get("waiting")?))).collect()
}
