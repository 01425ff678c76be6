use axum::extract::FromRequestParts;
use http::{HeaderName, HeaderValue, header, request::Parts};
use takt_kernel::Fault;

use crate::{Failure, Web, failure::IF_MATCH_REQUIRED};

/// The version the caller has seen, from `If-Match: "12"`. Absent: 428, so that nobody overwrites blindly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl FromRequestParts<Web> for IfMatch {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Failure> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Err(Fault::invalid(IF_MATCH_REQUIRED).into());
        };
        let text = value.to_str().unwrap_or_default().trim();
        let version = text.strip_prefix("W/").unwrap_or(text).trim_matches('"').parse::<i64>();
        version.map(Self).map_err(|_| Fault::invalid("web.if_match_malformed").arg("given", text).into())
    }
}

/// The header that tells a reader which version was sent: put it before the body in an answer.
pub fn etag(version: i64) -> [(HeaderName, HeaderValue); 1] {
    let value = HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""));
    [(header::ETAG, value)]
}
