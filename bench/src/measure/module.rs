//! A shop's module: its orders beside the same orders over our own interface, and what it reads.

use anyhow::Result;

use super::{round_of, run_writing};
use crate::{
    engine::{Engine, Place},
    figures::{Figure, Round, Unit},
    load::{self, Plan, Work},
    orders::Popularity,
    seed,
    server::Takt,
    stage::{Kept, Stage},
};

const CLIENTS: [usize; 2] = [8, 64];
const BATCH: usize = 50;
/// Orders in the database that is read.
const READ_AT: u64 = 100_000;
/// One key reads ten times a second after a hundred at once; so many together are never limited here.
const READING_KEYS: usize = 60;

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for clients in CLIENTS {
        let figure = Figure::new(
            format!("module.create.{clients}"),
            engine,
            format!("orders of 3 lines by a module, {clients} clients"),
            Unit::PerSecond,
        );
        let mut figure = figure.against("the same orders over POST /api/v1/orders");
        for number in 0..stage.scale.rounds {
            let native = stage.fresh_desk(engine).await?;
            let tokens = native.desk.tokens.clone();
            let work = Work::Orders(Popularity::Zipf);
            figure.push_ceiling(round(stage, &native, tokens, clients, work, number).await?);
            let kept = stage.fresh_desk(engine).await?;
            let keys = connect(&stage.takt, &kept, 1)?;
            figure.push(round(stage, &kept, keys, clients, Work::Module { batch: 1 }, number).await?);
        }
        figures.push(figure);
    }
    let mut uploads = Figure::new(
        "module.upload",
        engine,
        format!("orders/upload of {BATCH} orders by a module, 1 client"),
        Unit::PerSecond,
    );
    for number in 0..stage.scale.rounds {
        let kept = stage.fresh_desk(engine).await?;
        let keys = connect(&stage.takt, &kept, 1)?;
        uploads.push(round(stage, &kept, keys, 1, Work::Module { batch: BATCH }, number).await?);
    }
    figures.push(uploads);
    figures.extend(reads(stage, engine).await?);
    Ok(figures)
}

async fn reads(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let size = seed::that_fits(stage, engine, READ_AT).await?;
    let seeded = seed::seeded(stage, engine, size).await?;
    let place = stage.copy(&seeded.place).await?;
    let kept = Kept { place, desk: seeded.desk };
    let keys = connect(&stage.takt, &kept, READING_KEYS)?;
    let server = stage.takt.serve(&kept.place).await?;
    let mut figures = Vec::new();
    for (id, what, path) in [
        ("module.list", "20 orders as a module lists them", "orders?limit=20"),
        ("module.history", "100 rows of the history of orders", "orders/history?limit=100&filter[sinceId]=0"),
    ] {
        let mut figure = Figure::new(id, engine, format!("{what}, {size} orders, 1 client"), Unit::PerSecond);
        for _ in 0..stage.scale.rounds {
            let paths = keys.iter().map(|key| format!("/api/v5/{path}&apiKey={key}")).collect();
            let plan = Plan {
                address: server.address,
                tokens: kept.desk.tokens.clone(),
                clients: 1,
                warm_up: 0.5,
                seconds: stage.scale.seconds,
                goods: kept.desk.goods,
                run: "module".to_owned(),
                work: Work::Read { paths, cookie: Some("none=none".to_owned()) },
                per_second: None,
            };
            figure.push(round_of(&load::start(&plan).await?));
        }
        figures.push(figure);
    }
    server.stop().await?;
    Ok(figures)
}

/// The keys of so many connections of each shop.
fn connect(takt: &Takt, kept: &Kept, each: usize) -> Result<Vec<String>> {
    let mut keys = Vec::new();
    for _ in 0..each {
        for shop in &kept.desk.shops {
            keys.push(connection(takt, &kept.place, kept.desk.company, *shop)?);
        }
    }
    Ok(keys)
}

fn connection(takt: &Takt, place: &Place, company: i64, shop: i64) -> Result<String> {
    let (company, shop) = (company.to_string(), shop.to_string());
    takt.run(
        &["connection", "create", "--company", &company, "--shop", &shop, "--kind", "retailcrm"],
        place,
        "",
    )
}

async fn round(
    stage: &mut Stage,
    kept: &Kept,
    tokens: Vec<String>,
    clients: usize,
    work: Work,
    number: usize,
) -> Result<Round> {
    let server = stage.takt.serve(&kept.place).await?;
    let plan = Plan {
        address: server.address,
        tokens,
        clients,
        warm_up: stage.scale.warm_up,
        seconds: stage.scale.seconds,
        goods: kept.desk.goods,
        run: format!("m{number}"),
        work,
        per_second: None,
    };
    let round = run_writing(stage, kept, &plan, &server).await?;
    server.stop().await?;
    Ok(round)
}
