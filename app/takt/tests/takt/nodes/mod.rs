//! Three real nodes on one PostgreSQL of their own, which is ended and started again like the nodes
//! themselves, while buyers order and screens watch. What buyers were told is held against the data.
//!
//! By hand, for longer: `TAKT_NODES_ROUNDS=10 cargo nextest run -p takt nodes::`.

pub mod buyers;
mod checks;
mod cluster;
mod screens;
mod start;
mod trouble;

use std::sync::Arc;

use takt::wiring;
use takt_store::Database;
use tempfile::TempDir;

use crate::crash::{beside::Beside, rest, world::World};
use buyers::Buyers;
use cluster::Cluster;
use screens::Screen;
use trouble::Nodes;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_nodes_lose_and_double_nothing_whatever_breaks_between_them() {
    let rounds: usize = std::env::var("TAKT_NODES_ROUNDS").map_or(1, |told| told.parse().expect("a number"));
    let cluster = Cluster::start("nodes");
    let database = Database::Postgres { url: cluster.url.clone() };
    let wiring = wiring::assemble(wiring::without_mail().expect("an address"));
    let world = World::found_in(database, TempDir::new().expect("a folder"), wiring, None).await;
    let world = Arc::new(world);
    let mut nodes = Nodes::start(world.clone(), 3);
    let screens =
        [Screen::open(&nodes.addresses, &world.cookie), Screen::open(&nodes.addresses, &world.cookie)];
    let buyers = Buyers::start(&nodes.addresses, &world.token, 6);

    for round in 0..rounds {
        nodes.work_goes_on(&buyers, "at first").await;
        nodes.kill_the_leader().await;
        nodes.work_goes_on(&buyers, "after the leader was killed").await;
        nodes.start_again();
        nodes.cut_connections().await;
        nodes.work_goes_on(&buyers, "after connections were cut").await;
        nodes.a_writer_hangs(&buyers).await;
        nodes.deadlines_pass_while_a_node_dies().await;
        nodes.start_again();
        nodes.restart_postgres(&cluster, "fast", &buyers).await;
        nodes.work_goes_on(&buyers, "after PostgreSQL was restarted").await;
        nodes.restart_postgres(&cluster, "immediate", &buyers).await;
        nodes.work_goes_on(&buyers, &format!("after PostgreSQL broke in round {round}")).await;
    }

    let told = buyers.stop().await;
    let beside = Beside::open(&world.starter.database).await;
    nodes.leases_of_the_dead_end(&beside).await;
    rest::wait(&world, nodes.any()).await;
    let newest = beside.number("select max(position) from fact_position").await;
    let mut seen = Vec::new();
    for screen in screens {
        seen.push(screen.until(newest).await);
    }
    drop(beside);
    nodes.stop();
    let broken = checks::broken(&world, &told, &nodes, &seen).await;
    assert!(broken.is_empty(), "{broken:#?}");
    eprintln!("{told}");
}
