//! The entities of the protocol, as they come in.

pub(crate) mod corporate;
pub(crate) mod customer;
pub(crate) mod order;
mod tables;
pub(crate) mod typed;
