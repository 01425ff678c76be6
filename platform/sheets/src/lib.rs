//! Tables for table programs: typed rows go into an XLSX file or into CSV, a row at a time, and the file is sent from
//! the disk. However many rows there are, only the one being written is in memory.
//!
//! Invariants: what is text stays text (a phone keeps its plus, an article its zeros, and nothing becomes a formula);
//! money, quantities, dates and durations are real numbers that a table program adds up; a file holds every row it
//! was given, or there is no file.
//!
//! A list gives [`Column`]s and pages of [`Cell`]s to a [`Sheet`]; the [`Form`] comes from the address that was asked.

mod cell;
mod csv;
mod form;
mod list;
mod sheet;
mod xlsx;

pub use cell::{Cell, Column};
pub use form::{Form, links};
pub use list::{List, Page};
pub use sheet::{MOST_ROWS, Sheet, Written};

use takt_feature::{Feature, Tier};

/// The texts of this crate's refusals.
pub fn feature() -> Feature {
    Feature::new("sheets", Tier::Platform)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
}
