//! What a shop may still say of an order whose person was erased here: everything but who that was.

use std::borrow::Cow;

use takt_orders::{Order, is_of_erased_person};
use takt_store::Query;

use crate::{
    model::order::{DeliveryIn, ItemIn, OrderIn, PaymentIn},
    wire::{lenient::List, refusal::Refusal},
};

/// What counts of a shop's word about an order that is known. Shops go on sending orders whole, with all they know of
/// the person: of one who was erased it is neither taken nor kept, and the note says so.
pub(crate) fn said_of<'s>(
    db: &mut dyn Query,
    order: &Order,
    said: &'s OrderIn,
    notes: &mut Vec<String>,
) -> Result<Cow<'s, OrderIn>, Refusal> {
    if !is_of_erased_person(db, order)? {
        return Ok(Cow::Borrowed(said));
    }
    let rest = without_person(said);
    if rest != *said {
        notes.push("buyer (the person was erased)".to_owned());
    }
    Ok(Cow::Owned(rest))
}

/// Free texts and fields of the shop's own may tell of the person as well as the contact does.
fn without_person(said: &OrderIn) -> OrderIn {
    OrderIn {
        external_id: said.external_id.clone(),
        number: said.number.clone(),
        site: said.site.clone(),
        status: said.status.clone(),
        currency: said.currency.clone(),
        created_at: said.created_at.clone(),
        discount_manual_amount: said.discount_manual_amount,
        discount_manual_percent: said.discount_manual_percent,
        delivery: said.delivery.as_ref().map(|delivery| DeliveryIn {
            code: delivery.code.clone(),
            cost: delivery.cost,
            ..DeliveryIn::default()
        }),
        items: said.items.as_ref().map(|items| {
            let plain = |item: &ItemIn| ItemIn { rest: serde_json::Map::new(), ..item.clone() };
            List(items.0.iter().map(plain).collect())
        }),
        payments: said.payments.as_ref().map(|payments| {
            let plain = |payment: &PaymentIn| PaymentIn { comment: None, ..payment.clone() };
            List(payments.0.iter().map(plain).collect())
        }),
        ..OrderIn::default()
    }
}
