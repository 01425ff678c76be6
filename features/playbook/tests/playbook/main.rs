//! The playbook with the clock in hand, on both engines.

#![expect(clippy::expect_used, clippy::panic, reason = "what a test does not expect is its failure")]

mod brought_along;
mod desk;
mod drafts;
mod due;
mod in_flight;
mod lasted;
mod lasting;
mod pages;
mod replay;
mod rules;
mod steps;
mod versions;
