use std::collections::BTreeMap;

use takt_kernel::{Actor, CompanyId, Fault, Result, money::Quantity};
use takt_orders::{LineId, Order, OrderId, may_pack, record_ready, steps};
use takt_staff::Permit;
use takt_store::{About, Query, Tx, params, sql};

use super::{check_parcels, conflict, told, unpacked};
use crate::{
    Content, PICK, PackOrders, Shipment, ShipmentId, State, Via,
    facts::{self, Packed},
    queries,
};

/// What goes into the parcels.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Everything that is still to be packed when empty.
    pub lines: Vec<(LineId, Quantity)>,
    pub places: i64,
    pub weight_grams: Option<i64>,
}

impl Default for Parcel {
    fn default() -> Self {
        Self { lines: Vec::new(), places: 1, weight_grams: None }
    }
}

/// Packs an order or a part of it. With the last of it the order is ready and its pick task is done.
/// Packing again when all is packed answers with what is there.
///
/// # Errors
/// As `may_pack`; `shipments.nothing_to_pack`, `shipments.more_than_open`, field faults
/// `shipments.places_malformed`, `shipments.weight_malformed`.
pub fn pack(tx: &mut Tx, permit: &Permit<PackOrders>, order: OrderId, parcel: &Parcel) -> Result<ShipmentId> {
    let order = steps::lock(tx, permit.company(), order)?;
    permit.reaches_shop(order.shop)?;
    may_pack(&order)?;
    check_parcels(parcel.places, parcel.weight_grams)?;
    let lines = takt_orders::lines(tx, order.company, order.id)?;
    let left = unpacked(tx, order.company, order.id, &lines)?;
    if left.is_empty() && parcel.lines.is_empty() {
        let there = queries::of_order(tx, order.company, order.id)?;
        let packed = there.iter().find(|shipment| shipment.state == State::Packed);
        let packed = packed.map(|shipment| shipment.id).ok_or_else(|| nothing(&order))?;
        if order.ready_at.is_none() {
            // It went back to be confirmed anew while its parcels stood.
            finish_picking(tx, order.company, order.id, "done", permit.actor())?;
            record_ready(tx, order.company, order.id, permit.actor())?;
        }
        return Ok(packed);
    }
    let (contents, all) = chosen(&order, &left, &parcel.lines)?;
    let shipment = insert(tx, &order, parcel, &contents)?;
    let actor = permit.actor();
    let fact =
        Packed { shipment: shipment.id, order: order.id, places: parcel.places, lines: told(&contents), all };
    tx.say(About::new(order.company, facts::of_order(order.id), actor), &fact)?;
    if all {
        finish_picking(tx, order.company, order.id, "done", actor)?;
        record_ready(tx, order.company, order.id, actor)?;
    }
    Ok(shipment.id)
}

fn nothing(order: &Order) -> Fault {
    conflict(order, "shipments.nothing_to_pack")
}

/// What is packed, and whether nothing is left after it.
pub(super) fn chosen(
    order: &Order,
    left: &BTreeMap<LineId, i64>,
    lines: &[(LineId, Quantity)],
) -> Result<(Vec<Content>, bool)> {
    let mut wanted: BTreeMap<LineId, i64> = BTreeMap::new();
    for (line, quantity) in lines.iter().filter(|(_, quantity)| !quantity.is_zero()) {
        *wanted.entry(*line).or_default() += quantity.thousandths();
    }
    if lines.is_empty() {
        wanted.clone_from(left);
    }
    let beyond = wanted
        .iter()
        .any(|(line, quantity)| !(1..=left.get(line).copied().unwrap_or_default()).contains(quantity));
    if beyond {
        return Err(conflict(order, "shipments.more_than_open"));
    }
    if wanted.is_empty() {
        return Err(nothing(order));
    }
    let all = wanted == *left;
    let content = |(line, quantity)| Content { line, quantity: Quantity::from_thousandths(quantity) };
    Ok((wanted.into_iter().map(content).collect(), all))
}

pub(super) fn insert(tx: &mut Tx, order: &Order, parcel: &Parcel, contents: &[Content]) -> Result<Shipment> {
    let shipment = Shipment {
        company: order.company,
        id: tx.new_id(),
        shop: order.shop,
        order: order.id,
        order_number: order.number.clone(),
        state: State::Packed,
        via: Via::default(),
        tracking: None,
        places: parcel.places,
        weight_grams: parcel.weight_grams,
        packed_at: tx.now(),
        handed_over_at: None,
        overdue_at: None,
        finished_at: None,
    };
    tx.put(
        sql!(
            "insert into shipment (company_id, id, shop_id, order_id, order_number, state, carrier_id, service_id,
               tracking, places, weight_grams, search, packed_at, handed_over_at, overdue_at, finished_at)
             values (:company_id, :id, :shop_id, :order_id, :order_number, :state, null, null,
               null, :places, :weight_grams, :search, :packed_at, null, null, null)"
        ),
        params![
            company_id: shipment.company, id: shipment.id, shop_id: shipment.shop, order_id: shipment.order,
            order_number: &shipment.order_number, state: shipment.state.code(), places: shipment.places,
            weight_grams: shipment.weight_grams, search: shipment.search_text(), packed_at: shipment.packed_at,
        ],
    )?;
    for content in contents {
        tx.put(
            sql!(
                "insert into shipment_line (company_id, shipment_id, line_id, quantity)
                 values (:company_id, :shipment_id, :line_id, :quantity)"
            ),
            params![
                company_id: shipment.company, shipment_id: shipment.id, line_id: content.line,
                quantity: content.quantity,
            ],
        )?;
    }
    Ok(shipment)
}

/// Nobody has to pick this any more.
pub(crate) fn finish_picking(
    tx: &mut Tx,
    company: CompanyId,
    order: OrderId,
    outcome: &str,
    actor: &Actor,
) -> Result<()> {
    tx.put(
        sql!(
            "delete from pick_mark
             where company_id = :company_id and order_id = :order_id"
        ),
        params![company_id: company, order_id: order],
    )?;
    takt_tasks::close_for_order(tx, company, order, PICK, outcome, actor).map(|_| ())
}
