//! Orders over HTTP, whole and as a buyer's eight requests, until every reaction to them has happened.

use anyhow::Result;

use super::{round_of, run_writing};
use crate::{
    ceiling,
    engine::Engine,
    figures::{Figure, Round, Unit},
    load::{self, Plan, Work},
    orders::Popularity,
    stage::{Kept, Stage},
};

const CLIENTS: [usize; 3] = [1, 8, 64];
/// More connections than this make PostgreSQL no faster.
const MOST_CONNECTIONS: usize = 16;

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for clients in CLIENTS {
        figures.push(writing(stage, engine, clients, Work::Orders(Popularity::Zipf)).await?);
    }
    figures.push(writing(stage, engine, 64, Work::Orders(Popularity::Hot)).await?);
    Ok(figures)
}

pub async fn flow(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    Ok(vec![writing(stage, engine, 8, Work::Flow).await?])
}

/// The largest intake alone, for a disk that was made slow.
pub async fn durable(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for clients in CLIENTS {
        figures.push(writing(stage, engine, clients, Work::Orders(Popularity::Zipf)).await?);
    }
    Ok(figures)
}

/// What HTTP and JSON alone allow with this load.
pub async fn http(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let mut figure = Figure::new(
        "http",
        engine,
        "HTTP alone: the same orders, a fixed answer, 64 clients",
        Unit::PerSecond,
    );
    for _ in 0..stage.scale.rounds {
        let server = ceiling::http::Server::start().await?;
        let plan = Plan {
            address: server.address,
            tokens: vec!["none".to_owned()],
            clients: 64,
            warm_up: stage.scale.warm_up,
            seconds: stage.scale.seconds,
            goods: stage.scale.goods,
            run: "http".to_owned(),
            work: Work::Orders(Popularity::Zipf),
            per_second: None,
        };
        figure.push(round_of(&load::start(&plan).await?));
    }
    Ok(vec![figure])
}

async fn writing(stage: &mut Stage, engine: Engine, clients: usize, work: Work) -> Result<Figure> {
    let (id, what) = match &work {
        Work::Orders(Popularity::Zipf) => (format!("intake.{clients}"), "orders of 3 lines"),
        Work::Orders(Popularity::Hot) => (format!("intake.hot.{clients}"), "orders, 2 goods in each"),
        Work::Flow | Work::Module { .. } | Work::Read { .. } => {
            (format!("flow.{clients}"), "a shop's order in 8 requests")
        }
    };
    let connections = ceiling_clients(engine, clients);
    let driver = match engine {
        Engine::Sqlite => format!("rusqlite, group commit, {connections} at once"),
        Engine::Postgres => format!("tokio-postgres, pipelined, {connections} connections"),
    };
    let mut figure =
        Figure::new(id, engine, format!("{what}, {clients} clients"), Unit::PerSecond).against(&driver);
    for number in 0..stage.scale.rounds {
        figure.push_ceiling(ceiling_round(stage, engine, connections).await?);
        let kept = stage.fresh_desk(engine).await?;
        figure.push(takt_round(stage, &kept, clients, &work, number).await?);
    }
    Ok(figure)
}

fn ceiling_clients(engine: Engine, clients: usize) -> usize {
    match engine {
        Engine::Sqlite => clients,
        Engine::Postgres => clients.min(MOST_CONNECTIONS),
    }
}

async fn ceiling_round(stage: &mut Stage, engine: Engine, clients: usize) -> Result<Round> {
    let seconds = stage.scale.seconds / 2.0;
    match engine {
        Engine::Sqlite => {
            ceiling::sqlite::start(&stage.folder("ceiling"), clients, seconds, stage.takt.preload.as_deref())
                .await
        }
        Engine::Postgres => ceiling::postgres::orders(stage.cluster()?, clients, seconds).await,
    }
}

async fn takt_round(
    stage: &mut Stage,
    kept: &Kept,
    clients: usize,
    work: &Work,
    number: usize,
) -> Result<Round> {
    let server = stage.takt.serve(&kept.place).await?;
    let plan = Plan {
        address: server.address,
        tokens: kept.desk.tokens.clone(),
        clients,
        warm_up: stage.scale.warm_up,
        seconds: stage.scale.seconds,
        goods: kept.desk.goods,
        run: format!("r{number}"),
        work: work.clone(),
        per_second: None,
    };
    let round = run_writing(stage, kept, &plan, &server).await?;
    server.stop().await?;
    Ok(round)
}
