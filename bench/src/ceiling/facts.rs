//! Facts read by the driver alone: what whoever asks the past anew cannot do without.

use std::time::Instant;

use anyhow::{Result, ensure};
use rusqlite::{Connection, OpenFlags};

use crate::{cluster::connect, engine::Place};

const OF_ORDER: &str = "select n, kind, body, at, actor
from fact
where company_id = $1 and subject_kind = 'order' and subject_id = $2
order by n";
const ORDERS: &str = "select id from orders where company_id = $1 order by placed_at, id";

/// Seconds that it takes to read all facts of these orders, one order after another.
pub async fn read(place: &Place, company: i64, orders: &[i64]) -> Result<f64> {
    let began = Instant::now();
    let mut read = 0_usize;
    match place {
        Place::Folder(_) => {
            let connection = open(place)?;
            let mut facts = connection.prepare(OF_ORDER)?;
            for order in orders {
                let mut rows = facts.query([company, *order])?;
                while let Some(row) = rows.next()? {
                    read += std::hint::black_box(row.get_ref(2)?.as_str()?).len();
                }
            }
        }
        Place::Database { url, .. } => {
            let client = connect(url).await?;
            let facts = client.prepare(OF_ORDER).await?;
            for order in orders {
                for row in client.query(&facts, &[&company, order]).await? {
                    read += std::hint::black_box(row.get::<_, &str>("body")).len();
                }
            }
        }
    }
    ensure!(read > 0, "the orders have no facts");
    Ok(began.elapsed().as_secs_f64())
}

/// All orders of the company, the oldest first.
pub async fn orders(place: &Place, company: i64) -> Result<Vec<i64>> {
    Ok(match place {
        Place::Folder(_) => open(place)?
            .prepare(ORDERS)?
            .query_map([company], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?,
        Place::Database { url, .. } => {
            connect(url).await?.query(ORDERS, &[&company]).await?.iter().map(|row| row.get(0)).collect()
        }
    })
}

fn open(place: &Place) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(place.sqlite_file(), flags)?)
}
