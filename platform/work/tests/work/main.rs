//! The promises of background work, on both engines.

#![cfg(test)]

mod heard;
mod jobs;
mod jumps;
mod reactions;
mod teahouse;
mod timers;
