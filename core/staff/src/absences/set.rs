use serde_json::Value as Json;
use takt_kernel::{Actor, Fault, OrganisationId, PersonId, Result, Timestamp};
use takt_store::{Query, Tx, params, sql};
use takt_work::timers;

use super::{
    Absence, AbsenceId, Substitute, absence_columns, read,
    timer::{KIND, begin, over},
};
use crate::{
    facts::{self, AbsenceSet, AbsenceWithdrawn},
    input::field,
    people,
    rights::{
        Permit,
        own::{ManageAbsences, SeeStaff},
    },
};

const LONGEST_SECONDS: i64 = 366 * 86_400;

/// Who says that somebody is away: themself, or who manages the work.
#[derive(Clone, Debug)]
pub enum By {
    Themself(Permit<SeeStaff>),
    Manager(Permit<ManageAbsences>),
}

impl By {
    fn organisation(&self) -> OrganisationId {
        match self {
            Self::Themself(permit) => permit.company(),
            Self::Manager(permit) => permit.company(),
        }
    }

    fn actor(&self) -> &Actor {
        match self {
            Self::Themself(permit) => permit.actor(),
            Self::Manager(permit) => permit.actor(),
        }
    }

    /// What is not theirs to say is missing for them.
    fn may_speak_of(&self, person: PersonId) -> Result<()> {
        match self {
            Self::Manager(_) => Ok(()),
            Self::Themself(permit) if permit.actor().person() == Some(person) => Ok(()),
            Self::Themself(_) => Err(Fault::missing("staff.person_missing")),
        }
    }
}

#[derive(Clone, Debug)]
pub struct NewAbsence {
    pub person: PersonId,
    pub from: Timestamp,
    pub until: Timestamp,
    pub substitute: Substitute,
}

/// Somebody is going to be away, or is from now on.
///
/// # Errors
/// `staff.person_missing`, field faults `staff.absence_ends_before_it_begins`, `staff.absence_is_over`,
/// `staff.absence_too_long`, `staff.absence_overlaps`, `staff.substitute_missing`, `staff.substitutes_themself`.
pub fn set(tx: &mut Tx<'_>, by: &By, new: &NewAbsence) -> Result<AbsenceId> {
    by.may_speak_of(new.person)?;
    let organisation = by.organisation();
    check(tx, organisation, new)?;
    let id: AbsenceId = tx.new_id();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into absence (organisation_id, id, person_id, from_at, until_at, substitute_person,
               substitute_role, state, created_at)
             values (:organisation_id, :id, :person_id, :from_at, :until_at, :substitute_person,
               :substitute_role, 'planned', :now)"
        ),
        params![
            organisation_id: organisation, id: id, person_id: new.person, from_at: new.from,
            until_at: new.until, substitute_person: new.substitute.person(),
            substitute_role: new.substitute.role().map(|role| role.code()), now: now,
        ],
    )?;
    let said = AbsenceSet {
        absence: id.get(),
        person: new.person,
        from: new.from,
        until: new.until,
        substitute: new.substitute.person(),
        substitute_role: new.substitute.role(),
    };
    tx.say(facts::about_person(organisation, new.person, by.actor()), &said)?;
    if new.from <= now {
        let absence = get(tx, organisation, id)?;
        begin(tx, &absence, by.actor())?;
    } else {
        let subject = facts::person(new.person);
        timers::set(tx, organisation, KIND, &id.to_string(), subject, new.from, &Json::Null)?;
    }
    Ok(id)
}

fn check(tx: &mut Tx<'_>, organisation: OrganisationId, new: &NewAbsence) -> Result<()> {
    let member = |tx: &mut Tx<'_>, person| -> Result<bool> {
        Ok(!people::roles(tx, organisation, person)?.is_empty())
    };
    if !member(tx, new.person)? {
        return Err(Fault::missing("staff.person_missing"));
    }
    if new.until <= new.from {
        return Err(field("until", "staff.absence_ends_before_it_begins"));
    }
    if new.until <= tx.now() {
        return Err(field("until", "staff.absence_is_over"));
    }
    let furthest = tx.now().plus_seconds(LONGEST_SECONDS);
    if new.until > new.from.plus_seconds(LONGEST_SECONDS) || new.from > furthest {
        return Err(field("until", "staff.absence_too_long"));
    }
    match new.substitute {
        Substitute::Person(person) if person == new.person => {
            return Err(field("substitute", "staff.substitutes_themself"));
        }
        Substitute::Person(person) if !member(tx, person)? => {
            return Err(field("substitute", "staff.substitute_missing"));
        }
        Substitute::Person(_) | Substitute::Role(_) | Substitute::Nobody => {}
    }
    // Two who set it at once for one person come one after the other.
    tx.execute(
        sql!("update organisation set name = name where id = :organisation_id"),
        params![organisation_id: organisation],
    )?;
    let overlaps = super::list(tx, organisation)?
        .into_iter()
        .any(|other| other.person == new.person && other.from < new.until && new.from < other.until);
    if overlaps { Err(field("from", "staff.absence_overlaps")) } else { Ok(()) }
}

/// They are back before the time, or do not leave at all.
///
/// # Errors
/// `staff.absence_missing`.
pub fn end(tx: &mut Tx<'_>, by: &By, id: AbsenceId) -> Result<()> {
    let absence = get(tx, by.organisation(), id)?;
    by.may_speak_of(absence.person).map_err(|_| missing())?;
    timers::cancel(tx, absence.organisation, KIND, &id.to_string())?;
    if absence.state == super::AbsenceState::Running {
        return over(tx, &absence, by.actor());
    }
    tx.put(
        sql!(
            "update absence
             set state = 'withdrawn'
             where organisation_id = :organisation_id and id = :id"
        ),
        params![organisation_id: absence.organisation, id: id],
    )?;
    let said = AbsenceWithdrawn { absence: id.get(), person: absence.person };
    tx.say(facts::about_person(absence.organisation, absence.person, by.actor()), &said)
}

/// One that is not over, with its row locked.
pub(super) fn get(tx: &mut Tx<'_>, organisation: OrganisationId, id: AbsenceId) -> Result<Absence> {
    let row = tx.opt(
        sql!(concat!(
            "select ",
            absence_columns!(),
            " from absence
              where organisation_id = :organisation_id and id = :id and state in ('planned', 'running')
              {pg:for update|sqlite:}"
        )),
        params![organisation_id: organisation, id: id],
    )?;
    read(&row.ok_or_else(missing)?)
}

fn missing() -> Fault {
    Fault::missing("staff.absence_missing")
}
