//! Protection that no handler can forget: cross-site requests and security headers.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use takt_kernel::Fault;
use tower_http::csrf::{CsrfLayer, ProtectionError, ResponseForProtectionError};

use crate::{Failure, failure::is_api};

/// Only our own scripts and styles, none of them inline; nobody may frame us.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Under it lie the addresses that systems of shops call.
const HOOKS: &str = "/hooks/";

/// Pages are protected by `Sec-Fetch-Site` and, for plain http on a local network where browsers do not
/// send it, by `Origin` against `Host`. The API is exempt: it takes bearer tokens, never cookies; so is what
/// systems of shops call: it takes signatures.
pub(crate) fn csrf() -> CsrfLayer<CrossSite> {
    CsrfLayer::new()
        .with_insecure_bypass(|_: &Method, uri: &Uri| is_api(uri.path()) || uri.path().starts_with(HOOKS))
        .with_rejection_response(CrossSite)
}

#[derive(Clone, Copy)]
pub(crate) struct CrossSite;

impl ResponseForProtectionError<axum::body::Body> for CrossSite {
    fn response_for_protection_error(&mut self, _: ProtectionError) -> Response {
        Failure(Fault::denied("web.cross_site")).into_response()
    }
}

pub(crate) async fn headers(secure: bool, only_https: bool, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(), microphone=(self)"),
        // Screens show customers; what is not an asset must not stay on a shared computer.
        (header::CACHE_CONTROL, "private, no-store"),
    ] {
        unless_set(headers, name, value);
    }
    if only_https {
        unless_set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if secure {
        only_by_https(headers);
    }
    response
}

/// No cookie of ours travels in the clear, whoever set it.
fn only_by_https(headers: &mut HeaderMap) {
    let cookies: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().cloned().collect();
    headers.remove(header::SET_COOKIE);
    for cookie in cookies {
        let marked = cookie.to_str().ok().filter(|text| !text.contains("; Secure"));
        let marked = marked.and_then(|text| HeaderValue::from_str(&format!("{text}; Secure")).ok());
        headers.append(header::SET_COOKIE, marked.unwrap_or(cookie));
    }
}

fn unless_set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
