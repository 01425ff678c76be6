//! What a connector tells of itself.

use takt_kernel::{Fault, Result, Slot, Slots};
use takt_store::{Query, Tx};

use crate::{Connection, messages::Message, systems::System};

/// Each connector fills in one.
pub const KINDS: Slot<Kind> = Slot::new("connections.kinds");

#[derive(Clone, Copy)]
pub struct Kind {
    /// Stands in rows and on the command line: `retailcrm`.
    pub code: &'static str,
    pub name_key: &'static str,
    /// What a key of such a connection may do.
    pub scopes: &'static str,
    /// What people connect by it, each with its steps. Of a kind without any nothing can be connected on
    /// the page.
    pub systems: &'static [System],
    /// Applies a message that was not applied when it came.
    pub again: Again,
    /// What the connector itself looks at when somebody presses "test".
    pub test: Option<Test>,
}

/// Applies a stored message in this transaction; what it answers are the fields that were left as they are.
pub type Again = fn(&mut Tx<'_>, &Connection, &Message) -> Result<Vec<String>>;

/// Looks whether what a connection needs is there; changes nothing and asks nobody outside.
pub type Test = fn(&mut dyn Query, &Connection) -> Result<Vec<Finding>>;

/// One thing that was looked at, said by a text with these variables.
#[derive(Clone, Debug)]
pub struct Finding {
    pub well: bool,
    pub text_key: &'static str,
    pub args: Vec<(&'static str, String)>,
}

/// # Errors
/// `connections.kind_unknown` with those that are known.
pub fn kind_of(slots: &Slots, code: &str) -> Result<Kind> {
    slots.of(&KINDS).find(|kind| kind.code == code).copied().ok_or_else(|| {
        let known: Vec<&str> = slots.of(&KINDS).map(|kind| kind.code).collect();
        Fault::invalid("connections.kind_unknown").arg("given", code).arg("known", known.join(", "))
    })
}

/// Every system that can be connected, with its kind, as the pages name it: `retailcrm.opencart`.
pub(crate) fn systems(slots: &Slots) -> Vec<(Kind, System)> {
    slots.of(&KINDS).flat_map(|kind| kind.systems.iter().map(|system| (*kind, *system))).collect()
}

/// # Errors
/// `connections.system_unknown`.
pub(crate) fn system_of(slots: &Slots, name: &str) -> Result<(Kind, System)> {
    systems(slots)
        .into_iter()
        .find(|(kind, system)| name == named(kind, system))
        .ok_or_else(|| Fault::field("system", "connections.system_unknown").arg("given", name))
}

pub(crate) fn named(kind: &Kind, system: &System) -> String {
    format!("{}.{}", kind.code, system.code)
}
