//! The entities of the protocol, as they come in.

pub(crate) mod customer;
pub(crate) mod order;
