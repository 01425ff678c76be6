//! The promises of the store, on both engines.

mod engines;
mod facts;
mod transactions;
