//! A door that is not open yet: the node listens while what it needs is away. Whoever asks is told so at
//! once instead of being kept waiting; `/healthz` says that the process lives, `/readyz` that it is not
//! ready.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
    routing::get,
};
use futures::future::join_all;
use http::{StatusCode, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use takt_kernel::Fault;
use takt_ui::Texts;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::Semaphore,
    time::{sleep, timeout},
};
use tower::ServiceExt;

use crate::{
    Entrance,
    extract::lang_of,
    failure::{USUAL_RETRY_SECONDS, is_api},
    probes,
    tls::Tls,
};

/// So many are told at the same time; whoever comes then is not heard.
const MOST_CONNECTIONS: usize = 256;
/// To ask, to be refused and to go.
const LONGEST_TALK: Duration = Duration::from_secs(10);
/// Out of files, or a network that is gone.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Answers everybody with `reason`, for as long as the future is polled.
pub async fn refuse_all(entrances: Vec<Entrance>, texts: Arc<Texts>, reason: Fault) {
    let reason = Arc::new(reason);
    let refuse = move |request: Request| {
        let (texts, reason) = (texts.clone(), reason.clone());
        async move { refusal(&request, &texts, &reason) }
    };
    let app = Router::new().route("/healthz", get(probes::healthz)).fallback(refuse);
    join_all(entrances.into_iter().map(|entrance| refuse_at(entrance, app.clone()))).await;
}

async fn refuse_at(entrance: Entrance, app: Router) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        match entrance.listener.accept().await {
            Ok((stream, _)) => {
                let Ok(place) = places.clone().try_acquire_owned() else { continue };
                let talk = timeout(LONGEST_TALK, refuse_one(stream, entrance.tls.clone(), app.clone()));
                tokio::spawn(async move {
                    let _place = place;
                    talk.await
                });
            }
            Err(error) => {
                tracing::warn!(%error, "those who ask while the node waits are not answered");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn refuse_one(stream: TcpStream, tls: Option<Tls>, app: Router) {
    let answered = match tls {
        None => answer(stream, app).await,
        Some(tls) => match tls.acceptor().accept(stream).await {
            Ok(stream) => answer(stream, app).await,
            Err(error) => {
                tracing::debug!(%error, "no TLS with this client");
                return;
            }
        },
    };
    if let Err(error) = answered {
        tracing::debug!(%error, "a connection ended");
    }
}

async fn answer(stream: impl AsyncRead + AsyncWrite + Unpin + 'static, app: Router) -> hyper::Result<()> {
    let service =
        service_fn(move |request: http::Request<Incoming>| app.clone().oneshot(request.map(Body::new)));
    // A connection that stays open would go on being refused when the real door has opened.
    http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), service).await
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
