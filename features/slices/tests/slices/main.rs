//! Slices through verbs and pages, on both engines.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

mod desk;
mod keeping;
mod pages;
