//! A request's id and its line in the log. Ids of callers are kept when they are sane, so that one id
//! follows a request through a proxy and a client's own log. Logged are route templates, never whole
//! paths, queries, headers or bodies: an invitation's secret stands in its path.

use std::time::Instant;

use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{Extensions, HeaderName, HeaderValue, request::Parts};
use tracing::Instrument;

use crate::{Failure, Web};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST: usize = 64;

/// Under this id the request stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

impl FromRequestParts<Web> for RequestId {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Failure> {
        Ok(request_id_of(&parts.extensions))
    }
}

pub(crate) fn request_id_of(extensions: &Extensions) -> RequestId {
    extensions.get::<RequestId>().cloned().unwrap_or_else(|| RequestId(String::from("-")))
}

pub(crate) async fn log_access(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let id = given(&request).unwrap_or_else(|| fresh(&web));
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    let measured = web.measures.route(&method, route);
    let _counted = web.measures.request();
    let span = tracing::info_span!("request", id = %id, %method, %route);
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = began.elapsed();
    measured.answered(response.status(), took);
    let (status, micros) = (response.status().as_u16(), took.as_micros());
    span.in_scope(|| match status {
        500.. => tracing::warn!(status, micros, "answered"),
        _ => tracing::info!(status, micros, "answered"),
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

fn given(request: &Request) -> Option<String> {
    let id = request.headers().get(HEADER)?.to_str().ok()?;
    let sane = (1..=LONGEST).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    sane.then(|| id.to_owned())
}

fn fresh(web: &Web) -> String {
    let mut bytes = [0_u8; 8];
    match web.db.entropy().fill(&mut bytes) {
        Ok(()) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Err(_) => web.db.clock().now().micros().to_string(),
    }
}
