//! The bank as a process: told by HTTP what to book and how to tell of it.
//!
//! `POST /lines` {`account`, `amount_minor`, `purpose` …, `mode`, `channel`, `seal`} books a line and tells of it;
//! without `channel` it only books. `POST /repeat` sends the last messages again. `GET /books` is all it has
//! booked. `GET /healthz`.

use std::{path::Path, sync::Arc};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use takt_kernel::{Clock, Entropy, Fault, Result};
use tokio::{net::TcpListener, sync::Mutex};

use crate::{
    books::{Books, NewLine},
    keys::BankKeys,
    push::{ISSUER, Message, Mode, Seal, Subscriber, Teller},
    wire::Target,
};

/// The bank at work. Clones share it.
#[derive(Clone)]
pub struct Bank(Arc<Inner>);

struct Inner {
    keys: BankKeys,
    books: Mutex<Books>,
    last: Mutex<Vec<(String, Message)>>,
    /// Where Takt listens for banks, and where for everybody.
    mutual: Option<Target>,
    public: Option<Target>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Told {
    #[serde(flatten)]
    pub line: NewLine,
    #[serde(default)]
    pub mode: Mode,
    #[serde(default)]
    pub seal: Seal,
    pub channel: Option<i64>,
}

/// What became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    pub line: String,
    /// What Takt answered to each message.
    pub answers: Vec<u16>,
}

impl Bank {
    pub fn new(
        keys: BankKeys,
        name: &str,
        mutual: Option<Target>,
        public: Option<Target>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let books = Mutex::new(Books::new(name));
        Self(Arc::new(Inner { keys, books, last: Mutex::default(), mutual, public, clock, entropy }))
    }

    pub fn keys(&self) -> &BankKeys {
        &self.0.keys
    }

    /// What faces that are asked read.
    pub fn books(&self) -> &Mutex<Books> {
        &self.0.books
    }

    /// Books a line and tells of it.
    ///
    /// # Errors
    /// `bank_simulator.unreachable`, `bank_simulator.nowhere`.
    pub async fn pay(&self, told: Told) -> Result<Done> {
        let now = self.0.clock.now();
        let mut books = self.0.books.lock().await;
        let account = told.line.account.clone();
        let line = books.book(told.line, now);
        let Some(channel) = told.channel else { return Ok(Done { line: line.id, answers: Vec::new() }) };
        let to = Subscriber { channel, seal: told.seal, account };
        let teller = Teller { keys: &self.0.keys, entropy: &*self.0.entropy, now };
        let messages = teller.tell(&mut books, &to, &line, told.mode)?;
        drop(books);
        let sent: Vec<(String, Message)> = messages.into_iter().map(|message| (to.path(), message)).collect();
        let answers = self.send(&sent, told.seal).await?;
        *self.0.last.lock().await = sent;
        Ok(Done { line: line.id, answers })
    }

    /// The last messages once more, byte by byte.
    ///
    /// # Errors
    /// As [`Self::pay`].
    pub async fn repeat(&self, seal: Seal) -> Result<Vec<u16>> {
        let last = self.0.last.lock().await.clone();
        self.send(&last, seal).await
    }

    async fn send(&self, messages: &[(String, Message)], seal: Seal) -> Result<Vec<u16>> {
        let target = if seal == Seal::Tochka { &self.0.public } else { &self.0.mutual };
        let target = target.as_ref().ok_or_else(|| Fault::invalid("bank_simulator.nowhere"))?;
        let mut answers = Vec::new();
        for (path, message) in messages {
            answers.push(target.post(path, &message.headers, &message.body).await?);
        }
        Ok(answers)
    }
}

/// All faces and the controls.
pub fn routes(bank: Bank) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/books", get(books))
        .route("/lines", post(pay))
        .route("/repeat", post(repeat))
        .with_state(bank)
}

async fn books(State(bank): State<Bank>) -> Json<Value> {
    Json(json!(*bank.books().lock().await))
}

async fn pay(State(bank): State<Bank>, Json(told): Json<Told>) -> (StatusCode, Json<Value>) {
    answer(bank.pay(told).await.map(|done| json!(done)))
}

#[derive(Deserialize)]
struct Again {
    #[serde(default)]
    seal: Seal,
}

async fn repeat(State(bank): State<Bank>, Json(again): Json<Again>) -> (StatusCode, Json<Value>) {
    answer(bank.repeat(again.seal).await.map(|answers| json!({ "answers": answers })))
}

fn answer(done: Result<Value>) -> (StatusCode, Json<Value>) {
    match done {
        Ok(value) => (StatusCode::OK, Json(value)),
        Err(fault) => (StatusCode::BAD_GATEWAY, Json(json!({ "error": format!("{fault:?}") }))),
    }
}

/// Answers until `stop`.
///
/// # Errors
/// `bank_simulator.not_listening`.
pub async fn serve(
    bank: Bank,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    axum::serve(listener, routes(bank))
        .with_graceful_shutdown(stop)
        .await
        .map_err(|error| Fault::unavailable("bank_simulator.not_listening").because(error))
}

/// What a person types to connect Takt to this bank.
pub fn instructions(bank: &Bank, folder: &Path) -> String {
    let (peer, folder) = (bank.keys().peer(), folder.display());
    format!(
        "takt serve … --bank-listen 127.0.0.1:8443 --bank-cert {folder}/server.pem --bank-key {folder}/server.key \
         --bank-client-ca {folder}/authority.pem\n\
         takt bank-channel create --company COMPANY --kind push --name \"Simulated bank\" --set issuer={ISSUER} \
         --peer {peer}\n\
         takt bank-channel rotate --company COMPANY --channel CHANNEL --kid bank-1 < {folder}/signing.pem\n\
         takt bank-channel create --company COMPANY --kind tochka --name \"Simulated Tochka\"\n\
         takt bank-channel rotate --company COMPANY --channel CHANNEL --kid bank-1 < {folder}/rsa.pub\n"
    )
}
