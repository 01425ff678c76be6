//! Finding things by any three letters in a row, on both engines alike, however many there are.
//!
//! Whoever owns a thing gives its folded text in the transaction that changes it ([`put`]): one small
//! row and a mark that it is new. A job folds what is new, a thousand texts at a time, into segments:
//! for each three letters the ids in whose texts they stand, written once and never changed; many small
//! segments become a large one. A search ([`newest`]) takes the ids that all its letters have in
//! common, the newest segments first, looks into their texts, and stops when it has enough: what is
//! frequent is found soon, what is rare is looked up in every segment.
//!
//! Invariants: what was committed is found at once, for what is not folded yet is looked through; a
//! text that is gone or changed is never found by its old words, for the text decides; a search does
//! bounded work whatever is typed. Start at [`Needle`], then [`newest`].

mod find;
mod fold;
mod forms;
mod job;
mod layout;
mod merge;
mod needle;
mod postings;
mod segments;
mod text;

pub use find::{Found, Search, among, newest, text_of};
pub use job::jobs;
pub use layout::other_layout;
pub use needle::Needle;
pub use text::{free_words, joined, put, remove};

use takt_store::{Migration, Migrations, Tier};

/// The tables of this crate.
pub const MIGRATIONS: Migrations = Migrations {
    tier: Tier::Platform,
    feature: "search",
    steps: &[Migration { number: 1, name: "search", sql: include_str!("../migrations/0001_search.sql") }],
};

/// Texts of the faults of this crate, by language.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];
