//! A month of a company in seconds: shops, buyers, a bank, people, a mail server and nodes that end in
//! the middle of things, all under one seed. The same seed is the same run, so a failure is a seed.
//!
//! More of it by hand: `TAKT_SIMULATION="seeds=1..200 days=30 orders=2500" cargo test -p takt --test takt
//! every_seed_holds_on_sqlite -- --nocapture`.

mod checks;
mod money;
mod node;
mod past;
mod people;
mod post;
mod shops;
mod trouble;
mod world;

use std::time::Instant;

use takt_testing::Place;
use world::{Scale, Tally, World};

/// What a run came to.
struct Report {
    log: Vec<String>,
    deeds: Vec<String>,
    tally: Tally,
    steps: u64,
}

async fn run(scale: Scale, place: Place) -> Result<Report, String> {
    let mut world = World::open(scale, place).await;
    match world.live().await {
        Ok(()) => Ok(Report {
            log: world.log().await,
            deeds: world.last.iter().cloned().collect(),
            tally: world.tally.clone(),
            steps: world.step,
        }),
        Err(what) => Err(format!(
            "{scale:?}\nstep {}, {}\n{what}\n\nlast deeds\n{}\n\nlast facts\n{}",
            world.step,
            world.now,
            world
                .last
                .iter()
                .skip(world.last.len().saturating_sub(12))
                .cloned()
                .collect::<Vec<_>>()
                .join("\n"),
            world.last_facts().await
        )),
    }
}

/// A smaller run of the same seed that still fails, if there is one.
async fn shrunk(scale: Scale, place: fn() -> Place) -> Option<String> {
    let mut smallest = None;
    let mut scale = scale;
    let steps: [fn(Scale) -> Scale; 8] = [
        |scale| Scale { days: (scale.days / 4).max(1), orders: (scale.orders / 4).max(5), ..scale },
        |scale| Scale { days: (scale.days / 2).max(1), orders: (scale.orders / 2).max(5), ..scale },
        |scale| Scale { orders: (scale.orders / 2).max(5), ..scale },
        |scale| Scale { crashes: false, ..scale },
        |scale| Scale { refusals: false, ..scale },
        |scale| Scale { clock_jumps: false, ..scale },
        |scale| Scale { bank_tricks: false, ..scale },
        |scale| Scale { moody_mail: false, ..scale },
    ];
    for step in steps {
        let smaller = step(scale);
        if let Err(told) = run(smaller, place()).await {
            (scale, smallest) = (smaller, Some(told));
        }
    }
    smallest
}

async fn must_hold(scale: Scale, place: fn() -> Place) -> Report {
    match run(scale, place()).await {
        Ok(report) => report,
        Err(told) => {
            eprintln!("{told}\n\nlooking for a smaller run that fails …");
            let smaller = shrunk(scale, place).await;
            panic!("{}", smaller.map_or(told, |smaller| format!("the smallest run that fails:\n{smaller}")));
        }
    }
}

#[tokio::test]
async fn the_same_seed_is_the_same_run_on_sqlite() {
    the_same_twice(Scale::of(7, 2, 25), Place::sqlite).await;
}

#[tokio::test]
async fn the_same_seed_is_the_same_run_on_postgres() {
    the_same_twice(Scale::of(7, 1, 8), Place::postgres).await;
}

async fn the_same_twice(scale: Scale, place: fn() -> Place) {
    let (first, second) = (must_hold(scale, place).await, must_hold(scale, place).await);
    let differ = first.log.iter().zip(&second.log).find(|(one, other)| one != other);
    let deeds = first.deeds.iter().zip(&second.deeds).find(|(one, other)| one != other);
    assert_eq!(deeds, None, "the first deed that differs; the first fact: {differ:#?}");
    assert_eq!(differ, None, "the first fact that differs");
    assert_eq!((first.log.len(), first.tally, first.steps), (second.log.len(), second.tally, second.steps));
}

#[tokio::test]
async fn every_seed_holds_on_sqlite() {
    every_seed_holds(Usual { seeds: (1, 2), days: 4, orders: 50 }, Place::sqlite).await;
}

#[tokio::test]
async fn every_seed_holds_on_postgres() {
    every_seed_holds(Usual { seeds: (1, 1), days: 2, orders: 20 }, Place::postgres).await;
}

/// What is run when nobody asks for more.
struct Usual {
    seeds: (u64, u64),
    days: i64,
    orders: usize,
}

async fn every_seed_holds(usual: Usual, place: fn() -> Place) {
    let told = std::env::var("TAKT_SIMULATION").unwrap_or_default();
    let asked =
        |name: &str| told.split_whitespace().find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    let (from, to) = asked("seeds").map_or(usual.seeds, |seeds| {
        let (from, to) = seeds.split_once("..").unwrap_or((seeds, seeds));
        (from.parse().expect("a seed"), to.parse().expect("a seed"))
    });
    let days = asked("days").map_or(usual.days, |days| days.parse().expect("a number of days"));
    let orders = asked("orders").map_or(usual.orders, |orders| orders.parse().expect("a number of orders"));
    for seed in from..=to {
        let began = Instant::now();
        let report = must_hold(Scale::of(seed, days, orders), place).await;
        println!(
            "seed {seed}: {} steps in {:.1?}, {} facts, {:?}",
            report.steps,
            began.elapsed(),
            report.log.len(),
            report.tally.0
        );
    }
}
