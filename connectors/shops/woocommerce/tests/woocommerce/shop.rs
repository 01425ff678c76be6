//! A shop that answers over REST as WooCommerce does, on a port of its own.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Well,
    Down,
    Hung,
    Busy,
    Refusing,
}

pub struct Inside {
    pub orders: Vec<Value>,
    pub mood: Mood,
    /// Everything that was asked: method and path with query.
    pub asked: Vec<String>,
    /// Everything that was written.
    pub written: Vec<(String, Value)>,
    pub notes: Vec<String>,
    pub authorization: Option<String>,
    /// Products of which nothing is written, with the code of the error.
    pub refused: BTreeMap<i64, &'static str>,
}

#[derive(Clone)]
pub struct Shop {
    pub address: String,
    inside: Arc<Mutex<Inside>>,
}

impl Shop {
    pub async fn open() -> Self {
        let inside = Inside {
            orders: Vec::new(),
            mood: Mood::Well,
            asked: Vec::new(),
            written: Vec::new(),
            notes: Vec::new(),
            authorization: None,
            refused: BTreeMap::new(),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let shop = Self { address, inside: Arc::new(Mutex::new(inside)) };
        let router = Router::new()
            .route("/wp-json/wc/v3/orders", get(list))
            .route("/wp-json/wc/v3/orders/{id}", put(write))
            .route("/wp-json/wc/v3/orders/{id}/notes", get(notes).post(write))
            .route("/wp-json/wc/v3/products/batch", post(write))
            .route("/wp-json/wc/v3/products/{parent}/variations/batch", post(write))
            .with_state(shop.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        shop
    }

    pub fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Mood {
        let mut inside = self.inside();
        inside.asked.push(format!("{method} {uri}"));
        let authorization = headers.get("authorization").and_then(|value| value.to_str().ok());
        inside.authorization = authorization.map(str::to_owned);
        inside.mood
    }
}

async fn refuse(mood: Mood) -> Option<Response> {
    match mood {
        Mood::Well => None,
        Mood::Down => Some(StatusCode::BAD_GATEWAY.into_response()),
        Mood::Busy => Some((StatusCode::TOO_MANY_REQUESTS, [("retry-after", "1800")]).into_response()),
        Mood::Refusing => Some(StatusCode::BAD_REQUEST.into_response()),
        Mood::Hung => std::future::pending().await,
    }
}

/// As WooCommerce: what changed strictly after a moment, the oldest change first, page by page.
async fn list(
    State(shop): State<Shop>,
    Query(asked): Query<BTreeMap<String, String>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let mood = shop.note(&method, &uri, &headers);
    if let Some(refused) = refuse(mood).await {
        return refused;
    }
    let after = asked.get("modified_after").cloned().unwrap_or_default();
    let number = |name: &str| asked.get(name).and_then(|number| number.parse::<usize>().ok()).unwrap_or(1);
    let (page, size) = (number("page"), number("per_page").min(100));
    let mut orders = shop.inside().orders.clone();
    let modified = |order: &Value| order["date_modified_gmt"].as_str().unwrap_or_default().to_owned();
    orders.retain(|order| modified(order) > after);
    orders.sort_by_key(modified);
    let orders: Vec<Value> = orders.into_iter().skip((page - 1) * size).take(size).collect();
    Json(orders).into_response()
}

async fn notes(State(shop): State<Shop>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let mood = shop.note(&method, &uri, &headers);
    if let Some(refused) = refuse(mood).await {
        return refused;
    }
    let notes: Vec<Value> = shop.inside().notes.iter().map(|note| json!({ "note": note })).collect();
    Json(notes).into_response()
}

async fn write(
    State(shop): State<Shop>,
    Path(_): Path<BTreeMap<String, String>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mood = shop.note(&method, &uri, &headers);
    if let Some(refused) = refuse(mood).await {
        return refused;
    }
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    let mut inside = shop.inside();
    if let Some(note) = body["note"].as_str() {
        inside.notes.push(note.to_owned());
    }
    // A batch is answered product by product.
    let told: Vec<Value> = body["update"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| match one["id"].as_i64().and_then(|id| inside.refused.get(&id)) {
            Some(code) => json!({ "id": one["id"], "error": { "code": code, "data": { "status": 400 } } }),
            None => one.clone(),
        })
        .collect();
    inside.written.push((format!("{method} {}", uri.path()), body));
    Json(json!({ "update": told })).into_response()
}
