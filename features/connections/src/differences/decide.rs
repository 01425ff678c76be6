//! What a person decides about a difference.

use takt_kernel::{Fault, Result};
use takt_staff::SettingsCaller;
use takt_store::{Query, Tx};

use super::{DifferenceId, RECONCILERS, Resolution, again, queries};
use crate::{
    ManageConnections,
    facts::{self, OursKept, TheirsTaken},
};

/// Takes theirs or keeps ours. What agrees by now is closed by itself.
///
/// # Errors
/// `connections.difference_missing`, `connections.difference_settled`, `connections.difference_not_taken`, and
/// what the verbs refuse.
pub(crate) fn decide(
    tx: &mut Tx<'_>,
    by: &SettingsCaller,
    id: DifferenceId,
    how: Resolution,
) -> Result<Resolution> {
    let permit = by.permit::<ManageConnections>()?;
    let company = permit.company();
    let difference = queries::get(tx, company, id)?;
    if difference.resolved.is_some() {
        return Err(Fault::conflict("connections.difference_settled"));
    }
    let connection = crate::get(tx, company, difference.connection)?;
    let slots = tx.slots();
    let reconciler = slots
        .of(&RECONCILERS)
        .find(|found| found.kind == connection.kind)
        .ok_or_else(|| Fault::invalid("connections.difference_not_taken"))?;
    let thing = &difference.thing;
    let fields = (reconciler.look)(tx, &connection, thing)?;
    let now = tx.now();
    if fields.iter().any(|field| field.name == difference.field && !field.differs) {
        again::settle(tx, company, id, Resolution::Agreed, now)?;
        return Ok(Resolution::Agreed);
    }
    let about = || facts::about(company, connection.id, permit.actor());
    let (subject, field) = (thing.subject.code().to_owned(), difference.field.clone());
    match how {
        Resolution::Theirs => {
            (reconciler.take)(tx, by, &connection, thing, &difference.field)?;
            let fields = (reconciler.look)(tx, &connection, thing)?;
            // What the guards let through only in part goes on standing there.
            if fields.iter().any(|field| field.name == difference.field && field.differs) {
                return Err(Fault::conflict("connections.difference_not_taken"));
            }
            again::compared(tx, &connection, thing, &fields)?;
            tx.say(about(), &TheirsTaken { difference: id.get(), subject, field })?;
        }
        Resolution::Ours | Resolution::Agreed => {
            (reconciler.keep)(tx, &connection, thing, &difference.field)?;
            tx.say(about(), &OursKept { difference: id.get(), subject, field })?;
        }
    }
    again::settle(tx, company, id, how, now)?;
    Ok(how)
}
