//! How a refusal becomes an answer: problem+json (RFC 9457) under `/api`, a page elsewhere, both in
//! the language of the request. The one place that knows status codes.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use maud::html;
use serde::Serialize;
use takt_kernel::{Fault, Kind};
use takt_ui::{Lang, Page, Theme, Tone, Width, Words, link_button, notice};

use crate::{
    RequestId, Web,
    access::request_id_of,
    extract::{lang_of, theme_of},
    frame::{self, Frame},
    preferences::encoded,
};

/// What a handler answers.
pub type Answer = Result<Response, Failure>;

/// The code of "sign in first": 401 for programs, the sign-in page for people.
pub const SIGN_IN_REQUIRED: &str = "web.sign_in_required";
/// Has the argument `seconds`: how long to wait.
pub const TOO_MANY_REQUESTS: &str = "web.too_many_requests";
/// One caller has more requests under way than its share.
pub(crate) const TOO_MANY_AT_ONCE: &str = "web.too_many_at_once";
pub(crate) const TOO_MANY_STREAMS: &str = "web.too_many_streams";
pub(crate) const OVERLOADED: &str = "web.overloaded";
pub(crate) const BODY_TOO_SLOW: &str = "web.body_too_slow";
/// Of those who try again without being told when.
pub(crate) const USUAL_RETRY_SECONDS: &str = "5";
pub(crate) const IF_MATCH_REQUIRED: &str = "web.if_match_required";
pub(crate) const METHOD_NOT_ALLOWED: &str = "web.method_not_allowed";
pub(crate) const TOO_LARGE: &str = "web.too_large";
pub(crate) const UNSUPPORTED_MEDIA: &str = "web.unsupported_media";

/// A fault on its way out.
#[derive(Debug)]
pub struct Failure(pub Fault);

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl IntoResponse for Failure {
    /// The fault travels with the response; [`render_failures`] writes the body once it knows who reads.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status_of(&self.0);
        response.extensions_mut().insert(Refused(Arc::new(self.0)));
        response
    }
}

#[derive(Clone)]
struct Refused(Arc<Fault>);

pub(crate) fn status_of(fault: &Fault) -> StatusCode {
    match fault.code() {
        SIGN_IN_REQUIRED => StatusCode::UNAUTHORIZED,
        TOO_MANY_REQUESTS | TOO_MANY_AT_ONCE => StatusCode::TOO_MANY_REQUESTS,
        BODY_TOO_SLOW => StatusCode::REQUEST_TIMEOUT,
        IF_MATCH_REQUIRED => StatusCode::PRECONDITION_REQUIRED,
        METHOD_NOT_ALLOWED => StatusCode::METHOD_NOT_ALLOWED,
        TOO_LARGE => StatusCode::PAYLOAD_TOO_LARGE,
        UNSUPPORTED_MEDIA => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        code if code.ends_with(".changed_meanwhile") => StatusCode::PRECONDITION_FAILED,
        _ => match fault.kind() {
            Kind::Missing => StatusCode::NOT_FOUND,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::Denied => StatusCode::FORBIDDEN,
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        },
    }
}

/// Writes the bodies of refusals.
pub(crate) async fn render_failures(State(web): State<Web>, request: Request, next: Next) -> Response {
    let reader = Reader::of(&request);
    let asked = (!reader.program).then(|| head_of(&request));
    let mut response = next.run(request).await;
    let Some(Refused(fault)) = response.extensions_mut().remove::<Refused>() else { return response };
    log(&fault, &reader);
    web.measures.refused(fault.kind());
    let mut rendered = match asked {
        None => reader.problem(&web, &fault),
        Some(asked) => {
            let frame = if reads_the_database(&fault) { frame::of(&web, asked).await } else { None };
            reader.page(&web, &fault, frame)
        }
    };
    let usual = (fault.kind() == Kind::Unavailable).then_some(USUAL_RETRY_SECONDS);
    if let Some(seconds) = argument(&fault, "seconds").or(usual)
        && let Ok(seconds) = HeaderValue::from_str(seconds)
    {
        rendered.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    // A connection that was told to end is told so in words, too.
    if let Some(connection) = response.headers_mut().remove(header::CONNECTION) {
        rendered.headers_mut().insert(header::CONNECTION, connection);
    }
    rendered
}

/// The request without its body, which a handler has taken.
fn head_of(request: &Request) -> Parts {
    let mut head = Request::new(());
    *head.method_mut() = request.method().clone();
    *head.uri_mut() = request.uri().clone();
    *head.headers_mut() = request.headers().clone();
    head.into_parts().0
}

/// When the database is what is broken, nobody asks it who reads. Nor for the way to sign in.
fn reads_the_database(fault: &Fault) -> bool {
    match fault.kind() {
        Kind::Missing | Kind::Conflict | Kind::Invalid | Kind::Denied => !fault.is(SIGN_IN_REQUIRED),
        Kind::Unavailable | Kind::Broken => false,
    }
}

fn log(fault: &Fault, reader: &Reader) {
    match fault.kind() {
        Kind::Broken => tracing::error!(request_id = %reader.request_id.0, ?fault, "broken"),
        Kind::Unavailable => tracing::warn!(request_id = %reader.request_id.0, ?fault, "unavailable"),
        // Codes only: the arguments may hold what a person typed.
        Kind::Missing | Kind::Conflict | Kind::Invalid | Kind::Denied => {
            tracing::debug!(request_id = %reader.request_id.0, code = fault.code(), "refused");
        }
    }
}

/// Who will read the refusal.
struct Reader {
    program: bool,
    lang: Lang,
    theme: Theme,
    request_id: RequestId,
    path: String,
    /// The page of ours on which a link or a button led here.
    came_from: Option<String>,
    safe: bool,
}

#[derive(Serialize)]
struct Problem<'a> {
    r#type: String,
    title: String,
    status: u16,
    detail: String,
    code: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemField<'a>>,
    request_id: &'a str,
}

#[derive(Serialize)]
struct ProblemField<'a> {
    field: &'a str,
    code: &'a str,
    detail: String,
}

impl Reader {
    fn of(request: &Request) -> Self {
        Self {
            program: is_api(request.uri().path()),
            lang: lang_of(request.headers()),
            theme: theme_of(request.headers()),
            request_id: request_id_of(request.extensions()),
            came_from: came_from(request),
            path: request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            safe: request.method().is_safe(),
        }
    }

    fn problem(&self, web: &Web, fault: &Fault) -> Response {
        let status = status_of(fault);
        let texts = &web.texts;
        let problem = Problem {
            r#type: format!("urn:takt:problem:{}", fault.code()),
            title: texts.say(self.lang, title_key(fault), &[]),
            status: status.as_u16(),
            detail: texts.fault(self.lang, fault),
            code: fault.code(),
            errors: fault
                .fields()
                .iter()
                .map(|field| ProblemField {
                    field: &field.path,
                    code: &field.code,
                    detail: texts.field_fault(self.lang, field),
                })
                .collect(),
            request_id: &self.request_id.0,
        };
        let mut headers = vec![(header::CONTENT_TYPE, "application/problem+json")];
        if status == StatusCode::UNAUTHORIZED {
            headers.push((header::WWW_AUTHENTICATE, "Bearer"));
        }
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        answer(status, &headers, Body::from(body))
    }

    fn page(&self, web: &Web, fault: &Fault, frame: Option<Frame>) -> Response {
        let status = status_of(fault);
        if fault.is(SIGN_IN_REQUIRED) && self.safe {
            return crate::see_other(&format!("/sign-in?back={}", encoded(&self.path)));
        }
        let alone = Words::new(web.texts.clone(), self.lang, jiff::tz::TimeZone::UTC);
        let words = frame.as_ref().map_or(&alone, |frame| &frame.words).clone();
        let body = html! {
            (notice(Tone::Bad, words.fault(fault)).body(html! {
                @if !fault.fields().is_empty() {
                    ul { @for field in fault.fields() { li { code { (field.path) } " " (words.field_fault(field)) } } }
                }
            }))
            div.row {
                @if let Some(back) = &self.came_from { (link_button(words.t("web-back"), back.as_str())) }
                (link_button(words.t("web-to-start"), "/"))
            }
            p.muted { small { (words.ta("web-request-id", &[("id", (&self.request_id.0).into())])) } }
        };
        let mut page = Page::new(&words, words.t(title_key(fault)), body);
        page.width = Width::Centre;
        page.theme = self.theme;
        page.path = if self.safe { self.path.clone() } else { "/".to_owned() };
        if let Some(frame) = frame {
            page.width = Width::Narrow;
            page.theme = frame.theme;
            page.density = frame.density;
            page.navigation = frame.navigation;
            page.organisations = frame.organisations;
            page.person = Some(frame.person);
        }
        let markup = maud::Render::render(&page).into_string();
        answer(status, &[(header::CONTENT_TYPE, "text/html; charset=utf-8")], Body::from(markup))
    }
}

/// By what the browser says; another site is no page of ours, and the page itself is no way back.
fn came_from(request: &Request) -> Option<String> {
    let text = |name: HeaderName| request.headers().get(name)?.to_str().ok();
    let (page, host) = (text(header::REFERER)?.parse::<http::Uri>().ok()?, text(header::HOST)?);
    let own = page.authority().is_some_and(|authority| authority.as_str() == host);
    let path = page.path_and_query().filter(|path| own && Some(*path) != request.uri().path_and_query());
    path.map(ToString::to_string).filter(|path| !path.starts_with("//"))
}

fn answer(status: StatusCode, headers: &[(HeaderName, &'static str)], body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn title_key(fault: &Fault) -> &'static str {
    if fault.is(SIGN_IN_REQUIRED) {
        return "web-title-sign-in";
    }
    match fault.kind() {
        Kind::Missing => "web-title-missing",
        Kind::Conflict => "web-title-conflict",
        Kind::Invalid => "web-title-invalid",
        Kind::Denied => "web-title-denied",
        Kind::Unavailable => "web-title-unavailable",
        Kind::Broken => "web-title-broken",
    }
}

fn argument<'f>(fault: &'f Fault, name: &str) -> Option<&'f str> {
    fault.args().iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
}

pub(crate) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}
