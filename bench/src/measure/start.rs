//! From exec to the first answer, the memory of a program that waits and of one that has worked, and
//! the size of the one file.

use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::time::sleep;

use super::{MEGABYTE, Spent};
use crate::{
    engine::Engine,
    figures::{Figure, Round, Unit},
    lag::Watcher,
    load::{self, Plan, Work},
    orders::Popularity,
    scale::size_name,
    seed,
    stage::Stage,
};

pub async fn start(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let size = stage.scale.living;
    let kept = seed::seeded(stage, engine, size).await?;
    let what = format!("start to the first answer, {} orders", size_name(size));
    let mut figure = Figure::new("start", engine, what, Unit::Milliseconds).against("takt --version");
    let path = "/api/v1/orders?limit=1".to_owned();
    for _ in 0..stage.scale.starts {
        let began = Instant::now();
        stage.takt.bare("--version")?;
        figure.push_ceiling(Round::new(began.elapsed().as_secs_f64() * 1000.0));
        let server = stage.takt.serve_until(&kept.place, &path, kept.desk.tokens.first()).await?;
        figure.push(Round::new(server.first_answer.as_secs_f64() * 1000.0));
        server.stop().await?;
    }
    Ok(vec![figure])
}

pub async fn memory(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let figure = |id: &str, what: &str| Figure::new(id, engine, what, Unit::Megabytes);
    let mut idle = figure("memory.idle", "memory, idle after its start");
    let mut after = figure("memory.after", "memory, after intake at 64 clients");
    let mut file = figure("binary", "the one file");
    let resting = Duration::from_secs_f64(stage.scale.seconds.min(5.0));
    for number in 0..stage.scale.rounds {
        let kept = stage.fresh_desk(engine).await?;
        let server = stage.takt.serve(&kept.place).await?;
        sleep(resting).await;
        let megabytes = |spent: Spent| spent.takt.resident_bytes as f64 / MEGABYTE;
        idle.push(Round::new(megabytes(Spent::now(stage, engine, &server)?)));
        let plan = Plan {
            address: server.address,
            tokens: kept.desk.tokens.clone(),
            clients: 64,
            warm_up: 0.0,
            seconds: stage.scale.seconds,
            goods: kept.desk.goods,
            run: format!("memory{number}"),
            work: Work::Orders(Popularity::Zipf),
            per_second: None,
        };
        load::start(&plan).await?;
        Watcher::open(&kept.place).await?.drain().await?;
        sleep(resting).await;
        after.push(Round::new(megabytes(Spent::now(stage, engine, &server)?)));
        server.stop().await?;
    }
    file.push(Round::new(std::fs::metadata(&stage.takt.binary)?.len() as f64 / MEGABYTE));
    Ok(vec![idle, after, file])
}
