//! The promise clock of one order, as its card and its list ask it: the facts are read, every second is given to
//! its holder, the milestones are told. In this process, by the program's own store.

use std::{sync::Arc, time::Instant};

use anyhow::{Context, Result, anyhow, ensure};
use takt_kernel::{CompanyId, Fault, Slots, SystemClock, SystemEntropy};
use takt_orders::{
    clock::{Calendars, Promises, course, split},
    facts::SUBJECT,
    statuses,
};
use takt_store::{Database, Db, Options, Query as _, facts};

use crate::{
    ceiling,
    engine::{Engine, Place},
    figures::{Figure, Round, Unit},
    load::{Latency, histogram},
    scale::size_name,
    seed,
    stage::Stage,
};

const ORDERS: usize = 2_000;
/// More than an order has.
const MOST_FACTS: i64 = 1_000;

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let size = stage.scale.months.first().copied().context("no month")?;
    let kept = seed::month(stage, engine, size).await?;
    let place = stage.copy(&kept.place).await?;
    let company = CompanyId::new(kept.desk.company);
    let all = ceiling::facts::orders(&place, kept.desk.company).await?;
    let every = (all.len() / ORDERS).max(1);
    let orders: Arc<[i64]> = all.iter().step_by(every).take(ORDERS).copied().collect();
    let of_size = size_name(size);
    let mut whole = Figure::new(
        "clock",
        engine,
        format!("the clock of an order read and told, a month of {of_size}"),
        Unit::Microseconds,
    )
    .against("its facts by the driver alone");
    let mut told = Figure::new("clock.told", engine, "of it, told from the facts", Unit::Microseconds);
    let db = open(&place).await?;
    for _ in 0..stage.scale.rounds {
        let seconds = ceiling::facts::read(&place, kept.desk.company, &orders).await?;
        whole.push_ceiling(Round::new(seconds * 1e6 / orders.len() as f64));
        let asked = Arc::clone(&orders);
        let times = db
            .read("bench.clock", move |reader| {
                let now = reader.now();
                // As a card asks, with what is seldom another in memory.
                let mut times = Vec::with_capacity(asked.len());
                for order in asked.iter() {
                    let began = Instant::now();
                    let facts = facts::of_subject(reader, company, SUBJECT, *order, 0, MOST_FACTS)?;
                    let promises = Promises::of(reader, company)?;
                    let calendars = Calendars::of(reader, company, &promises)?;
                    let known = statuses::all(reader, company)?;
                    let read = began.elapsed();
                    let split = split(&facts, &calendars.usual, now);
                    let course = course(&facts, &promises, &known, &calendars);
                    let parts = split.segments.len() + course.map_or(0, |course| course.passages.len());
                    if std::hint::black_box(parts) == 0 {
                        return Err(Fault::broken("bench.no_clock"));
                    }
                    times.push((read, began.elapsed(), facts.len()));
                }
                Ok(times)
            })
            .await
            .map_err(|fault| anyhow!("{fault:?}"))?;
        ensure!(!times.is_empty(), "no orders to look at");
        let many = times.len() as f64;
        let facts: usize = times.iter().map(|(_, _, facts)| facts).sum();
        let (mut slow, mut all, mut after) = (histogram()?, 0.0, 0.0);
        for (read, both, _) in &times {
            slow.saturating_record(u64::try_from(both.as_micros())?);
            all += both.as_secs_f64();
            after += (*both - *read).as_secs_f64();
        }
        let round = Round::new(all * 1e6 / many).latency(Latency::of(&slow));
        whole.push(round.extra("facts_each", facts as f64 / many));
        told.push(Round::new(after * 1e6 / many));
    }
    Ok(vec![whole, told])
}

async fn open(place: &Place) -> Result<Db> {
    let database = match place {
        Place::Folder(folder) => Database::Sqlite { folder: folder.clone() },
        Place::Database { url, .. } => Database::Postgres { url: url.clone() },
    };
    let options = Options {
        database,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        slots: Arc::new(Slots::default()),
        migrations: Vec::new(),
        background: false,
    };
    Db::open_to_read(options).await.map_err(|fault| anyhow!("{fault:?}"))
}
