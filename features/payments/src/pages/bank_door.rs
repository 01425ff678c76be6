//! Where banks come in: `POST /bank/v1/{channel}`. Whatever is wrong with a message, the answer is one and the
//! same, as long, and says nothing.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request, State},
    response::Response,
};
use http::{HeaderValue, StatusCode, header};
use takt_kernel::Kind;
use takt_web::{ClientIp, RateClass, Web, tls::PeerCertificate};

use crate::channels::push::{Push, Received, SIGNATURE_HEADER, receive};

/// Messages of one address that showed no certificate: anybody can send them.
const RATE: RateClass = RateClass { name: "bank-push", burst: 600, per_minute: 1_200 };

pub(super) async fn take(State(web): State<Web>, from: ClientIp, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let channel = parts.uri.path().rsplit('/').next().and_then(|id| id.parse().ok());
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let signature = text(SIGNATURE_HEADER);
    let packed = parts.headers.contains_key(header::CONTENT_ENCODING);
    let peer = parts.extensions.get::<PeerCertificate>().map(|peer| peer.0.clone());
    // Before anything is read or looked up.
    if peer.is_none() && web.limiter.take(&RATE, &from.key()).is_err() {
        return answer(StatusCode::SERVICE_UNAVAILABLE);
    }
    let body = match Bytes::from_request(Request::from_parts(parts, body), &web).await {
        Ok(body) => body.to_vec(),
        // Too long: judged like any other message that is none.
        Err(_) => Vec::new(),
    };
    match receive(&web.db, Push { channel, body, signature, packed, peer }).await {
        Ok(Received::Taken) => answer(StatusCode::OK),
        Ok(Received::Refused) => answer(StatusCode::UNAUTHORIZED),
        Err(fault) => {
            tracing::error!(?fault, "a bank's push could not be kept");
            let busy = fault.kind() == Kind::Unavailable;
            answer(if busy { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR })
        }
    }
}

fn answer(status: StatusCode) -> Response {
    let body = if status == StatusCode::OK { "{}" } else { "{\"error\":\"refused\"}" };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}
