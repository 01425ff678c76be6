//! Who calls: a person with a session cookie ([`Caller`]) or a shop's program with a bearer token
//! ([`ApiCaller`]). Handlers name one of them as an argument; permits come out of nothing else.

mod api_caller;
mod caller;
pub(crate) mod cookie;
pub(crate) mod known_tokens;
mod live;
mod page;
pub(crate) mod presence;

pub use api_caller::ApiCaller;
pub use caller::{Caller, LANDING, Landing};
pub use live::{LIVE_PERMISSIONS, LivePermission, live_scope};
pub use page::{
    CountWaiting, NOTICES, Notice, NoticesOf, PageHead, SECTION_COUNTS, SECTION_PERMISSIONS, SectionCount,
    SectionPermission, is_live_read, see_other_saying, see_other_undoable,
};
pub(crate) use page::{frame_of, help_of};
pub use presence::{LOOKED_AT, LookedAt};
