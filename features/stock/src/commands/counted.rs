use takt_catalog::OfferId;
use takt_kernel::{CompanyId, PersonId, Result, money::Quantity};
use takt_staff::permit_of;
use takt_store::Tx;

use super::{Correction, set_many};

/// A file of offers says how much of one lies in the main warehouse.
///
/// # Errors
/// `staff.denied` for who may not move stock; as [`set_many`].
pub(crate) fn counted(
    tx: &mut Tx<'_>,
    person: PersonId,
    company: CompanyId,
    offer: OfferId,
    quantity: Quantity,
) -> Result<bool> {
    let permit = permit_of(tx, person, company)?;
    let told = Correction { warehouse: None, offer, quantity, note: None };
    Ok(set_many(tx, &permit, None, &[told])?.changed > 0)
}
