use takt_customers::CustomerId;
use takt_kernel::Result;
use takt_staff::Permit;
use takt_store::Tx;

use crate::{new_order::NewOrder, permissions::PlaceOrders, queries::by_external_id};

/// Whose order this is, for who places it. Somebody of whom only the name is known is a new customer every time, so
/// such an order that is sent again must not be asked about again; of nobody there is no card.
///
/// # Errors
/// Faults of the store.
pub fn recognise_buyer(
    tx: &mut Tx<'_>,
    permit: &Permit<PlaceOrders>,
    wanted: &NewOrder,
) -> Result<Option<CustomerId>> {
    let (company, contact) = (permit.company(), &wanted.contact);
    let known_by_phone = contact.phone.as_ref().is_some_and(|phone| phone.identity().is_some());
    if !known_by_phone && contact.email.is_none() {
        if contact.name.is_empty() && contact.phone.is_none() {
            return Ok(None);
        }
        if let Some(external_id) = &wanted.external_id
            && by_external_id(tx, company, wanted.shop, external_id)?.is_some()
        {
            return Ok(None);
        }
    }
    takt_customers::recognise(tx, company, contact, permit.actor()).map(Some)
}
