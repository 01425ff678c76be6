//! Banks that speak to us by themselves (push), and banks that we ask (poll): what both stand on.
//!
//! Owns channels with their settings, the public keys of the bank, what we sign in with, every message byte by
//! byte, and when a bank was last heard of. Knows no bank: a connector fills [`crate::CHANNEL_KINDS`].
//!
//! 1. A message is verified (`push`, or the poll's own way), which gives a proof that cannot be made up.
//! 2. [`messages::keep`] keeps its bytes and the proof in one transaction. From here on nothing is lost.
//! 3. [`take_in`] leads its report through the way of every bank report: gate, known already, proof, journal,
//!    match (`crate::import`). A job does so for what a fallen process left.
//!
//! Says `payments.poll_wanted` when only the statement can tell: a number is missing, a message came late, two
//! messages contradict each other. Whoever polls hears it.

mod channel;
mod contact;
mod health;
pub mod keys;
mod message;
pub mod messages;
pub mod push;
pub mod secrets;
mod taken;

pub use channel::{
    Channel, ChannelId, NewChannel, by_id, change_settings, create, get, list, pause, resume,
    set_silent_after,
};
pub use contact::{Contact, Contacts, contact_of};
pub use health::{SILENCE_TIMER, Standing, standings, wanted as poll_wanted};
pub use messages::MessageId;
pub use taken::{APPLY_JOB, call_job, take_in};

pub(crate) use contact::CONTACTS;
pub(crate) use health::{silence_timer, standing};
pub(crate) use taken::{apply_job, confirm_late};
