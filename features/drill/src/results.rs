//! Who of an organisation has passed, and how quickly.

use takt_kernel::{OrganisationId, PersonId, Result, Timestamp};
use takt_staff::people;
use takt_store::{Query, params, sql};

/// Somebody of the organisation, with their best passing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passing {
    pub person: PersonId,
    pub name: String,
    /// When, and the seconds that it took.
    pub passed: Option<(Timestamp, i64)>,
}

/// The members of an organisation by name.
///
/// # Errors
/// Faults of the store.
pub fn of_members(db: &mut dyn Query, organisation: OrganisationId) -> Result<Vec<Passing>> {
    let mut results = Vec::new();
    for member in people::members(db, organisation)? {
        let row = db.opt(
            sql!(
                "select passed_at, worked_seconds
                 from drill
                 where person_id = :person_id and passed_at is not null
                 order by worked_seconds, passed_at
                 limit 1"
            ),
            params![person_id: member.person],
        )?;
        let passed = row.map(|row| Ok((row.get("passed_at")?, row.get("worked_seconds")?))).transpose();
        results.push(Passing { person: member.person, name: member.name, passed: passed? });
    }
    Ok(results)
}
