//! Pages of the order list at different sizes: whether it costs the same however many orders there
//! are.

use anyhow::{Context, Result};
use rand::{Rng, SeedableRng, rngs::StdRng};

use super::round_of;
use crate::{
    ceiling,
    cluster::connect,
    engine::{Engine, Place},
    figures::{Figure, Round, Unit},
    load::{self, Plan, Work},
    scale::size_name,
    seed,
    stage::{Kept, Stage},
};

const CLIENTS: [usize; 2] = [1, 8];
const SEARCHES: usize = 200;

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let mut done = Vec::new();
    for size in stage.scale.sizes.clone() {
        let size = seed::that_fits(stage, engine, size).await?;
        if done.contains(&size) {
            continue;
        }
        done.push(size);
        let kept = seed::seeded(stage, engine, size).await?;
        figures.extend(at_size(stage, &kept, size).await?);
    }
    figures.extend(growth(&figures, engine, &done));
    Ok(figures)
}

async fn at_size(stage: &mut Stage, kept: &Kept, size: u64) -> Result<Vec<Figure>> {
    let engine = kept.place.engine();
    let statuses = statuses(&kept.place).await?;
    let most = statuses.first().context("a filled database without orders")?.clone();
    let bytes = stage.size_of(&kept.place).await? as f64;
    let server = stage.takt.serve(&kept.place).await?;
    let mut figures = Vec::new();
    for (kind, what, paths) in [
        (
            "status",
            "50 orders of a status",
            statuses.iter().map(|status| format!("/api/v1/orders?status={status}")).collect(),
        ),
        ("filters", "50 orders, three filters", filters(kept)),
        ("substring", "part of a number or phone", searches(size)),
        (
            "total",
            "1 order and the exact total",
            statuses.iter().map(|status| format!("/api/v1/orders?status={status}&limit=1")).collect(),
        ),
    ] {
        for clients in CLIENTS {
            let id = format!("list.{kind}.{}.{clients}", size_name(size));
            let mut figure = Figure::new(
                id,
                engine,
                format!("{what}, {} orders, {clients} clients", size_name(size)),
                Unit::PerSecond,
            )
            .against("the same rows by the driver alone");
            for _ in 0..stage.scale.rounds {
                let seconds = stage.scale.seconds / 2.0;
                figure.push_ceiling(
                    ceiling::lists::pages(&kept.place, &kept.desk, &most, clients, seconds).await?,
                );
                let plan = Plan {
                    address: server.address,
                    tokens: kept.desk.tokens.clone(),
                    clients,
                    warm_up: stage.scale.warm_up,
                    seconds: stage.scale.seconds,
                    goods: kept.desk.goods,
                    run: "list".to_owned(),
                    work: Work::Read { paths: paths.clone(), cookie: None },
                    per_second: None,
                };
                let before = super::Spent::now(stage, engine, &server)?;
                let outcome = load::start(&plan).await?;
                let spent = super::Spent::now(stage, engine, &server)?.since(before);
                figure.push(
                    round_of(&outcome)
                        .extra(
                            "cpu_ms_each",
                            spent.cpu_seconds() * 1000.0 / outcome.done_in_all.max(1) as f64,
                        )
                        .extra("resident_mb", spent.takt.resident_bytes as f64 / super::MEGABYTE)
                        .extra("database_kb_each", bytes / 1024.0 / size as f64),
                );
            }
            figures.push(figure);
        }
    }
    server.stop().await?;
    Ok(figures)
}

/// The slowest of a hundred at the largest size, as a multiple of that at the smallest.
fn growth(figures: &[Figure], engine: Engine, sizes: &[u64]) -> Option<Figure> {
    let (least, most) = (sizes.iter().min()?, sizes.iter().max()?);
    if least == most {
        return None;
    }
    let p99 = |size: u64| {
        let id = format!("list.status.{}.1", size_name(size));
        Some(figures.iter().find(|figure| figure.id == id)?.latency()?.p99)
    };
    let mut figure = Figure::new(
        "list.growth",
        engine,
        format!("p99 of a list at {} over that at {}", size_name(*most), size_name(*least)),
        Unit::Times,
    );
    figure.push(Round::new(p99(*most)? / p99(*least)?));
    Some(figure)
}

/// Those that orders have, the most frequent first.
async fn statuses(place: &Place) -> Result<Vec<String>> {
    const SQL: &str = "select status from order_count group by status order by sum(orders) desc, status";
    Ok(match place {
        Place::Folder(_) => rusqlite::Connection::open(place.sqlite_file())?
            .prepare(SQL)?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?,
        Place::Database { url, .. } => {
            connect(url).await?.query(SQL, &[]).await?.iter().map(|row| row.get(0)).collect()
        }
    })
}

fn filters(kept: &Kept) -> Vec<String> {
    let mut paths = Vec::new();
    for shop in &kept.desk.shops {
        for (stage, holder) in [("new", "operator"), ("assembling", "warehouse"), ("delivery", "carrier")] {
            paths.push(format!("/api/v1/orders?stage={stage}&shop={shop}&holder={holder}"));
        }
    }
    paths
}

/// Parts of numbers and phones that are there: most are in one order, some in thousands.
fn searches(size: u64) -> Vec<String> {
    let mut chance = StdRng::seed_from_u64(7);
    (0..SEARCHES)
        .map(|turn| {
            let n = chance.random_range(0..size);
            let (text, length) = match turn % 4 {
                0 | 1 => (seed::number(n), 7),
                2 => (seed::phone(n), 6),
                _ => (seed::phone(n), 4),
            };
            let start = chance.random_range(0..=text.len() - length);
            format!("/api/v1/orders?q={}", &text[start..start + length])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Latency;

    #[test]
    fn growth_compares_the_largest_with_the_smallest() {
        let figure = |size: &str, p99: f64| {
            let mut figure =
                Figure::new(format!("list.status.{size}.1"), Engine::Sqlite, "", Unit::PerSecond);
            figure.push(Round::new(1.0).latency(Latency { p50: 1.0, p99, max: p99 }));
            figure
        };
        let figures = [figure("1e5", 400.0), figure("1e6", 500.0), figure("1e7", 600.0)];
        let growth = |sizes: &[u64]| growth(&figures, Engine::Sqlite, sizes);
        assert_eq!(growth(&[100_000, 1_000_000, 10_000_000]).unwrap().median(), Some(1.5));
        assert!(growth(&[100_000]).is_none());
    }

    #[test]
    fn what_is_searched_for_is_part_of_an_order() {
        let all = searches(1_000);
        assert_eq!(all.len(), SEARCHES);
        assert!(all.iter().all(|path| path.len() >= "/api/v1/orders?q=1234".len()), "{all:?}");
    }
}
