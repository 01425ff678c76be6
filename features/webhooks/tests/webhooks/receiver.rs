//! A program of a company: takes webhooks, checks them with the published library, answers as it is told.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::post,
};
use http::{HeaderMap, StatusCode};
use serde_json::Value;

/// What came.
#[derive(Clone, Debug)]
pub struct Came {
    pub headers: HeaderMap,
    pub body: String,
}

impl Came {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().expect("a type").to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().expect("a text")
    }

    /// `7:orders.placed`
    pub fn told(&self) -> String {
        let json = self.json();
        format!("{}:{}", json["data"]["subject"]["id"], self.kind())
    }
}

/// How it answers.
#[derive(Clone, Debug)]
pub enum Says {
    Status(u16),
    /// With a header `Retry-After`.
    Later(u16, &'static str),
    Text(u16, String),
    Nothing,
}

#[derive(Default)]
struct Inside {
    came: Vec<Came>,
    /// The next answers; afterwards `usual`.
    next: VecDeque<Says>,
    usual: Option<Says>,
    /// Orders that it cannot take.
    refused: Vec<i64>,
}

#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    inside: Arc<Mutex<Inside>>,
}

impl Receiver {
    pub async fn open() -> Self {
        let inside: Arc<Mutex<Inside>> = Arc::default();
        let app = Router::new().route("/hook", post(take)).with_state(inside.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url: format!("http://{address}/hook"), inside }
    }

    pub fn came(&self) -> Vec<Came> {
        self.lock().came.clone()
    }

    /// What came since it was asked last.
    pub fn take(&self) -> Vec<Came> {
        std::mem::take(&mut self.lock().came)
    }

    pub fn told(&self) -> Vec<String> {
        self.take().iter().map(Came::told).collect()
    }

    pub fn says_next(&self, says: &[Says]) {
        self.lock().next.extend(says.iter().cloned());
    }

    pub fn always_says(&self, says: Says) {
        self.lock().usual = Some(says);
    }

    pub fn refuses(&self, orders: &[i64]) {
        self.lock().refused = orders.to_vec();
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn take(State(inside): State<Arc<Mutex<Inside>>>, headers: HeaderMap, body: String) -> Response {
    let came = Came { headers, body };
    let says = {
        let mut inside = inside.lock().unwrap_or_else(PoisonError::into_inner);
        let subject = came.json()["data"]["subject"]["id"].as_i64().unwrap_or_default();
        let refused = inside.refused.contains(&subject);
        inside.came.push(came);
        if refused {
            Says::Status(500)
        } else {
            let next = inside.next.pop_front();
            next.or_else(|| inside.usual.clone()).unwrap_or(Says::Status(204))
        }
    };
    let status = |status| StatusCode::from_u16(status).expect("a status");
    match says {
        Says::Status(code) => status(code).into_response(),
        Says::Later(code, seconds) => (status(code), [("retry-after", seconds)]).into_response(),
        Says::Text(code, text) => (status(code), text).into_response(),
        Says::Nothing => std::future::pending().await,
    }
}
