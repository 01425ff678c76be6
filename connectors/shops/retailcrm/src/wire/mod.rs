//! The protocol on the wire: how a request is read, who asks, and how it is answered.

pub(crate) mod door;
pub(crate) mod endpoint;
pub(crate) mod fields;
pub(crate) mod lenient;
pub(crate) mod page;
pub(crate) mod refusal;
pub(crate) mod time;
