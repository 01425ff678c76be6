//! Questions about orders. Those that take a scope answer only with what the caller may see.

mod comments;
mod conditions;
mod cursor;
mod fields;
mod find;
mod in_parts;
mod list;
mod list_search;
mod numbered;
mod process;
mod purchases;
mod runs;
mod steps;

pub use comments::{Comment, comments, these_comments};
pub use fields::{Fields, Mark, Payment, TakenBy};
pub(crate) use find::load_all;
pub use find::{briefs, briefs_asked, by_external_id, by_number, get, read_briefs};
pub use in_parts::{in_work_after, newest_in_work};
pub use list::{ListFilter, Narrowed, Page, Sort, Total, list, totals};
pub use numbered::{Numbered, numbered};
pub use process::{InProcess, process};
pub use purchases::{LastPurchase, Purchases, purchases};
