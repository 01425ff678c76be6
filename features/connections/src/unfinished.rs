//! Messages that were stored and then left: the node fell, the database was busy, or the connection was
//! paused. Each connection has a timer that looks for them every minute.

use serde_json::{Value, json};
use takt_kernel::{Fault, Kind, Result, Timestamp};
use takt_store::{Query, Tx};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    Connection, ConnectionId, facts, get,
    messages::{self, Left, MessageId},
};

const APPLY: &str = "connections.apply_unfinished";
/// Whoever stored a message has this long to deal with it.
const LEFT_SECONDS: i64 = 60;
const AT_ONCE: i64 = 20;

pub(crate) const TIMER: TimerKind =
    TimerKind { kind: APPLY, does: "applies messages that were stored and then left", fire: apply };

pub(crate) fn watch(tx: &mut Tx<'_>, connection: &Connection) -> Result<()> {
    let at = tx.now().plus_seconds(LEFT_SECONDS);
    set(tx, connection, at, None)
}

pub(crate) fn apply_soon(tx: &mut Tx<'_>, connection: &Connection) -> Result<()> {
    let at = tx.now();
    set(tx, connection, at, None)
}

fn set(tx: &mut Tx<'_>, connection: &Connection, at: Timestamp, after: Option<Left>) -> Result<()> {
    let key = connection.id.to_string();
    let payload = after.map_or(Value::Null, |last| json!({ "after": last.received_at, "message": last.id }));
    timers::set(tx, connection.company, APPLY, &key, facts::subject(connection.id), at, &payload)
}

fn apply(tx: &mut Tx<'_>, due: &DueTimer) -> Result<()> {
    let connection = get(tx, due.company, ConnectionId::new(due.subject_id))?;
    if connection.paused {
        return watch(tx, &connection);
    }
    // A message's own node may still be at it.
    let before = tx.now().plus_seconds(-LEFT_SECONDS);
    let left = messages::left_over(tx, &connection, before, after(due), AT_ONCE)?;
    for message in &left {
        apply_one(tx, &connection, message.id)?;
    }
    match left.last() {
        // The next ones, not these again: what is not ready yet keeps nobody behind it waiting.
        Some(last) if i64::try_from(left.len()).unwrap_or(AT_ONCE) == AT_ONCE => {
            let at = tx.now();
            set(tx, &connection, at, Some(*last))
        }
        _ => watch(tx, &connection),
    }
}

/// Where the batch before this one ended.
fn after(due: &DueTimer) -> Option<Left> {
    let number = |name: &str| due.payload.get(name).cloned();
    Some(Left {
        received_at: serde_json::from_value(number("after")?).ok()?,
        id: serde_json::from_value(number("message")?).ok()?,
    })
}

fn apply_one(tx: &mut Tx<'_>, connection: &Connection, id: MessageId) -> Result<()> {
    let message = messages::get(tx, connection.company, id)?;
    let tried = tx.savepoint(|tx| messages::run(tx, connection, &message));
    match tried {
        Ok(()) => Ok(()),
        Err(fault) if fault.is_retryable() => Err(fault),
        Err(fault) if is_passing(&fault) => {
            tracing::warn!(message = %id, fault = %fault, "a stored message could not be applied yet");
            Ok(())
        }
        Err(fault) => messages::refused(tx, connection, id, None, &fault, true),
    }
}

/// Whether the same may succeed a minute later.
fn is_passing(fault: &Fault) -> bool {
    fault.kind() == Kind::Unavailable
}
