//! The promises of background work, on both engines.

mod jobs;
mod reactions;
mod teahouse;
mod timers;
