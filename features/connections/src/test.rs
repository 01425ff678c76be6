//! What would happen if the shop's system called now: looked at, not tried.

use takt_kernel::{Result, Timestamp};
use takt_staff::tokens;
use takt_store::Query;

use crate::{Finding, Health, Standing, keys, kinds};

/// What was looked at, the connector's own last.
///
/// # Errors
/// Faults of the store.
pub(crate) fn look(db: &mut dyn Query, standing: &Standing) -> Result<Vec<Finding>> {
    let connection = &standing.connection;
    let now = db.now();
    let mut found = vec![
        key(db, standing)?,
        Finding {
            well: !connection.paused,
            text_key: if connection.paused { "connections-test-paused" } else { "connections-test-open" },
            args: Vec::new(),
        },
        contact(standing, now),
        counted("connections-test-quarantine", standing.quarantined),
        counted("connections-test-unfinished", i64::from(standing.lag(now).is_some())),
    ];
    match kinds::kind_of(&db.slots(), &connection.kind) {
        Ok(kind) => {
            if let Some(test) = kind.test {
                found.extend(test(db, connection)?);
            }
        }
        Err(_) => found.push(Finding {
            well: false,
            text_key: "connections-test-no-kind",
            args: vec![("kind", connection.kind.clone())],
        }),
    }
    Ok(found)
}

/// Whether one of its keys opens anything: a token may have been revoked by itself.
fn key(db: &mut dyn Query, standing: &Standing) -> Result<Finding> {
    let connection = &standing.connection;
    let keys = keys::keys_of(db, connection.company, connection.id)?;
    let live: Vec<_> = tokens::list(db, connection.company)?
        .into_iter()
        .filter(|token| token.revoked_at.is_none())
        .map(|token| token.id)
        .collect();
    let hint = keys.iter().find(|key| live.contains(&key.token)).map(|key| key.hint.clone());
    Ok(match hint {
        Some(hint) => Finding { well: true, text_key: "connections-test-key", args: vec![("hint", hint)] },
        None => Finding { well: false, text_key: "connections-test-no-key", args: Vec::new() },
    })
}

fn contact(standing: &Standing, now: Timestamp) -> Finding {
    let (well, text_key) = match standing.health(now) {
        Health::Well | Health::Quiet => (true, "connections-test-heard"),
        Health::Refused => (false, "connections-test-refused"),
        Health::Silent => (false, "connections-test-silent"),
        Health::NeverHeard => (false, "connections-test-never"),
        Health::Paused if standing.contact.is_some() => (true, "connections-test-heard"),
        Health::Paused => (false, "connections-test-never"),
    };
    Finding { well, text_key, args: Vec::new() }
}

fn counted(text_key: &'static str, count: i64) -> Finding {
    Finding { well: count == 0, text_key, args: vec![("count", count.to_string())] }
}
