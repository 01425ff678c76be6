//! Many connected shops that are asked for their orders, beside a module that sends its own; then the same with one
//! shop that takes the question and never answers. Rounds of both take turns: what counts is how much later the
//! others are served.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    cluster,
    desk::Desk,
    engine::{Engine, Place},
    figures::{Figure, Round, Unit},
    lag::Watcher,
    load::{self, Latency, Plan, Work, histogram},
    stage::{Kept, Stage},
};

/// As a shop in another town takes to look.
const ANSWERS_AFTER: Duration = Duration::from_millis(20);
const LONGEST_LAP: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(2);
const CLIENTS: usize = 8;
const CONNECTIONS_END: Duration = Duration::from_millis(200);

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let many = stage.scale.shops;
    let figure =
        |id: &str, what: &str, unit| Figure::new(id, engine, what.replace("{many}", &many.to_string()), unit);
    let all_well = "the same with all shops well";
    let module = "p99 of a module's orders/create, {many} shops connected, one of them hung";
    let mut module = figure("shops.module", module, Unit::Milliseconds).against(all_well);
    let asked = "p99 until a shop is asked, {many} due at once, one of them hung";
    let mut asked = figure("shops.asked", asked, Unit::Milliseconds).against(all_well);
    let mut module_ratio =
        figure("shops.module.ratio", "a module's p99 with one hung shop to that without", Unit::Times);
    let mut asked_ratio =
        figure("shops.asked.ratio", "the p99 of asking with one hung shop to that without", Unit::Times);
    let fake = Shops::open().await?;
    for number in 0..stage.scale.rounds {
        let well = round(stage, engine, &fake, many, false, number).await?;
        let hung = round(stage, engine, &fake, many, true, number).await?;
        module_ratio.push(Round::new(hung.module.value / well.module.value));
        asked_ratio.push(Round::new(hung.asked.value / well.asked.value));
        for (figure, well, hung) in
            [(&mut module, well.module, hung.module), (&mut asked, well.asked, hung.asked)]
        {
            figure.push_ceiling(well);
            figure.push(hung);
        }
    }
    Ok(vec![module, module_ratio, asked, asked_ratio])
}

struct Measured {
    module: Round,
    asked: Round,
}

async fn round(
    stage: &mut Stage,
    engine: Engine,
    fake: &Shops,
    many: usize,
    one_hangs: bool,
    number: usize,
) -> Result<Measured> {
    let kept = connected(stage, engine, many).await?;
    let place = stage.copy(&kept.place).await?;
    let key = stage.takt.run(
        &[
            "connection",
            "create",
            "--company",
            &kept.desk.company.to_string(),
            "--shop",
            &kept.desk.shops[0].to_string(),
            "--kind",
            "retailcrm",
        ],
        &place,
        "",
    )?;
    let data = Data::open(&place).await?;
    data.point_to(fake.address).await?;
    let shops = data.shops().await?;
    ensure!(shops.len() == many, "{} of {many} shops are connected", shops.len());
    fake.inside().hung = one_hangs.then(|| shops[0]);
    let others = many - usize::from(one_hangs);
    let server = stage.takt.serve(&place).await?;
    let plan = Plan {
        address: server.address,
        tokens: vec![key],
        clients: CLIENTS,
        warm_up: stage.scale.warm_up,
        seconds: stage.scale.seconds,
        goods: kept.desk.goods,
        run: format!("s{number}"),
        work: Work::Module { batch: 1 },
        per_second: None,
    };
    let mut load = std::pin::pin!(load::start(&plan));
    let mut times = histogram()?;
    let mut laps = 0;
    let mut outcome = None;
    // Whole laps only, and one at least.
    while outcome.is_none() || laps == 0 {
        let lap = fake.lap(&data, others);
        let waits = match outcome {
            Some(_) => lap.await?,
            None => {
                let mut lap = std::pin::pin!(lap);
                tokio::select! {
                    done = &mut load => {
                        outcome = Some(done?);
                        if laps > 0 {
                            break;
                        }
                        lap.await?
                    }
                    waits = &mut lap => waits?,
                }
            }
        };
        for waited in waits {
            times.saturating_record(u64::try_from(waited.as_micros()).unwrap_or(u64::MAX).max(1));
        }
        laps += 1;
    }
    let outcome = outcome.context("the load said nothing")?;
    server.stop().await?;
    let latency = Latency::of(&times);
    let module = Round::new(outcome.latency.p99 / 1000.0)
        .latency(outcome.latency)
        .extra("orders_per_s", outcome.per_second())
        .extra("refused", outcome.refused as f64);
    let asked = Round::new(latency.p99 / 1000.0).latency(latency).extra("laps", f64::from(laps));
    Ok(Measured { module, asked })
}

/// The desk with so many connected shops; kept, since each is a command of its own.
async fn connected(stage: &mut Stage, engine: Engine, many: usize) -> Result<Kept> {
    let name = format!("shops_{many}_{}", stage.scale.goods);
    if let Some(kept) = stage.find(engine, &name).await? {
        return Ok(kept);
    }
    let place = stage.empty(engine, &name).await?;
    let desk = Desk::open(&stage.takt, &place, stage.scale.goods).await?;
    let company = desk.company.to_string();
    for number in 0..many {
        let shop = desk.shops[number % desk.shops.len()].to_string();
        let create =
            ["connection", "create", "--company", &company, "--shop", &shop, "--kind", "woocommerce"];
        stage.takt.run(&create, &place, "")?;
    }
    // Each gets its timer, and finds that it has no address yet.
    let server = stage.takt.serve(&place).await?;
    let watcher = Watcher::open(&place).await?;
    watcher.drain().await?;
    watcher.wait_for_jobs().await?;
    drop(watcher);
    server.stop().await?;
    // Its connection ends by itself; nobody may look on while PostgreSQL copies a database.
    sleep(CONNECTIONS_END).await;
    stage.keep(&name, Kept { place, desk })
}

/// The database beside the program.
enum Data {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client),
}

impl Data {
    async fn open(place: &Place) -> Result<Self> {
        Ok(match place {
            Place::Folder(_) => {
                let connection = rusqlite::Connection::open(place.sqlite_file())?;
                connection.busy_timeout(Duration::from_secs(10))?;
                Self::Sqlite(connection)
            }
            Place::Database { url, .. } => Self::Postgres(cluster::connect(url).await?),
        })
    }

    async fn execute(&self, statements: &str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.execute_batch(statements)?,
            Self::Postgres(client) => client.batch_execute(statements).await?,
        }
        Ok(())
    }

    async fn shops(&self) -> Result<Vec<i64>> {
        const SHOPS: &str = "select id from connection where kind = 'woocommerce' order by id";
        Ok(match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare(SHOPS)?;
                let ids = statement.query_map([], |row| row.get(0))?;
                ids.collect::<rusqlite::Result<_>>()?
            }
            Self::Postgres(client) => client.query(SHOPS, &[]).await?.iter().map(|row| row.get(0)).collect(),
        })
    }

    /// Each shop has an address of its own there.
    async fn point_to(&self, address: SocketAddr) -> Result<()> {
        self.execute(&format!(
            "update connection set settings = '{{\"url\":\"http://{address}/' || id || '\"}}' where kind = 'woocommerce';
             insert into connection_secret (company_id, connection_id, name, value, set_at, ends_at)
             select connection.company_id, connection.id, named.name, 'key', 1, null
             from connection
             cross join (select 'consumer_key' as name union all select 'consumer_secret' as name) as named
             where connection.kind = 'woocommerce'
             on conflict (company_id, connection_id, name) do nothing;"
        ))
        .await
    }

    /// How many shops are being asked, or wait for it, other than the hung one.
    async fn being_asked(&self, hung: Option<i64>) -> Result<i64> {
        let hung = hung.map_or(String::new(), |id| id.to_string());
        Ok(match self {
            Self::Sqlite(connection) => {
                let count = "select count(*) from job where kind = 'shops.poll' and job_key <> ?1";
                connection.query_row(count, [hung], |row| row.get(0))?
            }
            Self::Postgres(client) => {
                let count = "select count(*) from job where kind = 'shops.poll' and job_key <> $1";
                client.query_one(count, &[&hung]).await?.get(0)
            }
        })
    }

    async fn all_are_due(&self) -> Result<()> {
        self.execute("update timer set due_at = 1, fire_at = 1 where kind = 'shops.poll'").await
    }
}

/// Shops that answer over REST, all on one port.
#[derive(Clone)]
struct Shops {
    address: SocketAddr,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    hung: Option<i64>,
    /// Who was asked in this lap, and when first.
    asked: BTreeMap<i64, Instant>,
}

impl Shops {
    async fn open() -> Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let shops = Self { address: listener.local_addr()?, inside: Arc::default() };
        let routes =
            Router::new().route("/{shop}/wp-json/wc/v3/orders", get(orders)).with_state(shops.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(shops)
    }

    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All are due now: how long it took until each of the others was asked. A shop that is still being asked
    /// for the lap before would not be asked again.
    async fn lap(&self, data: &Data, others: usize) -> Result<Vec<Duration>> {
        let before = Instant::now();
        let hung = self.inside().hung;
        while data.being_asked(hung).await? > 0 {
            ensure!(before.elapsed() < LONGEST_LAP, "shops were still being asked after a minute");
            sleep(LOOK_EVERY).await;
        }
        self.inside().asked.clear();
        let due = Instant::now();
        data.all_are_due().await?;
        while self.inside().asked.len() < others {
            let asked = self.inside().asked.len();
            ensure!(due.elapsed() < LONGEST_LAP, "{asked} of {others} shops were asked within a minute");
            sleep(LOOK_EVERY).await;
        }
        Ok(self.inside().asked.values().map(|asked| asked.saturating_duration_since(due)).collect())
    }
}

async fn orders(State(shops): State<Shops>, Path(shop): Path<i64>) -> Json<Value> {
    let hangs = {
        let mut inside = shops.inside();
        let hangs = inside.hung == Some(shop);
        if !hangs {
            inside.asked.entry(shop).or_insert_with(Instant::now);
        }
        hangs
    };
    if hangs {
        std::future::pending::<()>().await;
    }
    sleep(ANSWERS_AFTER).await;
    Json(json!([]))
}
