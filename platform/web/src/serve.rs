//! From a socket to the router: how many connections, how slow they may be, how they end.

use std::{
    collections::HashMap,
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo, response::Response};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use takt_kernel::{Fault, Result};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};
use tower::ServiceExt;

use crate::{
    Limits, Web,
    patience::{Busy, Patient},
    shed::{Crowded, Reason},
};

/// A head that is longer is refused.
const LONGEST_HEAD: usize = 64 * 1024;
/// For those who are only told that the node is full.
const HEAD_OF_THE_CROWDED: Duration = Duration::from_secs(2);
/// Out of files, or a network that is gone: asking again at once would only burn the processor.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Answers until `stop` ends; then takes no new connections, ends the streams and lets running
/// requests finish, but not for ever.
///
/// # Errors
/// `web.not_listening` when the socket was broken from the beginning.
pub async fn serve(
    listener: TcpListener,
    web: &Web,
    app: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    listener.local_addr().map_err(|error| Fault::unavailable("web.not_listening").because(error))?;
    let limits = *web.gate.limits();
    let seats = Arc::new(Seats { limits, taken: Mutex::default() });
    let (ending, ended) = watch::channel(false);
    tokio::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let Some(seat) = seats.take(peer.ip(), web.proxies > 0) else {
            web.measures.shed(Reason::Connections);
            continue;
        };
        let (web, app, ended) = (web.clone(), app.clone(), ended.clone());
        tokio::spawn(async move { one(stream, peer, seat, &web, app, ended).await });
    }
    drop((listener, ended));
    web.live.close();
    ending.send_replace(true);
    if timeout(limits.farewell, ending.closed()).await.is_err() {
        tracing::warn!("requests that took too long are cut off");
    }
    Ok(())
}

/// One connection, to its end.
async fn one(
    stream: TcpStream,
    peer: SocketAddr,
    seat: Seat,
    web: &Web,
    app: Router,
    mut ended: watch::Receiver<bool>,
) {
    let limits = web.gate.limits();
    let _counted = web.measures.connection();
    // Answers are written whole; waiting for more to send with them only costs time.
    stream.set_nodelay(true).ok();
    let (head, idle) =
        if seat.crowded { (HEAD_OF_THE_CROWDED, HEAD_OF_THE_CROWDED) } else { (limits.head, limits.idle) };
    let busy = Busy::default();
    let stream = Patient::new(stream, head, limits.answer_pause, busy.clone(), web.measures.slow_clients());
    let crowded = seat.crowded;
    let service = service_fn(move |request: Request<Incoming>| {
        busy.set(true);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        if crowded {
            request.extensions_mut().insert(Crowded);
        }
        let (app, busy) = (app.clone(), busy.clone());
        async move {
            let response: std::result::Result<Response, Infallible> = app.oneshot(request).await;
            busy.set(false);
            response
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(idle)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let closed = tokio::select! {
        closed = connection.as_mut() => Some(closed),
        () = told(&mut ended) => None,
    };
    let closed = match closed {
        Some(closed) => closed,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = closed {
        tracing::debug!(%error, "a connection ended");
    }
}

async fn told(ended: &mut watch::Receiver<bool>) {
    // Nobody left to tell is an end, too.
    let _ = ended.wait_for(|ended| *ended).await;
}

/// Who sits where: so many connections in all, no more than half of them from one address, and a few
/// more that are told to come back.
struct Seats {
    limits: Limits,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_peer: HashMap<IpAddr, usize>,
}

struct Seat {
    seats: Arc<Seats>,
    peer: IpAddr,
    crowded: bool,
}

impl Seats {
    /// Behind a proxy all connections come from one address.
    fn take(self: &Arc<Self>, peer: IpAddr, behind_proxies: bool) -> Option<Seat> {
        let mut taken = self.taken();
        let own = taken.by_peer.get(&peer).copied().unwrap_or(0);
        let full = taken.all >= self.limits.connections;
        let too_many = !behind_proxies && own >= self.limits.connections.div_ceil(2);
        if taken.all >= self.limits.connections + self.limits.reserve {
            return None;
        }
        taken.all += 1;
        *taken.by_peer.entry(peer).or_insert(0) += 1;
        Some(Seat { seats: self.clone(), peer, crowded: full || too_many })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        taken.all -= 1;
        if let Some(own) = taken.by_peer.get_mut(&self.peer) {
            *own -= 1;
            if *own == 0 {
                taken.by_peer.remove(&self.peer);
            }
        }
    }
}
