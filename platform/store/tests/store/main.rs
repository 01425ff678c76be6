//! The promises of the store, on both engines.

#![cfg(test)]

mod bounds;
mod copy;
mod engines;
mod facts;
mod many_rows;
mod seldom;
mod tables;
mod transactions;
