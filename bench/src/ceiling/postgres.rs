//! tokio-postgres with prepared statements, the whole transaction sent at once.

use std::time::{Duration, Instant};

use anyhow::Result;
use futures::{FutureExt, future::try_join_all};
use tokio_postgres::{Client, Statement};

use super::{ADDRESS, FACT, INSERT_CUSTOMER, INSERT_LINE, INSERT_ORDER, INSERT_OUTBOX, Row, TABLES};
use crate::{
    cluster::{Cluster, connect},
    figures::Round,
    load::{Latency, histogram},
    orders::LINES,
};

const DATABASE: &str = "ceiling";

/// Orders per second that `clients` at once get in, each with a connection of its own.
pub async fn orders(cluster: &Cluster, clients: usize, seconds: f64) -> Result<Round> {
    cluster.create_database(DATABASE, "template0").await?;
    let url = cluster.url(DATABASE);
    connect(&url).await?.batch_execute(TABLES).await?;
    let mut tasks = tokio::task::JoinSet::new();
    let mut writers = Vec::new();
    for _ in 0..clients {
        writers.push(Writer::open(&url).await?);
    }
    let until = Instant::now() + Duration::from_secs_f64(seconds);
    for (number, writer) in (0_i64..).zip(writers) {
        tasks.spawn(async move {
            let mut times = histogram()?;
            let mut n = number * 10_000_000;
            while Instant::now() < until {
                let asked = Instant::now();
                n += 1;
                writer.write(&Row::new(n)).await?;
                times.saturating_record(u64::try_from(asked.elapsed().as_micros())?);
            }
            anyhow::Ok(times)
        });
    }
    let mut times = histogram()?;
    while let Some(ended) = tasks.join_next().await {
        times.add(ended??)?;
    }
    cluster.drop_database(DATABASE).await?;
    Ok(Round::new(times.len() as f64 / seconds).latency(Latency::of(&times)))
}

struct Writer {
    client: Client,
    begin: Statement,
    commit: Statement,
    customer: Statement,
    order: Statement,
    line: Statement,
    outbox: Statement,
}

impl Writer {
    async fn open(url: &str) -> Result<Self> {
        let client = connect(url).await?;
        Ok(Self {
            begin: client.prepare("begin").await?,
            commit: client.prepare("commit").await?,
            customer: client.prepare(INSERT_CUSTOMER).await?,
            order: client.prepare(INSERT_ORDER).await?,
            line: client.prepare(INSERT_LINE).await?,
            outbox: client.prepare(INSERT_OUTBOX).await?,
            client,
        })
    }

    /// Requests are sent in the order in which they are polled first, without waiting for answers.
    async fn write(&self, row: &Row) -> Result<()> {
        let lines: Vec<(i64, String)> = (1..=LINES as i64).map(|place| row.line(place)).collect();
        let client = &self.client;
        let customer: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&row.id, &row.name, &row.phone, &row.email, &row.at];
        let order: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&row.id, &row.number, &row.number, &ADDRESS, &row.at];
        let outbox: [&(dyn tokio_postgres::types::ToSql + Sync); 3] = [&row.id, &row.at, &FACT];
        let mut sent = vec![
            client.execute(&self.begin, &[]).boxed(),
            client.execute(&self.customer, &customer).boxed(),
            client.execute(&self.order, &order).boxed(),
        ];
        for (id, sku) in &lines {
            sent.push(async move { client.execute(&self.line, &[&row.id, id, sku]).await }.boxed());
        }
        sent.push(client.execute(&self.outbox, &outbox).boxed());
        sent.push(client.execute(&self.commit, &[]).boxed());
        try_join_all(sent).await?;
        Ok(())
    }
}
