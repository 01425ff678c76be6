//! Lies through every door by which something from outside reaches the payment of an order: none is ever paid
//! by one. A seed is one story; a fixed small number of tries runs always, any other by hand:
//! `TAKT_LIES=1000000 cargo test -p takt --test lies -- --nocapture`, `TAKT_LIES_SEED=7` for another story.

#![cfg(test)]

mod change;
mod doors;
mod mutants;
mod truth;
mod world;

use std::collections::BTreeMap;

use takt_testing::Place;

use doors::{Door, Doors};
use world::World;

const USUAL: usize = 400;
const SEED: u64 = 5;
/// The books are looked at so often at least, and orders whose invoices lapsed are replaced by new ones.
const LONGEST_BATCH: usize = 5_000;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_lie_pays_an_order_whatever_door_it_takes() {
    let tries = setting("TAKT_LIES").and_then(|tries| usize::try_from(tries).ok()).unwrap_or(USUAL);
    let mut world = World::open(Place::sqlite(), setting("TAKT_LIES_SEED").unwrap_or(SEED)).await;
    let mut doors = Doors::open(&mut world).await;
    let batch = (tries / 4).clamp(1, LONGEST_BATCH);
    let mut told: BTreeMap<(Door, &str), u64> = BTreeMap::new();
    let mut grave = 0;
    for number in 0..tries {
        // Each door has its turn, however small the number.
        let door = Door::ALL.get(number).copied().unwrap_or_else(|| Door::by_chance(&mut world.chance));
        let lied = doors.lie(&mut world, door).await;
        *told.entry((door, lied.what)).or_default() += 1;
        grave += usize::from(lied.grave);
        if (number + 1) % batch == 0 {
            world.app.drain().await;
            assert_eq!(truth::broken(&mut world).await, Vec::<String>::new(), "{told:#?}");
            doors.every_refusal_is_kept(&world).await;
            world.renew_targets().await;
            doors.renew(&mut world).await;
        }
    }
    world.app.drain().await;
    assert_eq!(truth::broken(&mut world).await, Vec::<String>::new(), "{told:#?}");
    for door in Door::ALL {
        assert!(told.keys().any(|(told, _)| *told == door), "nobody lied at {door:?}");
    }
    println!("{tries} tries, {grave} of them would have moved money: {told:#?}");
    assert!(grave * 2 >= tries, "of {tries} tries only {grave} were lies worth the name");
}
