use std::net::SocketAddr;

use axum::Router;
use takt_kernel::{Fault, Result};
use tokio::net::TcpListener;

use crate::Web;

/// Answers until `stop` ends; then takes no new connections, ends the streams and lets running
/// requests finish.
///
/// # Errors
/// `web.not_listening` when the socket breaks.
pub async fn serve(
    listener: TcpListener,
    web: &Web,
    app: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let live = web.live.clone();
    let stopping = async move {
        stop.await;
        live.close();
    };
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(stopping)
        .await
        .map_err(|error| Fault::unavailable("web.not_listening").because(error))
}
