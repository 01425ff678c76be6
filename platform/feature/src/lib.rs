//! The value by which a feature announces itself, and the wiring made of all of them.
//!
//! A feature never imports another. It says what it hears, says, fills and serves; [`Wiring`] puts the
//! list together, finds what does not fit ([`Wiring::problems`]) and writes down how facts flow
//! ([`Wiring::flow_markdown`]). The list itself stands in `app`.

mod feature;
mod flow;
mod wiring;

pub use feature::Feature;
pub use takt_store::Tier;
pub use wiring::Wiring;
