use takt_kernel::{Actor, Fault, Result};
use takt_orders::{
    Line, Order, Stage, search_anew,
    steps::{RemakeGuard, Step},
};
use takt_store::{About, Query, Tx, params, sql};

use super::save;
use crate::{
    Shipment, State,
    facts::{self, Returned, Unpacked},
    overdue, queries,
};

/// The order was cancelled or has other lines now: what stands packed and what was picked goes back to
/// the shelves.
pub(crate) const UNPACK: Step = unpack;

fn unpack(tx: &mut Tx, order: &Order, _lines: &[Line], actor: &Actor) -> Result<()> {
    tx.put(
        sql!(
            "delete from pick_mark
             where company_id = :company_id and order_id = :order_id"
        ),
        params![company_id: order.company, order_id: order.id],
    )?;
    for shipment in queries::of_order(tx, order.company, order.id)? {
        if shipment.state == State::HandedOver && order.stage == Stage::Cancel {
            // It is cancelled because all that had left is here again.
            let back = Shipment { state: State::Returned, finished_at: Some(tx.now()), ..shipment };
            save(tx, &back)?;
            overdue::derive(tx, &back)?;
            let about = About::new(order.company, facts::of_order(order.id), actor);
            tx.say(about, &Returned { shipment: back.id, order: order.id })?;
            continue;
        }
        if shipment.state != State::Packed {
            continue;
        }
        tx.put(
            sql!(
                "delete from shipment_line
                 where company_id = :company_id and shipment_id = :shipment_id"
            ),
            params![company_id: order.company, shipment_id: shipment.id],
        )?;
        tx.put(
            sql!(
                "delete from shipment
                 where company_id = :company_id and id = :id"
            ),
            params![company_id: order.company, id: shipment.id],
        )?;
        if shipment.tracking.is_some() {
            search_anew(tx, order.company, order.id)?;
        }
        let about = About::new(order.company, facts::of_order(order.id), actor);
        tx.say(about, &Unpacked { shipment: shipment.id, order: order.id })?;
    }
    Ok(())
}

/// A parcel holds lines of its order: while one stands, they go nowhere else.
pub(crate) const NO_PARCEL: RemakeGuard = no_parcel;

fn no_parcel(db: &mut dyn Query, order: &Order) -> Result<()> {
    if queries::of_order(db, order.company, order.id)?.is_empty() {
        Ok(())
    } else {
        Err(Fault::conflict("shipments.parcel_stands").arg("number", &order.number))
    }
}
