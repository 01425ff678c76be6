//! What was handed over and has not arrived after so many days: an operator is asked to find out why.

use serde_json::json;
use takt_kernel::{Actor, CompanyId, Result, Timestamp};
use takt_orders::{OrderId, steps};
use takt_staff::{Calendar, Role};
use takt_store::{About, Query, Subject, Tx, params, sql};
use takt_tasks::NewTask;
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    CarrierId, Shipment, ShipmentId, State, carriers,
    commands::load,
    facts::{self, Overdue},
    shipment::shipment_columns,
};

pub(crate) const CHECK_DELIVERY: &str = "check_delivery";
const UNDELIVERED: &str = "shipments.undelivered";
const DAY_SECONDS: i64 = 24 * 60 * 60;
/// How long the operator has to ask the carrier.
const TO_ASK_SECONDS: i64 = 2 * 60 * 60;

pub(crate) const TIMER: TimerKind =
    TimerKind { kind: UNDELIVERED, does: "asks an operator why a shipment has not arrived", fire };

/// Sets the reminder by what the shipment and the settings are now; takes it away when there is
/// nothing to be reminded of.
pub(crate) fn derive(tx: &mut Tx, shipment: &Shipment) -> Result<()> {
    let key = shipment.id.to_string();
    match due_at(tx, shipment)? {
        Some((at, _)) => {
            let subject: Subject = facts::of_order(shipment.order);
            let payload = json!({ "shipment": shipment.id });
            timers::set(tx, shipment.company, UNDELIVERED, &key, subject, at, &payload)
        }
        None => timers::cancel(tx, shipment.company, UNDELIVERED, &key),
    }
}

/// The moment and the number of days.
fn due_at(db: &mut dyn Query, shipment: &Shipment) -> Result<Option<(Timestamp, i64)>> {
    let (State::HandedOver, Some(handed_over_at), None) =
        (shipment.state, shipment.handed_over_at, shipment.overdue_at)
    else {
        return Ok(None);
    };
    let of = carriers::of(db, shipment.company, shipment.via)?;
    let days = carriers::remind_after_days(of.as_ref());
    Ok(days.map(|days| (handed_over_at.plus_seconds(days * DAY_SECONDS), days)))
}

/// The settings of a carrier changed: so do the reminders of all it has on its way.
pub(crate) fn derive_all(tx: &mut Tx, company: CompanyId, carrier: CarrierId) -> Result<()> {
    let rows = tx.all(
        sql!(concat!(
            "select ",
            shipment_columns!(),
            " from shipment
              where company_id = :company_id and carrier_id = :carrier_id and state = 'handed_over'
              order by id
              limit 100000"
        )),
        params![company_id: company, carrier_id: carrier],
    )?;
    for row in &rows {
        let shipment = Shipment::read(row)?;
        derive(tx, &shipment)?;
    }
    Ok(())
}

/// Looks at the shipment as it is now: a late or repeated timer does no harm.
fn fire(tx: &mut Tx, timer: &DueTimer) -> Result<()> {
    let company = timer.company;
    steps::lock(tx, company, OrderId::new(timer.subject_id))?;
    let shipment = load(tx, company, timer.key.parse::<ShipmentId>()?)?;
    let Some((at, days)) = due_at(tx, &shipment)? else { return Ok(()) };
    let now = tx.now();
    if at > now {
        return derive(tx, &shipment);
    }
    tx.put(
        sql!(
            "update shipment
             set overdue_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![now: now, company_id: company, id: shipment.id],
    )?;
    let actor = Actor::system(UNDELIVERED);
    let fact = Overdue { shipment: shipment.id, order: shipment.order, days };
    tx.say(About::new(company, facts::of_order(shipment.order), &actor), &fact)?;
    let due_at = Calendar::of(tx, company)?.add_working_seconds(now, TO_ASK_SECONDS);
    let task = NewTask {
        company,
        kind: CHECK_DELIVERY,
        role: Role::Operator,
        order: Some(shipment.order),
        due_at,
        key: Some(format!("shipments.undelivered.{}", shipment.id)),
        args: json!({ "shipment": shipment.id, "tracking": shipment.tracking, "days": days }),
    };
    takt_tasks::open(tx, task, &actor).map(|_| ())
}
