//! One file per subject. Each measurement answers its figures; a round of the ceiling and a round of
//! Takt take turns.

pub mod bank;
pub mod card;
pub mod clock;
pub mod feed;
pub mod import;
pub mod intake;
pub mod lists;
pub mod matching;
pub mod module;
pub mod past;
pub mod push;
pub mod rules;
pub mod screen;
pub mod shops;
pub mod start;
pub mod statement;
pub mod timers;
pub mod watched;

use anyhow::Result;

use crate::{
    engine::Engine,
    figures::Round,
    lag::Watcher,
    load::{self, Outcome, Plan},
    process::Usage,
    server::Server,
    stage::{Kept, Stage},
};

pub const MEGABYTE: f64 = 1_048_576.0;

/// CPU, memory and bytes of the server, and of its database when that is another program.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    pub takt: Usage,
    pub database: Usage,
}

impl Spent {
    pub fn now(stage: &mut Stage, engine: Engine, server: &Server) -> Result<Self> {
        let database = match engine {
            Engine::Sqlite => Usage::default(),
            Engine::Postgres => Usage::of(stage.cluster()?.pid()?, true)?,
        };
        Ok(Self { takt: server.usage()?, database })
    }

    pub fn since(self, before: Self) -> Self {
        Self { takt: self.takt.since(before.takt), database: self.database.since(before.database) }
    }

    pub fn cpu_seconds(&self) -> f64 {
        self.takt.cpu_seconds + self.database.cpu_seconds
    }

    pub fn written_bytes(&self) -> u64 {
        self.takt.written_bytes + self.database.written_bytes
    }
}

/// Runs a load that writes, and waits until everything that follows from it has happened.
pub async fn run_writing(stage: &mut Stage, kept: &Kept, plan: &Plan, server: &Server) -> Result<Round> {
    let engine = kept.place.engine();
    let watcher = Watcher::open(&kept.place).await?;
    watcher.drain().await?;
    let size_before = stage.size_of(&kept.place).await?;
    let before = Spent::now(stage, engine, server)?;
    let outcome = load::start(plan).await?;
    let (unheard, drained) = watcher.drain().await?;
    let spent = Spent::now(stage, engine, server)?.since(before);
    let grown = stage.size_of(&kept.place).await?.saturating_sub(size_before);
    let all = outcome.done_in_all.max(1) as f64;
    let payload = outcome.payload_bytes.max(1) as f64;
    let mut round = round_of(&outcome)
        .extra("cpu_ms_each", spent.cpu_seconds() * 1000.0 / all)
        .extra("resident_mb", spent.takt.resident_bytes as f64 / MEGABYTE)
        .extra("written_per_payload", spent.written_bytes() as f64 / payload)
        .extra("database_kb_each", grown as f64 / 1024.0 / all)
        .extra("lag_s", unheard.seconds)
        .extra("lag_facts", unheard.facts as f64)
        .extra("drain_s", drained.as_secs_f64());
    if engine == Engine::Postgres {
        round = round.extra("takt_cpu_ms_each", spent.takt.cpu_seconds * 1000.0 / all);
    }
    Ok(round)
}

pub fn round_of(outcome: &Outcome) -> Round {
    if outcome.refused > 0 {
        eprintln!("  {} refused: {}", outcome.refused, outcome.refusal.as_deref().unwrap_or_default());
    }
    Round::new(outcome.per_second())
        .latency(outcome.latency)
        .extra("load_cpu_s", outcome.cpu_seconds)
        .extra("refused", outcome.refused as f64)
}
