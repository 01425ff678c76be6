use takt_kernel::{CompanyId, Fault, Id, Result, ShopId, Slots, Timestamp};
use takt_store::{Query, Row, params, sql};
use takt_vault::{Column, Sealed};

use crate::{kinds::Chosen, secret::Secret};

pub enum EndpointTag {}
pub type EndpointId = Id<EndpointTag>;

/// So long an old key goes on signing beside the new one.
pub(crate) const OLD_KEY_SECONDS: i64 = 24 * 3600;
/// What is paused for longer gets no new messages: nobody would send them in time.
pub(crate) const LONGEST_PAUSE_SECONDS: i64 = crate::PATIENCE_SECONDS;
/// A company's programs are few; each costs a row for every fact.
pub(crate) const MOST: i64 = 20;

/// A program of the company's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub company: CompanyId,
    pub id: EndpointId,
    /// Nothing: the whole company.
    pub shop: Option<ShopId>,
    pub name: String,
    pub url: String,
    pub kinds: Chosen,
    pub state: State,
    pub(crate) secret: Secret,
    pub(crate) old_secret: Option<(Secret, Timestamp)>,
    pub(crate) since: i64,
    pub created_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Active,
    Paused { at: Timestamp, why: Why },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Person,
    /// It answered 410: it is not there any more.
    Gone,
}

impl Why {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Gone => "gone",
        }
    }
}

impl Endpoint {
    pub const fn is_active(&self) -> bool {
        matches!(self.state, State::Active)
    }

    /// Whether a fact of this kind and place makes a message.
    pub(crate) fn wants(&self, kind: &str, position: i64, now: Timestamp) -> bool {
        let asleep = match self.state {
            State::Active => false,
            State::Paused { at, .. } => now.seconds_since(at) >= LONGEST_PAUSE_SECONDS,
        };
        position > self.since && !asleep && self.kinds.covers(kind)
    }

    /// The keys that sign now, the newest first.
    pub(crate) fn keys(&self, now: Timestamp) -> impl Iterator<Item = &Secret> {
        let old = self.old_secret.as_ref().filter(|(_, until)| now < *until).map(|(secret, _)| secret);
        std::iter::once(&self.secret).chain(old)
    }

    /// `v1,… v1,…`
    pub(crate) fn signatures(&self, id: &str, now: Timestamp, body: &str) -> String {
        let signatures: Vec<String> = self.keys(now).map(|key| key.sign(id, now, body)).collect();
        signatures.join(" ")
    }

    /// Until when the former key signs too.
    pub fn old_key_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.old_secret.as_ref().map(|(_, until)| *until).filter(|until| now < *until)
    }
}

/// A company's endpoints, the oldest first; from memory as long as none has changed.
///
/// # Errors
/// Faults of the store.
pub(crate) fn of_company(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Endpoint>> {
    let rows = db.seldom(
        sql!(
            "select company_id, id, shop_id, name, url, kinds, state, paused_at, paused_why, secret, old_secret,
               old_secret_until, since_position, created_at
             from webhook_endpoint
             where company_id = :company_id and state <> 'removed'
             order by id
             limit 100"
        ),
        params![company_id: company],
    )?;
    let slots = db.slots();
    rows.iter().map(|row| read(&slots, row)).collect()
}

/// What a sealed key is tied to. One that goes on beside its successor stays what it was.
pub(crate) fn place(company: CompanyId, id: EndpointId) -> String {
    format!("webhook_endpoint.secret/{company}/{id}")
}

pub(crate) const SEALED: [Sealed; 2] = [
    Sealed { begins: |db| KEYS.begins(db), renew: |tx, prefix, limit| KEYS.renew(tx, prefix, limit) },
    Sealed { begins: |db| OLD_KEYS.begins(db), renew: |tx, prefix, limit| OLD_KEYS.renew(tx, prefix, limit) },
];
const KEYS: Column = Column {
    table: "webhook_endpoint",
    column: "secret",
    key: &["company_id", "id"],
    place: |row| Ok(place(row.get("company_id")?, row.get("id")?)),
};
const OLD_KEYS: Column = Column { column: "old_secret", ..KEYS };

/// # Errors
/// `webhooks.endpoint_missing`.
pub(crate) fn get(db: &mut dyn Query, company: CompanyId, id: EndpointId) -> Result<Endpoint> {
    let all = of_company(db, company)?;
    all.into_iter().find(|endpoint| endpoint.id == id).ok_or_else(|| missing(id))
}

pub(crate) fn missing(id: EndpointId) -> Fault {
    Fault::missing("webhooks.endpoint_missing").arg("id", id)
}

fn read(slots: &Slots, row: &Row) -> Result<Endpoint> {
    let place = place(row.get("company_id")?, row.get("id")?);
    let opened = |kept: &str| Secret::kept(&takt_vault::open(slots, &place, kept)?);
    let paused_at: Option<Timestamp> = row.get("paused_at")?;
    let why = match row.get::<Option<String>>("paused_why")?.as_deref() {
        Some("gone") => Why::Gone,
        Some(_) | None => Why::Person,
    };
    let old: Option<String> = row.get("old_secret")?;
    let until: Option<Timestamp> = row.get("old_secret_until")?;
    Ok(Endpoint {
        company: row.get("company_id")?,
        id: row.get("id")?,
        shop: row.get("shop_id")?,
        name: row.get("name")?,
        url: row.get("url")?,
        kinds: Chosen::kept(&row.get::<String>("kinds")?),
        state: paused_at.map_or(State::Active, |at| State::Paused { at, why }),
        secret: opened(&row.get::<String>("secret")?)?,
        old_secret: match (old, until) {
            (Some(old), Some(until)) => Some((opened(&old)?, until)),
            _ => None,
        },
        since: row.get("since_position")?,
        created_at: row.get("created_at")?,
    })
}
