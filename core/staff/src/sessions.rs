//! Sessions: a 256-bit secret in a cookie, its digest here. A session ends by itself when nobody
//! used it for a while, and after a month in any case; signing out removes it for good.

use takt_kernel::{Actor, Fault, Id, OrganisationId, PersonId, Result, Timestamp};
use takt_store::{Query, Row, Tx, params, sql};
use takt_ui::Lang;

use crate::{
    companies,
    facts::{self, SignedOut},
    people, secret,
};

pub enum SessionTag {}
pub type SessionId = Id<SessionTag>;

pub const LIFETIME_SECONDS: i64 = 30 * 24 * 3600;
const IDLE_SECONDS: i64 = 3 * 24 * 3600;
/// "Seen" is written at most this often, or every page view would be a write.
const SEEN_STEP_SECONDS: i64 = 5 * 60;

/// Where a sign-in comes from, as far as the request says.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    pub ip: String,
    /// What attempts are counted by: an IPv6 caller owns a whole network.
    pub network: String,
    pub agent: String,
}

#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub person: PersonId,
    pub workplace: OrganisationId,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub ip: String,
    pub agent: String,
}

impl Session {
    pub(crate) fn is_worth_noting(&self, now: Timestamp) -> bool {
        now.seconds_since(self.seen_at) >= SEEN_STEP_SECONDS
    }
}

/// Starts a session; answers its secret.
pub(crate) fn start(
    tx: &mut Tx<'_>,
    person: PersonId,
    workplace: OrganisationId,
    origin: &Origin,
) -> Result<(SessionId, String)> {
    let secret = secret::new(tx.entropy())?;
    let now = tx.now();
    forget_ended(tx, person)?;
    let id = tx.new_id();
    tx.put(
        sql!(
            "insert into session
               (id, secret_hash, person_id, workplace_id, created_at, seen_at, expires_at, ip, agent)
             values (:id, :secret_hash, :person_id, :workplace_id, :now, :now, :expires_at, :ip, :agent)"
        ),
        params![
            id: id, secret_hash: secret::digest(&secret), person_id: person, workplace_id: workplace,
            now: now, expires_at: now.plus_seconds(LIFETIME_SECONDS), ip: &origin.ip,
            agent: shortened(&origin.agent),
        ],
    )?;
    Ok((id, secret))
}

fn shortened(agent: &str) -> String {
    agent.chars().take(300).collect()
}

fn forget_ended(tx: &mut Tx<'_>, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "delete from session
             where person_id = :person_id and (expires_at <= :now or seen_at <= :idle_since)"
        ),
        params![person_id: person, now: now, idle_since: now.plus_seconds(-IDLE_SECONDS)],
    )
}

/// A live session and who it is.
pub(crate) struct Known {
    pub session: Session,
    pub name: String,
    pub email: String,
    pub lang: Lang,
}

/// The live session behind a cookie.
pub(crate) fn by_secret(db: &mut dyn Query, secret: &str) -> Result<Option<Known>> {
    let now = db.now();
    let row = db.opt(
        sql!(
            "select s.id, s.person_id, s.workplace_id, s.created_at, s.seen_at, s.ip, s.agent,
               p.name, p.email, p.lang
             from session s
             join person p on p.id = s.person_id
             where s.secret_hash = :secret_hash and s.expires_at > :now and s.seen_at > :idle_since"
        ),
        params![secret_hash: secret::digest(secret), now: now, idle_since: now.plus_seconds(-IDLE_SECONDS)],
    )?;
    row.map(|row| {
        Ok(Known {
            session: read(&row)?,
            name: row.get("name")?,
            email: row.get("email")?,
            lang: row.get::<String>("lang")?.parse()?,
        })
    })
    .transpose()
}

pub fn list(db: &mut dyn Query, person: PersonId) -> Result<Vec<Session>> {
    let now = db.now();
    let rows = db.all(
        sql!(
            "select id, person_id, workplace_id, created_at, seen_at, ip, agent
             from session
             where person_id = :person_id and expires_at > :now and seen_at > :idle_since
             order by seen_at desc, id
             limit 200"
        ),
        params![person_id: person, now: now, idle_since: now.plus_seconds(-IDLE_SECONDS)],
    )?;
    rows.iter().map(read).collect()
}

pub(crate) fn note_seen(tx: &mut Tx<'_>, session: SessionId) -> Result<()> {
    tx.put(sql!("update session set seen_at = :now where id = :id"), params![id: session, now: tx.now()])
}

/// Ends one session of a person.
pub fn end(tx: &mut Tx<'_>, person: PersonId, workplace: OrganisationId, session: SessionId) -> Result<()> {
    let ended = tx.execute(
        sql!("delete from session where id = :id and person_id = :person_id"),
        params![id: session, person_id: person],
    )?;
    say_ended(tx, person, workplace, ended)
}

/// Ends all sessions of a person, or all but the one that asks.
pub fn end_all(
    tx: &mut Tx<'_>,
    person: PersonId,
    workplace: OrganisationId,
    but: Option<SessionId>,
) -> Result<()> {
    let ended = tx.execute(
        sql!("delete from session where person_id = :person_id and id <> :but"),
        params![person_id: person, but: but.map_or(0, Id::get)],
    )?;
    say_ended(tx, person, workplace, ended)
}

fn say_ended(tx: &mut Tx<'_>, person: PersonId, workplace: OrganisationId, ended: u64) -> Result<()> {
    if ended == 0 {
        return Ok(());
    }
    let sessions = i64::try_from(ended).unwrap_or(i64::MAX);
    let actor = Actor::Person { person };
    tx.say(facts::about_person(workplace, person, &actor), &SignedOut { sessions })
}

/// Goes on working in another organisation of the same person.
///
/// # Errors
/// `staff.company_missing` when the person does not belong to it.
pub fn switch(tx: &mut Tx<'_>, person: PersonId, session: SessionId, to: OrganisationId) -> Result<()> {
    if people::roles(tx, to, person)?.is_empty() {
        return Err(companies::missing(to));
    }
    let switched = tx.execute(
        sql!(
            "update session
             set workplace_id = :workplace_id
             where id = :id and person_id = :person_id"
        ),
        params![id: session, person_id: person, workplace_id: to],
    )?;
    if switched == 0 {
        return Err(Fault::missing("staff.session_missing"));
    }
    remember_workplace(tx, person, to)
}

pub(crate) fn remember_workplace(tx: &mut Tx<'_>, person: PersonId, workplace: OrganisationId) -> Result<()> {
    tx.put(
        sql!("update person set workplace_id = :workplace_id where id = :id"),
        params![id: person, workplace_id: workplace],
    )
}

fn read(row: &Row) -> Result<Session> {
    Ok(Session {
        id: row.get("id")?,
        person: row.get("person_id")?,
        workplace: row.get("workplace_id")?,
        created_at: row.get("created_at")?,
        seen_at: row.get("seen_at")?,
        ip: row.get("ip")?,
        agent: row.get("agent")?,
    })
}
