//! What orders say. Bodies hold ids and amounts, never names, phones, addresses or free texts:
//! those are changes marked personal, or rows that can be erased.

use serde::{Deserialize, Serialize};
use takt_customers::CustomerId;
use takt_kernel::{
    PersonId, ShopId, Timestamp,
    money::{Quantity, UnitPrice},
};
use takt_store::Fact;

use crate::{
    clock::Wait,
    holder::Holder,
    order::{CommentId, LineId, OrderId},
    returned::ReturnedPart,
};

pub const SUBJECT: &str = "order";

macro_rules! facts {
    ($($constant:ident = $code:literal, $(#[$meta:meta])* $name:ident { $($(#[$note:meta])* $field:ident: $type:ty),* $(,)? })+) => {
        $(
            pub const $constant: &str = $code;
            $(#[$meta])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            pub struct $name { $($(#[$note])* pub $field: $type),* }
            impl Fact for $name { const KIND: &'static str = $constant; }
        )+
        /// Everything this crate says.
        pub const ALL: &[&str] = &[$($constant),+];
    };
}

facts! {
    PLACED = "orders.placed", Placed {
        number: String,
        shop: ShopId,
        external_id: Option<String>,
        source: String,
        status: String,
        stage: Option<String>,
        terms: String,
        credit_days: i64,
        currency: String,
        goods: String,
        discount: String,
        delivery: String,
        total: String,
        /// Nothing is owed for it.
        in_full: bool,
        pickup: bool,
        #[serde(default)]
        urgent: bool,
        /// Σ quantities of the lines.
        units: Quantity,
        lines: Vec<PlacedLine>,
        customer: Option<CustomerId>,
        /// When the buyer asked for it, if that was before: a part of an older order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        happened_at: Option<Timestamp>,
    }
    COPIED = "orders.copied",
    /// The same was wanted once more; said about the new order.
    Copied { from: OrderId, number: String, prices: String }
    SPLIT = "orders.split",
    /// A part of it goes on as an order of its own, with this much of the money.
    Split { into: OrderId, number: String, lines: Vec<SplitLine>, money: String, currency: String }
    SPLIT_OFF = "orders.split_off",
    /// It was a part of another order, whose promise it keeps, with the times for which the buyer let us wait.
    SplitOff {
        from: OrderId,
        number: String,
        started_at: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        waits: Vec<Wait>,
    }
    MERGED = "orders.merged",
    /// The lines and the money of the other are its own now.
    Merged { from: OrderId, number: String, money: String, currency: String }
    REASSIGNED = "orders.reassigned",
    /// It is another customer's: two cards that were one are two again.
    Reassigned { customer: CustomerId }
    TWIN_FOUND = "orders.twin_found",
    /// The same buyer ordered some of the same shortly before or after.
    TwinFound { other: OrderId, number: String }
    TWIN_DISMISSED = "orders.twin_dismissed",
    /// A person says that both are meant.
    TwinDismissed { other: OrderId, number: String }
    EDITED = "orders.edited", Edited {
        total: String,
        paid: String,
        in_full: bool,
        pickup: bool,
        lines_changed: bool,
    }
    STATUS_SET = "orders.status_set", StatusSet { from: String, to: String, stage: String }
    COMMENTED = "orders.commented", Commented {
        comment: CommentId,
        /// Whom it asks.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<PersonId>,
    }
    COMMENT_WITHDRAWN = "orders.comment_withdrawn",
    /// Its words are gone.
    CommentWithdrawn { comment: CommentId }
    DEFERRED = "orders.deferred", Deferred { until: Timestamp }
    WOKEN = "orders.woken", Woken {
        /// Since when its promise runs as if it had never been put off; left out: since now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        started_at: Option<Timestamp>,
    }
    PAUSED = "orders.paused",
    /// Held up until that moment at the latest, on the time of the owner of the reason.
    Paused {
        reason: String,
        owner: Holder,
        until: Timestamp,
        /// When it began, if it was only told afterwards.
        happened_at: Option<Timestamp>,
    }
    RESUMED = "orders.resumed", Resumed { happened_at: Option<Timestamp> }
    URGENCY_SET = "orders.urgency_set", UrgencySet { urgent: bool }
    MONEY_DATED = "orders.money_dated",
    /// When the money of a receipt was on its way, as it became known only later.
    MoneyDated {
        receipt: i64,
        sent_at: Option<Timestamp>,
        booked_at: Option<Timestamp>,
        received_at: Option<Timestamp>,
    }
    TAKEN = "orders.taken", Taken {
        /// In whose hands it is; not told by earlier versions.
        #[serde(default)]
        by: Option<PersonId>,
    }
    GIVEN_BACK = "orders.given_back", GivenBack {}
    RESERVED = "orders.reserved", ReservedAll { lines: Vec<ReservedLine> }
    SHORT = "orders.short", Short {
        /// `part` or `none`.
        reserved: String,
        lines: Vec<ReservedLine>,
    }
    LET_GO = "orders.let_go",
    /// What is held of an order that is over: less than before, and that is no shortage.
    LetGo { reserved: String, lines: Vec<ReservedLine> }
    PAID = "orders.paid",
    /// Without a receipt and with amount zero: nothing came in, but the total fell to what was paid.
    Paid {
        receipt: Option<i64>,
        amount: String,
        paid: String,
        total: String,
        currency: String,
        in_full: bool,
        sent_at: Option<Timestamp>,
        booked_at: Option<Timestamp>,
        received_at: Option<Timestamp>,
        /// When it was there, if that was before: with the order that this is a part of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        happened_at: Option<Timestamp>,
    }
    UNPAID = "orders.unpaid", Unpaid {
        receipt: Option<i64>,
        amount: String,
        paid: String,
        total: String,
        currency: String,
        in_full: bool,
    }
    CONFIRMED = "orders.confirmed", Confirmed {
        /// When the buyer agreed, if that was before: with the order that this is a part of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        happened_at: Option<Timestamp>,
    }
    READY = "orders.ready", Ready { pickup: bool }
    SHIPPED = "orders.shipped", ShippedOut { lines: Vec<ShippedLine>, all: bool }
    RETURNED = "orders.returned",
    /// Goods came back and were accepted; the order costs this much now.
    ReturnedGoods { lines: Vec<ReturnedPart>, total: String }
    DELIVERED = "orders.delivered", Delivered {}
    CANCELLED = "orders.cancelled", Cancelled {
        status: String,
        /// What had been paid and is now owed back.
        paid: String,
        currency: String,
        /// What was ordered is part of this order now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        merged_into: Option<OrderId>,
    }
    RECORDED = "orders.recorded",
    /// It was finished elsewhere before it came here; nothing follows from it.
    Recorded {
        number: String,
        shop: ShopId,
        external_id: Option<String>,
        source: String,
        status: String,
        currency: String,
        total: String,
        placed_at: Timestamp,
        customer: Option<CustomerId>,
        stage: Option<String>,
        terms: Option<String>,
        credit_days: Option<i64>,
        pickup: Option<bool>,
        lines: Option<Vec<PlacedLine>>,
    }
    IDENTIFIED = "orders.identified",
    /// The shop gave its own id to an order that was not born there.
    Identified { external_id: String }
    COMPLETED = "orders.completed", Completed {}
    ERASED = "orders.erased",
    /// Nobody can tell any more whose it was.
    Erased {}
}

/// A line as it was taken in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlacedLine {
    pub line: LineId,
    pub sku: Option<String>,
    /// The catalogue knows the SKU.
    pub known: bool,
    pub name: String,
    pub quantity: Quantity,
    pub unit: String,
    pub price: UnitPrice,
    pub total: String,
}

/// What of a line went into the other order, as which line there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SplitLine {
    pub line: LineId,
    pub into: LineId,
    pub quantity: Quantity,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReservedLine {
    pub line: LineId,
    pub sku: Option<String>,
    pub quantity: Quantity,
    pub reserved: Quantity,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShippedLine {
    pub line: LineId,
    pub quantity: Quantity,
}
