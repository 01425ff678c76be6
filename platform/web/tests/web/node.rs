//! A node on real sockets.

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    routing::{get, post},
};
use serde_json::Value;
use takt_kernel::Result;
use takt_testing::{Client, TestApp, TestResponse};
use takt_web::{Entrance, Limits, Web};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    net::TcpListener,
    sync::{Semaphore, oneshot},
    task::JoinHandle,
};

use crate::shop::open;

/// How a connection may look from here that was closed over there.
const CLOSED: [io::ErrorKind; 2] = [io::ErrorKind::ConnectionReset, io::ErrorKind::UnexpectedEof];

/// A node with these limits. What asks for `/api/hold` or `/hold` stays until a permit is given.
pub struct Node {
    pub app: TestApp,
    pub web: Web,
    features: Router<Web>,
    router: Router,
    pub let_go: Arc<Semaphore>,
}

impl Node {
    pub async fn of(limits: Limits) -> Self {
        let app = open().await;
        let let_go = Arc::new(Semaphore::new(0));
        let hold = {
            let let_go = let_go.clone();
            move || {
                let let_go = let_go.clone();
                async move { let_go.acquire().await.map(|permit| permit.forget()).map_or("closed", |()| "held") }
            }
        };
        let features = Router::new()
            .route("/hold", get(hold.clone()))
            .route("/api/hold", get(hold))
            .route("/api/read", post(async |takt_web::Json(body): takt_web::Json<Value>| body.to_string()))
            .route("/large", get(async || "x".repeat(32 << 20)));
        let web = app.web.clone().limits(limits);
        let features = features.merge(app.wiring.router.clone());
        let router = takt_web::app(web.clone(), features.clone());
        Self { app, web, features, router, let_go }
    }

    pub fn client(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// Somebody who asks and waits for the answer.
    pub fn holds(&self, token: &'static str) -> JoinHandle<TestResponse> {
        let client = self.client().with_token(token);
        tokio::spawn(async move { client.get("/api/hold").await })
    }

    pub fn number(&self, name: &str) -> f64 {
        let text = self.web.db.metrics().text();
        let line =
            text.lines().find(|line| line.split([' ', '{']).next() == Some(name) && !line.starts_with('#'));
        line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0.0)
    }

    pub async fn until(&self, name: &str, value: f64) {
        let began = Instant::now();
        while self.number(name) != value {
            assert!(began.elapsed() < Duration::from_secs(10), "{name} is {}", self.number(name));
            tokio::task::yield_now().await;
        }
    }

    /// On a socket; ends when the other side of the answer is dropped.
    pub async fn listen(&self) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<Result<()>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, serving) = self.receive(vec![Entrance::plain(listener)]);
        (address, stop, serving)
    }

    pub fn receive(&self, entrances: Vec<Entrance>) -> (oneshot::Sender<()>, JoinHandle<Result<()>>) {
        let (stop, stopped) = oneshot::channel::<()>();
        let (web, features) = (self.web.clone(), self.features.clone());
        let serving = tokio::spawn(async move {
            takt_web::serve(entrances, &web, features, async { stopped.await.unwrap_or(()) }).await
        });
        (stop, serving)
    }
}

/// All that still comes, to the end of the connection.
pub async fn answer_to(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut answer = String::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_string(&mut answer)).await;
    match read.expect("the connection is closed in time") {
        Ok(_) => answer,
        Err(error) if CLOSED.contains(&error.kind()) => answer,
        Err(error) => panic!("{error}"),
    }
}
