//! Up to where every listener has heard. A database that has never heard anything starts every
//! listener at the beginning of the log; later, a new listener starts at the end, since the past was
//! handled by the rules of its time.

use takt_kernel::Result;
use takt_store::{LANES, Query, Tx, params, sql};

use crate::{lanes::Lanes, reactions::Listener};

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

/// How far some lanes were heard, the first of them first; never empty.
pub(crate) struct Heard {
    first: i64,
    positions: Vec<i64>,
}

impl Heard {
    /// All of them were heard up to here.
    pub(crate) fn all(&self) -> i64 {
        self.positions.iter().copied().min().unwrap_or(0)
    }

    pub(crate) fn in_lane(&self, lane: i64) -> i64 {
        usize::try_from(lane - self.first)
            .ok()
            .and_then(|index| self.positions.get(index).copied())
            .unwrap_or_else(|| self.all())
    }
}

/// Where the cursors stand, locked until the transaction ends; nothing when another node holds one.
pub(crate) fn lock(tx: &mut Tx<'_>, listener: &str, lanes: Lanes) -> Result<Option<Heard>> {
    let rows = tx.all(
        sql!(
            "select position
             from reaction_cursor
             where listener = :listener and lane >= :first and lane <= :last
             order by lane
             {pg:for update skip locked|sqlite:}"
        ),
        params![listener: listener, first: lanes.first(), last: lanes.last()],
    )?;
    let positions = rows.iter().map(|row| row.get("position")).collect::<Result<Vec<i64>>>()?;
    let all_held = positions.len() as i64 == lanes.last() - lanes.first() + 1;
    Ok(all_held.then(|| Heard { first: lanes.first(), positions }))
}

pub(crate) fn advance(tx: &mut Tx<'_>, listener: &str, lanes: Lanes, position: i64) -> Result<()> {
    tx.put(
        sql!(
            "update reaction_cursor
             set position = :position
             where listener = :listener and lane >= :first and lane <= :last and position < :position"
        ),
        params![position: position, listener: listener, first: lanes.first(), last: lanes.last()],
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
