use takt_kernel::{Fault, Result, Timestamp};
use takt_staff::{Permit, shops};
use takt_store::{Query, Tx};

use super::{
    place::{Placed, Written, new_lines, number_of, offers_of, placed_line, remember, same_as_before, whole},
    settle::about,
};
use crate::{
    content::Content, facts::Recorded, new_order::NewOrder, permissions::PlaceOrders, rows, stage::Stage,
    statuses::Status,
};

/// Takes in an order that was finished elsewhere before it came here: it is found and counted, and nothing
/// follows from it. Nobody is told, nothing is held, no money is asked for.
///
/// # Errors
/// `orders.not_finished` for a status of the desk's work, and those of [`super::place()`].
pub fn record_past(
    tx: &mut Tx,
    permit: &Permit<PlaceOrders>,
    wanted: NewOrder,
    status: &Status,
    placed_at: Timestamp,
) -> Result<Placed> {
    permit.reaches_shop(wanted.shop)?;
    if !matches!(status.stage, Stage::Complete | Stage::Cancel) {
        return Err(Fault::invalid("orders.not_finished").arg("status", &status.code));
    }
    let company = permit.company();
    let totals = wanted.check()?;
    let content = Content::of(&wanted);
    if let Some(id) = same_as_before(tx, company, &wanted, &content)? {
        return Ok(Placed::same(id));
    }
    let shop = shops::get(tx, company, wanted.shop)?;
    if shop.currency != wanted.currency {
        return Err(Fault::field("currency", "orders.not_the_shops_currency"));
    }
    let offers = offers_of(tx, company, &wanted.lines)?;
    let number = number_of(tx, company, &wanted)?;
    let lines = new_lines(tx, &wanted, &totals, &offers);
    let desk = takt_staff::desk_of(tx, company)?;
    let written = Written { company, desk, number, status: status.code.clone(), now: tx.now() };
    let mut order = whole(tx.new_id(), written, wanted, &totals);
    order.stage = status.stage;
    order.placed_at = placed_at.min(order.placed_at);
    (order.holder, order.milestone, order.started_at) = (None, None, None);
    let fact = Recorded {
        number: order.number.clone(),
        shop: order.shop,
        external_id: order.external_id.clone(),
        source: order.source.clone(),
        status: order.status.clone(),
        currency: order.currency.code().to_owned(),
        total: order.total.to_decimal_string(),
        placed_at: order.placed_at,
        customer: order.customer,
        stage: Some(order.stage.code().to_owned()),
        terms: Some(order.terms.code().to_owned()),
        credit_days: Some(order.terms.credit_days()),
        pickup: Some(order.delivery.is_pickup()),
        lines: Some(lines.iter().map(placed_line).collect()),
    };
    tx.say(about(&order, permit.actor()).from_source(order.source.clone()), &fact)?;
    rows::insert(tx, &order)?;
    rows::insert_lines(tx, &order, &lines)?;
    remember(tx, &order, &content)?;
    Ok(Placed::created(order, lines))
}
