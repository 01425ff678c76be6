//! The keys of a connection are tokens of its shop. A new one does not end the old one at once: somebody
//! has to carry it to the shop first.

use serde_json::json;
use takt_kernel::{CompanyId, Result, Timestamp, TokenId};
use takt_staff::{ManageTokens, Permit, tokens};
use takt_store::{Query, Tx, params, sql};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    Connection, ConnectionId, ManageConnections,
    facts::{self, KeyIssued, KeyRetired},
    get, kinds, secrets,
};

const RETIRE: &str = "connections.retire_key";
const BOTH_SECONDS: i64 = 24 * 3600;
const HINT: usize = 4;

pub(crate) const TIMER: TimerKind = TimerKind {
    kind: RETIRE,
    does: "ends a connection's old key a day after the new one was issued",
    fire: retire,
};

#[derive(Clone, Debug)]
pub struct Key {
    pub token: TokenId,
    /// Its last letters, by which people tell it from others.
    pub hint: String,
    pub issued_at: Timestamp,
    pub retires_at: Option<Timestamp>,
}

/// A new key beside those there are, or the secret that the kind is connected by. It is shown now or never.
///
/// # Errors
/// Those of [`tokens::issue_key`].
pub fn issue(tx: &mut Tx<'_>, permit: &Permit<ManageConnections>, connection: &Connection) -> Result<String> {
    let company = connection.company;
    let scopes = kinds::kind_of(&tx.slots(), &connection.kind)?.scopes;
    // Whoever may connect a system gives it what its kind needs, and no other rights over tokens.
    let tokens_permit = Permit::<ManageTokens>::system(company, "connections.keys");
    let (token, key) = tokens::issue_key(tx, &tokens_permit, connection.shop, &connection.name, scopes)?;
    // Its last letters are those of what somebody carries to the shop.
    let handed = secrets::for_shop(tx, permit, connection, key)?;
    let hint = handed.get(handed.len().saturating_sub(HINT)..).unwrap_or_default().to_owned();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into connection_key (company_id, connection_id, token_id, hint, issued_at, retires_at)
             values (:company_id, :connection_id, :token_id, :hint, :now, null)"
        ),
        params![company_id: company, connection_id: connection.id, token_id: token, hint: &hint, now: now],
    )?;
    tx.say(facts::about(company, connection.id, permit.actor()), &KeyIssued { hint })?;
    Ok(handed)
}

/// A new key; those there are end in a day.
///
/// # Errors
/// `connections.missing`.
pub fn rotate(tx: &mut Tx<'_>, permit: &Permit<ManageConnections>, id: ConnectionId) -> Result<String> {
    let connection = get(tx, permit.company(), id)?;
    let at = tx.now().plus_seconds(BOTH_SECONDS);
    for key in keys_of(tx, connection.company, id)?.iter().filter(|key| key.retires_at.is_none()) {
        tx.put(
            sql!(
                "update connection_key
                 set retires_at = :at
                 where company_id = :company_id and connection_id = :connection_id and token_id = :token_id"
            ),
            params![at: at, company_id: connection.company, connection_id: id, token_id: key.token],
        )?;
        let payload = json!({ "token": key.token });
        timers::set(
            tx,
            connection.company,
            RETIRE,
            &key.token.to_string(),
            facts::subject(id),
            at,
            &payload,
        )?;
    }
    issue(tx, permit, &connection)
}

/// The newest first.
///
/// # Errors
/// Faults of the store.
pub fn keys_of(db: &mut dyn Query, company: CompanyId, connection: ConnectionId) -> Result<Vec<Key>> {
    let rows = db.seldom(
        sql!(
            "select token_id, hint, issued_at, retires_at
             from connection_key
             where company_id = :company_id and connection_id = :connection_id
             order by issued_at desc, token_id desc
             limit 100"
        ),
        params![company_id: company, connection_id: connection],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Key {
                token: row.get("token_id")?,
                hint: row.get("hint")?,
                issued_at: row.get("issued_at")?,
                retires_at: row.get("retires_at")?,
            })
        })
        .collect()
}

fn retire(tx: &mut Tx<'_>, due: &DueTimer) -> Result<()> {
    let connection = ConnectionId::new(due.subject_id);
    let Some(token) = due.payload.get("token").and_then(serde_json::Value::as_i64).map(TokenId::new) else {
        return Ok(());
    };
    let keys = keys_of(tx, due.company, connection)?;
    let Some(key) = keys.into_iter().find(|key| key.token == token) else { return Ok(()) };
    let permit = Permit::<ManageTokens>::system(due.company, RETIRE);
    tokens::revoke(tx, &permit, token)?;
    tx.put(
        sql!(
            "delete from connection_key
             where company_id = :company_id and connection_id = :connection_id and token_id = :token_id"
        ),
        params![company_id: due.company, connection_id: connection, token_id: token],
    )?;
    secrets::forget_ended(tx, due.company, connection)?;
    tx.say(facts::about(due.company, connection, permit.actor()), &KeyRetired { hint: key.hint })
}
