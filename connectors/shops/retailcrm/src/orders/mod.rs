//! Orders of the protocol.

pub(crate) mod create;
pub(crate) mod edit;
pub(crate) mod find;
pub(crate) mod fix;
pub(crate) mod links;
pub(crate) mod nobody;
pub(crate) mod panel;
pub(crate) mod payments;
pub(crate) mod read;
pub(crate) mod sent;
pub(crate) mod status;
pub(crate) mod write;
