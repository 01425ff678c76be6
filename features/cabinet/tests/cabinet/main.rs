//! The owner's cabinet through verbs and pages, on both engines.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

mod asking;
mod desk;
mod home;
mod stepping_in;
