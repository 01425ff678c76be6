//! Questions about orders. Those that take a scope answer only with what the caller may see.

mod comments;
mod cursor;
mod find;
mod in_parts;
mod list;
mod list_search;
mod numbered;
mod process;
mod runs;

pub use comments::{Comment, comments};
pub use find::{briefs, briefs_asked, by_external_id, by_number, get, read_briefs};
pub use in_parts::in_work_after;
pub use list::{ListFilter, Narrowed, Page, Sort, Total, list};
pub use numbered::{Numbered, numbered};
pub use process::{InProcess, process};
