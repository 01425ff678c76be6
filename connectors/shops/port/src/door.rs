//! The way of a signed message: whose connection it is, whether it is signed with its secret, stored, applied,
//! answered. Whoever is not who they say hears the same whatever was wrong.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest, Request},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ring::hmac;
use sha2::{Digest, Sha256};
use takt_connections::{
    Connection, ConnectionId, Contacts, by_id, keys_of,
    messages::NewMessage,
    secrets::{self, Secret, WEBHOOK},
};
use takt_kernel::{Fault, Kind, Result};
use takt_store::Query;
use takt_web::Web;

use crate::{System, deed};

pub const LARGEST_BODY: usize = 4 * 1024 * 1024;
/// So long is waited for a message to be applied before it is answered; it goes on being applied. Some shops hang
/// up after five seconds.
const PATIENCE: Duration = Duration::from_secs(3);
const LONGEST_TOPIC: usize = 60;
const LONGEST_DELIVERY: usize = 100;

/// What a route for such messages is wrapped in.
pub fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LARGEST_BODY)
}

/// Serves `POST /hooks/{kind}/{connection}`.
pub async fn serve(web: Web, system: System, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let id = parts.uri.path().rsplit('/').next().and_then(|id| id.parse().ok());
    let headers = parts.headers.clone();
    let body = match Bytes::from_request(Request::from_parts(parts, body), &web).await {
        Ok(body) => body,
        Err(rejection) => return answer(rejection.status()),
    };
    match take(&web, system, id, &headers, body).await {
        Ok(status) => answer(status),
        Err(fault) => {
            tracing::error!(fault = ?fault, "a shop's message could not be stored");
            answer(if fault.kind() == Kind::Unavailable {
                StatusCode::SERVICE_UNAVAILABLE
            } else {
                StatusCode::INTERNAL_SERVER_ERROR
            })
        }
    }
}

fn answer(status: StatusCode) -> Response {
    let body = if status.is_success() { "{}".to_owned() } else { format!("{{\"error\":\"{status}\"}}") };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

async fn take(
    web: &Web,
    system: System,
    id: Option<ConnectionId>,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<StatusCode> {
    let known = match id {
        Some(id) => web.db.read("shops.connection", move |reader| find(reader, system, id)).await?,
        None => None,
    };
    let (connection, secrets) = match known {
        Some((connection, secrets)) => (Some(connection), secrets),
        None => (None, Vec::new()),
    };
    let signature = text(headers, system.signature);
    if let (Some(connection), None) = (&connection, &signature)
        && (system.ping)(&body)
    {
        note(web, connection, false, None).await;
        return Ok(StatusCode::OK);
    }
    let signed = is_signed(&secrets, signature.unwrap_or_default(), &body);
    let Some(connection) = connection else { return Ok(StatusCode::UNAUTHORIZED) };
    if !signed {
        note(web, &connection, false, Some("signature")).await;
        return Ok(StatusCode::UNAUTHORIZED);
    }
    let topic = text(headers, system.topic).unwrap_or_default();
    let known_letters = |letter: char| letter.is_ascii_alphanumeric() || "._-/".contains(letter);
    if topic.is_empty() || topic.len() > LONGEST_TOPIC || !topic.chars().all(known_letters) {
        note(web, &connection, true, Some("topic")).await;
        return Ok(StatusCode::BAD_REQUEST);
    }
    let named = text(headers, system.delivery).filter(|id| id.len() <= LONGEST_DELIVERY);
    // WooCommerce makes the id of a delivery of the webhook and the second: what else it tells in that second is no
    // repetition.
    let said = digest(topic, &body);
    let delivery = named.map_or_else(|| said.clone(), |id| format!("{id} {said}"));
    accept(web, connection, topic, &delivery, body).await
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim).filter(|text| !text.is_empty())
}

fn digest(topic: &str, body: &[u8]) -> String {
    let digest = Sha256::new().chain_update(topic).chain_update([0]).chain_update(body).finalize();
    format!("sha256:{}", STANDARD.encode(digest))
}

fn find(db: &mut dyn Query, system: System, id: ConnectionId) -> Result<Option<(Connection, Vec<Secret>)>> {
    let Some(connection) = by_id(db, id)?.filter(|found| found.kind == system.kind) else { return Ok(None) };
    let secrets = secrets::valid(db, connection.company, connection.id, WEBHOOK)?;
    Ok(Some((connection, secrets)))
}

/// Compared in constant time, with all secrets there are; without any the work is the same.
pub(crate) fn is_signed(secrets: &[Secret], signature: &str, body: &[u8]) -> bool {
    let tag = STANDARD.decode(signature).unwrap_or_default();
    let fits = |secret: &str| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        hmac::verify(&key, body, &tag).is_ok()
    };
    if secrets.is_empty() {
        fits("nobody");
        return false;
    }
    secrets.iter().fold(false, |found, secret| fits(secret.expose()) | found)
}

async fn accept(
    web: &Web,
    connection: Connection,
    topic: &str,
    delivery: &str,
    body: Bytes,
) -> Result<StatusCode> {
    let target = format!("POST /hooks/{}/{}?topic={topic}", connection.kind, connection.id);
    let (of, delivery) = (connection.clone(), delivery.to_owned());
    let stored = web
        .db
        .write("shops.store", move |tx| {
            let token = keys_of(tx, of.company, of.id)?
                .first()
                .map(|key| key.token)
                .ok_or_else(|| Fault::broken("shops.no_key"))?;
            let media = "application/json".to_owned();
            let new = NewMessage { token, target: target.clone(), media, body: body.to_vec() };
            deed::store(tx, &of, &new, &delivery)
        })
        .await?;
    if let Some(id) = stored
        && !connection.paused
    {
        let (db, of) = (web.db.clone(), connection.clone());
        let applying = tokio::spawn(async move { deed::apply_stored(&db, &of, id).await });
        // It is stored: whoever sent it is answered in time, whatever becomes of it.
        let _in_time = tokio::time::timeout(PATIENCE, applying).await;
    }
    note(web, &connection, true, None).await;
    Ok(StatusCode::OK)
}

async fn note(web: &Web, connection: &Connection, writes: bool, refusal: Option<&str>) {
    if let Err(fault) = Contacts::note(&web.db, connection, writes, refusal).await {
        tracing::warn!(fault = ?fault, "what was heard of a connection was not noted");
    }
}
