//! The load: a process of its own with one thread, N clients in a closed loop, each with one
//! connection. It reads its plan on standard input and writes what happened on standard output.

use std::{
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::{
    io::AsyncWriteExt,
    process::Command,
    task::{JoinSet, LocalSet},
};

use crate::{
    http::{Answer, Connection, Request},
    orders::{Orders, Popularity},
    process::Usage,
};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    pub address: SocketAddr,
    /// Clients take these in turn: each shop has its own.
    pub tokens: Vec<String>,
    pub clients: usize,
    /// Before anything is counted.
    pub warm_up: f64,
    pub seconds: f64,
    pub goods: usize,
    /// Makes this run's external ids its own.
    pub run: String,
    pub work: Work,
    /// All clients together, as steady as a clock; without it each asks as soon as it was answered.
    pub per_second: Option<f64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Work {
    /// `POST /api/v1/orders`.
    Orders(Popularity),
    /// A shop's module sends so many orders at once: one by `orders/create`, more by `orders/upload`.
    Module { batch: usize },
    /// A buyer's way through a shop: eight requests.
    Flow,
    /// These paths in turn; with a cookie instead of a token when there is one.
    Read { paths: Vec<String>, cookie: Option<String> },
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// Counted ones; a flow of eight requests is one.
    pub done: u64,
    /// Those of the warm-up too.
    pub done_in_all: u64,
    /// How many were answered otherwise, with one of the answers.
    pub refused: u64,
    pub refusal: Option<String>,
    pub seconds: f64,
    pub latency: Latency,
    /// Bytes of bodies that were sent, in all.
    pub payload_bytes: u64,
    /// What this load itself cost.
    pub cpu_seconds: f64,
}

/// In microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    pub p50: f64,
    pub p99: f64,
    pub max: f64,
}

impl Latency {
    pub fn of(histogram: &Histogram<u64>) -> Self {
        if histogram.is_empty() {
            return Self::default();
        }
        let at = |quantile| histogram.value_at_quantile(quantile) as f64;
        Self { p50: at(0.5), p99: at(0.99), max: histogram.max() as f64 }
    }
}

pub fn histogram() -> Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 120_000_000, 3)?)
}

impl Outcome {
    pub fn per_second(&self) -> f64 {
        if self.seconds > 0.0 { self.done as f64 / self.seconds } else { 0.0 }
    }
}

/// Runs a plan in a process of its own.
pub async fn start(plan: &Plan) -> Result<Outcome> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("load")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut input = child.stdin.take().context("the load takes no plan")?;
    input.write_all(&serde_json::to_vec(plan)?).await?;
    drop(input);
    let output = child.wait_with_output().await?;
    if !output.status.success() {
        bail!("the load ended with {}", output.status);
    }
    let outcome: Outcome = serde_json::from_slice(&output.stdout).context("what the load said")?;
    if outcome.done == 0 {
        bail!("nothing was done: {}", outcome.refusal.unwrap_or_default());
    }
    Ok(outcome)
}

/// The other side of [`start`].
pub async fn carry_out(plan: Plan) -> Result<Outcome> {
    let before = Usage::of(std::process::id(), false)?;
    let plan = Rc::new(plan);
    let local = LocalSet::new();
    let mut outcome = local.run_until(all_clients(plan)).await?;
    outcome.cpu_seconds = Usage::of(std::process::id(), false)?.since(before).cpu_seconds;
    Ok(outcome)
}

async fn all_clients(plan: Rc<Plan>) -> Result<Outcome> {
    let began = Instant::now();
    let counted_from = began + Duration::from_secs_f64(plan.warm_up);
    let until = counted_from + Duration::from_secs_f64(plan.seconds);
    let mut clients = JoinSet::new();
    for number in 0..plan.clients {
        clients.spawn_local(client(plan.clone(), number, counted_from, until));
    }
    let (mut outcome, mut times) = (Outcome::default(), histogram()?);
    while let Some(ended) = clients.join_next().await {
        let (its, its_times) = ended??;
        outcome.done += its.done;
        outcome.done_in_all += its.done_in_all;
        outcome.refused += its.refused;
        outcome.refusal = outcome.refusal.or(its.refusal);
        outcome.payload_bytes += its.payload_bytes;
        // Until the last answer: what was begun in time counts, and so does its time.
        outcome.seconds = outcome.seconds.max(its.seconds);
        times.add(its_times)?;
    }
    outcome.seconds = outcome.seconds.max(plan.seconds);
    outcome.latency = Latency::of(&times);
    Ok(outcome)
}

async fn client(
    plan: Rc<Plan>,
    number: usize,
    counted_from: Instant,
    until: Instant,
) -> Result<(Outcome, Histogram<u64>)> {
    let mut client = Client {
        connection: Connection::open(plan.address).await?,
        token: plan.tokens[number % plan.tokens.len()].clone(),
        orders: Orders::new(
            number as u64 + 1,
            plan.goods,
            match plan.work {
                Work::Orders(popularity) => popularity,
                Work::Flow | Work::Module { .. } | Work::Read { .. } => Popularity::Zipf,
            },
            format!("{}-{number}", plan.run),
        ),
        payload_bytes: 0,
        turn: number,
    };
    let (mut outcome, mut times) = (Outcome::default(), histogram()?);
    let began = Instant::now();
    let mut turns = (number..).step_by(plan.clients);
    loop {
        if let (Some(per_second), Some(turn)) = (plan.per_second, turns.next()) {
            tokio::time::sleep_until((began + Duration::from_secs_f64(turn as f64 / per_second)).into())
                .await;
        }
        let asked = Instant::now();
        if asked >= until {
            break;
        }
        let answer = client.carry_out(&plan.work).await?;
        let answered = Instant::now();
        if !answer.is_success() {
            outcome.refused += 1;
            outcome.refusal.get_or_insert_with(|| format!("{}: {}", answer.status, answer.text()));
            continue;
        }
        outcome.done_in_all += 1;
        if asked >= counted_from {
            outcome.done += 1;
            outcome.seconds = (answered - counted_from).as_secs_f64();
            times.saturating_record(u64::try_from((answered - asked).as_micros()).unwrap_or(u64::MAX));
        }
    }
    outcome.payload_bytes = client.payload_bytes;
    Ok((outcome, times))
}

struct Client {
    connection: Connection,
    token: String,
    orders: Orders,
    payload_bytes: u64,
    turn: usize,
}

impl Client {
    async fn carry_out(&mut self, work: &Work) -> Result<Answer> {
        match work {
            Work::Orders(_) => {
                let order = self.orders.next_order();
                self.send(Request::new("POST", "/api/v1/orders").json(order.to_string())).await
            }
            Work::Module { batch } => self.module(*batch).await,
            Work::Flow => self.flow().await,
            Work::Read { paths, cookie } => {
                let path = &paths[self.turn % paths.len()];
                self.turn += 1;
                let request = Request::new("GET", path);
                match cookie {
                    Some(cookie) => self.connection.ask(request.header("cookie", cookie)).await,
                    None => self.send(request).await,
                }
            }
        }
    }

    /// Its key stands in a header, as with the clients of the interface.
    async fn module(&mut self, batch: usize) -> Result<Answer> {
        let mut orders: Vec<_> = (0..batch).map(|_| self.orders.next_module_order()).collect();
        let (path, name, value) = if batch == 1 {
            ("/api/v5/orders/create", "order", orders.remove(0))
        } else {
            ("/api/v5/orders/upload", "orders", serde_json::Value::from(orders))
        };
        let value = value.to_string();
        let encoded = percent_encoding::utf8_percent_encode(&value, percent_encoding::NON_ALPHANUMERIC);
        let request = Request::new("POST", path).form(&format!("{name}={encoded}"));
        self.payload_bytes += value.len() as u64;
        self.connection.ask(request.header("x-api-key", &self.token)).await
    }

    async fn send(&mut self, request: Request) -> Result<Answer> {
        self.payload_bytes += request.payload() as u64;
        self.connection.ask(request.token(&self.token)).await
    }

    /// Create a draft, three lines, the customer, the delivery, place it, read the order.
    async fn flow(&mut self) -> Result<Answer> {
        let created = self.send(Request::new("POST", "/api/v1/drafts").json("{}")).await?;
        let Some(draft) = created.json().ok().and_then(|draft| draft.get("id")?.as_i64()) else {
            return Ok(created);
        };
        let path = |rest: &str| format!("/api/v1/drafts/{draft}{rest}");
        for good in self.orders.goods_of_order() {
            let line = self.orders.line(good).to_string();
            let answer = self.send(Request::new("POST", &path("/lines")).json(line)).await?;
            if !answer.is_success() {
                return Ok(answer);
            }
        }
        let customer = self.orders.customer().to_string();
        let delivery = json!({"method": "courier", "address": "Казань, ул. Баумана, 1", "price": "300.00"});
        for (part, body) in [("/customer", customer), ("/delivery", delivery.to_string())] {
            let answer = self.send(Request::new("PUT", &path(part)).json(body)).await?;
            if !answer.is_success() {
                return Ok(answer);
            }
        }
        let placed = self.send(Request::new("POST", &path("/place")).json("{}")).await?;
        let Some(order) = placed.json().ok().and_then(|order| order.get("id")?.as_i64()) else {
            return Ok(placed);
        };
        self.send(Request::new("GET", &format!("/api/v1/orders/{order}"))).await
    }
}
