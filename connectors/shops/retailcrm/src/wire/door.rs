//! The way of a request: whose key it is, whether it may be asked now, stored before it is read, applied,
//! answered in the protocol's own words.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, Uri, header, request::Parts};
use serde_json::Value;
use takt_connections::{Connection, Contacts, by_token, messages};
use takt_kernel::{Fault, Kind, Result as Kept, failpoint};
use takt_orders::OrderId;
use takt_staff::{ApiCaller, companies, shops};
use takt_store::{Query, Tx};
use takt_ui::Words;
use takt_web::{RateClass, Web};

use super::{
    endpoint::{Answer, Call, Deed, Done, Endpoint, Site, Write},
    fields::{self, Fields},
    refusal::Refusal,
};
use crate::{KIND, endpoints, settings::Settings, shown};

/// Reads of one key. A module's writes are never limited: it would not send them again.
const RATE: RateClass = RateClass { name: "retailcrm.reads", burst: 100, per_minute: 600 };
pub(crate) const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// Serves one method of the protocol.
pub(crate) async fn serve(web: Web, endpoint: Endpoint, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = Request::from_parts(parts.clone(), body);
    let outcome = match Bytes::from_request(body, &web).await {
        Ok(bytes) => answer(&web, endpoint, &parts.method, &parts.uri, &parts.headers, bytes).await,
        Err(rejection) => {
            let refusal = Refusal::new(rejection.status(), "Request is too large or was cut off");
            note_unheard(&web, &parts, &refusal).await;
            Err(refusal)
        }
    };
    match outcome {
        Ok(answer) => response(answer.status, &answer.json(|| words(&web))),
        Err(refusal) => refused(&web, refusal),
    }
}

/// What cannot even be stored is seen on the connection all the same, if its key stands outside the body.
async fn note_unheard(web: &Web, parts: &Parts, refusal: &Refusal) {
    let fields = Fields::read(parts.uri.query().unwrap_or_default(), "", &[]);
    let Some(key) = key_of(&parts.headers, &fields) else { return };
    let Ok((_, connection, _)) = who(web, &key).await else { return };
    let told = format!("{} {}: {}", parts.method, parts.uri.path(), refusal.message);
    if let Err(fault) = Contacts::note(&web.db, &connection, true, Some(&told)).await {
        tracing::warn!(fault = ?fault, "what was heard of a connection was not noted");
    }
}

/// Anything below the version that is no method of the protocol.
pub(crate) async fn no_such_method_here() -> Response {
    let refusal = Refusal::no_such_method();
    response(refusal.status, &refusal.body())
}

pub(crate) async fn method_not_allowed_here() -> Response {
    let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    response(refusal.status, &refusal.body())
}

fn response(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
    }
    response.into_response()
}

/// Faults that are about fields are said field by field.
fn refused(web: &Web, mut refusal: Refusal) -> Response {
    if let Some(fault) = &refusal.fault {
        if matches!(fault.kind(), Kind::Broken | Kind::Unavailable) {
            tracing::error!(fault = ?fault, "a shop's request could not be answered");
        }
        refusal.say(&words(web));
    }
    response(refusal.status, &refusal.body())
}

fn words(web: &Web) -> Words {
    Words::new(web.texts.clone(), takt_ui::Lang::default(), jiff::tz::TimeZone::UTC)
}

async fn answer(
    web: &Web,
    endpoint: Endpoint,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    let query = uri.query().unwrap_or_default();
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // A body that cannot be read still has to be stored, under the key that stands in what can be read of it.
    let fields = Fields::read(query, media, if method == Method::GET { &[] } else { &body });
    let key = key_of(headers, &fields).ok_or_else(|| Refusal::forbidden("\"apiKey\" is missing."))?;
    let (caller, connection, site) = who(web, &key).await?;
    let asked = Asked { method, uri, media, key: &key };
    let outcome = match endpoint.deed {
        Deed::Read(_) => match web.limiter.take(&RATE, &connection.id.to_string()) {
            Ok(()) => {
                let path = fields::segments(uri);
                let connection = connection.clone();
                let came_at = web.db.clock().now();
                serve_read(
                    web,
                    endpoint,
                    Call { caller, connection, site, fields, came_at, waited: false, path },
                )
                .await
            }
            Err(_) => Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "Rate limit exceeded")),
        },
        Deed::Write(write) => {
            serve_write(web, endpoint, write, (caller, connection.clone(), site), fields, &asked, &body).await
        }
    };
    // Modules ask for what may not be there, and for nothing else than to know.
    let told = outcome.as_ref().err().filter(|refusal| refusal.status != StatusCode::NOT_FOUND);
    let refusal = told.map(|refusal| format!("{} {}: {}", method, uri.path(), refusal.message));
    let writes = matches!(endpoint.deed, Deed::Write(_));
    // Whoever asked is answered, whether or not it could be noted.
    if let Err(fault) = Contacts::note(&web.db, &connection, writes, refusal.as_deref()).await {
        tracing::warn!(fault = ?fault, "what was heard of a connection was not noted");
    }
    outcome
}

struct Asked<'a> {
    method: &'a Method,
    uri: &'a Uri,
    media: &'a str,
    key: &'a str,
}

fn key_of(headers: &HeaderMap, fields: &Fields) -> Option<String> {
    let header = headers.get("x-api-key").and_then(|value| value.to_str().ok());
    let filled = |key: &&str| !key.trim().is_empty();
    header.filter(filled).or_else(|| fields.get("apiKey").filter(filled)).map(|key| key.trim().to_owned())
}

async fn who(web: &Web, key: &str) -> Result<(ApiCaller, Connection, Site), Refusal> {
    let wrong = || Refusal::forbidden("Wrong \"apiKey\" value.");
    let caller = ApiCaller::of_secret(web, key.to_owned()).await?.ok_or_else(wrong)?;
    let token = caller.token;
    let known = web
        .db
        .read("retailcrm.connection", move |reader| {
            let Some(connection) = by_token(reader, token)? else { return Ok(None) };
            let site = site_of(reader, &connection)?;
            Ok(Some((connection, site)))
        })
        .await?;
    match known {
        Some((connection, site)) if connection.kind == KIND => Ok((caller, connection, site)),
        _ => Err(wrong()),
    }
}

/// The shop as the protocol names it.
pub(crate) fn site_of(db: &mut dyn Query, connection: &Connection) -> Kept<Site> {
    let shop = shops::get(db, connection.company, connection.shop)?;
    let company = companies::get(db, connection.company)?;
    let code =
        Settings::of(connection).site_code.unwrap_or_else(|| shown::code_of(&shop.name, shop.id.get()));
    Ok(Site { code, name: shop.name, currency: shop.currency, zone: company.zone })
}

async fn serve_read(web: &Web, endpoint: Endpoint, call: Call) -> Result<Answer, Refusal> {
    let Deed::Read(read) = endpoint.deed else { return Err(Refusal::no_such_method()) };
    let (answer, call, news) = web
        .db
        .read("retailcrm.read", move |reader| {
            let answer = read(reader, &call);
            let news = match &answer {
                Ok(answer) => shown::news(reader, &call, &answer.shown)?,
                Err(_) => Vec::new(),
            };
            Ok((answer, call, news))
        })
        .await?;
    if !news.is_empty() {
        note_shown(web, call, news).await;
    }
    answer
}

/// That the shop now knows these orders as they stand. Were it forgotten, a later message of the shop would
/// only be taken for an older one than it is.
async fn note_shown(web: &Web, call: Call, news: Vec<(OrderId, i64)>) {
    let noted = web.db.write("retailcrm.shown", move |tx| shown::note(tx, &call, &news)).await;
    if let Err(fault) = noted {
        tracing::warn!(fault = ?fault, "what a shop was shown was not noted");
    }
}

async fn serve_write(
    web: &Web,
    endpoint: Endpoint,
    write: Write,
    (caller, connection, site): (ApiCaller, Connection, Site),
    read: Fields,
    asked: &Asked<'_>,
    body: &[u8],
) -> Result<Answer, Refusal> {
    let message = messages::NewMessage {
        token: caller.token,
        target: asked.target(),
        media: asked.media.to_owned(),
        body: without_key(body, asked.key),
    };
    let stored_for = connection.clone();
    let came_at = web.db.clock().now();
    let id = web.db.write("retailcrm.store", move |tx| messages::receive(tx, &stored_for, &message)).await?;
    failpoint::reach("retailcrm.message.stored");
    if connection.paused {
        return Ok(accepted());
    }
    let fields = match read.whole() {
        Ok(fields) => fields,
        Err(fault) => {
            let refusal = Refusal::unreadable("request", "The body cannot be read");
            keep(web, &connection, id, None, fault, true).await;
            return Err(refusal);
        }
    };
    let path = fields::segments(asked.uri);
    let call = Call { caller, connection: connection.clone(), site, fields, came_at, waited: false, path };
    let refused: Arc<Mutex<Option<Refusal>>> = Arc::default();
    let refusing = refused.clone();
    let rivals = (endpoint.rivals)(&call);
    let done = web
        .db
        .write_in_turn("retailcrm.write", rivals, move |tx| {
            let done = apply(tx, write, &call, &refusing)?;
            if let Some(problem) = &done.keep {
                let fault = Fault::invalid("retailcrm.partly").arg("fields", problem);
                messages::refused(tx, &call.connection, id, done.about.as_deref(), &fault, true)?;
            } else {
                messages::applied(tx, &call.connection, id, done.about.as_deref(), &done.notes)?;
            }
            Ok(done)
        })
        .await;
    failpoint::reach("retailcrm.message.applied");
    let taken = refused.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (done, taken) {
        (Ok(done), _) => Ok(done.answer),
        (Err(_), Some(refusal)) => {
            let kept = refusal.keep;
            let (fault, refusal) = split(refusal);
            keep(web, &connection, id, None, fault, kept).await;
            Err(refusal)
        }
        // It is stored, and will be applied: a module would never send it again.
        (Err(fault), None) if fault.kind() == Kind::Unavailable => {
            tracing::warn!(fault = ?fault, message = %id, "a stored message waits");
            Ok(accepted())
        }
        (Err(fault), None) => {
            let refusal = Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error");
            tracing::error!(fault = ?fault, message = %id, "a message broke");
            keep(web, &connection, id, None, fault, true).await;
            Err(refusal)
        }
    }
}

/// Runs the deed. A refusal undoes everything and is handed over beside the fault.
fn apply(tx: &mut Tx<'_>, write: Write, call: &Call, refused: &Mutex<Option<Refusal>>) -> Kept<Done> {
    let refusal = match write(tx, call) {
        Ok(done) => return Ok(done),
        Err(refusal) => refusal,
    };
    match refusal.fault {
        Some(fault) if fault.is_retryable() || matches!(fault.kind(), Kind::Unavailable | Kind::Broken) => {
            Err(fault)
        }
        _ => {
            *refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(refusal);
            Err(Fault::invalid("retailcrm.refused"))
        }
    }
}

/// The fault to be kept, and the refusal to be answered, which says the same.
fn split(refusal: Refusal) -> (Fault, Refusal) {
    let copy = Refusal {
        status: refusal.status,
        message: refusal.message.clone(),
        errors: refusal.errors.clone(),
        fault: refusal.fault.as_ref().map(copied),
        keep: refusal.keep,
    };
    (refusal.into_fault(), copy)
}

fn copied(fault: &Fault) -> Fault {
    let copy = Fault::new(fault.kind(), fault.code().to_owned()).with_fields(fault.fields().to_vec());
    fault.args().iter().fold(copy, |copy, (name, value)| copy.arg(name.clone(), value))
}

fn accepted() -> Answer {
    Answer::created()
}

async fn keep(
    web: &Web,
    connection: &Connection,
    id: messages::MessageId,
    about: Option<String>,
    fault: Fault,
    kept: bool,
) {
    let connection = connection.clone();
    let noted = web
        .db
        .write("retailcrm.refuse", move |tx| {
            messages::refused(tx, &connection, id, about.as_deref(), &fault, kept)
        })
        .await;
    if let Err(fault) = noted {
        // It stays as it was received and is tried again within the minute.
        tracing::error!(fault = ?fault, message = %id, "a refusal was not noted");
    }
}

impl Asked<'_> {
    /// Method, path and query, without the key.
    fn target(&self) -> String {
        let query: Vec<&str> = self
            .uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("apiKey="))
            .collect();
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        format!("{} {}{query}", self.method, self.uri.path())
    }
}

/// As it came, but for the key, which is no business of whoever looks at it.
fn without_key(body: &[u8], key: &str) -> Vec<u8> {
    let mut body = body.to_vec();
    let key = key.as_bytes();
    let mut from = 0;
    while let Some(found) =
        body.get(from..).and_then(|rest| rest.windows(key.len()).position(|part| part == key))
    {
        for byte in body.iter_mut().skip(from + found).take(key.len()) {
            *byte = b'*';
        }
        from += found + key.len();
    }
    body
}

/// Whether nobody has dealt with it yet, rather than that a person wants it applied.
fn is_left(message: &messages::Message) -> bool {
    message.state == messages::State::Received
}

/// Applies a stored message.
///
/// # Errors
/// What the deed refuses.
pub(crate) fn again(
    tx: &mut Tx<'_>,
    connection: &Connection,
    message: &messages::Message,
) -> Kept<Vec<String>> {
    let target = message.target.split_once(' ').map_or("", |(_, target)| target);
    let uri: Uri =
        target.parse().map_err(|error| Fault::broken("retailcrm.target_unreadable").because(error))?;
    let endpoint = endpoints::find(uri.path()).ok_or_else(|| Fault::broken("retailcrm.target_unreadable"))?;
    let Deed::Write(write) = endpoint.deed else { return Err(Fault::broken("retailcrm.target_unreadable")) };
    let caller = ApiCaller::of_token(tx, connection.company, message.token)?;
    let call = Call {
        caller,
        connection: connection.clone(),
        site: site_of(tx, connection)?,
        fields: Fields::read(uri.query().unwrap_or_default(), &message.media, &message.body).whole()?,
        came_at: message.received_at,
        // Who presses "apply again" has decided: nothing that was said since is held against it.
        waited: is_left(message),
        path: fields::segments(&uri),
    };
    let done = match write(tx, &call) {
        Ok(done) => done,
        // It was never answered: whoever sent it would have been told so, and nothing is lost by it.
        Err(refusal) if is_left(message) && !refusal.keep && refusal.fault.is_none() => {
            return Ok(vec![refusal.message]);
        }
        Err(refusal) => return Err(refusal.into_fault()),
    };
    match done.keep {
        Some(problem) => Err(Fault::invalid("retailcrm.partly").arg("fields", problem)),
        None => Ok(done.notes),
    }
}
