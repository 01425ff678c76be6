//! A whole database in one file, from either engine and for either: what it is of, then every row of
//! every table in the order of its key, then counts and digests, then a checksum of all that.
//!
//! ```text
//! TAKTARC1 │ header │ rows │ rows │ … │ footer │ seal
//! ```
//! Each part is a frame with its own lengths and checksums, so damage is found where it is. Only one
//! frame is in memory at a time. Whoever can read the file can read everything in the database.

mod compare;
mod frames;
mod load;
mod manifest;
mod place;
mod read;
mod rows;
mod write;

pub use compare::{Mismatch, compare};
pub use manifest::{AppliedMigration, Footer, Manifest, TableManifest, TableSum};
pub use place::{Restored, restore};
pub use read::{Archive, Checked};
pub use write::{Origin, write};

pub(crate) use place::UNFINISHED;

/// How far long work is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'t> {
    pub table: &'t str,
    /// Rows of all tables so far.
    pub rows: u64,
}

/// Hears how far the work is.
pub type Listen<'l> = &'l mut dyn FnMut(Progress<'_>);
