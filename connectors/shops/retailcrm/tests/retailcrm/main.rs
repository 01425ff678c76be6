//! The connector through the door that shop modules use, on both databases.

#![expect(clippy::panic, clippy::expect_used, reason = "what a test does not expect is its failure")]

mod bad_input;
mod carts;
mod corporate;
mod disturbed;
mod erased;
mod history;
mod lists;
mod merging;
mod models;
mod oddities;
mod opencart;
mod orders;
mod quarantine;
mod refusals;
mod shop;
mod slice_one;
mod stock;
