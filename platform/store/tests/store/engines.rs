use std::sync::Arc;

use serde::{Deserialize, Serialize};
use takt_kernel::{Actor, CompanyId, ManualClock, SeededEntropy, Slots, Timestamp};
use takt_store::{About, Database, Db, Fact, Migration, Migrations, Options, Subject, Tier};
use takt_testing::postgres::{TestDatabase, empty_database};

pub const COMPANY: CompanyId = CompanyId::new(7);

const STEPS: &[Migration] = &[
    Migration {
        number: 1,
        name: "a purse",
        sql: "create table purse (
                company_id integer not null,
                id integer not null,
                name text not null,
                heavy boolean not null,
                amount integer not null check (amount >= 0),
                photo blob,
                primary key (company_id, id),
                unique (company_id, name)
              );",
    },
    Migration {
        number: 2,
        name: "coins",
        sql: "create table coin (
                company_id integer not null,
                id integer not null,
                purse_id integer not null,
                worth integer,
                primary key (company_id, id),
                foreign key (company_id, purse_id) references purse (company_id, id)
              );",
    },
];

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Filled {
    pub amount: i64,
}

impl Fact for Filled {
    const KIND: &'static str = "purses.filled";
}

/// A store of its own, and what has to outlive it.
pub struct Engine {
    pub db: Db,
    pub clock: Arc<ManualClock>,
    pub database: Database,
    _folder: Option<tempfile::TempDir>,
    _postgres: Option<TestDatabase>,
}

pub async fn sqlite() -> Engine {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::Sqlite { folder: folder.path().to_owned() };
    let clock = clock();
    let db = open(database.clone(), clock.clone()).await;
    Engine { db, clock, database, _folder: Some(folder), _postgres: None }
}

pub async fn postgres() -> Engine {
    let server = tokio::task::spawn_blocking(empty_database).await.expect("a database");
    let database = Database::Postgres { url: server.url().to_owned() };
    let clock = clock();
    let db = open(database.clone(), clock.clone()).await;
    Engine { db, clock, database, _folder: None, _postgres: Some(server) }
}

pub async fn open(database: Database, clock: Arc<ManualClock>) -> Db {
    Db::open(options(database, clock)).await.expect("the store opens")
}

pub fn options(database: Database, clock: Arc<ManualClock>) -> Options {
    Options {
        database,
        clock,
        entropy: Arc::new(SeededEntropy::from_seed(1)),
        slots: Arc::new(Slots::default()),
        migrations: migrations(),
        background: false,
    }
}

pub fn migrations() -> Vec<Migrations> {
    vec![Migrations { tier: Tier::Core, feature: "purses", steps: STEPS }]
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(Timestamp::from_micros(1_790_000_000_000_000)))
}

pub fn about(actor: &Actor, id: i64) -> About<'_> {
    About::new(COMPANY, Subject::new("purse", id), actor)
}

/// One test for each engine from one body.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        $(mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name(crate::engines::sqlite().await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                super::$name(crate::engines::postgres().await).await;
            }
        })*
    };
}
pub(crate) use on_both_engines;
