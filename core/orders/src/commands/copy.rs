use takt_kernel::{Result, money::Money};
use takt_staff::Permit;
use takt_store::Tx;

use super::{
    comment::LONGEST_KEY,
    place::{Placed, offers_of, place},
    settle::say,
};
use crate::{
    coded::coded,
    facts::Copied,
    kin::{self, Kin},
    new_order::{FieldFaults, NewLine, NewOrder},
    order::{Line, Order, OrderId},
    permissions::PlaceOrders,
    rows, steps,
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

/// Takes the same in once more, for the same buyer: a new order that owes its own money. The same `request` again
/// answers with the order that it made.
///
/// # Errors
/// As [`place`]; `input.fields` for a request whose name is too long.
pub fn copy(
    tx: &mut Tx,
    permit: &Permit<PlaceOrders>,
    id: OrderId,
    prices: Prices,
    request: Option<&str>,
) -> Result<Placed> {
    let company = permit.company();
    let old = match request {
        Some(_) => steps::lock(tx, company, id)?,
        None => rows::load(tx, company, id)?,
    };
    permit.reaches_shop(old.shop)?;
    if let Some(known) = known_by(tx, &old, request)? {
        return Ok(Placed::same(known));
    }
    let lines = rows::lines(tx, old.company, id)?;
    let wanted = repeated(tx, &old, &lines, prices)?;
    let placed = place(tx, permit, wanted)?;
    let new = rows::load(tx, old.company, placed.id)?;
    kin::link_once(tx, &old, &new, Kin::CopiedTo, request)?;
    let fact = Copied { from: old.id, number: old.number.clone(), prices: prices.code().to_owned() };
    say(tx, &new, permit.actor(), &fact, Vec::new())?;
    Ok(placed)
}

fn known_by(tx: &mut Tx, old: &Order, request: Option<&str>) -> Result<Option<OrderId>> {
    let Some(request) = request else { return Ok(None) };
    let mut faults = FieldFaults::default();
    faults.longest("key", Some(request), LONGEST_KEY);
    faults.into_result(Some(()))?;
    kin::made_by(tx, old.company, old.id, request)
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
        // Of whom nothing is known any more nobody orders.
        customer: old.customer.filter(|_| old.contact.is_known()),
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
