//! The words every tier speaks: ids, money, time, chance, faults, actors and slots.
//!
//! Pure: no I/O, no commerce. Clock and entropy are traits, so a whole month can run in a test
//! under one seed. Start reading at [`Fault`] (how things are refused) and [`money`] (how
//! amounts are kept).

mod actor;
pub mod failpoint;
mod fault;
mod fold;
mod id;
pub mod money;
mod slot;
mod time;

pub use actor::{Actor, BuyerLinkId, CompanyId, OrganisationId, PersonId, ShopId, TokenId};
pub use fault::{Fault, FieldFault, Kind, Result};
pub use fold::{digits, fold};
pub use id::{Id, LARGEST_ID};
pub use slot::{Slot, Slots};
pub use time::{Clock, Entropy, ManualClock, SeededEntropy, SystemClock, SystemEntropy, Timestamp};
