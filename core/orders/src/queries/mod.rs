//! Questions about orders. Those that take a scope answer only with what the caller may see.

mod comments;
mod cursor;
mod find;
mod in_work;
mod list;
mod list_search;
mod numbered;
mod runs;

pub use comments::{Comment, comments};
pub use find::{briefs, briefs_asked, by_external_id, by_number, get, read_briefs};
pub use in_work::in_work_after;
pub use list::{ListFilter, Page, Sort, Total, list};
pub use numbered::{Numbered, numbered};
