//! Corporate customers of the protocol: firms with addresses, legal entities and contacts, who are customers
//! of ours. Owns these tables; the desk knows the contact as the order's customer.
//!
//! Says `retailcrm.corporate_changed` about the subject "corporate", from which the history is read.

pub(crate) mod combine;
pub(crate) mod find;
pub(crate) mod keep;
pub(crate) mod ordered;
pub(crate) mod panel;
pub(crate) mod parts;
pub(crate) mod rows;
pub(crate) mod told;
pub(crate) mod written;
