//! Large databases within minutes. A hundred orders are taken through the program itself; then every
//! row that belongs to them is written again and again with other ids, numbers, phones and times. So
//! what is filled holds whatever holds of the orders that were really made, in every table there is,
//! and a new table needs nothing here.
//!
//! What is told apart: ids of the hundred are in a range of their own, moments are in microseconds,
//! numbers and phones are marked. Sums over many orders are computed in the end.

mod rows;
mod search;
mod sums;
mod template;
mod write_postgres;
mod write_sqlite;

pub use template::{number, phone};

use anyhow::{Context, Result};
use rows::Filling;

use crate::{
    engine::{Engine, Place},
    scale::size_name,
    stage::{Kept, Stage},
};

/// Orders that are really made.
pub const TEMPLATE: u64 = 100;

/// A database with this many orders, filled when it is not kept already.
pub async fn seeded(stage: &mut Stage, engine: Engine, orders: u64) -> Result<Kept> {
    filled(stage, engine, orders, Filling::YEARS).await
}

/// As [`seeded`], all of them placed within a month and with all their history.
pub async fn month(stage: &mut Stage, engine: Engine, orders: u64) -> Result<Kept> {
    filled(stage, engine, orders, Filling::MONTH).await
}

async fn filled(stage: &mut Stage, engine: Engine, orders: u64, filling: Filling) -> Result<Kept> {
    let copies = orders.div_ceil(TEMPLATE).max(1) - 1;
    let name = format!("{}_{}", filling.name, many(orders));
    if let Some(kept) = stage.find(engine, &name).await? {
        if search::ask_to_fold(&kept.place).await? {
            settle(stage, &kept.place).await?;
        }
        return Ok(kept);
    }
    let template = template::made(stage).await?;
    let began = std::time::Instant::now();
    eprintln!("  filling {name} …");
    let place = stage.empty(engine, &name).await?;
    let rows = rows::Template::read(&template.place.sqlite_file(), filling)?;
    match &place {
        Place::Folder(_) => write_sqlite::fill(&template.place, &place, &rows, copies)?,
        Place::Database { .. } => write_postgres::fill(stage, &place, &rows, copies).await?,
    }
    search::ask_to_fold(&place).await?;
    settle(stage, &place).await?;
    if copies < rows::CHECKED {
        // What is filled is held to the same as what is really made.
        stage.takt.run(&["verify"], &place, "")?;
    }
    let took = began.elapsed().as_secs_f64();
    eprintln!("  {name}: {took:.0} s, {:.0} orders/s", orders as f64 / took.max(0.001));
    stage.keep(&name, Kept { place, desk: template.desk })
}

/// What of this size fits on the disk beside what is there, going by smaller databases. The other
/// engine's database of this size makes room.
pub async fn that_fits(stage: &mut Stage, engine: Engine, orders: u64) -> Result<u64> {
    if orders <= SURELY_FITS || stage.find(engine, &database(orders)).await?.is_some() {
        return Ok(orders);
    }
    let each = bytes_of_one_more(stage, engine, orders).await?;
    for other in Engine::ALL.into_iter().filter(|other| *other != engine) {
        if free_bytes(&stage.kept)? < each * orders {
            stage.forget(other, &database(orders)).await?;
        }
    }
    // A tenth stays free for what is measured.
    let fits = free_bytes(&stage.kept)? / 10 * 9 / each.max(1);
    if fits >= orders {
        return Ok(orders);
    }
    let millions = (fits / 1_000_000 * 1_000_000).max(SURELY_FITS);
    eprintln!("  {orders} orders of {each} bytes do not fit on the disk: taking {millions}");
    Ok(millions)
}

const SURELY_FITS: u64 = 100_000;

fn database(orders: u64) -> String {
    format!("{}_{}", Filling::YEARS.name, many(orders))
}

fn many(orders: u64) -> String {
    size_name(orders.div_ceil(TEMPLATE).max(1) * TEMPLATE)
}

/// Old orders of a very large database take less than others: see [`rows`].
async fn bytes_of_one_more(stage: &mut Stage, engine: Engine, orders: u64) -> Result<u64> {
    let small = seeded(stage, engine, SURELY_FITS).await?;
    let small = stage.size_of(&small.place).await?;
    let larger = SURELY_FITS * 10;
    if orders <= larger {
        return Ok(small / SURELY_FITS);
    }
    let large = seeded(stage, engine, larger).await?;
    Ok(stage.size_of(&large.place).await?.saturating_sub(small) / (larger - SURELY_FITS))
}

fn free_bytes(folder: &std::path::Path) -> Result<u64> {
    let said = std::process::Command::new("df").args(["--output=avail", "-B1"]).arg(folder).output()?;
    let said = String::from_utf8(said.stdout)?;
    Ok(said.lines().nth(1).context("df said nothing")?.trim().parse()?)
}

/// Lets the program do what it does by itself with so many orders, so that it is not measured.
async fn settle(stage: &mut Stage, place: &Place) -> Result<()> {
    let server = stage.takt.serve(place).await.context("the filled database")?;
    let watcher = crate::lag::Watcher::open(place).await?;
    watcher.drain().await?;
    watcher.wait_for_jobs().await?;
    server.stop().await
}
