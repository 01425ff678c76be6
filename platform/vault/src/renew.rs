//! Sealing anew what stands in clear or under an old key.

use takt_kernel::{Result, Slot, failpoint};
use takt_store::{Db, Query, Tx, params, sql};

use crate::of;

const BATCH: i64 = 200;

/// Whoever keeps sealed texts says where.
pub const SEALED: Slot<Sealed> = Slot::new("vault.sealed");

#[derive(Clone, Copy)]
pub struct Sealed {
    /// Begins of the texts, each once: keys by which they are sealed, and pieces of what stands in clear.
    /// At most a hundred.
    pub begins: fn(&mut dyn Query) -> Result<Vec<String>>,
    /// Seals up to so many anew that do not begin with this; how many there were.
    pub renew: fn(&mut Tx<'_>, prefix: &str, limit: i64) -> Result<usize>,
}

/// Under which key the database is sealed, once something is.
///
/// # Errors
/// Faults of the store.
pub fn recorded(db: &mut dyn Query) -> Result<Option<String>> {
    let row = db.opt(
        sql!(
            "select key_id
             from vault_key
             where place = 1"
        ),
        params![],
    )?;
    row.map(|row| row.get("key_id")).transpose()
}

/// As [`recorded`], for whoever writes under it: nobody names another key before this transaction is over.
pub(crate) fn held(tx: &mut Tx<'_>) -> Result<Option<String>> {
    let row = tx.opt(
        sql!(
            "select key_id
             from vault_key
             where place = 1{pg: for share|sqlite:}"
        ),
        params![],
    )?;
    row.map(|row| row.get("key_id")).transpose()
}

pub(crate) fn record(tx: &mut Tx<'_>, key: &str) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "insert into vault_key (place, key_id, since)
             values (1, :key_id, :now)
             on conflict (place) do update
             set key_id = excluded.key_id, since = excluded.since"
        ),
        params![key_id: key, now: now],
    )
}

/// Whether this process has the key that the database names; what stands in clear from before is sealed.
///
/// # Errors
/// `vault.key_missing`, and those of the key's file.
pub async fn check(db: &Db) -> Result<()> {
    let recorded = db.read("vault.recorded", |reader| recorded(reader)).await?;
    if let Some(id) = recorded {
        let vault = of(db.slots())?;
        if !vault.load()?.iter().any(|key| key.id == id) {
            return Err(vault.missing(&id));
        }
    }
    let clear = db
        .read("vault.clear", |reader| {
            let slots = reader.slots();
            for sealed in slots.of(&SEALED) {
                if (sealed.begins)(reader)?.iter().any(|begin| !begin.starts_with(crate::PREFIX)) {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await?;
    if clear { renew_all(db).await.map(|_| ()) } else { Ok(()) }
}

/// Seals everything under the key that seals now. Answers how much that was.
///
/// # Errors
/// As [`crate::seal`] and [`crate::open`].
pub async fn renew_all(db: &Db) -> Result<usize> {
    let all: Vec<Sealed> = db.slots().of(&SEALED).copied().collect();
    let mut renewed = 0;
    for sealed in all {
        loop {
            let count = db
                .write("vault.renew", move |tx| {
                    // That which the database names is the one that seals (`seal.rs`), on every node.
                    let prefix = recorded(tx)?.map_or_else(|| crate::PREFIX.to_owned(), |id| prefix(&id));
                    (sealed.renew)(tx, &prefix, BATCH)
                })
                .await?;
            renewed += count;
            if count == 0 {
                break;
            }
        }
    }
    Ok(renewed)
}

/// Nobody adds to them: who sealed under the old name ended before the new one was written ([`held`]).
async fn left_under_others(db: &Db, key: &str) -> Result<bool> {
    let prefix = prefix(key);
    db.read("vault.left", move |reader| {
        let slots = reader.slots();
        for sealed in slots.of(&SEALED) {
            if (sealed.begins)(reader)?.iter().any(|begin| *begin != prefix) {
                return Ok(true);
            }
        }
        Ok(false)
    })
    .await
}

fn prefix(key: &str) -> String {
    format!("{}{key}:", crate::PREFIX)
}

/// A new key: it is put before the old one and named in the database, from when on every node seals under it or
/// refuses; everything is sealed under it, and only when nothing is left under another one the old is forgotten. Where
/// keys are given by the environment, the first of them is the new one. Answers its id, and how much was sealed.
///
/// # Errors
/// As [`renew_all`].
pub async fn rotate(db: &Db) -> Result<(String, usize)> {
    let vault = of(db.slots())?;
    let source = vault.source()?;
    source.add(db.entropy())?;
    let keys = vault.load()?;
    let newest = keys.first().map(|key| key.id.clone()).ok_or_else(|| vault.missing("—"))?;
    let id = newest.clone();
    db.write("vault.rotated", move |tx| record(tx, &id)).await?;
    failpoint::reach("vault.recorded");
    let mut renewed = renew_all(db).await?;
    while left_under_others(db, &newest).await? {
        renewed += renew_all(db).await?;
    }
    failpoint::reach("vault.renewed");
    source.forget_old()?;
    vault.load()?;
    Ok((newest, renewed))
}
