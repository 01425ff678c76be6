//! Customers: who orders, over all shops of one company.
//!
//! Owns identities (a phone, an e-mail) that point to a customer, the reading of phones and e-mail
//! addresses, suggestions that two cards are one person, and merges, which are pointers that can be
//! taken back. Knows nothing of orders: they fill [`CARD_PANELS`].
//!
//! Invariant: one (company, kind, value) belongs to one customer, and a customer is never merged
//! except by a person. Start reading at [`recognise`].

mod commands;
mod contact;
mod email;
pub mod facts;
mod phone;
mod queries;
mod rights;
mod rows;

pub use commands::{Edit, dismiss, edit, merge, recognise, separate};
pub use contact::{Contact, Identity, IdentityKind};
pub use email::Email;
pub use phone::{Phone, shown};
pub use queries::{Customer, Filter, Listed, Page, get, list, suggestions};
pub use rights::{EditCustomers, SeeCustomers};

pub enum CustomerTag {}
pub type CustomerId = takt_kernel::Id<CustomerTag>;
