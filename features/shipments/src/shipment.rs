use takt_kernel::{CompanyId, Fault, Result, ShopId, Timestamp, fold, money::Quantity};
use takt_orders::{LineId, OrderId};
use takt_store::Row;

use crate::{CarrierId, ServiceId, ShipmentId};

/// Parcels of one order that travel together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipment {
    pub company: CompanyId,
    pub id: ShipmentId,
    pub shop: ShopId,
    pub order: OrderId,
    pub order_number: String,
    pub state: State,
    pub via: Via,
    pub tracking: Option<String>,
    /// How many parcels.
    pub places: i64,
    pub weight_grams: Option<i64>,
    pub packed_at: Timestamp,
    pub handed_over_at: Option<Timestamp>,
    /// Since when somebody was asked why it has not arrived.
    pub overdue_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Packed,
    HandedOver,
    Delivered,
    Returned,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Packed, Self::HandedOver, Self::Delivered, Self::Returned];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Packed => "packed",
            Self::HandedOver => "handed_over",
            Self::Delivered => "delivered",
            Self::Returned => "returned",
        }
    }

    /// None for a code that nobody knows.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// With whom it travels; no carrier when our own people bring it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Via {
    pub carrier: Option<CarrierId>,
    pub service: Option<ServiceId>,
}

/// A part of what a shipment holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    pub line: LineId,
    pub quantity: Quantity,
}

/// The columns of [`Shipment`], in every statement that reads one.
macro_rules! shipment_columns {
    () => {
        "id, company_id, shop_id, order_id, order_number, state, carrier_id, service_id, tracking, places, \
         weight_grams, packed_at, handed_over_at, overdue_at, finished_at"
    };
}
pub(crate) use shipment_columns;

impl Shipment {
    pub(crate) fn read(row: &Row) -> Result<Self> {
        let state: String = row.get("state")?;
        Ok(Self {
            company: row.get("company_id")?,
            id: row.get("id")?,
            shop: row.get("shop_id")?,
            order: row.get("order_id")?,
            order_number: row.get("order_number")?,
            state: State::from_code(&state)
                .ok_or_else(|| Fault::broken("shipments.state_unknown").arg("given", &state))?,
            via: Via { carrier: row.get("carrier_id")?, service: row.get("service_id")? },
            tracking: row.get("tracking")?,
            places: row.get("places")?,
            weight_grams: row.get("weight_grams")?,
            packed_at: row.get("packed_at")?,
            handed_over_at: row.get("handed_over_at")?,
            overdue_at: row.get("overdue_at")?,
            finished_at: row.get("finished_at")?,
        })
    }

    /// What a search looks through.
    pub(crate) fn search_text(&self) -> String {
        fold(&format!("{} {}", self.order_number, self.tracking.as_deref().unwrap_or_default()))
    }
}
