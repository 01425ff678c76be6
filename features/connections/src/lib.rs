//! The systems of shops that are connected: their keys, what they sent byte by byte, whether they are well.
//!
//! Owns connections with their keys and settings, the raw messages, and the quarantine of those that could
//! not be applied. Does not know any protocol: a connector says by [`KINDS`] which kind it is and how a
//! message of it is applied, live and again.
//!
//! Invariants: a message that may change something is stored before it is read; it is applied, refused
//! or in quarantine, and one that a fallen node left unfinished is applied later. Start reading at
//! [`messages::receive`].

mod connection;
mod contacts;
mod facts;
mod keys;
mod kinds;
pub mod messages;
mod rights;
pub mod secrets;
mod unfinished;

pub use connection::{
    Connection, ConnectionId, NewConnection, any_of_kind, by_id, by_token, create, get, list, save_settings, set_paused,
};
pub use contacts::{Contact, Contacts, of as contact_of};
pub use keys::{Key, keys_of, rotate as rotate_key};
pub use kinds::{Again, KINDS, Kind, Step, kind_of};
pub use rights::ManageConnections;

use takt_feature::{Feature, Tier};
use takt_store::Migration;

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "connections", sql: include_str!("../migrations/0001_connections.sql") },
    Migration { number: 2, name: "seldom", sql: include_str!("../migrations/0002_seldom.sql") },
    Migration { number: 3, name: "secrets", sql: include_str!("../migrations/0003_secrets.sql") },
];

pub fn feature() -> Feature {
    Feature::new("connections", Tier::Feature)
        .says(facts::SAID)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&takt_staff::PERMISSIONS, "connections", rights::RIGHTS)
        .fill(&contacts::CONTACTS, "what was heard of connections", contacts::Contacts::default())
        .timer(keys::TIMER)
        .timer(unfinished::TIMER)
        .timer(messages::FORGET)
}
