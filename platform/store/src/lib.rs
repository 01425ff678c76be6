//! The database of the house: one SQL text on embedded SQLite and on PostgreSQL, and the
//! append-only log of facts, written in the same transaction as the change it tells of.
//!
//! A command is a plain synchronous closure: `db.write("payments.refund", |tx| …)`. No await can
//! stand inside it, so no call to the outside holds a transaction open, and a client that goes away
//! cannot leave half of one. On PostgreSQL it may run again after a serialization failure, so it
//! must not carry effects out other than through `tx`.
//!
//! Start with [`Db`], then [`Tx`] and [`Query`]; [`sql!`] writes a statement, [`Fact`] a fact.
//! What differs between the engines stands in `dialect` and nowhere else.

pub mod archive;
pub mod backup;
mod change;
mod check;
pub mod copy;
mod db;
pub mod dialect;
mod erase;
mod fact;
pub mod facts;
pub mod folder;
mod foreseen;
mod interference;
mod look;
mod migrate;
mod numbers;
mod postgres;
mod query;
mod row;
mod sample;
mod seldom;
mod sql;
mod sqlite;
pub mod tables;
mod turns;
mod tx;
mod value;

pub use change::Change;
pub use check::{CHECKS, Check, Effort, LOG_CHECKS, MOST_SHOWN, Wrong, checks, rows_wrong};
pub use db::{Database, Db, Engine, Options};
pub use erase::personal_values_of;
pub use fact::{About, Body, Fact, RecordedFact, Subject};
pub use interference::{Interference, Moment, Verdict};
pub use look::{Described, Look, Schema};
pub use migrate::{Migration, Migrations, Tier};
pub use query::{Query, Question, Reader};
pub use row::{InTurn, Row};
pub use sample::{Ask, SAMPLES, Sample};
pub use sql::{Params, Registered, Sql, Statement, registered};
pub use turns::Rivals;
pub use tx::Tx;
pub use value::{FromValue, Seen, Value};

#[doc(hidden)]
pub use inventory;

/// Facts are spread over this many lanes by their subject; each lane is heard in order.
pub const LANES: i64 = 4;

/// The lane of a subject; the ids of one block fall evenly.
pub fn lane_of(subject_id: i64) -> i64 {
    subject_id.rem_euclid(LANES)
}

/// Texts of the faults of this crate, by language.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];
