//! Power is lost while clients are at work: SIGKILL alone leaves everything that was written, so here a
//! library under the program notes what it wrote and what it synced, and the disk is made anew from
//! that. Then the program starts on what is left, and must keep its word.
//!
//! By hand: `TAKT_CRASH_ROUNDS=100 cargo nextest run -p takt power_loss::`, with `TAKT_CRASH_SEED` as in
//! the crash tests.

mod cluster;
mod disk;
mod written;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use takt::wiring;
use takt_store::Database;
use tempfile::TempDir;

use crate::crash::{
    beside::Beside,
    dice::Dice,
    load::Client,
    rest,
    rounds::{Size, verify},
    told::Told,
    world::World,
};
use cluster::Cluster;
use disk::{Before, Loss, lose_power};

const ROUNDS: usize = 2;
const SEED: u64 = 20_261_123;
const CLIENTS: usize = 4;
/// A world grows with its rounds, and each round reads all of it.
const ROUNDS_OF_A_WORLD: usize = 10;

/// How the disk answers to a sync.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Honesty {
    Honest,
    /// It says that it is done and does nothing.
    Lies,
}

struct Watch {
    library: PathBuf,
    log: PathBuf,
    honesty: Honesty,
}

impl Watch {
    fn new(folder: &Path, honesty: Honesty) -> Self {
        Self { library: written::build_shim(folder), log: folder.join("written"), honesty }
    }

    /// What a process needs that is to be watched.
    fn environment(&self, folder: &Path) -> Vec<(String, String)> {
        let mut environment = vec![
            ("LD_PRELOAD".to_owned(), self.library.display().to_string()),
            ("POWER_LOSS_FOLDER".to_owned(), folder.display().to_string()),
            ("POWER_LOSS_LOG".to_owned(), self.log.display().to_string()),
        ];
        if self.honesty == Honesty::Lies {
            environment.push(("POWER_LOSS_LIES".to_owned(), "1".to_owned()));
        }
        environment
    }

    /// From now on everything is written down anew.
    fn begin(&self) {
        std::fs::File::create(&self.log).expect("a log");
        // A server that runs under another account writes there as well.
        let all = std::os::unix::fs::PermissionsExt::from_mode(0o666);
        std::fs::set_permissions(&self.log, all).expect("a log");
    }
}

async fn found(database: Database, folder: TempDir) -> World {
    let wiring = wiring::assemble(wiring::without_mail().expect("an address"));
    World::found_in(database, folder, wiring, None).await
}

async fn clients_work(
    world: &Arc<World>,
    told: &Arc<Mutex<Told>>,
    address: &str,
    round: usize,
    dice: &mut Dice,
) -> Vec<tokio::task::JoinHandle<()>> {
    let clients = (0..CLIENTS)
        .map(|number| {
            let name = format!("r{round}c{number}");
            let client = Client::new(world.clone(), told.clone(), address, name, Dice::new(dice.roll()));
            tokio::spawn(client.run())
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100 + dice.below(700) as u64)).await;
    clients
}

/// Answers what is wrong once everything has come to rest on the disk that is left.
async fn recover(world: &Arc<World>, told: &Arc<Mutex<Told>>, round: usize, dice: &mut Dice) -> Vec<String> {
    rest::an_hour_passes(world).await;
    let mut serving = world.starter.start();
    let name = format!("settle-{round}");
    Client::new(world.clone(), told.clone(), &serving.address, name, Dice::new(dice.roll())).settle().await;
    rest::wait(world, &mut serving).await;
    serving.kill();
    verify(world, told).await
}

/// Some rounds of power losses on SQLite. Answers what each left behind, and what was wrong after it.
async fn on_sqlite(rounds: usize, seed: u64, honesty: Honesty) -> Vec<(Loss, Vec<String>)> {
    let mut all = Vec::new();
    for first in (0..rounds).step_by(ROUNDS_OF_A_WORLD) {
        let folder = TempDir::new().expect("a folder");
        let watch = Watch::new(folder.path(), honesty);
        let mut data = folder.path().join("disk-0");
        let mut world = Arc::new(found(Database::Sqlite { folder: data.clone() }, folder).await);
        let told = Arc::new(Mutex::new(Told::default()));
        for round in first..rounds.min(first + ROUNDS_OF_A_WORLD) {
            let mut dice = Dice::of(seed, round as u64);
            let before = Before::of(&data);
            watch.begin();
            let starter = &mut Arc::get_mut(&mut world).expect("nobody else").starter;
            starter.environment = watch.environment(&data);
            let mut serving = starter.spawn("");
            assert!(serving.listens(), "{}", serving.log());
            let clients = clients_work(&world, &told, &serving.address, round, &mut dice).await;
            serving.kill();
            for client in clients {
                client.await.expect("a client");
            }
            let left = data.with_file_name(format!("disk-{}", round + 1));
            let loss = lose_power(before, &watch.log, &left, &mut dice);
            std::fs::remove_dir_all(&data).expect("the old disk");
            data = left;
            let starter = &mut Arc::get_mut(&mut world).expect("nobody else").starter;
            starter.environment = Vec::new();
            starter.database = Database::Sqlite { folder: data.clone() };
            let broken = match honesty {
                Honesty::Honest => recover(&world, &told, round, &mut dice).await,
                // It may not even open: what the clients were told decides.
                Honesty::Lies => verify(&world, &told).await,
            };
            let over = honesty == Honesty::Lies;
            all.push((loss, broken));
            if over {
                return all;
            }
        }
    }
    all
}

fn judge(all: &[(Loss, Vec<String>)], seed: u64) {
    for (round, (loss, broken)) in all.iter().enumerate() {
        assert!(
            broken.is_empty(),
            "after the power loss of round {round} ({loss:?}): {broken:#?}\n\
             again: TAKT_CRASH_SEED={seed} TAKT_CRASH_ROUNDS={}",
            round + 1
        );
    }
    let sum = |of: fn(&Loss) -> usize| all.iter().map(|(loss, _)| of(loss)).sum::<usize>();
    eprintln!(
        "{} power losses: {} records, {} syncs, {} bytes written and not synced, {} of them lost",
        all.len(),
        sum(|loss| loss.records),
        sum(|loss| loss.syncs),
        sum(|loss| loss.unsynced),
        sum(|loss| loss.lost)
    );
    assert!(sum(|loss| loss.syncs) > 0, "nothing was ever synced: the library did not see the program");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_loss_takes_nothing_that_was_told_on_sqlite() {
    let size = Size::asked(ROUNDS, SEED);
    judge(&on_sqlite(size.rounds, size.seed, Honesty::Honest).await, size.seed);
}

/// As [`on_sqlite`], with a server of our own under the library. The program dies with it.
async fn on_postgres(rounds: usize, seed: u64) -> Vec<(Loss, Vec<String>)> {
    let mut all = Vec::new();
    for first in (0..rounds).step_by(ROUNDS_OF_A_WORLD) {
        let folder = TempDir::new().expect("a folder");
        let watch = Watch::new(folder.path(), Honesty::Honest);
        let mut cluster = Cluster::create(folder.path());
        let url = cluster.url();
        let world = Arc::new(found(Database::Postgres { url }, folder).await);
        cluster.kill();
        let told = Arc::new(Mutex::new(Told { outages: true, ..Told::default() }));
        for round in first..rounds.min(first + ROUNDS_OF_A_WORLD) {
            let mut dice = Dice::of(seed, round as u64);
            let before = Before::of(&cluster.data);
            watch.begin();
            cluster.start(&watch.environment(&cluster.data));
            let mut serving = world.starter.start();
            let clients = clients_work(&world, &told, &serving.address, round, &mut dice).await;
            if dice.one_in(2) {
                Beside::open(&world.starter.database).await.execute("checkpoint").await;
            }
            cluster.kill();
            serving.kill();
            for client in clients {
                client.await.expect("a client");
            }
            let left = cluster.data.with_file_name(format!("disk-{}", round + 1));
            let loss = lose_power(before, &watch.log, &left, &mut dice);
            std::fs::remove_dir_all(&cluster.data).expect("the old disk");
            cluster.move_to(left);
            cluster.start(&[]);
            let broken = recover(&world, &told, round, &mut dice).await;
            cluster.kill();
            all.push((loss, broken));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_loss_takes_nothing_that_was_told_on_postgres() {
    let size = Size::asked(1, SEED);
    judge(&on_postgres(size.rounds, size.seed).await, size.seed);
}

/// The test of the test: without syncs something must be missing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_disk_that_lies_about_syncs_the_loss_is_found() {
    for attempt in 0..4 {
        let all = on_sqlite(1, SEED + attempt, Honesty::Lies).await;
        if all.iter().any(|(_, broken)| broken.iter().any(|wrong| wrong.contains("is lost"))) {
            return;
        }
    }
    panic!("four power losses on a disk that never synced took nothing");
}
