use takt_kernel::Result;
use takt_orders::{search_anew, steps};
use takt_staff::Permit;
use takt_store::{About, Change, Tx};

use super::{check_parcels, checked_tracking, conflict, load, save};
use crate::{
    DispatchOrders, Shipment, ShipmentId, State, Via, carriers,
    facts::{self, Edited},
    overdue,
};

/// What is to be true of a shipment that has not arrived yet.
#[derive(Clone, Debug)]
pub struct Edit {
    pub via: Via,
    pub tracking: Option<String>,
    pub places: i64,
    pub weight_grams: Option<i64>,
}

/// Corrects carrier, tracking number and parcels; the reminder moves with the carrier.
///
/// # Errors
/// `shipments.missing`, `shipments.finished`, and the field faults of `dispatch`.
pub fn edit(tx: &mut Tx, permit: &Permit<DispatchOrders>, id: ShipmentId, edit: &Edit) -> Result<()> {
    let order = load(tx, permit.company(), id)?.order;
    let order = steps::lock(tx, permit.company(), order)?;
    permit.reaches_shop(order.shop)?;
    let before = load(tx, permit.company(), id)?;
    match before.state {
        State::Packed | State::HandedOver => {}
        State::Delivered | State::Returned => return Err(conflict(&order, "shipments.finished")),
    }
    check_parcels(edit.places, edit.weight_grams)?;
    carriers::of(tx, order.company, edit.via)?;
    let after = Shipment {
        via: edit.via,
        tracking: checked_tracking(edit.tracking.as_deref())?,
        places: edit.places,
        weight_grams: edit.weight_grams,
        ..before.clone()
    };
    let changes = changes(&before, &after);
    if changes.is_empty() {
        return Ok(());
    }
    save(tx, &after)?;
    overdue::derive(tx, &after)?;
    if after.tracking != before.tracking {
        search_anew(tx, order.company, order.id)?;
    }
    let about = About::new(order.company, facts::of_order(order.id), permit.actor());
    tx.say_changes(about, &Edited { shipment: id, order: order.id }, changes)
}

fn changes(before: &Shipment, after: &Shipment) -> Vec<Change> {
    let text = |value: Option<String>| value.unwrap_or_default();
    let fields = |shipment: &Shipment| {
        [
            ("carrier", text(shipment.via.carrier.map(|id| id.to_string()))),
            ("service", text(shipment.via.service.map(|id| id.to_string()))),
            ("tracking", text(shipment.tracking.clone())),
            ("places", shipment.places.to_string()),
            ("weight_grams", text(shipment.weight_grams.map(|grams| grams.to_string()))),
        ]
    };
    fields(before)
        .into_iter()
        .zip(fields(after))
        .filter_map(|((path, old), (_, new))| Change::if_any(path, &old, &new))
        .map(|change| change.item(before.id.get()))
        .collect()
}
