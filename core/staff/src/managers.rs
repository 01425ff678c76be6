//! The named manager of a company: the one person who answers for it, of its own people or of the desk that it
//! engages. Who may no longer see the company answers for it no longer.

use takt_kernel::{CompanyId, Fault, PersonId, Result, Timestamp, fold};
use takt_store::{Query, Tx, params, sql};

use crate::{
    access::{self, Reaching},
    facts::{self, ManagerNamed},
    rights::{Permit, own::NameManager},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manager {
    pub person: PersonId,
    pub name: String,
    pub since: Timestamp,
}

/// Names the person who answers for a company from now on, or nobody. Naming the same again is nothing.
///
/// # Errors
/// Field fault `staff.manager_not_here` for somebody who does not work for the company.
pub fn name(tx: &mut Tx<'_>, permit: &Permit<NameManager>, person: Option<PersonId>) -> Result<()> {
    let company = permit.company();
    let old = stored(tx, company)?;
    if old.as_ref().map(|manager| manager.person) == person {
        return Ok(());
    }
    match person {
        Some(person) => {
            if access::roles_in(tx, company, person)?.is_empty() {
                return Err(Fault::field("person", "staff.manager_not_here"));
            }
            tx.put(
                sql!(
                    "insert into company_manager (company_id, person_id, since)
                     values (:company_id, :person_id, :now)
                     on conflict (company_id) do update
                     set person_id = excluded.person_id, since = excluded.since"
                ),
                params![company_id: company, person_id: person, now: tx.now()],
            )?;
        }
        None => tx.put(
            sql!("delete from company_manager where company_id = :company_id"),
            params![company_id: company],
        )?,
    }
    let said = ManagerNamed { person, before: old.map(|manager| manager.person) };
    tx.say(facts::about_company(company, permit.actor()), &said)
}

/// By e-mail address, as a program names people.
///
/// # Errors
/// Field fault `staff.manager_not_here`.
pub fn person_of_email(db: &mut dyn Query, company: CompanyId, email: &str) -> Result<PersonId> {
    let unknown = || Fault::field("email", "staff.manager_not_here");
    let person = crate::people::by_email(db, &fold(email))?.ok_or_else(unknown)?.id;
    if access::roles_in(db, company, person)?.is_empty() { Err(unknown()) } else { Ok(person) }
}

/// Who answers for a company, as long as they work for it.
///
/// # Errors
/// Faults of the store.
pub fn of(db: &mut dyn Query, company: CompanyId) -> Result<Option<Manager>> {
    let Some(manager) = stored(db, company)? else { return Ok(None) };
    Ok((!access::roles_in(db, company, manager.person)?.is_empty()).then_some(manager))
}

/// Who may be named, by name.
///
/// # Errors
/// Faults of the store.
pub fn candidates(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Reaching>> {
    access::reaching(db, company)
}

fn stored(db: &mut dyn Query, company: CompanyId) -> Result<Option<Manager>> {
    let row = db.opt(
        sql!(
            "select company_manager.person_id, person.name, company_manager.since
             from company_manager
             join person on person.id = company_manager.person_id
             where company_manager.company_id = :company_id"
        ),
        params![company_id: company],
    )?;
    row.map(|row| {
        Ok(Manager { person: row.get("person_id")?, name: row.get("name")?, since: row.get("since")? })
    })
    .transpose()
}
