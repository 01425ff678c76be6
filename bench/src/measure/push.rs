//! From a bank's signed word until somebody's screen shows what is to be done: a simulated bank, a process of its
//! own, pushes over mutual TLS while shops place orders; the card is read again when the live stream says so, as a
//! browser does.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::time::{Duration, sleep, timeout};

use super::screen::Screen;
use crate::{
    desk::{ACCOUNT, succeeded},
    engine::{Engine, Place},
    figures::{Figure, Round, Unit},
    http::{Connection, Request},
    lag::Watcher,
    load::{self, Latency, Plan, Work, histogram},
    orders::{Orders, Popularity},
    server::{Server, Takt},
    stage::{Kept, Stage},
};

const ORDERS_PER_SECOND: f64 = 100.0;
const CLIENTS: usize = 4;
const LONGEST: Duration = Duration::from_secs(30);
/// One to pick, one to call.
const TASKS: usize = 2;
const KEY: &str = "bank-1";

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let what =
        format!("a bank's signed push until both tasks are on a screen, beside {ORDERS_PER_SECOND} orders/s");
    let mut figure = Figure::new("push", engine, what, Unit::Milliseconds);
    for number in 0..stage.scale.rounds {
        let kept = stage.fresh_desk(engine).await?;
        let door = free_port()?;
        let bank = Bank::start(&stage.takt, stage.scratch.path(), door)?;
        let channel = bank.connect(&stage.takt, &kept)?;
        let mut takt = stage.takt.clone();
        takt.environment = bank.door_of_banks(door);
        let server = takt.serve(&kept.place).await?;
        let seen = Screen::of_owner(&kept, &server).await?;
        let plan = Plan {
            address: server.address,
            tokens: kept.desk.tokens.clone(),
            clients: CLIENTS,
            warm_up: 0.0,
            // As long as the probes take, which stop it.
            seconds: 600.0,
            goods: kept.desk.goods,
            run: format!("push{number}"),
            work: Work::Orders(Popularity::Zipf),
            per_second: Some(ORDERS_PER_SECOND),
        };
        let load = tokio::spawn(async move { load::start(&plan).await });
        let latency = pay_orders(stage, &kept, &server, &bank, (channel, number), seen).await;
        ensure!(!load.is_finished(), "the orders beside the pushes stopped: {:?}", load.await);
        load.abort();
        // What was killed with its requests under way is not an outcome.
        let _ = load.await;
        let latency = latency?;
        figure.push(Round::new(latency.p50 / 1000.0).latency(latency));
        Watcher::open(&kept.place).await?.drain().await?;
        server.stop().await?;
    }
    Ok(vec![figure])
}

async fn pay_orders(
    stage: &Stage,
    kept: &Kept,
    server: &Server,
    bank: &Bank,
    (channel, round): (i64, usize),
    (mut screen, cookie): (Screen, String),
) -> Result<Latency> {
    let mut shop = Connection::open(server.address).await?;
    let mut teller = Connection::open(bank.address).await?;
    let mut orders = Orders::new(99, kept.desk.goods, Popularity::Zipf, format!("paid{round}"));
    let mut times = histogram()?;
    for _ in 0..stage.scale.screens {
        let invoice = Invoice::of_new_order(&mut shop, &kept.desk.tokens[0], &mut orders).await?;
        let told = json!({
            "account": ACCOUNT, "amount_minor": invoice.amount_minor, "channel": channel, "seal": "jws",
            "purpose": format!("Оплата {}", invoice.number),
        });
        let began = Instant::now();
        let done =
            succeeded(teller.ask(Request::new("POST", "/lines").json(told.to_string())).await?)?.json()?;
        ensure!(done["answers"] == json!([200]), "the push was answered {done}");
        let card = format!("/orders/{}", invoice.order);
        let seen = timeout(LONGEST, async {
            loop {
                screen.wait_for("\"task/").await?;
                let request = Request::new("GET", &card).header("cookie", &cookie);
                let shown = succeeded(shop.ask(request).await?)?.text();
                if shown.matches("id=\"task-").count() == TASKS {
                    return anyhow::Ok(());
                }
            }
        });
        seen.await.with_context(|| format!("{card} does not show its tasks"))??;
        times.saturating_record(u64::try_from(began.elapsed().as_micros())?);
        // Not in step with the stream's own rhythm.
        sleep(Duration::from_millis(37)).await;
    }
    Ok(Latency::of(&times))
}

struct Invoice {
    order: i64,
    number: String,
    amount_minor: i64,
}

impl Invoice {
    /// Places an order and waits until it may be paid.
    async fn of_new_order(shop: &mut Connection, token: &str, orders: &mut Orders) -> Result<Self> {
        let body = orders.next_order().to_string();
        let placed =
            succeeded(shop.ask(Request::new("POST", "/api/v1/orders").json(body).token(token)).await?)?;
        let order = placed.json()?.get("id").and_then(Value::as_i64).context("an order without an id")?;
        let path = format!("/api/v1/orders/{order}");
        let asked = async {
            loop {
                let read = succeeded(shop.ask(Request::new("GET", &path).token(token)).await?)?.json()?;
                if let Some(number) = read.pointer("/invoice/number").and_then(Value::as_str) {
                    let total =
                        read.get("total").and_then(Value::as_str).context("an order without a total")?;
                    let amount_minor = total.replace('.', "").parse()?;
                    return Ok(Self { order, number: number.to_owned(), amount_minor });
                }
                sleep(Duration::from_millis(2)).await;
            }
        };
        timeout(LONGEST, asked).await.with_context(|| format!("{path} gets no invoice"))?
    }
}

/// `takt simulate bank`; it ends with its owner.
struct Bank {
    child: Child,
    address: SocketAddr,
    folder: tempfile::TempDir,
    /// As it says itself what it has to be connected with.
    peer: String,
    issuer: String,
}

impl Drop for Bank {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Bank {
    fn start(takt: &Takt, scratch: &Path, push_to: SocketAddr) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("bank-").tempdir_in(scratch)?;
        let mut child = Command::new(&takt.binary)
            .args(["simulate", "bank", "--listen", "127.0.0.1:0", "--asked", "127.0.0.1:0", "--folder"])
            .arg(folder.path())
            .args(["--push-to", &push_to.to_string()])
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines =
            BufReader::new(child.stdout.take().context("no output")?).lines().map_while(Result::ok);
        let said: Vec<String> = lines.by_ref().take_while(|line| !line.starts_with("asked at ")).collect();
        let address = lines.find_map(|line| line.strip_prefix("listening on ").map(str::to_owned));
        let after = |what: &str| {
            let text = said.iter().find_map(|line| line.split_once(what))?.1;
            text.split_whitespace().next().map(str::to_owned)
        };
        Ok(Self {
            address: address.context("the bank does not listen")?.parse()?,
            peer: after("--peer ").context("a bank without a certificate")?,
            issuer: after("--set issuer=").context("a bank without a name")?,
            child,
            folder,
        })
    }

    /// Makes the desk listen to it and answers the channel's number.
    fn connect(&self, takt: &Takt, kept: &Kept) -> Result<i64> {
        let (company, place): (String, &Place) = (kept.desk.company.to_string(), &kept.place);
        let issuer = format!("issuer={}", self.issuer);
        let create = ["bank-channel", "create", "--company", &company, "--kind", "push", "--name", "Bank"];
        let channel =
            takt.run(&[&create[..], &["--set", &issuer, "--peer", &self.peer]].concat(), place, "")?;
        let key = std::fs::read_to_string(self.folder.path().join("signing.pem"))?;
        let rotate = ["bank-channel", "rotate", "--company", &company, "--channel", &channel, "--kid", KEY];
        takt.run(&rotate, place, &key)?;
        channel.parse().with_context(|| format!("{channel} is no channel"))
    }

    fn door_of_banks(&self, address: SocketAddr) -> Vec<(String, String)> {
        let file = |name: &str| self.folder.path().join(name).display().to_string();
        [
            ("TAKT_BANK_LISTEN", address.to_string()),
            ("TAKT_BANK_CERT", file("server.pem")),
            ("TAKT_BANK_KEY", file("server.key")),
            ("TAKT_BANK_CLIENT_CA", file("authority.pem")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }
}

fn free_port() -> Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
