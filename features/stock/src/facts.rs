//! What this crate says: of an offer when its stock changes, of an order when something is held for
//! it, let go or issued, of a warehouse when it is set up. Listeners rely on the bodies.

use serde::{Deserialize, Serialize};
use takt_catalog::OfferId;
use takt_kernel::money::Quantity;
use takt_orders::{LineId, OrderId};
use takt_store::{Fact, Subject};

use crate::WarehouseId;

pub(crate) fn of_offer(offer: OfferId) -> Subject {
    Subject::new("offer", offer.get())
}

pub(crate) fn of_order(order: OrderId) -> Subject {
    Subject::new(takt_orders::facts::SUBJECT, order.get())
}

pub(crate) fn of_warehouse(warehouse: WarehouseId) -> Subject {
    Subject::new("warehouse", warehouse.get())
}

macro_rules! facts {
    ($($code:literal $(#[$meta:meta])* $name:ident { $($(#[$note:meta])* $field:ident: $type:ty),* $(,)? })+) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            pub struct $name { $($(#[$note])* pub $field: $type),* }
            impl Fact for $name { const KIND: &'static str = $code; }
        )+
        pub(crate) const SAID: &[&str] = &[$($code),+];
    };
}

facts! {
    "stock.received" Received {
        warehouse: WarehouseId,
        quantity: Quantity,
        on_hand: Quantity,
        /// It had been sold and came back.
        returned: bool,
    }
    "stock.corrected"
    /// Somebody counted, and it was not what the ledger said.
    Corrected { warehouse: WarehouseId, was: Quantity, on_hand: Quantity }
    "stock.written_off"
    /// It came back with an order and cannot be sold again; `why` is a code of orders.
    WrittenOff { warehouse: WarehouseId, quantity: Quantity, why: String, order: OrderId }
    "stock.shelved" Shelved { warehouse: WarehouseId, shelf: Option<String> }
    "stock.reserved"
    /// What was taken into reserve by this, not all that is held.
    Reserved { lines: Vec<Held> }
    "stock.short"
    /// What is still missing. A line without an offer has a SKU the catalogue does not know.
    Short { lines: Vec<Missing> }
    "stock.released" Released { lines: Vec<Held> }
    "stock.issued" Issued {
        lines: Vec<Held>,
        /// Left with the parcel although nothing was held for it: no level has fallen.
        unbacked: Vec<Missing>,
    }
    "stock.warehouse_added" WarehouseAdded { name: String }
    "stock.warehouse_edited"
    /// What changed stands in the fact's changes.
    WarehouseEdited { name: String, archived: bool }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub line: LineId,
    pub offer: OfferId,
    pub warehouse: WarehouseId,
    pub quantity: Quantity,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub line: LineId,
    pub offer: Option<OfferId>,
    pub quantity: Quantity,
}
