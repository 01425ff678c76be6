//! The systems of shops that are connected: their keys, what they sent byte by byte, whether they are well.
//!
//! Owns connections with their keys and settings, the raw messages, and the quarantine of those that could
//! not be applied. Does not know any protocol: a connector says by [`KINDS`] which kind it is and how a
//! message of it is applied, live and again.
//!
//! Invariants: a message that may change something is stored before it is read; it is applied, refused
//! or in quarantine, and one that a fallen node left unfinished is applied later. Start reading at
//! [`messages::receive`].

mod address;
mod asked;
mod body;
mod connection;
mod contacts;
pub mod differences;
mod erased;
mod facts;
mod health;
mod keys;
mod kinds;
pub mod merge;
pub mod messages;
mod pages;
mod rights;
pub mod secrets;
mod systems;
mod test;
mod unfinished;

pub use asked::shop_address;
pub use connection::{
    Connection, ConnectionId, NewConnection, any_of_kind, by_id, by_token, create, get, list, rename,
    save_settings, set_paused,
};
pub use contacts::{Contact, Contacts, of as contact_of};
pub use health::{Health, Standing, standing, standings};
pub use keys::{Key, keys_of, rotate as rotate_key};
pub use kinds::{Again, Finding, KINDS, Kind, Test, kind_of};
pub use rights::ManageConnections;
pub use systems::{Ask, Kept, Need, ORDER, RETAILCRM_SYSTEMS, Shows, Step, System, step};

use takt_feature::{Feature, Tier};
use takt_staff::LivePermission;
use takt_store::Migration;

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "connections", sql: include_str!("../migrations/0001_connections.sql") },
    Migration { number: 2, name: "seldom", sql: include_str!("../migrations/0002_seldom.sql") },
    Migration { number: 3, name: "secrets", sql: include_str!("../migrations/0003_secrets.sql") },
    Migration { number: 4, name: "differences", sql: include_str!("../migrations/0004_differences.sql") },
    Migration { number: 5, name: "differing", sql: include_str!("../migrations/0005_differing.sql") },
];

pub fn feature() -> Feature {
    Feature::new("connections", Tier::Feature)
        .says(facts::SAID)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&takt_staff::PERMISSIONS, "connections", rights::RIGHTS)
        .fill(&takt_staff::SETTINGS_PAGES, "sources", pages::SETTINGS)
        .fill(&takt_customers::TRAILS, "raw messages", erased::TRAIL)
        .fill(&takt_customers::ERASED, "raw messages", erased::erase_of_person as takt_customers::EraseStep)
        .fill(&takt_orders::panels::BURNING, "connections that need somebody", pages::BURNING)
        .fill(&takt_staff::SECTION_COUNTS, "connections that need somebody", pages::COUNT)
        .fill(
            &takt_staff::LIVE_PERMISSIONS,
            "connections",
            LivePermission { subject_kind: "connection", permission: "connections.manage" },
        )
        .fill(&contacts::CONTACTS, "what was heard of connections", contacts::Contacts::default())
        .routes(pages::routes())
        .samples(pages::SAMPLES.to_vec())
        .fill(&takt_work::NEEDED, "what differs from a shop", differences::NEEDED)
        .fill(&takt_vault::SEALED, "secrets of connections", secrets::SEALED)
        .listener(differences::LISTENER)
        .timer(keys::TIMER)
        .timer(unfinished::TIMER)
        .timer(messages::FORGET)
}
