use serde_json::json;
use takt_kernel::Result;
use takt_orders::{Order, Shipped, record_delivered, steps};
use takt_staff::{Calendar, Permit, Role};
use takt_store::{About, Query, Tx};
use takt_tasks::NewTask;

use super::{conflict, load, save};
use crate::{
    DispatchOrders, Shipment, ShipmentId, State,
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
    let arrived = all.iter().all(|shipment| shipment.state == State::Delivered);
    if arrived && order.shipped == Shipped::All {
        record_delivered(tx, order.company, order.id, actor)?;
    }
    Ok(())
}

/// It was not delivered and comes back: a manager decides what becomes of it.
///
/// # Errors
/// `shipments.missing`, `shipments.not_handed_over`.
pub fn mark_returned(tx: &mut Tx, permit: &Permit<DispatchOrders>, id: ShipmentId) -> Result<()> {
    let (order, shipment) = locked(tx, permit, id)?;
    if shipment.state == State::Returned {
        return Ok(());
    }
    finish(tx, permit, &order, shipment, State::Returned)?;
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
    takt_tasks::open(tx, task, permit.actor()).map(|_| ())
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
