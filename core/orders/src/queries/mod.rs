//! Questions about orders. Those that take a scope answer only with what the caller may see.

mod comments;
mod find;
mod list;
mod list_search;

pub use comments::{Comment, comments};
pub use find::{briefs, by_external_id, by_number, get};
pub use list::{ListFilter, Page, Sort, Total, list};
