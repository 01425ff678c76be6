//! A month of orders asked again by the playbook that ran: `takt playbook backtest`, which reads only.

use anyhow::{Context, Result, ensure};
use takt_kernel::{Clock, SystemClock};

use super::MEGABYTE;
use crate::{
    ceiling,
    engine::Engine,
    figures::{Figure, Round, Unit},
    scale::size_name,
    seed,
    stage::Stage,
};

/// A little more than filled months are long; the template may be older than today.
const DAYS: i64 = 60;

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for orders in stage.scale.months.clone() {
        let kept = seed::month(stage, engine, orders).await?;
        let company = kept.desk.company.to_string();
        let text = stage.takt.run(&["playbook", "show", "--company", &company], &kept.place, "")?;
        let file = stage.folder("playbook.md");
        std::fs::write(&file, text)?;
        let id = format!("past.{}", size_name(orders));
        let what = format!("a month of {} orders asked again", size_name(orders));
        let mut figure = Figure::new(id, engine, what, Unit::Seconds)
            .against("all their facts by the driver alone, on one core");
        let ids = ceiling::facts::orders(&kept.place, kept.desk.company).await?;
        for _ in 0..stage.scale.rounds {
            figure
                .push_ceiling(Round::new(ceiling::facts::read(&kept.place, kept.desk.company, &ids).await?));
            let now = SystemClock.now();
            let day = |days: i64| now.plus_seconds(days * 86_400).to_string()[..10].to_owned();
            let (path, from, to) = (file.display().to_string(), day(-DAYS), day(1));
            let ran = stage.takt.run_watched(
                &["playbook", "backtest", &path, "--company", &company, "--from", &from, "--to", &to],
                &kept.place,
            )?;
            let told: serde_json::Value = serde_json::from_str(&ran.said)?;
            let outcome = told.get("outcome").context("no outcome")?;
            let count =
                |name: &str| outcome.get(name).and_then(serde_json::Value::as_u64).unwrap_or_default();
            ensure!(count("orders") == ids.len() as u64, "{} of {} orders", count("orders"), ids.len());
            // The version that ran, asked again, does what it did; only behind those that the sample left unfinished, a
            // tenth and a little more with those at the edges of the month, no clock ever ran, and nobody was told that
            // they lasted.
            let few = count("orders") / 8;
            let otherwise = count("unlike").max(count("differing"));
            ensure!(otherwise <= few, "{otherwise} of {} orders go otherwise now", count("orders"));
            figure.push(
                Round::new(ran.seconds)
                    .extra("cpu_ms_each", ran.cpu_seconds * 1_000.0 / ids.len() as f64)
                    .extra("resident_mb", ran.most_resident_bytes as f64 / MEGABYTE)
                    .extra("cores", ran.cpu_seconds / ran.seconds)
                    .extra("facts", count("facts") as f64),
            );
        }
        figures.push(figure);
    }
    Ok(figures)
}
