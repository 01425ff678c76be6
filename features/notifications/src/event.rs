//! What a buyer is told about, and the facts behind it.

use takt_orders::facts as orders;
use takt_store::RecordedFact;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    Placed,
    /// Another sum is to be paid, under another reference.
    InvoiceChanged,
    Paid,
    Confirmed,
    Ready,
    Shipped,
    Delivered,
    Cancelled,
}

impl Event {
    pub const ALL: [Self; 8] = [
        Self::Placed,
        Self::InvoiceChanged,
        Self::Paid,
        Self::Confirmed,
        Self::Ready,
        Self::Shipped,
        Self::Delivered,
        Self::Cancelled,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::InvoiceChanged => "invoice_changed",
            Self::Paid => "paid",
            Self::Confirmed => "confirmed",
            Self::Ready => "ready",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.code() == code)
    }

    /// The first invoice is told with the order; money that only came to be enough, because the order
    /// became cheaper, did not come.
    pub fn of(fact: &RecordedFact) -> Option<Self> {
        let event = match fact.kind.as_str() {
            orders::PLACED => Self::Placed,
            INVOICE => Self::InvoiceChanged,
            orders::PAID => Self::Paid,
            orders::CONFIRMED => Self::Confirmed,
            orders::READY => Self::Ready,
            DISPATCHED => Self::Shipped,
            orders::DELIVERED => Self::Delivered,
            orders::CANCELLED => Self::Cancelled,
            _ => return None,
        };
        let says = |field: &str| fact.body.get(field).is_some_and(|value| !value.is_null());
        match event {
            Self::InvoiceChanged => says("replaces").then_some(event),
            // What happened to the order that this is a part of was told then.
            Self::Paid | Self::Confirmed if says("happened_at") => None,
            Self::Paid => says("receipt").then_some(event),
            // What was ordered comes with another order.
            Self::Cancelled => (!says("merged_into")).then_some(event),
            _ => Some(event),
        }
    }
}

const INVOICE: &str = "payments.expected";
const DISPATCHED: &str = "shipments.dispatched";

pub(crate) const HEARD: &[&str] = &[
    orders::PLACED,
    INVOICE,
    orders::PAID,
    orders::CONFIRMED,
    orders::READY,
    DISPATCHED,
    orders::DELIVERED,
    orders::CANCELLED,
];
