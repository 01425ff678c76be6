//! From the answer to a shop until the order's row on somebody's screen is told to change.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::time::{Duration, sleep, timeout};

use crate::{
    desk::{sign_in, succeeded},
    engine::Engine,
    figures::{Figure, Round, Unit},
    http::{Connection, Request},
    lag::Watcher,
    load::{self, Latency, Plan, Work, histogram},
    orders::{Orders, Popularity},
    server::Server,
    stage::{Kept, Stage},
};

const LONGEST: Duration = Duration::from_secs(30);
const CLIENTS: usize = 8;

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let what = format!("an order's way to a screen, while {CLIENTS} clients place orders");
    let mut figure = Figure::new("screen", engine, what, Unit::Milliseconds);
    for number in 0..stage.scale.rounds {
        let kept = stage.fresh_desk(engine).await?;
        let server = stage.takt.serve(&kept.place).await?;
        let mut screen = Screen::of_owner(&kept, &server).await?.0;
        let plan = Plan {
            address: server.address,
            tokens: kept.desk.tokens.clone(),
            clients: CLIENTS,
            warm_up: 0.0,
            // As long as the probes take, which stop it.
            seconds: 600.0,
            goods: kept.desk.goods,
            run: format!("screen{number}"),
            work: Work::Orders(Popularity::Zipf),
            per_second: None,
        };
        let load = tokio::spawn(async move { load::start(&plan).await });
        let latency = watch(stage, &kept, &server, &mut screen, number).await;
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

async fn watch(
    stage: &Stage,
    kept: &Kept,
    server: &Server,
    screen: &mut Screen,
    round: usize,
) -> Result<Latency> {
    let mut shop = Connection::open(server.address).await?;
    let mut orders = Orders::new(99, kept.desk.goods, Popularity::Zipf, format!("probe{round}"));
    let mut times = histogram()?;
    for _ in 0..stage.scale.screens {
        let order = orders.next_order().to_string();
        let request = Request::new("POST", "/api/v1/orders").json(order).token(&kept.desk.tokens[0]);
        let answer = succeeded(shop.ask(request).await?)?;
        let answered = Instant::now();
        let id = answer.json()?.get("id").and_then(Value::as_i64).context("an order without an id")?;
        let told = timeout(LONGEST, screen.wait_for(&format!("\"order/{id}\""))).await;
        told.with_context(|| format!("the screen did not hear of the order {id}"))??;
        times.saturating_record(u64::try_from(answered.elapsed().as_micros())?);
        // Not in step with the stream's own rhythm.
        sleep(Duration::from_millis(37)).await;
    }
    Ok(Latency::of(&times))
}

/// The live stream of somebody who looks on.
pub struct Screen {
    stream: Connection,
    heard: String,
}

impl Screen {
    /// And the owner's cookie. A stream ends when something became of whoever reads it, so that rights are looked at
    /// anew: that somebody signed in has to be over before.
    pub async fn of_owner(kept: &Kept, server: &Server) -> Result<(Self, String)> {
        let cookie = sign_in(server).await?;
        Watcher::open(&kept.place).await?.drain().await?;
        Ok((Self::open(server, &cookie).await?, cookie))
    }

    pub async fn open(server: &Server, cookie: &str) -> Result<Self> {
        let mut stream = Connection::open(server.address).await?;
        let answer = stream.listen(Request::new("GET", "/live").header("cookie", cookie)).await?;
        if !answer.is_success() {
            bail!("no live stream: {}", answer.status);
        }
        Ok(Self { stream, heard: String::new() })
    }

    /// Reads events until one has this in it, or says that everything may have changed.
    pub async fn wait_for(&mut self, topic: &str) -> Result<()> {
        loop {
            while let Some((event, rest)) = self.heard.split_once("\n\n") {
                let found = event.contains(topic) || event.contains("\"*\"");
                self.heard = rest.to_owned();
                if found {
                    return Ok(());
                }
            }
            let chunk = self.stream.chunk().await?.context("the live stream ended")?;
            self.heard.push_str(&String::from_utf8_lossy(&chunk));
        }
    }
}
