use serde_json::json;
use takt_kernel::{Actor, Result};
use takt_orders::{
    Line, Order, Shipped, record_delivered,
    steps::{self, ReturnedStep},
};
use takt_staff::{Calendar, Permit, Role};
use takt_store::{About, Query, Tx};
use takt_tasks::NewTask;

use super::{conflict, load, save};
use crate::{
    Content, DispatchOrders, Shipment, ShipmentId, State,
    facts::{self, Delivered, Returned},
    overdue::{self, CHECK_DELIVERY},
    queries,
};

const PARCEL_RETURNED: &str = "parcel_returned";
/// How long the manager has to decide what becomes of a parcel that comes back.
const TO_DECIDE_SECONDS: i64 = 4 * 60 * 60;

/// The buyer has it. With the last shipment the order is delivered. Saying so twice is harmless.
///
/// # Errors
/// `shipments.missing`, `shipments.not_handed_over`.
pub fn deliver(tx: &mut Tx, permit: &Permit<DispatchOrders>, id: ShipmentId) -> Result<()> {
    let (order, shipment) = locked(tx, permit, id)?;
    if shipment.state == State::Delivered {
        return Ok(());
    }
    let actor = permit.actor();
    let all = finish(tx, permit, &order, shipment, State::Delivered)?;
    let fact = Delivered { shipment: id, order: order.id };
    tx.say(About::new(order.company, facts::of_order(order.id), actor), &fact)?;
    let lines = takt_orders::lines(tx, order.company, order.id)?;
    arrived(tx, &order, &all, &lines, actor)
}

/// The buyer has all that he gets once nothing is on its way: each parcel arrived, or what was in it came back and was
/// accepted.
fn arrived(tx: &mut Tx, order: &Order, all: &[Shipment], lines: &[Line], actor: &Actor) -> Result<()> {
    let waits = order.shipped != Shipped::All || order.delivered_at.is_some() || order.is_open().is_err();
    let (has, lacks) = (State::Delivered, State::Returned);
    let over = all.iter().all(|shipment| shipment.state == has || shipment.state == lacks);
    if waits || !over || all.iter().all(|shipment| shipment.state == lacks) {
        return Ok(());
    }
    let contents = queries::contents(tx, order.company, order.id)?;
    let back = all.iter().filter(|shipment| shipment.state == lacks);
    let back: Vec<&Content> = back.filter_map(|shipment| contents.get(&shipment.id)).flatten().collect();
    let accepted = |line: &Line| {
        let in_parcels = back.iter().filter(|one| one.line == line.id).map(|one| one.quantity.thousandths());
        line.returned.thousandths() >= in_parcels.sum::<i64>()
    };
    if lines.iter().all(accepted) {
        record_delivered(tx, order.company, order.id, actor)?;
    }
    Ok(())
}

/// Step of a return, and of leaving out what has not left: perhaps nothing is waited for any more.
pub(crate) const ARRIVED: ReturnedStep = |tx, came| {
    let all = queries::of_order(tx, came.order.company, came.order.id)?;
    arrived(tx, came.order, &all, came.lines, came.actor)
};

/// It was not delivered and comes back: a manager decides what becomes of it.
///
/// # Errors
/// `shipments.missing`, `shipments.not_handed_over`.
pub fn mark_returned(tx: &mut Tx, permit: &Permit<DispatchOrders>, id: ShipmentId) -> Result<()> {
    let (order, shipment) = locked(tx, permit, id)?;
    if shipment.state == State::Returned {
        return Ok(());
    }
    let all = finish(tx, permit, &order, shipment, State::Returned)?;
    let fact = Returned { shipment: id, order: order.id };
    tx.say(About::new(order.company, facts::of_order(order.id), permit.actor()), &fact)?;
    let now = tx.now();
    let due_at = Calendar::of(tx, order.company)?.add_working_seconds(now, TO_DECIDE_SECONDS);
    let task = NewTask {
        company: order.company,
        kind: PARCEL_RETURNED,
        role: Role::Manager,
        order: Some(order.id),
        due_at,
        key: Some(format!("shipments.returned.{id}")),
        args: json!({ "shipment": id }),
    };
    takt_tasks::open(tx, task, permit.actor())?;
    let lines = takt_orders::lines(tx, order.company, order.id)?;
    arrived(tx, &order, &all, &lines, permit.actor())
}

/// The order is locked before its shipment is looked at for good.
fn locked(tx: &mut Tx, permit: &Permit<DispatchOrders>, id: ShipmentId) -> Result<(Order, Shipment)> {
    let order = load(tx, permit.company(), id)?.order;
    let order = steps::lock(tx, permit.company(), order)?;
    permit.reaches_shop(order.shop)?;
    Ok((order, load(tx, permit.company(), id)?))
}

/// Ends the journey of a shipment; answers with all that the order has had.
fn finish(
    tx: &mut Tx,
    permit: &Permit<DispatchOrders>,
    order: &Order,
    mut shipment: Shipment,
    state: State,
) -> Result<Vec<Shipment>> {
    if shipment.state != State::HandedOver {
        return Err(conflict(order, "shipments.not_handed_over"));
    }
    shipment.state = state;
    shipment.finished_at = Some(tx.now());
    save(tx, &shipment)?;
    overdue::derive(tx, &shipment)?;
    let all = queries::of_order(tx, order.company, order.id)?;
    if all.iter().all(|shipment| shipment.state != State::HandedOver) {
        let outcome = state.code();
        takt_tasks::close_for_order(tx, order.company, order.id, CHECK_DELIVERY, outcome, permit.actor())?;
    }
    Ok(all)
}
