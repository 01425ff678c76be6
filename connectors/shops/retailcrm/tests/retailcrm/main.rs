//! The connector through the door that shop modules use, on both databases.

#![expect(clippy::panic, clippy::expect_used, reason = "what a test does not expect is its failure")]

mod disturbed;
mod history;
mod merging;
mod opencart;
mod orders;
mod quarantine;
mod refusals;
mod shop;
mod stock;
