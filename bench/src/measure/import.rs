//! `takt import orders`.

use std::time::Instant;

use anyhow::{Result, ensure};

use super::MEGABYTE;
use crate::{
    ceiling,
    engine::Engine,
    figures::{Figure, Round, Unit},
    orders::{Orders, Popularity},
    process::Usage,
    stage::Stage,
};

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let many = stage.scale.imported_orders;
    let mut figure =
        Figure::new("import", engine, format!("takt import orders, {many} of 3 lines"), Unit::PerSecond)
            .against("as for intake");
    for number in 0..stage.scale.rounds {
        let seconds = stage.scale.seconds / 2.0;
        figure.push_ceiling(match engine {
            Engine::Sqlite => {
                ceiling::sqlite::start(&stage.folder("ceiling"), 64, seconds, stage.takt.preload.as_deref())
                    .await?
            }
            Engine::Postgres => ceiling::postgres::orders(stage.cluster()?, 16, seconds).await?,
        });
        let kept = stage.fresh_desk(engine).await?;
        let file = stage.folder("orders.jsonl");
        let text = orders_file(kept.desk.goods, many, &format!("import{number}"));
        std::fs::write(&file, &text)?;
        let size = stage.size_of(&kept.place).await?;
        let before = Usage::of(std::process::id(), true)?.cpu_seconds;
        let began = Instant::now();
        let (company, shop) = (kept.desk.company.to_string(), kept.desk.shops[0].to_string());
        let path = file.display().to_string();
        let said = stage.takt.run(
            &["import", "orders", &path, "--company", &company, "--shop", &shop],
            &kept.place,
            "",
        )?;
        let took = began.elapsed().as_secs_f64();
        let cpu = Usage::of(std::process::id(), true)?.cpu_seconds - before;
        ensure!(said.starts_with(&format!("{many} orders: {many} placed")), "{said}");
        let grown = stage.size_of(&kept.place).await?.saturating_sub(size);
        figure.push(
            Round::new(many as f64 / took)
                .extra("cpu_ms_each", cpu * 1000.0 / many as f64)
                .extra("database_kb_each", grown as f64 / 1024.0 / many as f64)
                .extra("file_mb", text.len() as f64 / MEGABYTE),
        );
    }
    Ok(vec![figure])
}

/// Orders as lines of JSON.
pub fn orders_file(goods: usize, many: usize, run: &str) -> String {
    let mut orders = Orders::new(11, goods, Popularity::Zipf, run.to_owned());
    let mut text = String::new();
    for _ in 0..many {
        text += &orders.next_order().to_string();
        text.push('\n');
    }
    text
}
