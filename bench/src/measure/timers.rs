//! A million armed timers: what they cost, and how late the next ones fire. The program arms them itself: a
//! playbook with many rules about what lasts is published over orders in work. Those that fire belong to orders that
//! come ten a second, as they do on the busiest day of 300 shops.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::time::sleep;

use super::{MEGABYTE, Spent};
use crate::{
    cluster::connect,
    desk::{Desk, succeeded},
    engine::{Engine, Place},
    figures::{Figure, Round, Unit},
    http::{Connection, Request},
    load::{Latency, histogram},
    orders::{Orders, Popularity},
    scale::size_name,
    seed,
    server::Server,
    stage::Stage,
};

/// Roubles.
const BIG: u64 = 5_000_000;
const BETWEEN_ORDERS: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(3_600);
/// How late the machine itself wakes up who sleeps.
const NAPS: u32 = 200;

const IN_WORK: &str = "select count(*) from orders where stage not in ('complete', 'cancel')";
const ARMED: &str = "select count(*) from timer where kind = 'playbook.lasted'";
const REVIEWING: &str = "select count(*) from timer where kind = 'playbook.review'";
const FIRED: &str = "select count(*) from playbook_occasion where rule = 'soon' and acted_at is not null";
const LATE: &str =
    "select acted_at - due_at from playbook_occasion where rule = 'soon' and acted_at is not null";

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let size = stage.scale.living;
    let kept = seed::seeded(stage, engine, size).await?;
    let place = stage.copy(&kept.place).await?;
    let company = kept.desk.company.to_string();
    let database = Database::open(&place).await?;
    let in_work = u64::try_from(database.number(IN_WORK).await?)?;
    ensure!(in_work > 0, "no orders in work");
    let rules = stage.scale.timers.div_ceil(in_work);
    let armed = i64::try_from(rules * in_work)?;
    let name = size_name(stage.scale.timers);
    let figure = |id: &str, what: String, unit: Unit| Figure::new(id, engine, what, unit);
    let mut arming = figure("timers.armed", "timers armed by a new playbook".to_owned(), Unit::PerSecond);
    let mut memory = figure("timers.memory", format!("memory with {name} armed timers"), Unit::Megabytes);
    let mut late =
        figure("timers.late", format!("99 of 100 ring no later than, {name} armed"), Unit::Milliseconds)
            .against("a sleeper woken by the machine");

    publish(stage, &place, &company, &document(rules, None))?;
    let server = stage.takt.serve(&place).await?;
    let began = Instant::now();
    database.wait(ARMED, |count| count >= armed).await?;
    arming.push(Round::new(armed as f64 / began.elapsed().as_secs_f64()));
    database.wait(REVIEWING, |count| count == 0).await?;
    server.stop().await?;

    publish(stage, &place, &company, &document(rules, Some(stage.scale.timer_minutes)))?;
    late.push_ceiling(napped().await?);
    let server = stage.takt.serve(&place).await?;
    database.wait(REVIEWING, |count| count == 0).await?;
    place_big_orders(&server, &kept.desk, stage.scale.screens).await?;
    let expected = i64::try_from(stage.scale.screens)?;
    database.wait(FIRED, |count| count >= expected).await?;
    memory.push(Round::new(Spent::now(stage, engine, &server)?.takt.resident_bytes as f64 / MEGABYTE));
    server.stop().await?;
    let mut times = histogram()?;
    for micros in database.numbers(LATE).await? {
        times.saturating_record(u64::try_from(micros).unwrap_or_default());
    }
    let latency = Latency::of(&times);
    late.push(Round::new(latency.p99 / 1_000.0).latency(latency).extra("fired", times.len() as f64));
    Ok(vec![arming, memory, late])
}

fn publish(stage: &Stage, place: &Place, company: &str, text: &str) -> Result<()> {
    let file = stage.folder("timers.md");
    std::fs::write(&file, text)?;
    let path = file.display().to_string();
    stage.takt.run(&["playbook", "publish", &path, "--company", company], place, "")?;
    Ok(())
}

/// Rules that wait for most of a year, and perhaps one that does not.
fn document(far: u64, soon: Option<u32>) -> String {
    let mut text = String::new();
    let mut add = |name: &str, total: &str, wait: &str| {
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "```rule {name}\nwhile = [\"order.in_work\", \"order.total {total} {BIG}\"]\nfor = \"{wait}\"\ncalendar = \"round the clock\"\n\
             then = [{{ do = \"tasks.open\", kind = \"task_ignored\", role = \"manager\", due = \"1 d\" }}]\n```\n"
        );
    };
    for rule in 0..far {
        add(&format!("far-{rule}"), "<", "300 d");
    }
    if let Some(minutes) = soon {
        add("soon", ">=", &format!("{minutes} min"));
    }
    text
}

/// Orders that no filled database has.
async fn place_big_orders(server: &Server, desk: &Desk, many: usize) -> Result<()> {
    let mut orders = Orders::new(29, desk.goods, Popularity::Zipf, "timers".to_owned());
    let mut connection = Connection::open(server.address).await?;
    let token = desk.tokens.first().context("no shop")?;
    for _ in 0..many {
        let mut order = orders.next_order();
        if let Some(price) = order.pointer_mut("/lines/0/price") {
            *price = json!(format!("{BIG}.00"));
        }
        let request = Request::new("POST", "/api/v1/orders").json(order.to_string()).token(token);
        succeeded(connection.ask(request).await?)?;
        sleep(BETWEEN_ORDERS).await;
    }
    Ok(())
}

async fn napped() -> Result<Round> {
    let mut times = histogram()?;
    for _ in 0..NAPS {
        let until = Instant::now() + Duration::from_millis(5);
        tokio::time::sleep_until(until.into()).await;
        times.saturating_record(u64::try_from(until.elapsed().as_micros())?);
    }
    let latency = Latency::of(&times);
    Ok(Round::new(latency.p99 / 1_000.0).latency(latency))
}

enum Database {
    Sqlite(Box<rusqlite::Connection>),
    Postgres(tokio_postgres::Client),
}

impl Database {
    async fn open(place: &Place) -> Result<Self> {
        Ok(match place {
            Place::Folder(_) => Self::Sqlite(Box::new(rusqlite::Connection::open(place.sqlite_file())?)),
            Place::Database { url, .. } => Self::Postgres(connect(url).await?),
        })
    }

    async fn numbers(&self, sql: &str) -> Result<Vec<i64>> {
        Ok(match self {
            Self::Sqlite(connection) => {
                connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?
            }
            Self::Postgres(client) => client.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect(),
        })
    }

    async fn number(&self, sql: &str) -> Result<i64> {
        self.numbers(sql).await?.first().copied().context("no number")
    }

    async fn wait(&self, sql: &str, enough: impl Fn(i64) -> bool) -> Result<()> {
        let began = Instant::now();
        loop {
            let count = self.number(sql).await?;
            if enough(count) {
                return Ok(());
            }
            ensure!(began.elapsed() < LONGEST, "still {count} after {LONGEST:?}: {sql}");
            sleep(Duration::from_millis(200)).await;
        }
    }
}
