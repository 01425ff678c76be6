//! The way in: everything between a socket and a handler, the same for every page and every call.
//!
//! [`app`] puts features' routes behind request ids, access logs, CSRF protection, limits, security
//! headers and the rendering of refusals; [`serve`] listens, sheds what is
//! too much and drains on stop; [`observe`] tells numbers to whoever watches. Handlers are ordinary
//! axum handlers over [`Web`] that answer [`Answer`]; only `failure` knows status codes.
//!
//! Who calls is not known here: sessions, tokens and rights are of `staff`.

mod access;
mod app;
mod docs;
mod entrance;
mod extract;
mod failure;
mod frame;
mod guard;
mod limiter;
mod limits;
pub mod live;
mod measures;
mod observe;
mod openapi;
mod patience;
mod preferences;
mod probes;
mod samples;
mod seats;
mod serve;
mod shed;
mod state;
pub mod tls;
mod waiting;

pub use access::RequestId;
pub use app::app;
pub use entrance::Entrance;
pub use extract::{
    ChosenLang, ClientIp, Form, IfMatch, Json, LARGEST_PAGE, Path, Query, RequestDensity, RequestLang,
    RequestTheme, etag, page_size,
};
pub use failure::{Answer, Failure, SIGN_IN_REQUIRED, TOO_MANY_REQUESTS};
pub use frame::{FRAME, Frame, FrameOf};
pub use limiter::{RateClass, RateLimiter};
pub use limits::Limits;
pub use observe::{observe, observed};
pub use openapi::{ApiDescription, ApiDocument};
pub use preferences::{back_path, see_other};
pub use probes::Probe;
pub use serve::serve;
pub use state::Web;
pub use takt_metrics::most_files;
pub use waiting::refuse_all;

/// Texts of this crate.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];
