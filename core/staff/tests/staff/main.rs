//! People, rights, sessions, tokens and calendars through the whole program, on both engines.

#![expect(clippy::expect_used, clippy::panic, reason = "what a test does not expect is its failure")]

mod absences;
mod desks;
mod house;
mod live;
mod pages;
mod rights;
mod sign_in;
mod tokens;
