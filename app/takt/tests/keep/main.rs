//! Keeping the data: a restore drill of a busy company on both engines, the checks of all features, what
//! `takt doctor` finds, and copies made by the clock.

#![cfg(test)]

mod checks;
mod doctor;
mod drill;
mod program;
mod scheduled;
