//! What has changed, told to open screens: an event stream of topics, never of contents. One tailer
//! per node reads the log and hands its news to all streams; each stream filters by what its reader
//! may see, gathers what happens together, and resumes where the browser left off.

mod feed;
mod presence;
mod stream;

pub use feed::Live;
pub use presence::{Looked, MOST_LOOKED};
pub(crate) use stream::stream;
pub use stream::{Since, guest_stream};

use std::sync::Arc;

use futures::future::BoxFuture;
use http::request::Parts;
use takt_kernel::{CompanyId, PersonId, Result, Slot};

use crate::Web;

/// That something happened to a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveChange {
    pub position: i64,
    pub company: CompanyId,
    pub subject_kind: String,
    pub subject_id: i64,
}

/// Something that holds of a change or not.
pub type OfChange = Arc<dyn Fn(&LiveChange) -> bool + Send + Sync>;

/// How far a reader of the stream sees.
#[derive(Clone)]
pub struct Sight {
    /// Is told who looks at what. Nobody without an account is.
    pub reader: Option<PersonId>,
    pub may_see: OfChange,
    /// After such a change the reader may be somebody else: the stream ends, the browser comes back, and
    /// session and rights are looked at anew.
    pub ends: OfChange,
}

/// Who reads the stream, and what they may see. Filled once, by whoever knows people; unfilled, nobody
/// may read.
#[derive(Clone, Copy)]
pub struct LiveScope(pub fn(Web, Parts) -> BoxFuture<'static, Result<Sight>>);

pub const LIVE_SCOPE: Slot<LiveScope> = Slot::new("web.live_scope");
