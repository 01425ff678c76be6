//! One process of the program, without sockets: it can end between any two commands.

use std::{future::Future, sync::Arc};

use takt_feature::Wiring;
use takt_kernel::{Clock, ManualClock, SeededEntropy};
use takt_store::{Db, Options};
use takt_testing::{Client, Place};
use takt_work::{Drained, Runner};

use super::trouble::{Trouble, Watched};

pub struct Node {
    /// As the node sees its database.
    pub db: Db,
    /// The same without trouble, for whoever looks on.
    pub calm: Db,
    pub runner: Runner,
    pub trouble: Arc<Trouble>,
    clients: Box<dyn Fn() -> Client>,
}

/// The node ended before it answered.
pub struct Ended;

impl Node {
    /// `number` is how many nodes there were before: each has chance of its own.
    pub async fn start(
        place: &Place,
        wiring: &Wiring,
        clock: Arc<ManualClock>,
        seed: u64,
        number: u64,
    ) -> Self {
        let entropy = SeededEntropy::from_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number);
        let options = Options {
            database: place.database(&wiring.migrations),
            clock: clock as Arc<dyn Clock>,
            entropy: Arc::new(entropy),
            slots: wiring.slots.clone(),
            migrations: wiring.migrations.clone(),
            background: false,
        };
        let calm =
            Db::open(options).await.unwrap_or_else(|fault| panic!("the node does not start: {fault:?}"));
        let trouble = Arc::new(Trouble::default());
        let watched = Watched { trouble: trouble.clone(), engine: calm.engine() };
        let db = calm.clone().interfered(Arc::new(watched));
        let router = takt_web::app(wiring.web(db.clone()), wiring.router.clone());
        let clients = Box::new(move || Client::new(router.clone()));
        Self { runner: wiring.runner(db.clone()), db, calm, trouble, clients }
    }

    pub fn client(&self) -> Client {
        (self.clients)()
    }

    /// What the node does, as long as it lives.
    pub async fn alive<T>(&self, work: impl Future<Output = T>) -> Result<T, Ended> {
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = self.trouble.ended() => Err(Ended),
        }
    }

    /// Lets everything that is due happen. A refused command is tried again the next time.
    pub async fn drain(&self) -> Result<takt_kernel::Result<Drained>, Ended> {
        self.alive(self.runner.drain()).await
    }

    /// What a process leaves when it ends: its database.
    pub async fn end(self) {
        self.calm.close().await;
    }
}
