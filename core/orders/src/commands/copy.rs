use takt_kernel::{Result, money::Money};
use takt_staff::Permit;
use takt_store::Tx;

use super::{
    place::{Placed, offers_of, place},
    settle::say,
};
use crate::{
    coded::coded,
    facts::Copied,
    kin::{self, Kin},
    new_order::{NewLine, NewOrder},
    order::{Line, Order, OrderId},
    permissions::PlaceOrders,
    rows,
};

/// Where an order comes from that repeats another.
const SOURCE: &str = "copy";

coded! {
    /// At which prices an order is repeated.
    pub enum Prices {
        /// Those of the catalogue, without the discounts that were given then. What the catalogue does not sell (any
        /// more, or in this currency) keeps its price.
        OfToday = "today",
        /// Those of the old order, with its discounts.
        AsThen = "as_then",
    }
}

/// Takes the same in once more, for the same buyer: a new order that owes its own money.
///
/// # Errors
/// As [`place`].
pub fn copy(tx: &mut Tx, permit: &Permit<PlaceOrders>, id: OrderId, prices: Prices) -> Result<Placed> {
    let old = rows::load(tx, permit.company(), id)?;
    permit.reaches_shop(old.shop)?;
    let lines = rows::lines(tx, old.company, id)?;
    let wanted = repeated(tx, &old, &lines, prices)?;
    let placed = place(tx, permit, wanted)?;
    let new = rows::load(tx, old.company, placed.id)?;
    kin::link(tx, &old, &new, Kin::CopiedTo)?;
    let fact = Copied { from: old.id, number: old.number.clone(), prices: prices.code().to_owned() };
    say(tx, &new, permit.actor(), &fact, Vec::new())?;
    Ok(placed)
}

fn repeated(tx: &mut Tx, old: &Order, lines: &[Line], prices: Prices) -> Result<NewOrder> {
    let mut wanted: Vec<NewLine> = lines.iter().map(Line::as_new).collect();
    let nothing = Money::zero(old.currency);
    if prices == Prices::OfToday {
        let offers = offers_of(tx, old.company, &wanted)?;
        for line in &mut wanted {
            line.discount = nothing;
            let offer = line.sku.as_ref().and_then(|sku| offers.get(sku));
            if let Some(offer) = offer.filter(|offer| offer.currency == old.currency && !offer.archived) {
                (line.price, line.vat) = (offer.price, offer.vat);
            }
        }
    }
    Ok(NewOrder {
        shop: old.shop,
        external_id: None,
        number: None,
        currency: old.currency,
        terms: old.terms,
        urgent: false,
        contact: old.contact.as_given()?,
        customer: old.customer,
        lang: old.lang,
        lines: wanted,
        discount: if prices == Prices::AsThen { old.discount } else { nothing },
        delivery: old.delivery.clone(),
        comment: None,
        declared_total: None,
        extra: serde_json::Map::new(),
        source: SOURCE.to_owned(),
    })
}
