use crate::coded::coded;

coded! {
    /// The six groups every company's own statuses map to. Fixed in code; payment, reservation and
    /// shipment are sums on the order, not stages.
    pub enum Stage {
        /// Came in; prepaid ones wait for the money.
        New = "new",
        /// Nothing is owed before packing; somebody has to confirm it with the buyer.
        Approval = "approval",
        /// Confirmed; the warehouse picks and packs.
        Assembling = "assembling",
        /// Everything has left; not all of delivered and paid is true yet.
        Delivery = "delivery",
        /// Delivered and paid.
        Complete = "complete",
        Cancel = "cancel",
    }
}

impl Stage {
    /// The stages that the desk has to do with.
    pub const IN_WORK: &'static [Self] = &[Self::New, Self::Approval, Self::Assembling, Self::Delivery];

    pub const fn is_in_work(self) -> bool {
        match self {
            Self::New | Self::Approval | Self::Assembling | Self::Delivery => true,
            Self::Complete | Self::Cancel => false,
        }
    }

    /// Before the confirmation.
    pub const fn is_unconfirmed(self) -> bool {
        matches!(self, Self::New | Self::Approval)
    }
}

coded! {
    /// How much of what was ordered is held in stock. A line whose SKU the catalogue does not know
    /// is never held.
    pub enum Reserved { All = "all", Part = "part", None = "none" }
}

coded! {
    /// How much of what was ordered has left.
    pub enum Shipped { All = "all", Part = "part", None = "none" }
}
