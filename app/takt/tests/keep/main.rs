//! Keeping the data: a restore drill of a busy company on both engines, the checks of all features, what
//! `takt doctor` finds, copies made by the clock, and a certificate of its own.

#![cfg(test)]

mod checks;
mod doctor;
mod drill;
mod program;
mod scheduled;
mod secrets;
mod tls;
