//! Where a test keeps its data: a folder or a PostgreSQL database of its own.

#![expect(clippy::panic, reason = "a test without its database has failed, and this is where it says why")]

use std::{
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use sha2::{Digest, Sha256};
use takt_kernel::{Clock, Entropy, ManualClock, SeededEntropy, Slots, Timestamp};
use takt_store::{Database, Db, Engine, Migrations, Options};
use tempfile::TempDir;

use crate::postgres::{TestDatabase, fresh_database};

/// Memory is faster than a disk and these data live for a second.
const MEMORY: &str = "/dev/shm";

pub struct Place(Kind);

enum Kind {
    Sqlite(TempDir),
    /// Made when the migrations are known.
    Postgres(Box<OnceLock<TestDatabase>>),
}

impl Place {
    pub fn sqlite() -> Self {
        let folder = if Path::new(MEMORY).is_dir() { TempDir::new_in(MEMORY) } else { TempDir::new() };
        Self(Kind::Sqlite(folder.unwrap_or_else(|problem| panic!("no folder for the test: {problem}"))))
    }

    pub fn postgres() -> Self {
        Self(Kind::Postgres(Box::default()))
    }

    pub fn engine(&self) -> Engine {
        match &self.0 {
            Kind::Sqlite(_) => Engine::Sqlite,
            Kind::Postgres(_) => Engine::Postgres,
        }
    }

    /// What `takt serve` would be told: with tables on PostgreSQL, an empty folder on SQLite.
    pub fn database(&self, migrations: &[Migrations]) -> Database {
        match &self.0 {
            Kind::Sqlite(folder) => Database::Sqlite { folder: folder.path().to_owned() },
            Kind::Postgres(made) => {
                let database = made.get_or_init(|| {
                    fresh_database(&checksum(migrations), async |url: &str| {
                        let database = Database::Postgres { url: url.to_owned() };
                        let clock = Arc::new(ManualClock::at(Timestamp::from_micros(0)));
                        let options = options(database, clock, Arc::default(), migrations.to_vec(), false);
                        Db::open(options).await.map(drop)
                    })
                });
                Database::Postgres { url: database.url().to_owned() }
            }
        }
    }

    /// Opens the place. With `background` facts are numbered all the time, as in a running node; without,
    /// only by `drain`. On PostgreSQL it may be opened several times: one node each.
    pub async fn open(
        &self,
        clock: Arc<dyn Clock>,
        slots: Arc<Slots>,
        migrations: Vec<Migrations>,
        background: bool,
    ) -> Db {
        let database = self.database(&migrations);
        match Db::open(options(database, clock, slots, migrations, background)).await {
            Ok(db) => db,
            Err(fault) => panic!("the test's database does not open: {fault:?}"),
        }
    }
}

fn options(
    database: Database,
    clock: Arc<dyn Clock>,
    slots: Arc<Slots>,
    migrations: Vec<Migrations>,
    background: bool,
) -> Options {
    // Every node has chance of its own, the same in every run.
    static OPENED: AtomicU64 = AtomicU64::new(0);
    let seed = 2026 + OPENED.fetch_add(1, Ordering::Relaxed);
    let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::from_seed(seed));
    Options { database, clock, entropy, slots, migrations, background }
}

/// Names the template: the store's own tables change with its source, which the tests are built from.
fn checksum(migrations: &[Migrations]) -> String {
    let mut digest = Sha256::new();
    digest.update(include_str!("../../store/migrations/0001_log.sql"));
    for migrations in migrations {
        for step in migrations.steps {
            digest.update(format!("{}/{}/{}/", migrations.tier.code(), migrations.feature, step.number));
            digest.update(step.sql);
        }
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
