//! The promises of background work, on both engines.

#![cfg(test)]

mod jobs;
mod reactions;
mod teahouse;
mod timers;
