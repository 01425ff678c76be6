//! Connections, their messages and their pages, with a connector that only tests know.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

mod desk;
mod keys;
mod mending;
mod messages;
mod pages;
mod rights;
mod secrets;
mod wizard;
