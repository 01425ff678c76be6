//! The faces that are asked: DirectBank under `/directbank`, a statement interface of Sber's kind under `/rest`.
//! Both read the same books, and both may lie about them. They stand behind mutual TLS ([`serve`]).

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};
use takt_directbank::{
    compose::{self, Head, Operation},
    packet,
};
use takt_kernel::{
    Fault, Result, Timestamp,
    money::{Currency, Money},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Mutex,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{
    books::{Books, Line},
    keys::{BankKeys, another_signer, der_of},
    server::Bank,
};

pub const USER: &str = "takt";
pub const PASSWORD: &str = "correct horse battery";
pub const REFRESH: &str = "refresh-1";
const BIC: &str = "044525225";
const PAGE: usize = 3;

/// How the answers are, beside honest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    #[default]
    Honest,
    /// The last line of every day is missing; the balances know of it.
    LostLine,
    /// Signed by somebody else.
    Forged,
    /// Changed after it was signed.
    Altered,
    /// The same page again and again.
    RepeatedPage,
    /// Nothing but an error, with status 200.
    EmptyWithErrors,
    /// It never ends.
    Hangs,
    /// Whoever asks is let in, and then waits for the statement without end.
    HangsInStatements,
}

/// What the faces keep between questions.
#[derive(Default)]
pub struct Face {
    mode: Mutex<Asked>,
    packets: Mutex<BTreeMap<String, String>>,
    /// Of how many refresh tokens the last is the one that counts.
    refreshed: Mutex<u64>,
}

impl Face {
    pub async fn set(&self, mode: Asked) {
        *self.mode.lock().await = mode;
    }
}

/// One day of an account, as the books have it: what was there, what happened, what is there.
struct Day {
    opening: i64,
    lines: Vec<Line>,
    closing: i64,
}

fn day_of(at: Timestamp) -> String {
    let zone = TimeZone::get("Europe/Moscow").unwrap_or(TimeZone::UTC);
    at.to_jiff().to_zoned(zone).date().to_string()
}

fn days(books: &Books, account: &str, from: &str, until: &str, mode: Asked) -> Day {
    let known = books.accounts.get(account).cloned().unwrap_or_default();
    let before: i64 = known
        .lines
        .iter()
        .filter(|line| day_of(line.booked_at).as_str() < from)
        .map(|line| line.amount_minor)
        .sum();
    let opening = known.opening_minor + before;
    let mut lines: Vec<Line> = known
        .lines
        .into_iter()
        .filter(|line| (from..=until).contains(&day_of(line.booked_at).as_str()))
        .collect();
    let closing = opening + lines.iter().map(|line| line.amount_minor).sum::<i64>();
    if mode == Asked::LostLine {
        lines.pop();
    }
    Day { opening, lines, closing }
}

fn money(minor: i64) -> Money {
    Money::new(minor, Currency::RUB)
}

pub fn routes(bank: Bank) -> Router {
    Router::new()
        .route("/directbank/Logon", post(logon))
        .route("/directbank/SendPack", post(send_pack))
        .route("/directbank/GetPackList", get(list_packs))
        .route("/directbank/GetPack", get(get_pack))
        .route("/rest/oauth/token", post(token))
        .route("/rest/fintech/api/v2/statement/transactions", get(transactions))
        .route("/rest/fintech/api/v2/statement/summary", get(summary))
        .with_state(bank)
}

fn xml(body: String) -> Response {
    ([("content-type", "application/xml; charset=utf-8")], body).into_response()
}

async fn logon(State(bank): State<Bank>, headers: HeaderMap) -> Response {
    let given = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let wanted = format!("Basic {}", STANDARD.encode(format!("{USER}:{PASSWORD}")));
    if *bank.face().mode.lock().await == Asked::Hangs {
        std::future::pending::<()>().await;
    }
    if given != wanted {
        return xml(compose::error("1003", "Ошибка аутентификации"));
    }
    xml(compose::logged_on("session-1", false))
}

fn in_session(headers: &HeaderMap) -> bool {
    headers.get("sid").is_some_and(|sid| sid == "session-1")
}

async fn send_pack(State(bank): State<Bank>, headers: HeaderMap, body: String) -> Response {
    if !in_session(&headers) {
        return xml(compose::error("1005", "Истекла сессия"));
    }
    match answer_to(&bank, body.as_bytes()).await {
        Ok(id) => xml(compose::sent(&id)),
        Err(fault) => xml(compose::error("2001", fault.code())),
    }
}

/// Reads the request and lays the statement ready at once.
async fn answer_to(bank: &Bank, body: &[u8]) -> Result<String> {
    let request = packet::packet(body)?;
    let unusable = || Fault::invalid("bank_simulator.nowhere");
    let document = request.documents.first().ok_or_else(unusable)?;
    let text = String::from_utf8_lossy(&document.bytes).into_owned();
    let between = |name: &str| -> Option<String> {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        rest.split_once(&format!("</{name}>")).map(|(value, _)| value.to_owned())
    };
    let account = between("Account").ok_or_else(unusable)?;
    let day = |name: &str| Some(between(name)?.chars().take(10).collect::<String>());
    let (from, until) = (day("DateFrom").ok_or_else(unusable)?, day("DateTo").ok_or_else(unusable)?);
    let mode = *bank.face().mode.lock().await;
    let books = bank.books().lock().await;
    let told = days(&books, &account, &from, &until, mode);
    drop(books);
    let head = Head {
        id: format!("s-{}", document.id),
        account: account.clone(),
        bic: BIC.to_owned(),
        from,
        until,
        opening: money(told.opening),
        closing: money(told.closing),
        answers: Some(document.id.clone()),
    };
    let operations: Vec<Operation> = told.lines.iter().map(|line| operation(&account, line)).collect();
    let statement = compose::statement(&head, &operations);
    let signed = signed(bank.keys(), &statement, mode)?;
    let id = format!("pack-{}", document.id);
    bank.face().packets.lock().await.insert(id.clone(), signed(&id));
    Ok(id)
}

fn signed(keys: &BankKeys, statement: &str, mode: Asked) -> Result<impl Fn(&str) -> String> {
    let certificate =
        der_of(&keys.certificate).ok_or_else(|| Fault::broken("bank_simulator.keys_unusable"))?;
    let cms = match mode {
        Asked::Forged => another_signer()?.cms(&certificate, statement.as_bytes())?,
        _ => keys.signer.cms(&certificate, statement.as_bytes())?,
    };
    let sent = match mode {
        Asked::Altered => statement.replacen("<Sum>", "<Sum>1", 1),
        _ => statement.to_owned(),
    };
    Ok(move |id: &str| compose::packet(id, packet::STATEMENT, sent.as_bytes(), std::slice::from_ref(&cms)))
}

fn operation(account: &str, line: &Line) -> Operation {
    let incoming = line.amount_minor >= 0;
    let day = day_of(line.booked_at);
    let (own, other) =
        (("ООО «Светосила»", account), (line.other.name.as_str(), line.other.account.as_str()));
    let (payer, payee) = if incoming { (other, own) } else { (own, other) };
    let inn = |ours: bool| if ours { "7707083893".to_owned() } else { line.other.inn.clone() };
    Operation {
        id: line.id.clone(),
        number: line.number.clone(),
        date: day.clone(),
        booked_on: day,
        amount: money(line.amount_minor.saturating_abs()),
        incoming,
        payer_name: payer.0.to_owned(),
        payer_inn: inn(!incoming),
        payer_account: payer.1.to_owned(),
        payee_name: payee.0.to_owned(),
        payee_inn: inn(incoming),
        payee_account: payee.1.to_owned(),
        bic: line.other.bic.clone(),
        purpose: line.purpose.clone(),
    }
}

async fn list_packs(State(bank): State<Bank>, headers: HeaderMap) -> Response {
    if !in_session(&headers) {
        return xml(compose::error("1005", "Истекла сессия"));
    }
    hang_in_statements(&bank).await;
    let ids: Vec<String> = bank.face().packets.lock().await.keys().cloned().collect();
    xml(compose::packets(&ids, "2026-01-01T00:00:00"))
}

#[derive(Deserialize)]
struct Pack {
    id: String,
}

async fn get_pack(State(bank): State<Bank>, headers: HeaderMap, Query(wanted): Query<Pack>) -> Response {
    if !in_session(&headers) {
        return xml(compose::error("1005", "Истекла сессия"));
    }
    match bank.face().packets.lock().await.get(&wanted.id) {
        Some(packet) => xml(packet.clone()),
        None => xml(compose::error("2102", "Пакет не найден")),
    }
}

async fn hang_in_statements(bank: &Bank) {
    let mode = *bank.face().mode.lock().await;
    if mode == Asked::HangsInStatements {
        std::future::pending::<()>().await;
    }
}

/// Every refresh token counts once.
async fn token(State(bank): State<Bank>, body: String) -> Response {
    if *bank.face().mode.lock().await == Asked::Hangs {
        std::future::pending::<()>().await;
    }
    let mut refreshed = bank.face().refreshed.lock().await;
    let wanted = format!("refresh%2D{}", *refreshed + 1);
    if !body.contains(&format!("refresh_token={wanted}&")) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": "invalid_grant"}))).into_response();
    }
    *refreshed += 1;
    Json(json!({
        "access_token": "access",
        "refresh_token": format!("refresh-{}", *refreshed + 1),
        "expires_in": 3600,
    }))
    .into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    account_number: String,
    statement_date: String,
    #[serde(default)]
    page: usize,
}

fn known(headers: &HeaderMap) -> bool {
    headers.get("authorization").is_some_and(|value| value == "Bearer access")
}

async fn transactions(
    State(bank): State<Bank>,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Response {
    if !known(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    hang_in_statements(&bank).await;
    let mode = *bank.face().mode.lock().await;
    if mode == Asked::EmptyWithErrors {
        return Json(json!({"transactions": [], "errors": [{"code": "BUSY"}]})).into_response();
    }
    let day = &wanted.statement_date;
    let books = bank.books().lock().await;
    let told = days(&books, &wanted.account_number, day, day, mode);
    let page = if mode == Asked::RepeatedPage { 1 } else { wanted.page.max(1) };
    let start = (page - 1) * PAGE;
    let shown: Vec<Value> = told
        .lines
        .iter()
        .skip(start)
        .take(PAGE)
        .map(|line| transaction(&wanted.account_number, line))
        .collect();
    let more = start + PAGE < told.lines.len();
    let links =
        if more { json!([{"rel": "next", "href": format!("?page={}", page + 1)}]) } else { json!([]) };
    Json(json!({"transactions": shown, "_links": links})).into_response()
}

fn transaction(account: &str, line: &Line) -> Value {
    let one = operation(account, line);
    json!({
        "uuid": one.id, "number": one.number, "documentDate": one.date, "operationDate": one.booked_on,
        "direction": if one.incoming { "CREDIT" } else { "DEBIT" },
        "amount": {"amount": one.amount.to_decimal_string(), "currencyName": "RUR"},
        "paymentPurpose": one.purpose,
        "rurTransfer": {
            "payerName": one.payer_name, "payerInn": one.payer_inn, "payerAccount": one.payer_account,
            "payeeName": one.payee_name, "payeeInn": one.payee_inn, "payeeAccount": one.payee_account,
        },
    })
}

async fn summary(State(bank): State<Bank>, headers: HeaderMap, Query(wanted): Query<Wanted>) -> Response {
    if !known(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let day = &wanted.statement_date;
    let books = bank.books().lock().await;
    let told = days(&books, &wanted.account_number, day, day, Asked::Honest);
    let sum = |incoming: bool| -> i64 {
        let one_way = told.lines.iter().filter(|line| (line.amount_minor >= 0) == incoming);
        one_way.map(|line| line.amount_minor.saturating_abs()).sum()
    };
    let count =
        |incoming: bool| told.lines.iter().filter(|line| (line.amount_minor >= 0) == incoming).count();
    let amount = |minor: i64| json!({"amount": money(minor).to_decimal_string(), "currencyName": "RUR"});
    Json(json!({
        "openingBalance": amount(told.opening), "closingBalance": amount(told.closing),
        "creditTurnover": amount(sum(true)), "debitTurnover": amount(sum(false)),
        "creditTransactionsNumber": count(true), "debitTransactionsNumber": count(false),
    }))
    .into_response()
}

/// Connections over TLS whose other end showed a certificate of this bank's authority.
struct Mutual {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for Mutual {
    type Io = TlsStream<TcpStream>;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            // Whoever cannot show a certificate is no caller.
            if let Ok((stream, address)) = self.listener.accept().await
                && let Ok(stream) = self.acceptor.accept(stream).await
            {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// Answers those who ask until `stop`.
///
/// # Errors
/// `bank_simulator.keys_unusable`, `bank_simulator.not_listening`.
pub async fn serve(
    bank: Bank,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let router = routes(bank.clone());
    serve_behind(bank.keys(), router, listener, stop).await
}

/// As [`serve`], with other answers: whatever stands behind the certificate of a bank.
///
/// # Errors
/// As [`serve`].
pub async fn serve_behind(
    keys: &BankKeys,
    router: Router,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let acceptor = TlsAcceptor::from(Arc::new(tls(keys)?));
    axum::serve(Mutual { listener, acceptor }, router)
        .with_graceful_shutdown(stop)
        .await
        .map_err(|error| Fault::unavailable("bank_simulator.not_listening").because(error))
}

fn tls(keys: &BankKeys) -> Result<rustls::ServerConfig> {
    use rustls::{
        RootCertStore, ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        server::WebPkiClientVerifier,
    };
    let senseless = |error: String| Fault::broken("bank_simulator.keys_unusable").because(error);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_slice_iter(keys.authority.as_bytes()) {
        roots
            .add(root.map_err(|error| senseless(error.to_string()))?)
            .map_err(|error| senseless(error.to_string()))?;
    }
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(|error| senseless(error.to_string()))?;
    let chain = CertificateDer::pem_slice_iter(keys.server.as_bytes())
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|error| senseless(error.to_string()))?;
    let key = PrivateKeyDer::from_pem_slice(keys.server_key.as_bytes())
        .map_err(|error| senseless(error.to_string()))?;
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| senseless(error.to_string()))?
        .with_client_cert_verifier(clients)
        .with_single_cert(chain, key)
        .map_err(|error| senseless(error.to_string()))
}
