use std::time::Duration;

use reqwest::{
    Method, Request, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};
use takt_kernel::{Fault, Result};

use crate::Secured;

/// A request to the outside.
#[derive(Clone, Debug)]
pub struct Call {
    pub(crate) method: Method,
    pub(crate) address: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Result<Vec<u8>, String>,
    pub(crate) basic: Option<Basic>,
    pub(crate) patience: Option<Duration>,
    pub(crate) wanted: usize,
}

/// Never printed.
#[derive(Clone)]
pub(crate) struct Basic {
    user: String,
    password: String,
}

impl std::fmt::Debug for Basic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl Call {
    pub fn get(address: impl Into<String>) -> Self {
        Self::new(Method::GET, address)
    }

    pub fn post(address: impl Into<String>) -> Self {
        Self::new(Method::POST, address)
    }

    pub fn new(method: Method, address: impl Into<String>) -> Self {
        Self {
            method,
            address: address.into(),
            headers: Vec::new(),
            body: Ok(Vec::new()),
            basic: None,
            patience: None,
            wanted: usize::MAX,
        }
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header(AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    pub fn basic(self, user: &str, password: &str) -> Self {
        Self { basic: Some(Basic { user: user.to_owned(), password: password.to_owned() }), ..self }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = serde_json::to_vec(body).map_err(|error| error.to_string());
        self.header(CONTENT_TYPE.as_str(), "application/json")
    }

    pub fn body(mut self, media: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Ok(body.into());
        self.header(CONTENT_TYPE.as_str(), media)
    }

    /// The whole of it, answer included, may take no longer.
    pub fn within(self, patience: Duration) -> Self {
        Self { patience: Some(patience), ..self }
    }

    /// Only so much of the answer is read; the rest of it is not waited for.
    pub fn first_bytes(self, wanted: usize) -> Self {
        Self { wanted, ..self }
    }

    pub(crate) fn wanted_bytes(&self) -> usize {
        self.wanted
    }

    pub(crate) fn host(&self) -> String {
        Url::parse(&self.address)
            .ok()
            .and_then(|url| url.host_str().map(ToOwned::to_owned))
            .unwrap_or_default()
    }

    pub(crate) fn into_request(self, client: &reqwest::Client) -> Result<Request> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let name: HeaderName = name.parse().map_err(bad_address)?;
            headers.append(name, HeaderValue::from_str(value).map_err(bad_address)?);
        }
        let body = self.body.map_err(bad_address)?;
        let mut request = client.request(self.method, &self.address).headers(headers).body(body);
        if let Some(basic) = self.basic {
            request = request.basic_auth(basic.user, Some(basic.password));
        }
        if let Some(patience) = self.patience {
            request = request.timeout(patience);
        }
        request.build().map_err(|error| bad_address(error.without_url()))
    }
}

fn bad_address(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::invalid("outbound.bad_address").because(error)
}

/// What the outside answered.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    pub(crate) secured: Option<Secured>,
}

impl Reply {
    /// That it came over TLS from a host whose certificate was verified; nothing of a plain answer.
    pub fn secured(&self) -> Option<&Secured> {
        self.secured.as_ref()
    }

    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// # Errors
    /// `outbound.senseless_reply` when the body is not of this shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| {
            Fault::unavailable("outbound.senseless_reply").arg("status", self.status).because(error)
        })
    }
}
