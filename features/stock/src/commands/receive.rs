use takt_catalog::OfferId;
use takt_kernel::{Fault, Result, money::Quantity};
use takt_staff::Permit;
use takt_store::{About, Query, Tx};

use super::{check_offer, checked_note};
use crate::{
    MoveStock, WarehouseId,
    facts::{self, Received},
    ledger::{self, MovementKind, NewMovement},
    levels::{self, Delta, Deltas},
    plan::thousandths,
    warehouses,
};

/// Why goods arrive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrival {
    #[default]
    Receipt,
    /// They had been sold and came back.
    Return,
}

#[derive(Clone, Debug)]
pub struct Incoming {
    /// The main one when none is named.
    pub warehouse: Option<WarehouseId>,
    pub offer: OfferId,
    pub quantity: Quantity,
    pub arrival: Arrival,
    pub note: Option<String>,
}

impl Incoming {
    /// A plain receipt at the main warehouse.
    pub fn of(offer: OfferId, quantity: Quantity) -> Self {
        Self { warehouse: None, offer, quantity, arrival: Arrival::Receipt, note: None }
    }
}

/// Goods arrive. Who waits for them gets them by a reaction.
///
/// # Errors
/// Field faults `stock.not_positive`, `stock.too_long`; `catalog.offer_missing`,
/// `stock.warehouse_missing`, `stock.warehouse_archived`, `money.overflow`.
pub fn receive(tx: &mut Tx, permit: &Permit<MoveStock>, incoming: &Incoming) -> Result<()> {
    let company = permit.company();
    let offer = incoming.offer;
    if !incoming.quantity.is_positive() {
        return Err(Fault::field("quantity", "stock.not_positive"));
    }
    let note = checked_note(incoming.note.as_deref())?;
    check_offer(tx, company, offer)?;
    let warehouse = warehouses::chosen(tx, company, incoming.warehouse, permit.actor())?.id;
    levels::ensure(tx, company, offer, warehouse)?;
    let was = levels::get(tx, company, offer, warehouse)?.map_or(Quantity::ZERO, |level| level.on_hand);
    let on_hand = was.add(incoming.quantity)?;
    let quantity = incoming.quantity.thousandths();
    let deltas = Deltas::from([((offer, warehouse), Delta { on_hand: quantity, held: 0 })]);
    levels::apply(tx, company, &deltas)?;
    let (kind, returned) = match incoming.arrival {
        Arrival::Receipt => (MovementKind::Receipt, false),
        Arrival::Return => (MovementKind::Return, true),
    };
    let movement = NewMovement { offer, warehouse, kind, quantity, of: None, note, at: tx.now() };
    ledger::write(tx, company, &movement, permit.actor())?;
    let fact = Received { warehouse, quantity: thousandths(quantity), on_hand, returned };
    tx.say(About::new(company, facts::of_offer(offer), permit.actor()), &fact)
}
