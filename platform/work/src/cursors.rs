//! Up to where every listener has heard. A database that has never heard anything starts every
//! listener at the beginning of the log; later, a new listener starts at the end, since the past was
//! handled by the rules of its time.

use std::collections::BTreeMap;

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

/// How far the lanes of one listener were heard that this transaction holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard(BTreeMap<i64, i64>);

impl Heard {
    /// All of them were heard up to here.
    pub(crate) fn all(&self) -> i64 {
        self.0.values().copied().min().unwrap_or(0)
    }

    /// None when another node holds the lane.
    pub(crate) fn in_lane(&self, lane: i64) -> Option<i64> {
        self.0.get(&lane).copied()
    }

    pub(crate) fn holds(&self, lanes: Lanes) -> bool {
        (lanes.first()..=lanes.last()).all(|lane| self.0.contains_key(&lane))
    }

    /// Held lanes as few spans.
    fn spans(&self) -> Vec<(i64, i64)> {
        let mut spans: Vec<(i64, i64)> = Vec::new();
        for lane in self.0.keys().copied() {
            match spans.last_mut() {
                Some((_, last)) if *last + 1 == lane => *last = lane,
                _ => spans.push((lane, lane)),
            }
        }
        spans
    }
}

/// Where the cursors of these listeners stand, locked until the transaction ends; those that another node holds
/// are left out.
pub(crate) fn lock(tx: &mut Tx<'_>, listeners: &[&str], lanes: Lanes) -> Result<BTreeMap<String, Heard>> {
    let rows = tx.all(
        sql!(
            "select reaction_cursor.listener, reaction_cursor.lane, reaction_cursor.position
             from {pg:json_array_elements_text(cast(cast(:listeners as text) as json)) as asked(value)|sqlite:json_each(:listeners) as asked}
             cross join reaction_cursor
             where reaction_cursor.listener = asked.value
               and reaction_cursor.lane >= :first
               and reaction_cursor.lane <= :last
             order by reaction_cursor.listener, reaction_cursor.lane
             {pg:for update of reaction_cursor skip locked|sqlite:}"
        ),
        params![listeners: named(listeners), first: lanes.first(), last: lanes.last()],
    )?;
    let mut heard: BTreeMap<String, Heard> = BTreeMap::new();
    for row in &rows {
        heard.entry(row.get("listener")?).or_default().0.insert(row.get("lane")?, row.get("position")?);
    }
    Ok(heard)
}

/// Moves the cursors of these listeners, all of them with one statement.
pub(crate) fn advance(tx: &mut Tx<'_>, listeners: &[&str], lanes: Lanes, position: i64) -> Result<()> {
    advance_in(tx, listeners, (lanes.first(), lanes.last()), position)
}

/// Moves cursors that [`lock`] holds: those that come to the same position in the same lanes together.
pub(crate) fn advance_held<'l>(
    tx: &mut Tx<'_>,
    moved: impl Iterator<Item = (&'l str, &'l Heard, i64)>,
) -> Result<()> {
    let mut together: BTreeMap<(i64, (i64, i64)), Vec<&str>> = BTreeMap::new();
    for (listener, heard, position) in moved {
        for span in heard.spans() {
            together.entry((position, span)).or_default().push(listener);
        }
    }
    together
        .into_iter()
        .try_for_each(|((position, span), listeners)| advance_in(tx, &listeners, span, position))
}

fn advance_in(tx: &mut Tx<'_>, listeners: &[&str], (first, last): (i64, i64), position: i64) -> Result<()> {
    tx.put(
        sql!(
            "update reaction_cursor
             set position = :position
             where listener in (
                 select value
                 from {pg:json_array_elements_text(cast(cast(:listeners as text) as json))|sqlite:json_each(:listeners)})
               and lane >= :first and lane <= :last and position < :position"
        ),
        params![position: position, listeners: named(listeners), first: first, last: last],
    )
}

fn named(listeners: &[&str]) -> String {
    serde_json::Value::from(listeners).to_string()
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

/// So many of the newest facts are looked at; who is further behind is late anyway, and will be told again.
const LATELY: i64 = 200;

/// The newest fact up to a position that a listener hears and that has not come to it yet.
pub(crate) fn unheard(db: &mut dyn Query, listener: &Listener, until: i64) -> Result<Option<i64>> {
    let lately = latest_position(db)? - LATELY;
    let row = db.one(
        sql!(
            "select max(fact_position.position) as unheard
             from fact_position
             join reaction_cursor on reaction_cursor.listener = :listener
               and reaction_cursor.lane = fact_position.lane
             where fact_position.position > :lately and fact_position.position <= :until
               and fact_position.position > reaction_cursor.position
               and :hears like '%,' || fact_position.kind || ',%'"
        ),
        params![
            lately: lately, until: until, listener: listener.name,
            hears: format!(",{},", listener.hears.join(",")),
        ],
    )?;
    row.get("unheard")
}

fn latest_position(db: &mut dyn Query) -> Result<i64> {
    db.one(sql!("select coalesce(max(position), 0) as position from fact_position"), params![])?
        .get("position")
}
