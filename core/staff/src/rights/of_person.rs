use takt_kernel::{Actor, CompanyId, Fault, PersonId, Result};
use takt_store::Query;

use super::{Permission, Permit, Rights};
use crate::{access, people};

/// The permit of a person who is not here now, for work that stands in their name: a bank file they
/// vouched for, a folder they bound. Asked anew each time, so the right can be taken away.
///
/// # Errors
/// `staff.denied` when the person's roles in the company do not hold `P` (any more).
pub fn permit_of<P: Permission>(
    db: &mut dyn Query,
    person: PersonId,
    company: CompanyId,
) -> Result<Permit<P>> {
    let roles = access::roles_in(db, company, person)?;
    if !Rights::new(db.slots()).held_by(P::CODE, roles) {
        return Err(Fault::denied("staff.denied").arg("permission", P::CODE));
    }
    let lang = people::get(db, person)?.lang;
    Ok(Permit::grant(Actor::Person { person }, company, None, roles, lang))
}
