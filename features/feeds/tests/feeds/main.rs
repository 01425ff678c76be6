//! Feeds against a shop's server on the loopback, on both engines.

#![cfg(test)]
#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

mod desk;
mod pages;
mod pulling;
mod trouble;
