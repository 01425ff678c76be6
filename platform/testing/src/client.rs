//! A browser or a program in front of the router: no socket, cookies kept as a browser keeps them.

#![expect(clippy::panic, clippy::expect_used, reason = "what a test asks wrongly is the test's failure")]

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{Mutex, PoisonError},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use serde::{Serialize, de::DeserializeOwned};
use tower::ServiceExt;

pub struct Client {
    router: Router,
    headers: HeaderMap,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Client {
    pub fn new(router: Router) -> Self {
        Self { router, headers: HeaderMap::new(), cookies: Mutex::default() }
    }

    /// Sends this header with everything.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        self.headers.insert(name, HeaderValue::from_str(value).expect("a header's value"));
        self
    }

    pub fn with_token(self, token: &str) -> Self {
        self.with_header("authorization", &format!("Bearer {token}"))
    }

    pub fn with_cookie(self, name: &str, value: &str) -> Self {
        self.jar().insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar().get(name).cloned()
    }

    pub async fn get(&self, path: &str) -> TestResponse {
        self.ask(Method::GET, path).send().await
    }

    /// Fields may repeat.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> TestResponse {
        self.ask(Method::POST, path).form(fields).send().await
    }

    pub async fn post_json(&self, path: &str, body: &impl Serialize) -> TestResponse {
        self.ask(Method::POST, path).json(body).send().await
    }

    /// Any other request: `client.ask(Method::PATCH, path).header("if-match", "\"3\"").json(&body).send()`.
    pub fn ask(&self, method: Method, path: &str) -> Asking<'_> {
        Asking {
            client: self,
            method,
            path: path.to_owned(),
            headers: self.headers.clone(),
            body: Body::empty(),
        }
    }

    fn jar(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap_or_default();
            let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            if value.is_empty() || cookie.contains("Max-Age=0") {
                self.jar().remove(name);
            } else {
                self.jar().insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// A request being put together.
#[must_use = "nothing is sent before `send`"]
pub struct Asking<'c> {
    client: &'c Client,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Body,
}

impl Asking<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        self.headers.insert(name, HeaderValue::from_str(value).expect("a header's value"));
        self
    }

    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = serde_html_form::to_string(fields).expect("form fields");
        self.body("application/x-www-form-urlencoded", body)
    }

    pub fn json(self, body: &impl Serialize) -> Self {
        self.body("application/json", serde_json::to_vec(body).expect("JSON"))
    }

    /// One uploaded file and other fields, as a browser sends them.
    pub fn upload(self, field: &str, file: &str, content: &[u8], fields: &[(&str, &str)]) -> Self {
        const BOUNDARY: &str = "takt-test-boundary";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(content);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        self.body(&format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }

    pub fn body(mut self, media: &str, body: impl Into<Body>) -> Self {
        self.headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(media).expect("a media type"));
        self.body = body.into();
        self
    }

    pub async fn send(self) -> TestResponse {
        let (parts, body) = self.answered().await.into_parts();
        let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        TestResponse { status: parts.status, headers: parts.headers, body: bytes }
    }

    /// For an answer that goes on: an event stream.
    pub async fn open(self) -> TestStream {
        let (parts, body) = self.answered().await.into_parts();
        TestStream { status: parts.status, body }
    }

    async fn answered(mut self) -> axum::response::Response {
        let cookies: Vec<String> =
            self.client.jar().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            self.headers.insert(header::COOKIE, HeaderValue::from_str(&cookies.join("; ")).expect("cookies"));
        }
        let mut request = Request::new(self.body);
        *request.method_mut() = self.method;
        *request.uri_mut() = self.path.parse().unwrap_or_else(|_| panic!("not a path: {}", self.path));
        *request.headers_mut() = self.headers;
        request.headers_mut().entry(header::HOST).or_insert(HeaderValue::from_static("takt.test"));
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((Ipv4Addr::LOCALHOST, 9))));
        let response = match self.client.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        self.client.keep_cookies(response.headers());
        response
    }
}

/// An answer that comes bit by bit.
pub struct TestStream {
    pub status: StatusCode,
    body: Body,
}

impl TestStream {
    /// The next bit, or nothing when it is over.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            let frame = self.body.frame().await?.ok()?;
            if let Ok(bytes) = frame.into_data() {
                return Some(String::from_utf8_lossy(&bytes).into_owned());
            }
        }
    }

    /// All that comes until it is over.
    pub async fn to_the_end(mut self) -> String {
        let mut told = String::new();
        while let Some(bit) = self.next().await {
            told.push_str(&bit);
        }
        told
    }
}

#[derive(Debug)]
pub struct TestResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl TestResponse {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|problem| panic!("{problem} in {} {}", self.status, self.text()))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// This answer, if its status is the expected one; else a failure that shows the body.
    pub fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}
