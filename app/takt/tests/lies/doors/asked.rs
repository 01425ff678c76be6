//! Banks that are asked: one whose words are signed (DirectBank), one whose connection is (REST), and one that
//! stands in a bank's place without being it.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Json, Router,
    extract::State,
    response::IntoResponse,
    routing::{get, post},
};
use serde_json::{Map, Value, json};
use takt_bank_simulator::{
    asked::serve_behind,
    keys::{BankKeys, another_signer, der_of},
};
use takt_directbank::{
    compose::{self, Head, Operation},
    packet,
};
use takt_kernel::{
    SystemEntropy,
    money::{Currency, Money},
};
use takt_payments::{
    channels::{
        self, NewChannel,
        keys::{self, NewKey},
        secrets,
    },
    rights::ManageBankChannels,
};
use takt_staff::Permit;
use tokio::net::TcpListener;

use super::Lied;
use crate::{
    change::changed,
    world::{ACCOUNT, PRICE, Target, World},
};

/// The longest that a bank is left alone after it failed.
const AGAIN_SECONDS: i64 = 901;
const PAYER: &str = "40817810099910004312";
const STRANGERS: &str = "40702810555555555555";

/// What is answered from now on.
#[derive(Default)]
struct Script {
    packet: String,
    packet_id: String,
    transactions: String,
    /// Of the one in a bank's place: all that an honest bank would say.
    honest: String,
    asked: u64,
}

type Shared = Arc<Mutex<Script>>;

pub struct Liar {
    keys: BankKeys,
    script: Shared,
    _folders: Vec<tempfile::TempDir>,
}

impl Liar {
    pub async fn open(world: &mut World) -> Self {
        let script = Shared::default();
        let (folder, keys) = bank_keys();
        let (impostors, impostor) = bank_keys();
        let known = (folder.path().to_owned(), keys.authority.clone());
        let address = listen(folder.path(), script.clone(), false).await;
        let elsewhere = listen(impostors.path(), script.clone(), true).await;
        drop(impostor);
        let liar = Self { keys, script, _folders: vec![folder, impostors] };
        liar.say(world, &world.targets[0].clone(), 0);
        let client = |name: &str| std::fs::read_to_string(known.0.join(name)).expect("a key");
        let secrets = [
            ("authorities", known.1.clone()),
            ("certificate", client("client.pem")),
            ("private_key", client("client.key")),
        ];
        for (kind, address, own) in [
            (
                "directbank",
                format!("https://{address}/directbank"),
                [("user", "takt"), ("password", "x")].as_slice(),
            ),
            ("sber", format!("https://{address}/rest"), REST_KEYS),
            ("sber", format!("https://{elsewhere}/rest"), REST_KEYS),
        ] {
            let own = own.iter().map(|(name, value)| (*name, (*value).to_owned()));
            let secrets: Vec<(&str, String)> = own.chain(secrets.clone()).collect();
            connect(world, kind, address, secrets, liar.keys.certificate.clone()).await;
        }
        liar
    }

    pub async fn lie(&self, world: &mut World) -> Lied {
        let target = world.target();
        let kind = world.chance.between(0, 8);
        let what = self.say(world, &target, kind);
        let before = self.asked();
        world.app.advance(AGAIN_SECONDS).await;
        assert!(self.asked() > before, "nobody asked the bank");
        Lied::gravely(what)
    }

    fn asked(&self) -> u64 {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).asked
    }

    /// Both banks lie at a time: of each `kind` one lie of DirectBank and one of REST.
    fn say(&self, world: &World, target: &Target, kind: i64) -> &'static str {
        let id = format!("lie-{}-{kind}", target.external_id);
        let unique = format!("{id}-{}", world.app.now().micros());
        let told = operation(world, target, &unique);
        let (what, packet) = self.packet(world, &told, &unique, kind);
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        script.packet = packet;
        script.packet_id = unique;
        script.transactions = transactions(&told, kind);
        script.honest = transactions(&told, -1);
        what
    }

    fn packet(&self, world: &World, told: &Operation, id: &str, kind: i64) -> (&'static str, String) {
        let certificate = der_of(&self.keys.certificate).expect("a certificate");
        let statement = statement_of(told, id, ACCOUNT);
        let sign = |text: &str| self.keys.signer.cms(&certificate, text.as_bytes()).expect("a signature");
        let forged =
            || another_signer().expect("a key").cms(&certificate, statement.as_bytes()).expect("a signature");
        let sealed = |text: &[u8], seals: &[Vec<u8>]| compose::packet(id, packet::STATEMENT, text, seals);
        let mut chance = takt_simulator::Chance::of(world.app.now().micros().unsigned_abs(), id);
        match kind {
            0 => ("a statement signed by somebody else", sealed(statement.as_bytes(), &[forged()])),
            1 => ("a statement without a signature", sealed(statement.as_bytes(), &[])),
            2 => {
                let other = statement_of(&Operation { amount: money(1), ..told.clone() }, id, ACCOUNT);
                ("a statement under the signature of another", sealed(statement.as_bytes(), &[sign(&other)]))
            }
            3 | 4 => {
                let other = changed(statement.as_bytes(), &mut chance);
                ("a statement that was changed", sealed(&other, &[sign(&statement)]))
            }
            5 => {
                let wrong = statement_of(&Operation { incoming: false, ..told.clone() }, id, ACCOUNT);
                ("a signed statement of money that went", sealed(wrong.as_bytes(), &[sign(&wrong)]))
            }
            6 => {
                let wrong = statement_of(told, id, STRANGERS);
                ("a signed statement of a stranger", sealed(wrong.as_bytes(), &[sign(&wrong)]))
            }
            7 => {
                let whole = sealed(statement.as_bytes(), &[forged()]);
                let torn = changed(whole.as_bytes(), &mut chance);
                ("a torn packet", String::from_utf8_lossy(&torn).into_owned())
            }
            _ => ("an error for an answer", compose::error("1003", "Ошибка")),
        }
    }
}

const REST_KEYS: &[(&str, &str)] =
    &[("client_id", "takt"), ("client_secret", "s"), ("refresh_token", "refresh-1")];

fn bank_keys() -> (tempfile::TempDir, BankKeys) {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = BankKeys::open(folder.path(), &SystemEntropy).expect("keys");
    (folder, keys)
}

fn money(minor: i64) -> Money {
    Money::new(minor, Currency::RUB)
}

fn operation(world: &World, target: &Target, id: &str) -> Operation {
    let day = world.app.now().to_string().chars().take(10).collect::<String>();
    Operation {
        id: id.to_owned(),
        number: target.external_id.clone(),
        date: day.clone(),
        booked_on: day,
        amount: money(PRICE),
        incoming: true,
        payer_name: "Иванов".to_owned(),
        payer_inn: "500100732259".to_owned(),
        payer_account: PAYER.to_owned(),
        payee_name: "Светосила".to_owned(),
        payee_inn: "7707083893".to_owned(),
        payee_account: ACCOUNT.to_owned(),
        bic: "044525225".to_owned(),
        purpose: format!("Оплата по счёту {}", target.reference),
    }
}

fn statement_of(told: &Operation, id: &str, account: &str) -> String {
    let mut told = told.clone();
    if !told.incoming {
        std::mem::swap(&mut told.payer_account, &mut told.payee_account);
    }
    if account != ACCOUNT {
        account.clone_into(&mut told.payee_account);
    }
    let head = Head {
        id: id.to_owned(),
        account: account.to_owned(),
        bic: told.bic.clone(),
        from: told.booked_on.clone(),
        until: told.booked_on.clone(),
        opening: money(0),
        closing: money(0),
        answers: None,
    };
    compose::statement(&head, &[told])
}

/// Told over the bank's own connection, and yet no money of ours; negative for the plain truth.
fn transactions(told: &Operation, kind: i64) -> String {
    let side = |flag: &str| flag.to_owned();
    let mut one = json!({
        "uuid": told.id, "number": told.number, "documentDate": told.date, "operationDate": told.booked_on,
        "direction": side("CREDIT"), "amount": {"amount": told.amount.to_decimal_string(), "currencyName": "RUR"},
        "paymentPurpose": told.purpose,
        "rurTransfer": {
            "payerName": told.payer_name, "payerInn": told.payer_inn, "payerAccount": told.payer_account,
            "payeeName": told.payee_name, "payeeInn": told.payee_inn, "payeeAccount": told.payee_account,
        },
    });
    match kind {
        0 => one["direction"] = "DEBIT".into(),
        1 => one["amount"]["currencyName"] = "USD".into(),
        2 => one["amount"]["amount"] = "-100.00".into(),
        3 => one["amount"]["amount"] = "1e2".into(),
        4 => one["amount"]["amount"] = Value::Null,
        5 => one["direction"] = "CREDITED".into(),
        _ => {}
    }
    let whole = match kind {
        6 => json!({"transactions": [one], "errors": [{"code": "BUSY"}]}),
        7 => json!({"transactions": [one], "_links": [{"rel": "next", "href": "?page=2"}]}),
        _ => json!({"transactions": [one], "_links": []}),
    };
    let mut text = whole.to_string();
    if kind >= 8 {
        text.truncate(text.len() / 2);
        while !text.is_char_boundary(text.len()) {
            text.pop();
        }
    }
    text
}

async fn connect(
    world: &World,
    kind: &'static str,
    address: String,
    secrets: Vec<(&'static str, String)>,
    signing: String,
) {
    let company = world.company;
    world
        .app
        .write(move |tx| {
            let permit = Permit::<ManageBankChannels>::system(company, "test");
            let settings: Map<String, Value> = [("address", json!(address)), ("customer", json!("1"))]
                .map(|(name, value)| (name.to_owned(), value))
                .into_iter()
                .collect();
            let new = NewChannel { kind: kind.to_owned(), name: "Банк".to_owned(), settings };
            let id = channels::create(tx, &permit, &new)?;
            for (name, value) in &secrets {
                secrets::set(tx, &permit, id, name, value)?;
            }
            let key = NewKey {
                kid: None,
                algorithm: None,
                text: signing.clone(),
                not_before: None,
                not_after: None,
            };
            keys::add(tx, &permit, id, &key).map(|_| ())
        })
        .await;
}

/// Answers by the script over mutual TLS until the test ends.
async fn listen(folder: &std::path::Path, script: Shared, in_place_of: bool) -> std::net::SocketAddr {
    let keys = BankKeys::open(folder, &SystemEntropy).expect("keys");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = routes(script, in_place_of);
    tokio::spawn(async move { serve_behind(&keys, router, listener, std::future::pending()).await });
    address
}

fn routes(script: Shared, in_place_of: bool) -> Router {
    let statement = if in_place_of { get(honest) } else { get(transactions_now) };
    Router::new()
        .route("/directbank/Logon", post(async || compose::logged_on("session", false)))
        .route("/directbank/SendPack", post(async || compose::sent("sent")))
        .route("/directbank/GetPackList", get(list))
        .route("/directbank/GetPack", get(pack))
        .route("/rest/oauth/token", post(token))
        .route("/rest/fintech/api/v2/statement/transactions", statement)
        .route("/rest/fintech/api/v2/statement/summary", get(summary))
        .with_state(script)
}

fn locked(script: &Shared) -> std::sync::MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn list(State(script): State<Shared>) -> String {
    let mut script = locked(&script);
    script.asked += 1;
    compose::packets(std::slice::from_ref(&script.packet_id), "2026-01-01T00:00:00")
}

async fn pack(State(script): State<Shared>) -> String {
    locked(&script).packet.clone()
}

async fn token() -> impl IntoResponse {
    Json(json!({"access_token": "access", "refresh_token": "refresh-1", "expires_in": 3600}))
}

async fn transactions_now(State(script): State<Shared>) -> impl IntoResponse {
    let mut script = locked(&script);
    script.asked += 1;
    ([("content-type", "application/json")], script.transactions.clone())
}

async fn honest(State(script): State<Shared>) -> impl IntoResponse {
    ([("content-type", "application/json")], locked(&script).honest.clone())
}

async fn summary() -> impl IntoResponse {
    Json(json!({}))
}
