//! What handlers ask of a request. Refusals name the field and the line; none shows a library's words
//! to a person on a page.

mod body;
mod caller;
mod objects;
mod page_size;
mod version;

pub use body::{Form, Json, Path, Query};
pub use caller::{ChosenLang, ClientIp, RequestDensity, RequestLang, RequestTheme};
pub(crate) use caller::{caller_address, lang_of, theme_of};
pub use page_size::{LARGEST_PAGE, page_size};
pub use version::{IfMatch, etag};
