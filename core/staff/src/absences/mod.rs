//! Who is away, from when until when, and who does their work meanwhile.
//!
//! An absence is of a person in an organisation. It begins and ends by itself, by a timer, and says so: whoever
//! gives work to people hears it. A substitute does what waits for the one who is away; their own rights stay
//! what they are, since only whoever manages people gives roles.

mod set;
mod timer;

pub use set::{By, NewAbsence, end, set};
pub(crate) use timer::TIMER;

use std::collections::BTreeSet;

use takt_kernel::{CompanyId, OrganisationId, PersonId, Result, Timestamp};
use takt_store::{Query, Row, params, sql};

use crate::rights::{Role, RoleSet};

pub enum AbsenceTag {}
pub type AbsenceId = takt_kernel::Id<AbsenceTag>;

const SHOWN: i64 = 500;

/// Who does the work of somebody who is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Substitute {
    /// Whoever has the same role, as if it had never been taken.
    Nobody,
    Person(PersonId),
    Role(Role),
}

impl Substitute {
    pub(crate) fn person(self) -> Option<PersonId> {
        if let Self::Person(person) = self { Some(person) } else { None }
    }
    pub(crate) fn role(self) -> Option<Role> {
        if let Self::Role(role) = self { Some(role) } else { None }
    }
    fn of(person: Option<PersonId>, role: Option<Role>) -> Self {
        person.map(Self::Person).or(role.map(Self::Role)).unwrap_or(Self::Nobody)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbsenceState {
    Planned,
    Running,
}

/// An absence that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    pub organisation: OrganisationId,
    pub id: AbsenceId,
    pub person: PersonId,
    pub from: Timestamp,
    pub until: Timestamp,
    pub substitute: Substitute,
    pub state: AbsenceState,
}

macro_rules! absence_columns {
    () => {
        "organisation_id, id, person_id, from_at, until_at, substitute_person, substitute_role, state"
    };
}
pub(crate) use absence_columns;

pub(crate) fn read(row: &Row) -> Result<Absence> {
    let role = row.get::<Option<String>>("substitute_role")?.map(|code| code.parse::<Role>()).transpose()?;
    let state =
        if row.get::<String>("state")? == "running" { AbsenceState::Running } else { AbsenceState::Planned };
    Ok(Absence {
        organisation: row.get("organisation_id")?,
        id: row.get("id")?,
        person: row.get("person_id")?,
        from: row.get("from_at")?,
        until: row.get("until_at")?,
        substitute: Substitute::of(row.get("substitute_person")?, role),
        state,
    })
}

/// What runs or is planned in an organisation, the earliest first.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, organisation: OrganisationId) -> Result<Vec<Absence>> {
    let rows = db.all(
        sql!(concat!(
            "select ",
            absence_columns!(),
            " from absence
              where organisation_id = :organisation_id and state in ('planned', 'running')
              order by from_at, id
              limit :shown"
        )),
        params![organisation_id: organisation, shown: SHOWN],
    )?;
    rows.iter().map(read).collect()
}

/// The absence of a person that runs in one of these organisations.
///
/// # Errors
/// Faults of the store.
pub fn away(
    db: &mut dyn Query,
    person: PersonId,
    organisations: &[OrganisationId],
) -> Result<Option<Absence>> {
    let rows = db.all(
        sql!(concat!(
            "select ",
            absence_columns!(),
            " from absence
              where person_id = :person_id and state = 'running' and until_at > :now
              order by until_at desc, id
              limit 20"
        )),
        params![person_id: person, now: db.now()],
    )?;
    let absences = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(absences.into_iter().find(|absence| organisations.contains(&absence.organisation)))
}

/// Whether everybody who has a role in a company is away. Where nobody has it, nobody is away.
///
/// # Errors
/// Faults of the store.
pub fn all_away(db: &mut dyn Query, company: CompanyId, role: Role) -> Result<bool> {
    let rows = db.all(
        sql!(
            "select m.person_id, m.organisation_id, m.role as held, m.role as lent
             from membership m
             where m.organisation_id = :company_id
             union all
             select m.person_id, m.organisation_id, m.role as held, e.roles as lent
             from engagement e
             join membership m on m.organisation_id = e.desk_id
             where e.company_id = :company_id
               and e.from_at <= :now
               and (e.until_at is null or e.until_at > :now)
             limit 5000"
        ),
        params![company_id: company, now: db.now()],
    )?;
    let mut holders: BTreeSet<(PersonId, OrganisationId)> = BTreeSet::new();
    for row in &rows {
        let (held, lent): (Role, RoleSet) =
            (row.get::<String>("held")?.parse()?, row.get::<String>("lent")?.parse()?);
        if RoleSet::from(held).as_lent(lent).contains(role) {
            holders.insert((row.get("person_id")?, row.get("organisation_id")?));
        }
    }
    for (person, organisation) in &holders {
        if away(db, *person, &[*organisation])?.is_none() {
            return Ok(false);
        }
    }
    Ok(!holders.is_empty())
}
