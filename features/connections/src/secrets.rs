//! Secrets that a connector has to use again: what a shop signs its messages with, our keys to the shop.
//! They are sealed under the key of the installation, each for its place, are written by whoever manages
//! connections, and are never shown, logged or said.

use std::fmt;

use takt_kernel::{CompanyId, Entropy, Fault, Result, Slot, Slots, Timestamp};
use takt_staff::Permit;
use takt_store::{Query, Row, Tx, params, sql};
use takt_vault::{Column, Sealed};

use crate::{
    Connection, ConnectionId, ManageConnections,
    facts::{self, SecretSet},
    get as connection,
};

/// What the messages of a connection are signed with.
pub const WEBHOOK: &str = "webhook";
const BEFORE: &str = ".before";
/// An old secret goes on for so long: what the shop has sent already is signed with it.
const BOTH_SECONDS: i64 = 24 * 3600;
const LONGEST_NAME: usize = 40;
const LONGEST: usize = 1_000;
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const LETTERS: usize = 40;

/// Kinds whose messages are signed fill this in.
pub const SIGNED: Slot<Signed> = Slot::new("connections.signed");

#[derive(Clone, Copy, Debug)]
pub struct Signed {
    /// The code of a [`crate::Kind`].
    pub kind: &'static str,
    pub made: Made,
}

/// Who makes up the secret that messages are signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// We do: it is shown instead of a key, and somebody carries it to the shop.
    Here,
    /// The shop's side does: somebody carries it here.
    There,
}

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

pub fn signed(slots: &Slots, kind: &str) -> Option<Made> {
    slots.of(&SIGNED).find(|signed| signed.kind == kind).map(|signed| signed.made)
}

/// Keeps a secret of a connection. What messages were signed with before goes on for a day under [`valid`].
///
/// # Errors
/// `connections.missing`, `connections.secret_malformed`.
pub fn set(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageConnections>,
    id: ConnectionId,
    name: &str,
    value: &str,
) -> Result<()> {
    let connection = connection(tx, permit.company(), id)?;
    let value = value.trim();
    let named = (1..=LONGEST_NAME).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if !named || !fits(value) {
        return Err(Fault::field("secret", "connections.secret_malformed").arg("most", LONGEST));
    }
    if get(tx, connection.company, id, name)?.is_some_and(|kept| kept.expose() == value) {
        return Ok(());
    }
    if name == WEBHOOK {
        keep_before(tx, &connection)?;
    }
    let now = tx.now();
    let sealed = takt_vault::seal(tx, &place(connection.company, id, name), value)?;
    tx.put(
        sql!(
            "insert into connection_secret (company_id, connection_id, name, value, set_at, ends_at)
             values (:company_id, :connection_id, :name, :value, :now, null)
             on conflict (company_id, connection_id, name) do update
             set value = excluded.value, set_at = excluded.set_at"
        ),
        params![company_id: connection.company, connection_id: id, name: name, value: sealed, now: now],
    )?;
    let fact = SecretSet { name: name.to_owned() };
    tx.say(facts::about(connection.company, id, permit.actor()), &fact)
}

/// What a sealed secret is tied to. One that goes on beside its successor stays what it was.
fn place(company: CompanyId, connection: ConnectionId, name: &str) -> String {
    let name = name.strip_suffix(BEFORE).unwrap_or(name);
    format!("connection_secret/{company}/{connection}/{name}")
}

fn opened(
    db: &mut dyn Query,
    company: CompanyId,
    connection: ConnectionId,
    name: &str,
    row: &Row,
) -> Result<Secret> {
    let kept: String = row.get("value")?;
    takt_vault::open(&db.slots(), &place(company, connection, name), &kept).map(Secret)
}

pub(crate) const SEALED: Sealed =
    Sealed { begins: |db| VALUES.begins(db), renew: |tx, prefix, limit| VALUES.renew(tx, prefix, limit) };
const VALUES: Column = Column {
    table: "connection_secret",
    column: "value",
    key: &["company_id", "connection_id", "name"],
    place: |row| Ok(place(row.get("company_id")?, row.get("connection_id")?, &row.get::<String>("name")?)),
};

/// Whether a text can be a secret.
pub(crate) fn fits(value: &str) -> bool {
    (1..=LONGEST).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Which secrets are set, by name.
///
/// # Errors
/// Faults of the store.
pub fn names(db: &mut dyn Query, company: CompanyId, connection: ConnectionId) -> Result<Vec<String>> {
    let rows = db.all(
        sql!(
            "select name
             from connection_secret
             where company_id = :company_id and connection_id = :connection_id
             order by name
             limit 50"
        ),
        params![company_id: company, connection_id: connection],
    )?;
    rows.iter().map(|row| row.get("name")).collect()
}

/// What was sent already is signed with the secret of then.
fn keep_before(tx: &mut Tx<'_>, connection: &Connection) -> Result<()> {
    let ends_at = tx.now().plus_seconds(BOTH_SECONDS);
    tx.put(
        sql!(
            "insert into connection_secret (company_id, connection_id, name, value, set_at, ends_at)
             select company_id, connection_id, name || '.before', value, set_at, :ends_at
             from connection_secret
             where company_id = :company_id and connection_id = :connection_id and name = :name
             on conflict (company_id, connection_id, name) do update
             set value = excluded.value, set_at = excluded.set_at, ends_at = excluded.ends_at"
        ),
        params![
            ends_at: ends_at, company_id: connection.company, connection_id: connection.id, name: WEBHOOK,
        ],
    )
}

/// # Errors
/// Faults of the store.
pub fn get(
    db: &mut dyn Query,
    company: CompanyId,
    connection: ConnectionId,
    name: &str,
) -> Result<Option<Secret>> {
    let row = db.opt(
        sql!(
            "select value
             from connection_secret
             where company_id = :company_id and connection_id = :connection_id and name = :name"
        ),
        params![company_id: company, connection_id: connection, name: name],
    )?;
    row.map(|row| opened(db, company, connection, name, &row)).transpose()
}

/// The secret, and the one before it for as long as it goes on.
///
/// # Errors
/// Faults of the store.
pub fn valid(
    db: &mut dyn Query,
    company: CompanyId,
    connection: ConnectionId,
    name: &str,
) -> Result<Vec<Secret>> {
    let now = db.now();
    let rows = db.all(
        sql!(
            "select value, ends_at
             from connection_secret
             where company_id = :company_id and connection_id = :connection_id and name in (:name, :before)
             order by name
             limit 2"
        ),
        params![
            company_id: company, connection_id: connection, name: name, before: format!("{name}{BEFORE}"),
        ],
    )?;
    let mut valid = Vec::new();
    for row in &rows {
        if row.get::<Option<Timestamp>>("ends_at")?.is_none_or(|ends_at| ends_at > now) {
            valid.push(opened(db, company, connection, name, row)?);
        }
    }
    Ok(valid)
}

/// What somebody carries to the shop: the key, or for kinds whose messages are signed with a secret of ours
/// that secret, made anew.
pub(crate) fn for_shop(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageConnections>,
    connection: &Connection,
    key: String,
) -> Result<String> {
    match signed(&tx.slots(), &connection.kind) {
        Some(Made::Here) => {
            let secret = new(tx.entropy())?;
            set(tx, permit, connection.id, WEBHOOK, &secret)?;
            Ok(secret)
        }
        Some(Made::There) | None => Ok(key),
    }
}

/// Throws away those that ended.
///
/// # Errors
/// Faults of the store.
pub fn forget_ended(tx: &mut Tx<'_>, company: CompanyId, connection: ConnectionId) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "delete from connection_secret
             where company_id = :company_id and connection_id = :connection_id and ends_at <= :now"
        ),
        params![company_id: company, connection_id: connection, now: now],
    )
}

/// 200 bits in letters that are not mistaken for one another.
fn new(entropy: &dyn Entropy) -> Result<String> {
    let mut bytes = [0_u8; LETTERS];
    entropy.fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}
