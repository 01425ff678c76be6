use serde_json::Value as Json;
use takt_kernel::{Actor, Result};
use takt_store::{Query, Tx, params, sql};
use takt_work::{DueTimer, TimerKind, timers};

use super::{Absence, AbsenceId, AbsenceState, set::get};
use crate::facts::{self, PersonAway, PersonBack};

pub(super) const KIND: &str = "staff.absence";

pub(crate) const TIMER: TimerKind =
    TimerKind { kind: KIND, does: "says that somebody is away, and that they are back", fire };

/// Looks at the absence as it is now: one that was withdrawn or ended is left alone.
fn fire(tx: &mut Tx<'_>, timer: &DueTimer) -> Result<()> {
    let Ok(id) = timer.key.parse::<AbsenceId>() else { return Ok(()) };
    let absence = match get(tx, timer.company, id) {
        Ok(absence) => absence,
        Err(fault) if fault.is("staff.absence_missing") => return Ok(()),
        Err(fault) => return Err(fault),
    };
    let actor = Actor::system(KIND);
    match absence.state {
        AbsenceState::Planned if absence.from <= tx.now() => begin(tx, &absence, &actor),
        AbsenceState::Running if absence.until <= tx.now() => over(tx, &absence, &actor),
        AbsenceState::Planned | AbsenceState::Running => Ok(()),
    }
}

pub(super) fn begin(tx: &mut Tx<'_>, absence: &Absence, actor: &Actor) -> Result<()> {
    put_state(tx, absence, "running")?;
    let (organisation, key) = (absence.organisation, absence.id.to_string());
    let subject = facts::person(absence.person);
    timers::set(tx, organisation, KIND, &key, subject, absence.until, &Json::Null)?;
    let said = PersonAway {
        absence: absence.id.get(),
        person: absence.person,
        until: absence.until,
        substitute: absence.substitute.person(),
        substitute_role: absence.substitute.role(),
    };
    tx.say(facts::about_person(organisation, absence.person, actor), &said)
}

pub(super) fn over(tx: &mut Tx<'_>, absence: &Absence, actor: &Actor) -> Result<()> {
    put_state(tx, absence, "over")?;
    let said = PersonBack { absence: absence.id.get(), person: absence.person };
    tx.say(facts::about_person(absence.organisation, absence.person, actor), &said)
}

fn put_state(tx: &mut Tx<'_>, absence: &Absence, state: &str) -> Result<()> {
    tx.put(
        sql!(
            "update absence
             set state = :state
             where organisation_id = :organisation_id and id = :id"
        ),
        params![state: state, organisation_id: absence.organisation, id: absence.id],
    )
}
