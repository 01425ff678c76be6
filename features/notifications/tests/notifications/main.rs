//! Notifications through a real mail server, on both engines.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

mod away;
mod desk;
mod doubt;
mod mail;
mod pages;
mod refusals;
mod telling;
