//! People, rights, sessions, tokens and calendars through the whole program, on both engines.

mod desks;
mod house;
mod pages;
mod rights;
mod sign_in;
mod tokens;
