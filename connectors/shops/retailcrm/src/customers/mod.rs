//! Customers of the protocol. Ours are recognised by how they are reached, over all shops; here stand the
//! ids that a shop gives them and what it says of them beyond that.

pub(crate) mod combine;
pub(crate) mod find;
pub(crate) mod keep;
pub(crate) mod subscriptions;
pub(crate) mod written;

pub(crate) use find::{by_external_id, found_by};
pub(crate) use written::{Known, known, question_of_orders, read};

use takt_customers::{Contact, CustomerId, recognise};
use takt_orders::PlaceOrders;
use takt_store::Tx;

use crate::{
    corporate,
    model::order::OrderIn,
    wire::{endpoint::Call, lenient::filled, refusal::Refusal},
};

/// Whose order it is, when the shop names a customer; a customer it never told us of is recognised by the
/// order's own contact and known under that id from then on.
pub(crate) fn of_order(
    tx: &mut Tx<'_>,
    call: &Call,
    order: &OrderIn,
    contact: &Contact,
) -> Result<Option<CustomerId>, Refusal> {
    let Some(named) = &order.customer else { return Ok(None) };
    if filled(named.kind.as_ref()) == Some("customer_corporate") {
        return Ok(corporate::ordered::buyer(tx, call, order)?);
    }
    if let Some(external_id) = filled(named.external_id.as_ref()) {
        if let Some(known) = by_external_id(tx, call, external_id)? {
            return Ok(Some(known));
        }
        let permit = call.permit::<PlaceOrders>()?;
        let customer = recognise(tx, call.company(), contact, permit.actor())?;
        keep::link(tx, call, customer, Some(external_id), None)?;
        return Ok(Some(customer));
    }
    let Some(id) = filled(named.id.as_ref()).and_then(|id| id.parse::<CustomerId>().ok()) else {
        return Ok(None);
    };
    Ok(if find::is_of_shop(tx, call, id)? { Some(id) } else { None })
}
