//! Opens and closes differences, and looks again when our side changed.

use std::collections::BTreeMap;

use serde_json::Value;
use takt_kernel::{CompanyId, Result, Timestamp};
use takt_store::{Query, RecordedFact, Tx, params, sql};
use takt_work::{Listener, Needed};

use super::{DifferenceId, Field, RECONCILERS, Resolution, Subject, Thing, queries};
use crate::{Connection, ConnectionId};

const LOOK: &str = "connections.look_again";
const FORGET_AFTER_SECONDS: i64 = 30 * 24 * 3600;
const BATCH: i64 = 2_000;
/// Things of one fact, an order's offers first of all.
const MOST_THINGS: usize = 200;

pub(crate) const LISTENER: Listener = Listener {
    name: LOOK,
    hears: &[
        "orders.edited",
        "orders.status_set",
        "orders.confirmed",
        "orders.ready",
        "orders.shipped",
        "orders.delivered",
        "orders.completed",
        "orders.cancelled",
        "catalog.offer_edited",
        "catalog.offer_archived",
        "catalog.offer_restored",
        "stock.received",
        "stock.corrected",
        "stock.reserved",
        "stock.released",
        "stock.issued",
    ],
    does: "looks whether what differed from a shop still does",
    react,
};

pub(crate) const NEEDED: Needed = Needed { listener: LOOK, by_anybody: any_open };

fn any_open(db: &mut dyn Query) -> Result<bool> {
    let row = db.opt(
        sql!(
            "select 1 as found
             from connection_difference
             where resolved_at is null
             order by first_seen_at
             limit 1"
        ),
        params![],
    )?;
    Ok(row.is_some())
}

struct Known {
    id: DifferenceId,
    open: bool,
    kept_ours: bool,
}

/// These fields were compared just now: what differs stands open, what agrees is closed. What was decided about an
/// older word of the shop counts no more when the field is said anew.
///
/// # Errors
/// Faults of the store.
pub fn compared(tx: &mut Tx<'_>, connection: &Connection, thing: &Thing, fields: &[Field]) -> Result<()> {
    let known = known(tx, connection, thing)?;
    let now = tx.now();
    for field in fields {
        match (known.get(field.name), field.differs) {
            (None, false) => {}
            (Some(row), false) if row.open => {
                settle(tx, connection.company, row.id, Resolution::Agreed, now)?
            }
            (Some(_), false) => {}
            (Some(row), true) if row.kept_ours && !field.anew => {}
            (_, true) => open(tx, connection, thing, field, now)?,
        }
    }
    Ok(())
}

fn known(db: &mut dyn Query, connection: &Connection, thing: &Thing) -> Result<BTreeMap<String, Known>> {
    let rows = db.all(
        sql!(
            "select id, field, resolved_at, resolution
             from connection_difference
             where company_id = :company_id and connection_id = :connection_id and subject = :subject
               and external_id = :external_id
             order by field
             limit 50"
        ),
        params![
            company_id: connection.company, connection_id: connection.id, subject: thing.subject.code(),
            external_id: thing.external_id.as_str(),
        ],
    )?;
    rows.iter()
        .map(|row| {
            let resolution: Option<String> = row.get("resolution")?;
            let known = Known {
                id: row.get("id")?,
                open: row.get::<Option<Timestamp>>("resolved_at")?.is_none(),
                kept_ours: resolution.as_deref() == Some(Resolution::Ours.code()),
            };
            Ok((row.get("field")?, known))
        })
        .collect()
}

fn open(
    tx: &mut Tx<'_>,
    connection: &Connection,
    thing: &Thing,
    field: &Field,
    now: Timestamp,
) -> Result<()> {
    // The row is locked: who takes the company off the list at this moment begins again.
    tx.put(
        sql!(
            "insert into connection_differing (company_id)
             values (:company_id)
             on conflict (company_id) do update set company_id = excluded.company_id"
        ),
        params![company_id: connection.company],
    )?;
    let id: DifferenceId = tx.new_id();
    let kept = |value: &Option<String>| {
        value.as_ref().filter(|_| !field.personal).map(|value| value.chars().take(500).collect::<String>())
    };
    tx.put(
        sql!(
            "insert into connection_difference (company_id, id, connection_id, subject, external_id, own_id, field, owner,
               theirs, ours, first_seen_at, last_seen_at, resolved_at, resolution)
             values (:company_id, :id, :connection_id, :subject, :external_id, :own_id, :field, :owner, :theirs, :ours,
               :now, :now, null, null)
             on conflict (company_id, connection_id, subject, external_id, field) do update
             set own_id = excluded.own_id, owner = excluded.owner, theirs = excluded.theirs, ours = excluded.ours,
               first_seen_at = case when connection_difference.resolved_at is null
                 then connection_difference.first_seen_at else excluded.first_seen_at end,
               last_seen_at = excluded.last_seen_at, resolved_at = null, resolution = null"
        ),
        params![
            company_id: connection.company, id: id, connection_id: connection.id, subject: thing.subject.code(),
            external_id: thing.external_id.as_str(), own_id: thing.own, field: field.name, owner: field.owner.code(),
            theirs: kept(&field.theirs), ours: kept(&field.ours), now: now,
        ],
    )
}

pub(super) fn settle(
    tx: &mut Tx<'_>,
    company: CompanyId,
    id: DifferenceId,
    how: Resolution,
    now: Timestamp,
) -> Result<()> {
    tx.put(
        sql!(
            "update connection_difference
             set resolved_at = :now, resolution = :resolution
             where company_id = :company_id and id = :id"
        ),
        params![now: now, resolution: how.code(), company_id: company, id: id],
    )
}

/// Our side changed: what was open about it is looked at again.
fn react(tx: &mut Tx<'_>, fact: &RecordedFact) -> Result<()> {
    if !queries::may_differ(tx, fact.company)? {
        return Ok(());
    }
    let offers = || -> Vec<i64> {
        let lines = fact.body.get("lines").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        lines.iter().filter_map(|line| line.get("offer")?.as_i64()).collect()
    };
    let (subjects, ids): (&[Subject], Vec<i64>) = match fact.subject_kind.as_str() {
        "order" if fact.kind.starts_with("orders.") => (&[Subject::Order], vec![fact.subject_id]),
        "order" => (&[Subject::Stock], offers()),
        "offer" => (&[Subject::Offer, Subject::Stock], vec![fact.subject_id]),
        _ => return Ok(()),
    };
    for subject in subjects {
        for (connection, thing) in queries::open_things(tx, fact.company, *subject, &ids, MOST_THINGS)? {
            let connection = crate::get(tx, fact.company, connection)?;
            look_again(tx, &connection, &thing)?;
        }
    }
    Ok(())
}

/// What its connector sees of a thing now; nothing where it cannot tell.
pub(crate) fn look(db: &mut dyn Query, connection: &Connection, thing: &Thing) -> Result<Vec<Field>> {
    let slots = db.slots();
    let found = slots.of(&RECONCILERS).find(|found| found.kind == connection.kind).copied();
    match found {
        Some(reconciler) => (reconciler.look)(db, connection, thing),
        None => Ok(Vec::new()),
    }
}

/// Our side changed, or what we wrote reached the shop.
///
/// # Errors
/// Faults of the store, and what the connector meets in looking.
pub fn look_again(tx: &mut Tx<'_>, connection: &Connection, thing: &Thing) -> Result<()> {
    let fields = look(tx, connection, thing)?;
    compared(tx, connection, thing, &fields)
}

/// Nightly: what was settled a month ago; and a company of which nothing stands open is asked for nothing any more.
pub(crate) fn forget_resolved(tx: &mut Tx<'_>, company: CompanyId, connection: ConnectionId) -> Result<()> {
    if queries::may_differ(tx, company)? {
        tx.put(
            sql!(
                "delete from connection_differing
                 where company_id = :company_id and not exists (
                   select 1
                   from connection_difference
                   where company_id = :company_id and resolved_at is null)"
            ),
            params![company_id: company],
        )?;
    }
    let before = tx.now().plus_seconds(-FORGET_AFTER_SECONDS);
    tx.put(
        sql!(
            "delete from connection_difference
             where company_id = :company_id and connection_id = :connection_id and id in (
               select id
               from connection_difference
               where company_id = :company_id and connection_id = :connection_id and resolved_at is not null
                 and resolved_at < :before and resolution <> 'ours'
               order by resolved_at
               limit :batch)"
        ),
        params![company_id: company, connection_id: connection, before: before, batch: BATCH],
    )
}

/// A person was erased: that something of theirs differed goes with them.
///
/// # Errors
/// Faults of the store.
pub fn forget_person(tx: &mut Tx<'_>, company: CompanyId, subject: Subject, own: &[i64]) -> Result<()> {
    tx.put(
        sql!(
            "delete from connection_difference
             where company_id = :company_id and subject = :subject and own_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})"
        ),
        params![company_id: company, subject: subject.code(), ids: Value::from(own.to_vec()).to_string()],
    )
}
