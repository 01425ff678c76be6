//! Modules of shops speak with the real program, which is killed again and again; the line between them brings
//! what they say up to ten times, late and out of turn. They send nothing again by themselves. In the end
//! everything that was answered has to be there once, as the shop said it last, and the history has to tell a
//! module what the desk did, once, and nothing of its own as anybody else's.
//!
//! By hand: `TAKT_MODULES_ROUNDS=40 TAKT_MODULES_ORDERS=60 cargo nextest run -p takt modules::`. A failing run
//! names its seed; `TAKT_MODULES_SEED` brings the same words, copies, delays and deaths back.

mod checks;
mod deliver;
mod plan;
mod told;
mod world;

use std::time::Duration;

use takt_testing::on_both_engines;

use crate::crash::dice::Dice;
use world::Shops;

const USUAL_ROUNDS: usize = 4;
const USUAL_ORDERS: usize = 9;
const USUAL_SEED: u64 = 20_261_122;
/// How long a failpoint is waited for.
const PATIENCE: Duration = Duration::from_secs(4);
const POINTS: [&str; 2] = ["retailcrm.message.stored", "retailcrm.message.applied"];

fn asked(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |told| told.parse().unwrap_or_else(|_| panic!("{name}={told}")))
}

on_both_engines! {
    async fn shop_modules_lose_and_double_nothing_though_the_program_is_killed(place: Place) {
        let seed = asked("TAKT_MODULES_SEED", USUAL_SEED);
        let rounds = asked("TAKT_MODULES_ROUNDS", USUAL_ROUNDS as u64) as usize;
        let orders = asked("TAKT_MODULES_ORDERS", USUAL_ORDERS as u64) as usize;
        let again = format!("again: TAKT_MODULES_SEED={seed} TAKT_MODULES_ROUNDS={rounds} TAKT_MODULES_ORDERS={orders}");
        let mut dice = Dice::new(seed);
        let mut shops = Shops::open(place, orders, &mut dice).await;
        let mut deaths = Vec::new();
        for round in 0..rounds {
            deaths.push(one_death(&mut shops, &mut dice, round, rounds).await);
        }
        shops.time_passes(None).await;
        let mut serving = shops.world.starter.start();
        shops.work(&serving.address, Dice::new(dice.roll()), usize::MAX).await;
        // What a busy database left of the last words is old enough to be dealt with only after a while.
        serving.kill();
        shops.time_passes(None).await;
        serving = shops.world.starter.start();
        shops.hurry().await;
        crate::crash::rest::wait(&shops.world, &mut serving).await;
        let mut broken = checks::through_the_door(&shops, &serving.address).await;
        broken.extend(serving.complaints());
        serving.kill();
        broken.extend(checks::in_the_data(&shops).await);
        assert!(broken.is_empty(), "after {deaths:?}: {broken:#?}\n{again}");
        let told = shops.summary();
        eprintln!("seed {seed}: {told}; deaths {deaths:?}");
        assert!(told.answered > told.unanswered, "the modules were hardly heard: {told}\n{again}");
        assert!(told.unanswered > 0, "nothing died in anybody's hands: {told}\n{again}");
    }
}

/// Modules work until the program is dead, at a failpoint or at any moment.
async fn one_death(shops: &mut Shops, dice: &mut Dice, round: usize, rounds: usize) -> String {
    let paused = dice.one_in(3).then(|| dice.below(shops.count()));
    shops.time_passes(paused).await;
    let point = round.is_multiple_of(2).then(|| POINTS[(round / 2) % POINTS.len()]);
    let failpoint = point.map(|point| format!("{point}=kill@{}", 1 + dice.below(60)));
    let after = match point {
        Some(_) => PATIENCE,
        None => Duration::from_millis(100 + dice.below(600) as u64),
    };
    let mut serving = shops.world.starter.spawn(failpoint.as_deref().unwrap_or_default());
    assert!(serving.listens(), "it did not start:\n{}", serving.log());
    let (address, work_dice) = (serving.address.clone(), Dice::new(dice.roll()));
    shops.hurry().await;
    // What is left when the last death is due is for the end.
    let most = shops.left() / (rounds - round + 1);
    let work = shops.work(&address, work_dice, most.max(1));
    let death = async {
        serving.dies_within(after).await;
        serving.kill();
    };
    tokio::join!(work, death);
    let ended = serving.ended_at().unwrap_or_else(|| "a kill at any moment".to_owned());
    match paused {
        Some(shop) => format!("{ended}, shop {shop} paused"),
        None => ended,
    }
}
