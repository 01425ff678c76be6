//! `takt store copy` with the real program: buyers order while the shop moves to PostgreSQL.

use std::{
    collections::BTreeMap,
    process::{Command, Output, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use takt_store::Database;
use takt_testing::{Place, postgres::TestDatabase};
use tokio_postgres::NoTls;

use crate::{
    crash::{serving::Starter, world::World},
    nodes::buyers::{Addresses, Buyers, Told},
};

const LONGEST: Duration = Duration::from_secs(60);

async fn empty() -> TestDatabase {
    tokio::task::spawn_blocking(takt_testing::postgres::empty_database).await.expect("a database")
}

fn copying(starter: &Starter, to: &str, more: &[&str]) -> Command {
    let mut command = starter.command();
    command.args(["store", "copy", "--to", to]).args(starter.place()).args(more);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

async fn copied(starter: &Starter, to: &str, more: &[&str]) -> (Output, String, String) {
    let mut command = copying(starter, to, more);
    let output =
        tokio::task::spawn_blocking(move || command.output()).await.expect("it ran").expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, error) = (text(&output.stdout), text(&output.stderr));
    (output, out, error)
}

async fn orders(url: &str) -> BTreeMap<String, i64> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("PostgreSQL");
    tokio::spawn(connection);
    let rows = client.query("select external_id, id from orders where external_id is not null", &[]).await;
    rows.expect("orders").iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn tables(url: &str) -> i64 {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("PostgreSQL");
    tokio::spawn(connection);
    client
        .query_one("select count(*) from pg_tables where schemaname = 'public'", &[])
        .await
        .expect("tables")
        .get(0)
}

async fn acknowledged(buyers: &Buyers, count: usize, what: &str) {
    let until = Instant::now() + LONGEST;
    let before = buyers.told().orders.len();
    while buyers.told().orders.len() < before + count {
        assert!(Instant::now() < until, "no orders {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn all_there(told: &Told, kept: &BTreeMap<String, i64>) {
    for (external_id, id) in &told.orders {
        assert_eq!(kept.get(external_id), Some(id), "{external_id} was acknowledged");
    }
    assert_eq!(told.surprises, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_shop_moves_under_load_and_every_acknowledged_order_is_in_the_new_place() {
    let (world, server) = (World::found(Place::sqlite()).await, empty().await);
    let mut node = world.starter.start();
    let addresses: Addresses = Arc::new(Mutex::new(vec![node.address.clone()]));
    let buyers = Buyers::start(&addresses, &world.token, 4);
    acknowledged(&buyers, 40, "before the move").await;

    let (output, plan, error) = copied(&world.starter, server.url(), &["--dry-run"]).await;
    assert!(output.status.success(), "{error}");
    assert!(
        plan.contains("orders") && plan.contains("MB here") && plan.contains("It will take about"),
        "{plan}"
    );
    assert_eq!(tables(server.url()).await, 0, "a dry run leaves nothing");

    let (output, summary, error) = copied(&world.starter, server.url(), &[]).await;
    assert!(output.status.success(), "{error}");
    assert!(summary.contains("Moved.") && summary.contains("stood still for"), "{summary}");
    assert!(error.contains("copying orders") && error.contains("comparing orders"), "{error}");
    eprintln!("{}", summary.lines().rev().nth(1).unwrap_or_default());

    assert!(node.dies_within(LONGEST).await, "the old program goes on:\n{}", node.log());
    assert!(node.log().contains("takt: This shop has moved to PostgreSQL"), "{}", node.log());
    let mut again = world.starter.spawn("");
    assert!(!again.listens(), "the folder is sealed");
    assert!(again.log().contains("This shop has moved"), "{}", again.log());

    let mut there = world.starter.clone();
    there.database = Database::Postgres { url: server.url().to_owned() };
    there.folder = there.folder.join("there");
    std::fs::create_dir_all(&there.folder).expect("a folder");
    let moved_to = there.start();
    addresses.lock().expect("addresses")[0] = moved_to.address.clone();
    acknowledged(&buyers, 40, "after the move").await;
    let told = buyers.stop().await;
    all_there(&told, &orders(server.url()).await);
    assert_eq!(moved_to.complaints(), Vec::<String>::new());

    let (output, _, error) = copied(&world.starter, server.url(), &[]).await;
    assert!(!output.status.success() && error.contains("has moved"), "{error}");
}

/// Whoever dies, whoever asked or the program itself, the shop stays where it was and can try again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_that_is_killed_leaves_the_shop_working_and_the_target_empty() {
    let (world, server) = (World::found(Place::sqlite()).await, empty().await);
    let mut node = world.starter.start();
    let addresses: Addresses = Arc::new(Mutex::new(vec![node.address.clone()]));
    let buyers = Buyers::start(&addresses, &world.token, 2);
    acknowledged(&buyers, 20, "before").await;

    // The one who asked is gone at once; the program notices when it wants to tell how far it is.
    let mut asked = copying(&world.starter, server.url(), &[]).spawn().expect("the binary");
    tokio::time::sleep(Duration::from_millis(120)).await;
    asked.kill().expect("killed");
    asked.wait().expect("its end");
    acknowledged(&buyers, 10, "after the one who asked was killed").await;

    // The program itself is killed in the middle.
    let mut asked = copying(&world.starter, server.url(), &[]).spawn().expect("the binary");
    tokio::time::sleep(Duration::from_millis(200)).await;
    node.kill();
    asked.wait().expect("its end");
    let was_done = tables(server.url()).await > 0;
    if !was_done {
        let again = world.starter.start();
        addresses.lock().expect("addresses")[0] = again.address.clone();
        acknowledged(&buyers, 10, "after the program was killed").await;
        let (output, summary, error) = copied(&world.starter, server.url(), &[]).await;
        assert!(output.status.success(), "{error}");
        assert!(summary.contains("Moved."), "{summary}");
    }
    let mut there = world.starter.clone();
    there.database = Database::Postgres { url: server.url().to_owned() };
    there.folder = there.folder.join("there");
    std::fs::create_dir_all(&there.folder).expect("a folder");
    let moved_to = there.start();
    addresses.lock().expect("addresses")[0] = moved_to.address.clone();
    acknowledged(&buyers, 10, "in the new place").await;
    let told = buyers.stop().await;
    all_there(&told, &orders(server.url()).await);
}
