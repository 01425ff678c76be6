//! What it costs that many people look on: live streams of a desk on which nothing happens.

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use super::{MEGABYTE, Spent, screen::Screen};
use crate::{
    engine::Engine,
    figures::{Figure, Round, Unit},
    stage::Stage,
};

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let screens = stage.scale.watching;
    let figure = |id: &str, what: String, unit: Unit| Figure::new(id, engine, what, unit);
    let mut core =
        figure("watched.core", format!("share of a core at rest, {screens} open screens"), Unit::Percent);
    let mut memory = figure("watched.memory", format!("memory, {screens} open screens"), Unit::Megabytes);
    let resting = Duration::from_secs_f64(stage.scale.seconds);
    for _ in 0..stage.scale.rounds {
        let kept = stage.fresh_desk(engine).await?;
        let server = stage.takt.serve(&kept.place).await?;
        let (first, cookie) = Screen::of_owner(&kept, &server).await?;
        let mut open = vec![first];
        while open.len() < screens {
            open.push(Screen::open(&server, &cookie).await?);
        }
        // What opening them set going has settled.
        sleep(resting).await;
        let before = Spent::now(stage, engine, &server)?;
        sleep(resting).await;
        let spent = Spent::now(stage, engine, &server)?.since(before);
        core.push(Round::new(spent.cpu_seconds() / resting.as_secs_f64() * 100.0));
        memory.push(Round::new(spent.takt.resident_bytes as f64 / MEGABYTE));
        drop(open);
        server.stop().await?;
    }
    Ok(vec![core, memory])
}
