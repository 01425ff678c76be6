//! Up to where every listener has heard. A database that has never heard anything starts every
//! listener at the beginning of the log; later, a new listener starts at the end, since the past was
//! handled by the rules of its time.

use takt_kernel::Result;
use takt_store::{LANES, Query, Tx, params, sql};

use crate::reactions::Listener;

/// One row per (listener, lane): a cursor as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub listener: String,
    pub lane: i64,
    pub position: i64,
}

/// A fact in the log, as far as it decides who is woken.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub position: i64,
    pub lane: i64,
    pub kind: String,
}

pub(crate) fn register(tx: &mut Tx<'_>, listeners: &[Listener]) -> Result<()> {
    let known = all(tx)?;
    let start = if known.is_empty() { 0 } else { latest_position(tx)? };
    for listener in listeners {
        for lane in 0..LANES {
            if known.iter().any(|cursor| cursor.listener == listener.name && cursor.lane == lane) {
                continue;
            }
            tx.put(
                sql!(
                    "insert into reaction_cursor (listener, lane, position)
                     values (:listener, :lane, :position)
                     on conflict (listener, lane) do nothing"
                ),
                params![listener: listener.name, lane: lane, position: start],
            )?;
        }
    }
    Ok(())
}

pub(crate) fn all(db: &mut dyn Query) -> Result<Vec<Cursor>> {
    let rows = db.all(
        sql!(
            "select listener, lane, position
             from reaction_cursor
             order by listener, lane
             limit 10000"
        ),
        params![],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Cursor {
                listener: row.get("listener")?,
                lane: row.get("lane")?,
                position: row.get("position")?,
            })
        })
        .collect()
}

/// The position of a cursor, locked until the transaction ends; nothing when another node holds it.
pub(crate) fn lock(tx: &mut Tx<'_>, listener: &str, lane: i64) -> Result<Option<i64>> {
    tx.opt(
        sql!(
            "select position
             from reaction_cursor
             where listener = :listener and lane = :lane
             {pg:for update skip locked|sqlite:}"
        ),
        params![listener: listener, lane: lane],
    )?
    .map(|row| row.get("position"))
    .transpose()
}

pub(crate) fn advance(tx: &mut Tx<'_>, listener: &str, lane: i64, position: i64) -> Result<()> {
    tx.put(
        sql!(
            "update reaction_cursor
             set position = :position
             where listener = :listener and lane = :lane and position < :position"
        ),
        params![position: position, listener: listener, lane: lane],
    )
}

pub(crate) fn headers_after(db: &mut dyn Query, position: i64, limit: i64) -> Result<Vec<Header>> {
    let rows = db.all(
        sql!(
            "select position, lane, kind
             from fact_position
             where position > :position
             order by position
             limit :limit"
        ),
        params![position: position, limit: limit],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Header { position: row.get("position")?, lane: row.get("lane")?, kind: row.get("kind")? })
        })
        .collect()
}

fn latest_position(db: &mut dyn Query) -> Result<i64> {
    db.one(sql!("select coalesce(max(position), 0) as position from fact_position"), params![])?
        .get("position")
}
