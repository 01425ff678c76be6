//! What a connector tells of the system it speaks with.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use serde_json::value::RawValue;
use takt_kernel::{Fault, Result, Slot, Slots, Timestamp};
use takt_outbound::{Call, Outbound, Reach, Reply};

use crate::{
    connected::Shop,
    said::{Deed, SaidOrder},
};

/// Each connector fills in one.
pub const SYSTEMS: Slot<System> = Slot::new("shops.systems");

#[derive(Clone, Copy)]
pub struct System {
    /// The code of the kind of connection.
    pub kind: &'static str,
    /// Names of headers, in small letters.
    pub signature: &'static str,
    pub topic: &'static str,
    pub delivery: &'static str,
    /// A message that the system sends unsigned to see whether anybody is there.
    pub ping: fn(&[u8]) -> bool,
    /// Reads a message.
    pub read: fn(&Shop, topic: &str, body: &[u8]) -> Result<Deed>,
    /// Statuses of the shop after which an order is wanted no more.
    pub cancelled: &'static [&'static str],
    /// Ways of payment → terms, as far as they go without saying.
    pub terms: &'static [(&'static str, &'static str)],
    pub poll: Poll,
    /// Jobs that are enqueued whenever the shop is asked, with the connection as their payload.
    pub chores: &'static [&'static str],
    /// The job that writes one order to the shop.
    pub order_writer: Option<&'static str>,
}

#[derive(Clone, Copy)]
pub struct Poll {
    /// Secrets without which the shop cannot be asked.
    pub secrets: &'static [&'static str],
    pub ask: fn(&Shop, &Ask) -> Result<Call>,
    pub page: fn(&Reply) -> Result<Page>,
    pub order: fn(&Shop, &[u8]) -> Result<SaidOrder>,
    /// The topic under which an order of a page is stored.
    pub topic: &'static str,
    /// Where such an order could be fetched.
    pub target: &'static str,
}

/// The next page of orders that changed after a moment.
#[derive(Clone, Debug)]
pub struct Ask {
    pub after: Timestamp,
    /// From 1.
    pub page: u32,
    /// What the last answer gave for the next question.
    pub token: Option<String>,
}

pub struct Page {
    pub orders: Vec<Box<RawValue>>,
    pub next: Next,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    End,
    /// There may be more, to be asked for by the moment of the last.
    More,
    /// There is more, to be asked for by this.
    Token(String),
}

/// What calls to shops are held to.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub reach: Reach,
    /// One call, answer included.
    pub patience: Duration,
    /// Shops that are asked at the same time.
    pub at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { reach: Reach::Public, patience: Duration::from_secs(20), at_once: 16 }
    }
}

/// The way to all shops; clones share it.
#[derive(Clone)]
pub struct Line {
    pub limits: Limits,
    outbound: Arc<OnceLock<Outbound>>,
}

impl Line {
    pub fn new(limits: Limits) -> Self {
        Self { limits, outbound: Arc::default() }
    }

    /// Any status is an answer; only the lack of one in time is a fault.
    ///
    /// # Errors
    /// As [`Outbound::send`], `outbound.unusable`.
    pub async fn send(&self, call: Call) -> Result<Reply> {
        let outbound = match self.outbound.get() {
            Some(outbound) => outbound,
            None => {
                let made = Outbound::to(self.limits.reach)?;
                self.outbound.get_or_init(|| made)
            }
        };
        outbound.send(call.within(self.limits.patience)).await
    }
}

/// # Errors
/// `connections.kind_unknown`.
pub fn system_of(slots: &Slots, kind: &str) -> Result<System> {
    slots.of(&SYSTEMS).find(|system| system.kind == kind).copied().ok_or_else(|| {
        let known: Vec<&str> = slots.of(&SYSTEMS).map(|system| system.kind).collect();
        Fault::field("kind", "connections.kind_unknown").arg("given", kind).arg("known", known.join(", "))
    })
}
