use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::coded::coded;

coded! {
    /// Who an order waits for. Every second of its life belongs to exactly one of them.
    pub enum Holder {
        Buyer = "buyer",
        /// The money is on its way between the banks.
        Bank = "bank",
        /// The bank has booked the money and we have not heard of it yet.
        Channel = "channel",
        Takt = "takt",
        /// It is the turn of our people and nobody has taken it.
        Queue = "queue",
        Operator = "operator",
        Warehouse = "warehouse",
        Supplier = "supplier",
        Carrier = "carrier",
        /// The company's owner stopped it.
        Owner = "owner",
        /// The turn of our people, outside of the company's working hours. Never stored in a row:
        /// which part of a wait was closed time is known only against the calendar.
        ClosedHours = "closed_hours",
    }
}

impl Holder {
    /// Those who work by the company's calendar.
    pub const fn keeps_hours(self) -> bool {
        match self {
            Self::Queue | Self::Operator | Self::Warehouse => true,
            Self::Buyer
            | Self::Bank
            | Self::Channel
            | Self::Takt
            | Self::Supplier
            | Self::Carrier
            | Self::Owner
            | Self::ClosedHours => false,
        }
    }
}

/// What the order is expected to reach next: its money, or a milestone that the company declared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Milestone(Cow<'static, str>);

impl Milestone {
    pub const PAID: Self = Self(Cow::Borrowed("paid"));
    pub const CONFIRMED: Self = Self(Cow::Borrowed("confirmed"));
    pub const READY: Self = Self(Cow::Borrowed("ready"));
    pub const DELIVERED: Self = Self(Cow::Borrowed("delivered"));

    pub fn own(code: String) -> Self {
        Self(Cow::Owned(code))
    }

    pub fn code(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Milestone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
