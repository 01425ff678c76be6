//! A door that is not open yet: the node listens while what it needs is away. Whoever asks is told so at
//! once instead of being kept waiting; `/healthz` says that the process lives, `/readyz` that it is not
//! ready.

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header};
use takt_kernel::Fault;
use takt_ui::Texts;
use tokio::net::TcpListener;

use crate::{
    extract::lang_of,
    failure::{USUAL_RETRY_SECONDS, is_api},
    probes,
};

/// Answers everybody with `reason`, for as long as the future is polled.
pub async fn refuse_all(listener: TcpListener, texts: Arc<Texts>, reason: Fault) {
    let reason = Arc::new(reason);
    let refuse = move |request: Request| {
        let (texts, reason) = (texts.clone(), reason.clone());
        async move { refusal(&request, &texts, &reason) }
    };
    // A connection that stays open would go on being refused when the real door has opened.
    let app = Router::new().route("/healthz", get(probes::healthz)).fallback(refuse);
    if let Err(error) = axum::serve(listener, app).await {
        tracing::warn!(%error, "those who ask while the node waits are not answered");
    }
}

fn refusal(request: &Request, texts: &Texts, reason: &Fault) -> Response {
    let detail = texts.fault(lang_of(request.headers()), reason);
    let (media, body) = if is_api(request.uri().path()) {
        let problem = serde_json::json!({
            "type": format!("urn:takt:problem:{}", reason.code()),
            "status": StatusCode::SERVICE_UNAVAILABLE.as_u16(),
            "detail": detail,
            "code": reason.code(),
        });
        ("application/problem+json", problem.to_string())
    } else {
        ("text/plain; charset=utf-8", detail + "\n")
    };
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::RETRY_AFTER, USUAL_RETRY_SECONDS),
        (header::CONNECTION, "close"),
    ];
    (StatusCode::SERVICE_UNAVAILABLE, headers, body).into_response()
}
