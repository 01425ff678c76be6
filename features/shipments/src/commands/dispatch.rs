use takt_kernel::{Fault, Result, money::Quantity};
use takt_orders::{LineId, Order, OrderId, Shipped, may_pack, record_shipped, search_anew, steps};
use takt_staff::Permit;
use takt_store::{About, Query, Tx};

use super::{
    check_parcels, checked_tracking, conflict, contents_of, load,
    pack::{Parcel, chosen, finish_picking, insert},
    save, told, unpacked,
};
use crate::{
    Content, DispatchOrders, Shipment, ShipmentId, State, Via, carriers,
    facts::{self, Dispatched},
    overdue, queries,
};

/// How something leaves.
#[derive(Clone, Debug, Default)]
pub struct Dispatch {
    /// The packed one that leaves; the first there is when none is named.
    pub shipment: Option<ShipmentId>,
    pub via: Via,
    pub tracking: Option<String>,
    /// As packed, or one, when left out.
    pub places: Option<i64>,
    pub weight_grams: Option<i64>,
    /// What leaves when nothing stands packed; everything that is left when empty.
    pub lines: Vec<(LineId, Quantity)>,
}

/// Hands parcels over. What was not packed before is packed by this.
///
/// # Errors
/// As `may_pack` and `record_shipped` (`orders.not_confirmed`); `shipments.not_packed`,
/// `shipments.nothing_to_pack`, `shipments.more_than_open`, `shipments.carrier_missing`, field faults
/// `shipments.tracking_malformed`, `shipments.places_malformed`, `shipments.weight_malformed`,
/// `shipments.service_of_another`.
pub fn dispatch(
    tx: &mut Tx,
    permit: &Permit<DispatchOrders>,
    order: OrderId,
    how: &Dispatch,
) -> Result<ShipmentId> {
    let order = steps::lock(tx, permit.company(), order)?;
    permit.reaches_shop(order.shop)?;
    may_pack(&order)?;
    let tracking = checked_tracking(how.tracking.as_deref())?;
    let of = carriers::of(tx, order.company, how.via)?;
    let (mut shipment, contents) = leaving(tx, &order, how)?;
    shipment.state = State::HandedOver;
    shipment.via = how.via;
    shipment.tracking = tracking;
    shipment.places = how.places.unwrap_or(shipment.places);
    shipment.weight_grams = how.weight_grams.or(shipment.weight_grams);
    shipment.handed_over_at = Some(tx.now());
    check_parcels(shipment.places, shipment.weight_grams)?;
    save(tx, &shipment)?;
    overdue::derive(tx, &shipment)?;
    let actor = permit.actor();
    let parts: Vec<(LineId, Quantity)> = contents.iter().map(|one| (one.line, one.quantity)).collect();
    let after = record_shipped(tx, order.company, order.id, &parts, actor)?;
    if after.shipped == Shipped::All {
        finish_picking(tx, order.company, order.id, "done", actor)?;
    }
    let (carrier, service) = match of {
        Some((carrier, service)) => (Some(carrier), service),
        None => (None, None),
    };
    let link = |tracking: &String| carrier.as_ref().and_then(|carrier| carrier.tracking_link(tracking));
    if shipment.tracking.is_some() {
        search_anew(tx, order.company, order.id)?;
    }
    let fact = Dispatched {
        shipment: shipment.id,
        order: order.id,
        tracking_url: shipment.tracking.as_ref().and_then(link),
        carrier: carrier.map(|carrier| carrier.name),
        service: service.map(|service| service.name),
        tracking: shipment.tracking,
        places: shipment.places,
        lines: told(&contents),
    };
    tx.say(About::new(order.company, facts::of_order(order.id), actor), &fact)?;
    Ok(shipment.id)
}

/// The packed shipment that is meant, or one packed now.
fn leaving(tx: &mut Tx, order: &Order, how: &Dispatch) -> Result<(Shipment, Vec<Content>)> {
    let packed = match how.shipment {
        Some(id) => {
            let shipment = load(tx, order.company, id)?;
            if shipment.order != order.id {
                return Err(queries::missing(id));
            }
            if shipment.state != State::Packed {
                return Err(conflict(order, "shipments.not_packed"));
            }
            Some(shipment)
        }
        None if how.lines.is_empty() => {
            let all = queries::of_order(tx, order.company, order.id)?;
            all.into_iter().find(|shipment| shipment.state == State::Packed)
        }
        None => None,
    };
    if let Some(shipment) = packed {
        if !how.lines.is_empty() {
            return Err(Fault::conflict("shipments.packed_already").arg("number", &order.number));
        }
        let contents = contents_of(tx, order.company, &shipment)?;
        return Ok((shipment, contents));
    }
    let lines = takt_orders::lines(tx, order.company, order.id)?;
    let left = unpacked(tx, order.company, order.id, &lines)?;
    let (contents, _) = chosen(order, &left, &how.lines)?;
    let shipment = insert(tx, order, &Parcel::default(), &contents)?;
    Ok((shipment, contents))
}
