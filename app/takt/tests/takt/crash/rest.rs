//! Waits until the program has done all that it will do by itself.

use std::time::{Duration, Instant};

use takt_store::LANES;
use takt_work::Listener;

use super::{beside::Beside, serving::Serving, world::World};

const LONGEST: Duration = Duration::from_secs(60);

/// What passes while a program is down: leases of the dead end. On SQLite a new program knows that
/// nobody else can hold one.
pub async fn an_hour_passes(world: &World) {
    if matches!(world.starter.database, takt_store::Database::Postgres { .. }) {
        let beside = Beside::open(&world.starter.database).await;
        beside.execute("update job set next_at = 1 where claim is not null").await;
    }
}

/// Jobs that wait for their moment need not wait, and the watched folder is looked at.
pub async fn hurry(beside: &Beside) {
    beside
        .execute(
            "update job set next_at = 1
             where claim is null and next_at > 1 and kind <> 'payments.forget_unfinished'",
        )
        .await;
}

/// Nobody is at work any more, so what was begun was given up.
async fn hours_pass(beside: &Beside) {
    beside.execute("update job set next_at = 1 where claim is null and next_at > 1").await;
}

/// Every deadline passes.
pub async fn deadlines_pass(beside: &Beside) {
    beside.execute("update timer set fire_at = 1 where kind = 'tasks.deadline'").await;
}

pub async fn wait(world: &World, serving: &mut Serving) {
    let beside = Beside::open(&world.starter.database).await;
    let question = left(&world.wiring.listeners);
    let until = Instant::now() + LONGEST;
    // Once more than needed, so that what the last step began is seen.
    let mut quiet = 0;
    while quiet < 2 {
        hours_pass(&beside).await;
        tokio::time::sleep(Duration::from_millis(25)).await;
        let left = beside.number(&question).await;
        let files = std::fs::read_dir(&world.watched).expect("the folder");
        let waiting =
            files.filter(|file| file.as_ref().is_ok_and(|file| is_file_of_the_bank(&file.path()))).count();
        quiet = if left == 0 && waiting == 0 { quiet + 1 } else { 0 };
        assert!(!serving.is_dead(), "it died while it recovered:\n{}", serving.log());
        assert!(
            Instant::now() < until,
            "{left} things are left to do, and {waiting} files lie there, after a minute:\n{}",
            serving.log()
        );
    }
}

fn is_file_of_the_bank(path: &std::path::Path) -> bool {
    path.is_file() && path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.'))
}

/// One number: facts to be heard, jobs and timers that are due, lines to be looked at.
fn left(listeners: &[Listener]) -> String {
    let heard = listeners.iter().map(|listener| {
        let kinds: Vec<String> = listener.hears.iter().map(|kind| format!("'{kind}'")).collect();
        format!(
            "(select count(*) from fact_position join reaction_cursor on reaction_cursor.lane = fact_position.lane
               and reaction_cursor.listener = '{}'
             where fact_position.position > reaction_cursor.position and fact_position.kind in ({}))",
            listener.name,
            kinds.join(", ")
        )
    });
    let rest = [
        // Not registered yet: nobody has begun to listen.
        format!(
            "(select case when count(*) < {} then 1 else 0 end from reaction_cursor)",
            listeners.len() * usize::try_from(LANES).unwrap_or(0)
        ),
        "(select count(*) from fact_unnumbered)".to_owned(),
        "(select count(*) from job where died_at is null and kind <> 'payments.watch_folder')".to_owned(),
        "(select count(*) from job where claim is not null)".to_owned(),
        "(select count(*) from timer where fire_at < 1000000)".to_owned(),
    ];
    let parts: Vec<String> = heard.chain(rest).collect();
    format!("select {}", parts.join("\n + "))
}
