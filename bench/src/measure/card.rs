//! The page of one order, as the owner's browser asks for it.

use anyhow::Result;

use super::{Spent, round_of};
use crate::{
    cluster::connect,
    desk::sign_in,
    engine::{Engine, Place},
    figures::{Figure, Unit},
    load::{self, Plan, Work},
    scale::size_name,
    seed,
    stage::Stage,
};

const CARDS: i64 = 500;

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let size = stage.scale.living;
    let kept = seed::seeded(stage, engine, size).await?;
    let paths = cards(&kept.place).await?;
    let server = stage.takt.serve(&kept.place).await?;
    let cookie = sign_in(&server).await?;
    let mut figures = Vec::new();
    for clients in [1, 8] {
        let what = format!("card of an order, {} orders, {clients} clients", size_name(size));
        let mut figure = Figure::new(format!("card.{clients}"), engine, what, Unit::PerSecond);
        for _ in 0..stage.scale.rounds {
            let plan = Plan {
                address: server.address,
                tokens: kept.desk.tokens.clone(),
                clients,
                warm_up: stage.scale.warm_up,
                seconds: stage.scale.seconds,
                goods: kept.desk.goods,
                run: "card".to_owned(),
                work: Work::Read { paths: paths.clone(), cookie: Some(cookie.clone()) },
                per_second: None,
            };
            let before = Spent::now(stage, engine, &server)?;
            let outcome = load::start(&plan).await?;
            let spent = Spent::now(stage, engine, &server)?.since(before);
            let each = spent.cpu_seconds() * 1000.0 / outcome.done_in_all.max(1) as f64;
            figure.push(round_of(&outcome).extra("cpu_ms_each", each));
        }
        figures.push(figure);
    }
    server.stop().await?;
    Ok(figures)
}

/// Cards of orders from all over the table.
async fn cards(place: &Place) -> Result<Vec<String>> {
    let sql = format!("select id from orders where id % 7 = 0 order by id limit {CARDS}");
    let ids: Vec<i64> = match place {
        Place::Folder(_) => rusqlite::Connection::open(place.sqlite_file())?
            .prepare(&sql)?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?,
        Place::Database { url, .. } => {
            connect(url).await?.query(&sql, &[]).await?.iter().map(|row| row.get(0)).collect()
        }
    };
    anyhow::ensure!(!ids.is_empty(), "no orders to look at");
    Ok(ids.into_iter().map(|id| format!("/orders/{id}")).collect())
}
