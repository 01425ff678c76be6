//! What this crate says. Parcels are told of the order they belong to, so that they are heard in turn
//! with what else happens to it; every body names the shipment.

use serde::{Deserialize, Serialize};
use takt_kernel::money::Quantity;
use takt_orders::{LineId, OrderId};
use takt_store::{Fact, Subject};

use crate::{CarrierId, ShipmentId};

pub(crate) fn of_order(order: OrderId) -> Subject {
    Subject::new(takt_orders::facts::SUBJECT, order.get())
}

pub(crate) fn of_carrier(carrier: CarrierId) -> Subject {
    Subject::new("carrier", carrier.get())
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
    "shipments.packed" Packed {
        shipment: ShipmentId,
        order: OrderId,
        places: i64,
        lines: Vec<PackedLine>,
        /// Nothing of the order is left to pack.
        all: bool,
    }
    "shipments.unpacked"
    /// The order was cancelled or changed: what stood packed is no shipment any more.
    Unpacked { shipment: ShipmentId, order: OrderId }
    "shipments.dispatched" Dispatched {
        shipment: ShipmentId,
        order: OrderId,
        /// By name; none when our own people bring it.
        carrier: Option<String>,
        service: Option<String>,
        tracking: Option<String>,
        /// Where the buyer can follow it.
        tracking_url: Option<String>,
        places: i64,
        lines: Vec<PackedLine>,
    }
    "shipments.edited"
    /// What changed stands in the fact's changes.
    Edited { shipment: ShipmentId, order: OrderId }
    "shipments.delivered" Delivered { shipment: ShipmentId, order: OrderId }
    "shipments.returned"
    /// It comes back; the buyer does not have it.
    Returned { shipment: ShipmentId, order: OrderId }
    "shipments.overdue"
    /// Not delivered so many days after it was handed over.
    Overdue { shipment: ShipmentId, order: OrderId, days: i64 }
    "shipments.carrier_added" CarrierAdded { name: String, remind_after_days: i64 }
    "shipments.carrier_edited"
    /// What changed stands in the fact's changes.
    CarrierEdited { name: String }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedLine {
    pub line: LineId,
    pub quantity: Quantity,
}
