//! Tasks on both engines.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

mod absence;
mod desk;
mod next;
mod rail;
mod verbs;
mod workload;
