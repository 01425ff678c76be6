//! All layers around all routes, from the outside in.

use std::any::Any;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use takt_kernel::Fault;
use takt_ui::asset_routes;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate as _},
    },
};

use crate::{Failure, Web, access, docs, failure, guard, live, preferences, probes, samples, shed};

/// Workbooks are packed already; compressed again they would only lose their length.
const UNPACKED: NotForContentType = NotForContentType::const_new("application/vnd.openxmlformats");

/// Uploads set their own limit on their route (`DefaultBodyLimit::max`).
pub(crate) const LARGEST_BODY: usize = 1024 * 1024;

/// The whole program as a service: the features' routes and those of this crate, behind all layers.
pub fn app(web: Web, features: Router<Web>) -> Router {
    let (secure, only_https) = (web.secure, web.only_https);
    Router::new()
        .route("/healthz", get(probes::healthz))
        .route("/readyz", get(probes::readyz))
        .route("/live", get(live::stream))
        .route("/preferences", axum::routing::post(preferences::save))
        .route("/api/openapi.json", get(docs::document))
        .route("/api/docs", get(docs::page))
        .route("/_samples", get(samples::all))
        .route("/_samples/{*name}", get(samples::one))
        .merge(asset_routes())
        .merge(features)
        .fallback(no_such_page)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(web.clone(), in_time))
        .layer(from_fn_with_state(web.clone(), shed::shed))
        .layer(guard::csrf())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(web.clone(), failure::render_failures))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(UNPACKED)))
        .layer(from_fn(move |request, next| guard::headers(secure, only_https, request, next)))
        .layer(from_fn_with_state(web.clone(), access::log_access))
        .with_state(web)
}

async fn no_such_page() -> Failure {
    Failure(Fault::missing("web.no_such_page"))
}

async fn method_not_allowed() -> Failure {
    Failure(Fault::invalid(failure::METHOD_NOT_ALLOWED))
}

/// Streams answer at once, so only their beginning is timed.
async fn in_time(State(web): State<Web>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(web.gate.limits().request, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure(Fault::unavailable("web.timed_out")).into_response(),
    }
}

fn panicked(payload: Box<dyn Any + Send + 'static>) -> Response {
    let told = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Failure(Fault::broken("web.panicked").because(told)).into_response()
}
