//! From a socket to the router: how many connections, how slow they may be, how they end.

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, response::Response};
use futures::future::join_all;
use http::{Request, Uri};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use takt_kernel::{Fault, Result};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::watch,
    time::{sleep, timeout},
};
use tokio_rustls::server::TlsStream;
use tower::ServiceExt;

use crate::{
    Entrance, Web, app,
    patience::{Busy, Patient},
    seats::{Seat, Seats},
    shed::{Crowded, Reason},
    tls::{PeerCertificate, Tls},
};

/// A head that is longer is refused.
const LONGEST_HEAD: usize = 64 * 1024;
/// For those who are only told that the node is full.
const TIME_OF_THE_CROWDED: Duration = Duration::from_secs(2);
/// Out of files, or a network that is gone: asking again at once would only burn the processor.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// What is asked for at a door that is not for it is looked for where nothing is.
const NOWHERE: &str = "/not-at-this-door";

/// Answers at all entrances until `stop` ends; then takes no new connections, ends the streams and lets
/// running requests finish, but not for ever. The limits are those of the node, not of one entrance.
///
/// # Errors
/// `web.not_listening` when a socket was broken from the beginning.
pub async fn serve(
    entrances: Vec<Entrance>,
    web: &Web,
    features: Router<Web>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    for entrance in &entrances {
        entrance.address().map_err(|error| Fault::unavailable("web.not_listening").because(error))?;
    }
    let limits = *web.gate.limits();
    let seats = Seats::new(limits);
    let (ending, ended) = watch::channel(false);
    let hosts = entrances.into_iter().map(|entrance| {
        let web = if entrance.speaks_tls() { web.over_tls() } else { web.clone() };
        let app = app(web.clone(), features.clone());
        Host { web, app, seats: seats.clone(), ended: ended.clone(), only: entrance.only }.receive(entrance)
    });
    let hosts = join_all(hosts);
    drop(ended);
    tokio::select! {
        _ = hosts => {}
        () = stop => {}
    }
    web.live.close();
    ending.send_replace(true);
    if timeout(limits.farewell, ending.closed()).await.is_err() {
        tracing::warn!("requests that took too long are cut off");
    }
    Ok(())
}

/// Who receives at an entrance.
#[derive(Clone)]
struct Host {
    web: Web,
    app: Router,
    seats: Arc<Seats>,
    ended: watch::Receiver<bool>,
    only: Option<&'static str>,
}

impl Host {
    /// Never ends by itself.
    async fn receive(self, entrance: Entrance) {
        loop {
            let (stream, peer) = match entrance.listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            let Some(seat) = self.seats.take(peer.ip(), self.web.proxies > 0) else {
                self.web.measures.shed(Reason::Connections);
                continue;
            };
            tokio::spawn(self.clone().one(stream, peer, seat, entrance.tls.clone()));
        }
    }

    /// One connection, to its end.
    async fn one(mut self, stream: TcpStream, peer: SocketAddr, seat: Seat, tls: Option<Tls>) {
        let limits = *self.web.gate.limits();
        let _counted = self.web.measures.connection();
        // Answers are written whole; waiting for more to send with them only costs time.
        stream.set_nodelay(true).ok();
        let shorter = |limit: Duration| if seat.crowded { limit.min(TIME_OF_THE_CROWDED) } else { limit };
        let busy = Busy::default();
        let (head, slow_clients) = (shorter(limits.head), self.web.measures.slow_clients());
        // Below TLS, so that bytes of which no record becomes are bytes all the same.
        let stream = Patient::new(stream, head, limits.answer_pause, busy.clone(), slow_clients);
        let mut talk = Talk { peer, crowded: seat.crowded, busy, idle: shorter(limits.idle), shown: None };
        match tls {
            None => self.answer(stream, talk).await,
            Some(tls) => {
                if let Some(stream) = self.shake_hands(stream, &tls, shorter(limits.handshake)).await {
                    let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
                    talk.shown = shown.map(|shown| PeerCertificate(shown.as_ref().to_vec()));
                    self.answer(stream, talk).await;
                }
            }
        }
    }

    async fn shake_hands(
        &mut self,
        stream: Patient<TcpStream>,
        tls: &Tls,
        limit: Duration,
    ) -> Option<TlsStream<Patient<TcpStream>>> {
        let shaking = timeout(limit, tls.acceptor().accept(stream));
        let shaken = tokio::select! {
            shaken = shaking => shaken,
            () = told(&mut self.ended) => return None,
        };
        let measures = &self.web.measures;
        match shaken {
            Ok(Ok(mut stream)) => {
                measures.handshake("done");
                stream.get_mut().0.begin_anew();
                Some(stream)
            }
            Ok(Err(error)) => {
                measures.handshake(if error.kind() == io::ErrorKind::TimedOut { "late" } else { "failed" });
                tracing::debug!(%error, "no TLS with this client");
                None
            }
            Err(_) => {
                measures.handshake("late");
                measures.slow_clients().inc();
                None
            }
        }
    }

    async fn answer(mut self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, talk: Talk) {
        let Talk { peer, crowded, busy, idle, shown } = talk;
        let (app, only) = (self.app, self.only);
        let service = service_fn(move |request: Request<Incoming>| {
            busy.turn();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            if crowded {
                request.extensions_mut().insert(Crowded);
            }
            if let Some(shown) = &shown {
                request.extensions_mut().insert(shown.clone());
            }
            if only.is_some_and(|only| !request.uri().path().starts_with(only)) {
                *request.uri_mut() = Uri::from_static(NOWHERE);
            }
            let (app, busy) = (app.clone(), busy.clone());
            async move {
                let response: std::result::Result<Response, Infallible> = app.oneshot(request).await;
                busy.turn();
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
            () = told(&mut self.ended) => None,
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
}

/// What is known of a connection before its first request.
struct Talk {
    peer: SocketAddr,
    crowded: bool,
    busy: Busy,
    idle: Duration,
    shown: Option<PeerCertificate>,
}

async fn told(ended: &mut watch::Receiver<bool>) {
    // Nobody left to tell is an end, too.
    let _ = ended.wait_for(|ended| *ended).await;
}
