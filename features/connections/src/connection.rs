use serde_json::{Map, Value};
use takt_kernel::{CompanyId, Fault, Id, Result, ShopId, Timestamp, TokenId};
use takt_staff::{Permit, shops};
use takt_store::{Query, Row, Tx, params, sql};

use crate::{
    ManageConnections,
    facts::{self, Created, Paused, Renamed, Resumed, SettingsChanged},
    keys, kinds, messages,
};

pub enum ConnectionTag {}
pub type ConnectionId = Id<ConnectionTag>;

const LONGEST_NAME: usize = 100;
const LARGEST_SETTINGS: usize = 65_536;
const MOST: i64 = 500;

/// A shop's system and how it reaches us.
#[derive(Clone, Debug)]
pub struct Connection {
    pub company: CompanyId,
    pub id: ConnectionId,
    pub shop: ShopId,
    /// The code of a [`crate::Kind`].
    pub kind: String,
    pub name: String,
    /// Its messages are stored and wait.
    pub paused: bool,
    /// What its connector keeps about it; no secrets.
    pub settings: Map<String, Value>,
    pub version: i64,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewConnection {
    pub shop: ShopId,
    pub kind: String,
    /// The shop's own name when empty.
    pub name: String,
}

/// Connects a shop's system. Answers with its key, which nobody is shown again.
///
/// # Errors
/// `connections.kind_unknown`, `connections.name_too_long`, `staff.shop_missing`.
pub fn create(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageConnections>,
    new: &NewConnection,
) -> Result<(ConnectionId, String)> {
    let connection = begin(tx, permit, new, Map::new())?;
    Ok((connection.id, keys::issue(tx, permit, &connection)?))
}

/// As [`create`], without a key yet: nobody would see it.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageConnections>,
    new: &NewConnection,
    settings: Map<String, Value>,
) -> Result<Connection> {
    let company = permit.company();
    let kind = kinds::kind_of(&tx.slots(), &new.kind)?;
    let shop = shops::get(tx, company, new.shop)?;
    let name = fit_name(&new.name, &shop.name)?;
    let id: ConnectionId = tx.new_id();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into connection (company_id, id, shop_id, kind, name, paused, settings, version, created_at)
             values (:company_id, :id, :shop_id, :kind, :name, :paused, :settings, 1, :now)"
        ),
        params![
            company_id: company, id: id, shop_id: shop.id, kind: kind.code, name: &name, paused: false,
            settings: Value::Object(settings.clone()).to_string(), now: now,
        ],
    )?;
    let fact = Created { shop: shop.id, kind: kind.code.to_owned(), name: name.clone() };
    tx.say(facts::about(company, id, permit.actor()), &fact)?;
    messages::forget_nightly(tx, company, id)?;
    let connection = Connection {
        company,
        id,
        shop: shop.id,
        kind: kind.code.to_owned(),
        name,
        paused: false,
        settings,
        version: 1,
        created_at: now,
    };
    crate::unfinished::watch(tx, &connection)?;
    Ok(connection)
}

fn fit_name(given: &str, usual: &str) -> Result<String> {
    let name = given.trim();
    let name = if name.is_empty() { usual } else { name };
    if name.chars().count() > LONGEST_NAME {
        return Err(Fault::field("name", "connections.name_too_long"));
    }
    Ok(name.to_owned())
}

/// # Errors
/// `connections.missing`.
pub fn get(db: &mut dyn Query, company: CompanyId, id: ConnectionId) -> Result<Connection> {
    db.opt(
        sql!(
            "select company_id, id, shop_id, kind, name, paused, settings, version, created_at
             from connection
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: id],
    )?
    .as_ref()
    .map(read)
    .transpose()?
    .ok_or_else(|| Fault::missing("connections.missing"))
}

/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Connection>> {
    let rows = db.all(
        sql!(
            "select company_id, id, shop_id, kind, name, paused, settings, version, created_at
             from connection
             where company_id = :company_id
             order by name, id
             limit :most"
        ),
        params![company_id: company, most: MOST],
    )?;
    rows.iter().map(read).collect()
}

/// The connection whose key this is.
///
/// # Errors
/// Faults of the store.
pub fn by_token(db: &mut dyn Query, token: TokenId) -> Result<Option<Connection>> {
    let rows = db.seldom(
        sql!(
            "select connection.company_id, connection.id, connection.shop_id, connection.kind, connection.name,
               connection.paused, connection.settings, connection.version, connection.created_at
             from connection_key
             join connection on connection.company_id = connection_key.company_id
               and connection.id = connection_key.connection_id
             where connection_key.token_id = :token_id
             limit 1"
        ),
        params![token_id: token],
    )?;
    rows.first().map(read).transpose()
}

/// A connection whose company is not known yet: who asks proves by a signature that it is theirs.
///
/// # Errors
/// Faults of the store.
pub fn by_id(db: &mut dyn Query, id: ConnectionId) -> Result<Option<Connection>> {
    let rows = db.seldom(
        sql!(
            "select company_id, id, shop_id, kind, name, paused, settings, version, created_at
             from connection
             where id = :id
             limit 1"
        ),
        params![id: id],
    )?;
    rows.first().map(read).transpose()
}

/// Whether anybody at all is connected by a kind: what is done only for such connections sleeps until then.
///
/// # Errors
/// Faults of the store.
pub fn any_of_kind(db: &mut dyn Query, kind: &str) -> Result<bool> {
    let rows = db.seldom(
        sql!(
            "select 1 as found
             from connection
             where kind = :kind
             limit 1"
        ),
        params![kind: kind],
    )?;
    Ok(!rows.is_empty())
}

/// What a connector keeps about a connection of its kind.
///
/// # Errors
/// `connections.missing`, `connections.settings_too_large`.
pub fn save_settings(
    tx: &mut Tx<'_>,
    connection: &Connection,
    settings: &Map<String, Value>,
    actor: &takt_kernel::Actor,
) -> Result<()> {
    let written = Value::Object(settings.clone()).to_string();
    if written.len() > LARGEST_SETTINGS {
        return Err(Fault::invalid("connections.settings_too_large"));
    }
    if *settings == connection.settings {
        return Ok(());
    }
    let changed = tx.execute(
        sql!(
            "update connection
             set settings = :settings, version = version + 1
             where company_id = :company_id and id = :id and version = :version"
        ),
        params![
            settings: written, company_id: connection.company, id: connection.id, version: connection.version,
        ],
    )?;
    if changed == 0 {
        return Err(Fault::conflict("connections.changed_meanwhile"));
    }
    tx.say(facts::about(connection.company, connection.id, actor), &SettingsChanged {})
}

/// Another name; the shop's own when it is empty.
///
/// # Errors
/// `connections.missing`, `connections.name_too_long`.
pub fn rename(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageConnections>,
    id: ConnectionId,
    name: &str,
) -> Result<()> {
    let connection = get(tx, permit.company(), id)?;
    let shop = shops::get(tx, connection.company, connection.shop)?;
    let name = fit_name(name, &shop.name)?;
    if name == connection.name {
        return Ok(());
    }
    tx.put(
        sql!(
            "update connection
             set name = :name, version = version + 1
             where company_id = :company_id and id = :id"
        ),
        params![name: &name, company_id: connection.company, id: id],
    )?;
    tx.say(facts::about(connection.company, id, permit.actor()), &Renamed { name })
}

/// A paused connection's messages are stored and answered, and applied when it goes on.
///
/// # Errors
/// `connections.missing`.
pub fn set_paused(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageConnections>,
    id: ConnectionId,
    paused: bool,
) -> Result<()> {
    let connection = get(tx, permit.company(), id)?;
    if connection.paused == paused {
        return Ok(());
    }
    tx.put(
        sql!(
            "update connection
             set paused = :paused, version = version + 1
             where company_id = :company_id and id = :id"
        ),
        params![paused: paused, company_id: connection.company, id: id],
    )?;
    let about = facts::about(connection.company, id, permit.actor());
    if paused {
        return tx.say(about, &Paused {});
    }
    tx.say(about, &Resumed {})?;
    crate::unfinished::apply_soon(tx, &connection)
}

fn read(row: &Row) -> Result<Connection> {
    Ok(Connection {
        company: row.get("company_id")?,
        id: row.get("id")?,
        shop: row.get("shop_id")?,
        kind: row.get("kind")?,
        name: row.get("name")?,
        paused: row.get("paused")?,
        settings: row.json("settings")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
    })
}
