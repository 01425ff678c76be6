//! The whole program without a socket: features wired, a fresh database, a clock that stands still.

#![expect(clippy::panic, reason = "what a test does not expect is its failure")]

use std::{ops::Deref, sync::Arc};

use axum::Router;
use takt_feature::{Feature, Wiring};
use takt_kernel::{ManualClock, Result, Timestamp};
use takt_store::{Db, Reader, Tx, facts};
use takt_web::Web;
use takt_work::{Drained, Runner, failed_jobs, parked, timers};

use crate::{Client, Place, fact_log};

/// Monday, 2 November 2026, 9:00 in Moscow.
const START: &str = "2026-11-02T06:00:00Z";
/// So that an id in a fact is not mistaken for a count.
const SMALL_NUMBERS: usize = 8_000;
const EVERYTHING: i64 = 100_000;

pub struct TestApp {
    pub db: Db,
    pub clock: Arc<ManualClock>,
    pub wiring: Wiring,
    pub web: Web,
    pub runner: Runner,
    pub router: Router,
    anybody: Client,
    place: Place,
}

/// What a browser that nobody knows can do, can be done on the app itself: `app.get("/healthz")`.
impl Deref for TestApp {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.anybody
    }
}

/// Of every test's installation.
pub const SECRET_KEY: &str = "7465737473207365616c20746865697220736563726574732077697468207468";

impl TestApp {
    pub async fn open(place: Place, features: Vec<Feature>) -> Self {
        let clock = Arc::new(ManualClock::at(START.parse().unwrap_or(Timestamp::from_micros(0))));
        Self::open_at(place, features, clock, false).await
    }

    /// With `background` facts are numbered all the time, as in a running node.
    pub async fn open_at(
        place: Place,
        features: Vec<Feature>,
        clock: Arc<ManualClock>,
        background: bool,
    ) -> Self {
        let wiring = Wiring::assemble(features);
        for vault in wiring.slots.of(&takt_vault::VAULT) {
            vault.told(takt_vault::Source::given(SECRET_KEY));
        }
        let db = place.open(clock.clone(), wiring.slots.clone(), wiring.migrations.clone(), background).await;
        let web = wiring.web(db.clone());
        let router = takt_web::app(web.clone(), wiring.router.clone());
        let app = Self {
            runner: wiring.runner(db.clone()),
            anybody: Client::new(router.clone()),
            db,
            clock,
            wiring,
            web,
            router,
            place,
        };
        app.write(|tx| {
            for _ in 0..SMALL_NUMBERS {
                tx.new_id::<()>();
            }
            Ok(())
        })
        .await;
        app
    }

    /// A browser or program of its own.
    pub fn client(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// Another node on the same PostgreSQL database.
    pub async fn second_node(&self) -> Db {
        let (slots, migrations) = (self.wiring.slots.clone(), self.wiring.migrations.clone());
        self.place.open(self.clock.clone(), slots, migrations, false).await
    }

    /// Another node on the same PostgreSQL database, which gets its key elsewhere.
    pub async fn node_with_key(&self, features: Vec<Feature>, source: takt_vault::Source) -> Db {
        let wiring = Wiring::assemble(features);
        for vault in wiring.slots.of(&takt_vault::VAULT) {
            vault.told(source.clone());
        }
        self.place.open(self.clock.clone(), wiring.slots, wiring.migrations, false).await
    }

    /// The program ends and begins anew on the same data: with other features, as after an update, or the same.
    pub async fn restarted(self, features: Vec<Feature>) -> Self {
        self.db.close().await;
        Self::open_at(self.place, features, self.clock, false).await
    }

    pub fn now(&self) -> Timestamp {
        takt_kernel::Clock::now(&*self.clock)
    }

    /// Runs a command that must succeed.
    pub async fn write<T, F>(&self, command: F) -> T
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.try_write(command).await.unwrap_or_else(|fault| panic!("refused: {fault:?}"))
    }

    /// # Errors
    /// What the command refuses.
    pub async fn try_write<T, F>(&self, command: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.db.write("test.write", command).await
    }

    /// Asks a question that must be answered.
    pub async fn read<T, F>(&self, ask: F) -> T
    where
        T: Send + 'static,
        F: FnOnce(&mut Reader<'_>) -> Result<T> + Send + 'static,
    {
        self.db.read("test.read", ask).await.unwrap_or_else(|fault| panic!("unanswered: {fault:?}"))
    }

    /// Lets everything that is due happen. A parked subject, a failed timer or job fails the test.
    pub async fn drain(&self) -> Drained {
        let drained = self.drain_with_failures().await;
        if drained.parked + drained.failed_timers + drained.failed_jobs > 0 {
            panic!("failed in the background: {}", self.failures().await);
        }
        drained
    }

    /// As [`TestApp::drain`], where failures are part of the story.
    pub async fn drain_with_failures(&self) -> Drained {
        self.runner.drain().await.unwrap_or_else(|fault| panic!("the drain broke: {fault:?}"))
    }

    /// Time passes, then everything that is due happens.
    pub async fn advance(&self, seconds: i64) -> Drained {
        self.clock.advance_seconds(seconds);
        self.drain().await
    }

    pub async fn facts_named(&self, kind: &str) -> usize {
        let kind = kind.to_owned();
        self.db.number_facts().await.unwrap_or_else(|fault| panic!("{fault:?}"));
        self.read(move |reader| {
            Ok(facts::after(reader, 0, EVERYTHING)?.iter().filter(|fact| fact.kind == kind).count())
        })
        .await
    }

    /// The log of facts as text, the same on both engines and in every run: ids are named by what they
    /// stand for and in which order it appeared.
    pub async fn fact_log(&self) -> String {
        self.db.number_facts().await.unwrap_or_else(|fault| panic!("{fault:?}"));
        let start = START.parse().unwrap_or(Timestamp::from_micros(0));
        self.read(move |reader| Ok(fact_log::written(&facts::after(reader, 0, EVERYTHING)?, start))).await
    }

    async fn failures(&self) -> String {
        self.read(|reader| {
            let parked = parked(reader, None, 10)?;
            let timers = timers::failing(reader, None, 10)?;
            let jobs = failed_jobs(reader, None, 10)?;
            Ok(format!("\nparked {parked:#?}\ntimers {timers:#?}\njobs {jobs:#?}"))
        })
        .await
    }
}
