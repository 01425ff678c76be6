//! Kills the real program again and again while clients are at work, starts it again, and holds the
//! data against what the clients were told. A process dies at a failpoint between two steps, at any
//! moment, or while it starts.
//!
//! By hand: `TAKT_CRASH_ROUNDS=300 cargo nextest run -p takt crash::`. A failing round names its seed;
//! `TAKT_CRASH_SEED` brings the same load, the same deaths and the same order of both back.

pub mod beside;
mod checks;
pub mod dice;
pub mod load;
mod mail;
mod points;
pub mod rest;
pub mod rounds;
pub mod serving;
pub mod told;
pub mod world;

use takt_testing::{Place, on_both_engines};

use rounds::{Campaign, Size};

/// Rounds on one set of data; then another begins, since checks read all of it.
const ROUNDS_OF_A_WORLD: usize = 20;
const USUAL_ROUNDS: usize = 3;
const USUAL_SEED: u64 = 20_261_122;

on_both_engines! {
    async fn killed_at_any_moment_it_keeps_its_word(place: Place) {
        let size = Size::asked(USUAL_ROUNDS, USUAL_SEED);
        let engine = place.engine();
        let mut campaign = Campaign::default();
        let mut place = Some(place);
        for (index, first) in (0..size.rounds).step_by(ROUNDS_OF_A_WORLD).enumerate() {
            let place = place.take().unwrap_or_else(|| match engine {
                takt_store::Engine::Sqlite => Place::sqlite(),
                takt_store::Engine::Postgres => Place::postgres(),
            });
            let rounds = ROUNDS_OF_A_WORLD.min(size.rounds - first);
            let world = world::World::found(place).await;
            campaign.run(world, size.seed + index as u64, rounds).await;
        }
        campaign.report();
    }
}

// Where the usual rounds do not come: the first start, and the end.
on_both_engines! {
    async fn killed_while_it_makes_its_tables_or_ends_it_starts_again(place: Place) {
        rounds::beginnings_and_ends(place).await;
    }
}
