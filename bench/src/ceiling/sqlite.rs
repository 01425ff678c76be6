//! rusqlite with one writer thread that puts many orders into one commit, with Takt's own pragmas.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};
use rusqlite::{Connection, params};
use tokio::sync::{mpsc, oneshot};

use super::{ADDRESS, FACT, INSERT_CUSTOMER, INSERT_LINE, INSERT_ORDER, INSERT_OUTBOX, Row, TABLES};
use crate::{
    figures::Round,
    load::{Latency, histogram},
    orders::LINES,
};

/// As Takt's own store has them.
const PRAGMAS: &str = "pragma journal_mode = wal;
pragma synchronous = full;
pragma foreign_keys = on;
pragma cache_size = -16000;
pragma wal_autocheckpoint = 4000;";
const GROUP: usize = 128;

type Job = oneshot::Sender<()>;

/// Runs [`orders`] in a process of its own, on a disk made slow when there is a library for that.
pub async fn start(folder: &Path, clients: usize, seconds: f64, preload: Option<&Path>) -> Result<Round> {
    let mut command = tokio::process::Command::new(std::env::current_exe()?);
    command.arg("write").arg(folder).args([clients.to_string(), seconds.to_string()]);
    if let Some(library) = preload {
        command.env("LD_PRELOAD", library);
    }
    let output = command.stderr(std::process::Stdio::inherit()).output().await?;
    anyhow::ensure!(output.status.success(), "the ceiling ended with {}", output.status);
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Orders per second that `clients` at once get in, each waiting for its own.
pub async fn orders(folder: &Path, clients: usize, seconds: f64) -> Result<Round> {
    std::fs::create_dir_all(folder)?;
    let connection = Connection::open(folder.join("ceiling.db"))?;
    connection.execute_batch(PRAGMAS)?;
    connection.execute_batch(TABLES)?;
    connection.set_prepared_statement_cache_capacity(64);
    let (jobs, queue) = mpsc::channel::<Job>(4_096);
    let writer = std::thread::spawn(move || write(&connection, queue));
    let until = Instant::now() + Duration::from_secs_f64(seconds);
    let done = Arc::new(AtomicI64::new(0));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let (jobs, done) = (jobs.clone(), done.clone());
        tasks.spawn(async move {
            let mut times = histogram()?;
            while Instant::now() < until {
                let asked = Instant::now();
                let (reply, written) = oneshot::channel();
                jobs.send(reply).await.map_err(|_| anyhow!("the writer ended"))?;
                written.await.context("the writer ended")?;
                times.saturating_record(u64::try_from(asked.elapsed().as_micros())?);
                done.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(times)
        });
    }
    drop(jobs);
    let mut times = histogram()?;
    while let Some(ended) = tasks.join_next().await {
        times.add(ended??)?;
    }
    writer.join().map_err(|_| anyhow!("the writer panicked"))??;
    std::fs::remove_dir_all(folder)?;
    Ok(Round::new(done.load(Ordering::Relaxed) as f64 / seconds).latency(Latency::of(&times)))
}

fn write(connection: &Connection, mut queue: mpsc::Receiver<Job>) -> Result<()> {
    let mut n = 0;
    while let Some(first) = queue.blocking_recv() {
        let (mut next, mut group) = (Some(first), Vec::new());
        connection.prepare_cached("begin immediate")?.execute([])?;
        while let Some(job) = next {
            n += 1;
            connection.prepare_cached("savepoint command")?.execute([])?;
            insert(connection, n)?;
            connection.prepare_cached("release savepoint command")?.execute([])?;
            group.push(job);
            next = if group.len() < GROUP { queue.try_recv().ok() } else { None };
        }
        connection.prepare_cached("commit")?.execute([])?;
        for job in group {
            // Whoever asked may have reached the end of its time.
            let _ = job.send(());
        }
    }
    Ok(())
}

fn insert(connection: &Connection, n: i64) -> Result<()> {
    let row = Row::new(n);
    let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| connection.prepare_cached(sql)?.execute(values);
    run(INSERT_CUSTOMER, params![row.id, row.name, row.phone, row.email, row.at])?;
    run(INSERT_ORDER, params![row.id, row.number, row.number, ADDRESS, row.at])?;
    for place in 1..=LINES as i64 {
        let (id, sku) = row.line(place);
        run(INSERT_LINE, params![row.id, id, sku])?;
    }
    run(INSERT_OUTBOX, params![row.id, row.at, FACT])?;
    Ok(())
}
