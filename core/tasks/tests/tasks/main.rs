//! Tasks on both engines.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

mod desk;
mod next;
mod rail;
mod verbs;
