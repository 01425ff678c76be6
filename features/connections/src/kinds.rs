//! What a connector tells of itself.

use takt_kernel::{Fault, Result, Slot, Slots};
use takt_store::Tx;

use crate::{Connection, messages::Message};

/// Each connector fills in one.
pub const KINDS: Slot<Kind> = Slot::new("connections.kinds");

#[derive(Clone, Copy)]
pub struct Kind {
    /// Stands in rows and on the command line: `retailcrm`.
    pub code: &'static str,
    pub name_key: &'static str,
    /// What a key of such a connection may do.
    pub scopes: &'static str,
    /// How somebody connects it, one step after another.
    pub steps: &'static [Step],
    /// Applies a message that was not applied when it came.
    pub again: Again,
}

/// Applies a stored message in this transaction; what it answers are the fields that were left as they are.
pub type Again = fn(&mut Tx<'_>, &Connection, &Message) -> Result<Vec<String>>;

/// A step of connecting: a heading and a text, the text with the variables `address` and `host`.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Systems it is for; all when empty.
    pub system: &'static str,
    pub title_key: &'static str,
    pub text_key: &'static str,
}

/// # Errors
/// `connections.kind_unknown` with those that are known.
pub fn kind_of(slots: &Slots, code: &str) -> Result<Kind> {
    slots.of(&KINDS).find(|kind| kind.code == code).copied().ok_or_else(|| {
        let known: Vec<&str> = slots.of(&KINDS).map(|kind| kind.code).collect();
        Fault::invalid("connections.kind_unknown").arg("given", code).arg("known", known.join(", "))
    })
}
