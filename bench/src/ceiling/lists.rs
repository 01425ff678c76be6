//! The rows of a page, asked of the driver alone by the index that Takt has for them.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use rusqlite::{Connection, OpenFlags};

use crate::{
    cluster::connect,
    desk::Desk,
    engine::Place,
    figures::Round,
    load::{Latency, histogram},
};

const PAGE: &str = "select * from orders
where company_id = $1 and shop_id = $2 and status = $3
order by placed_at desc, id desc
limit 51";

/// Pages per second that `clients` at once read.
pub async fn pages(place: &Place, desk: &Desk, status: &str, clients: usize, seconds: f64) -> Result<Round> {
    let until = Instant::now() + Duration::from_secs_f64(seconds);
    let mut all = histogram()?;
    match place {
        Place::Folder(_) => {
            let mut threads = Vec::new();
            for number in 0..clients {
                let (file, status) = (place.sqlite_file(), status.to_owned());
                let (company, shop) = (desk.company, desk.shops[number % desk.shops.len()]);
                threads.push(std::thread::spawn(move || sqlite(&file, company, shop, &status, until)));
            }
            for thread in threads {
                all.add(thread.join().map_err(|_| anyhow!("a reader panicked"))??)?;
            }
        }
        Place::Database { url, .. } => {
            let mut tasks = tokio::task::JoinSet::new();
            for number in 0..clients {
                let (url, status) = (url.clone(), status.to_owned());
                let (company, shop) = (desk.company, desk.shops[number % desk.shops.len()]);
                tasks.spawn(async move { postgres(&url, company, shop, &status, until).await });
            }
            while let Some(ended) = tasks.join_next().await {
                all.add(ended??)?;
            }
        }
    }
    Ok(Round::new(all.len() as f64 / seconds).latency(Latency::of(&all)))
}

type Times = hdrhistogram::Histogram<u64>;

fn sqlite(file: &std::path::Path, company: i64, shop: i64, status: &str, until: Instant) -> Result<Times> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    let mut times = histogram()?;
    let mut page = connection.prepare(PAGE)?;
    let columns = page.column_count();
    while Instant::now() < until {
        let asked = Instant::now();
        let mut rows = page.query(rusqlite::params![company, shop, status])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                std::hint::black_box(row.get::<_, rusqlite::types::Value>(column)?);
            }
        }
        drop(rows);
        times.saturating_record(u64::try_from(asked.elapsed().as_micros())?);
    }
    Ok(times)
}

async fn postgres(url: &str, company: i64, shop: i64, status: &str, until: Instant) -> Result<Times> {
    let client = connect(url).await?;
    let page = client.prepare(PAGE).await?;
    let mut times = histogram()?;
    while Instant::now() < until {
        let asked = Instant::now();
        for row in client.query(&page, &[&company, &shop, &status]).await? {
            std::hint::black_box(row.len());
        }
        times.saturating_record(u64::try_from(asked.elapsed().as_micros())?);
    }
    Ok(times)
}
