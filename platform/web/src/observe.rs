//! `/metrics` and the probes on an address of their own: not for the public, and answered when the
//! public address is full. What only the database knows is asked at most every few seconds, and not
//! waited for when it is slow: the rest is told all the same.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::get,
};
use http::header;
use takt_metrics::Gauge;
use tokio::{
    net::TcpListener,
    time::{Instant, timeout},
};

use crate::{Web, failure, probes};

/// Two Prometheus servers and a curious person cost no more than one.
const SAMPLE_EVERY: Duration = Duration::from_secs(3);
const LONGEST_SAMPLE: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Observed {
    web: Web,
    sampled_at: Arc<Mutex<Option<Instant>>>,
    answers: Gauge,
}

/// Answers on the address for observers until `stop` ends.
///
/// # Errors
/// As [`crate::serve`].
pub async fn observe(
    listener: TcpListener,
    web: &Web,
    stop: impl Future<Output = ()> + Send + 'static,
) -> takt_kernel::Result<()> {
    axum::serve(listener, observed(web).into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(stop)
        .await
        .map_err(|error| takt_kernel::Fault::unavailable("web.not_listening").because(error))
}

/// The routes for observers.
pub fn observed(web: &Web) -> Router {
    let answers = web
        .db
        .metrics()
        .gauge("takt_database_answers", "Whether the database answered when it was last asked");
    let observed = Observed { web: web.clone(), sampled_at: Arc::default(), answers };
    Router::new()
        .route("/metrics", get(metrics))
        .with_state(observed)
        .merge(
            Router::new()
                .route("/healthz", get(probes::healthz))
                .route("/readyz", get(probes::readyz))
                .with_state(web.clone()),
        )
        .layer(from_fn_with_state(web.clone(), failure::render_failures))
}

async fn metrics(State(observed): State<Observed>) -> Response {
    observed.sample().await;
    let text = observed.web.db.metrics().text();
    ([(header::CONTENT_TYPE, takt_metrics::MEDIA)], text).into_response()
}

impl Observed {
    async fn sample(&self) {
        if !self.is_time() {
            return;
        }
        let sampled = timeout(LONGEST_SAMPLE, self.web.db.sample()).await;
        self.answers.set(i64::from(matches!(sampled, Ok(Ok(())))));
        if let Ok(Err(fault)) = sampled {
            tracing::warn!(?fault, "the database was not asked for its numbers");
        }
    }

    fn is_time(&self) -> bool {
        let mut sampled_at = self.sampled_at.lock().unwrap_or_else(PoisonError::into_inner);
        if sampled_at.is_some_and(|at| at.elapsed() < SAMPLE_EVERY) {
            return false;
        }
        *sampled_at = Some(Instant::now());
        true
    }
}
