//! Waiting until a listener has heard what was said, for a page that shows what the listener keeps.

use std::{collections::BTreeMap, time::Duration};

use takt_kernel::{Result, Slot};
use takt_store::Db;
use tokio::{sync::watch, time::Instant};

use crate::{cursors::unheard, reactions::Listener};

/// Filled with [`Heard::default`] once in a process; the runner tells it, whoever waits listens to it.
pub const HEARD: Slot<Heard> = Slot::new("work.heard");

/// How often each listener has heard something on this node.
#[derive(Clone, Debug, Default)]
pub struct Heard(watch::Sender<BTreeMap<&'static str, u64>>);

impl Heard {
    pub(crate) fn tell<'l>(&self, listeners: impl Iterator<Item = &'l Listener>) {
        self.0.send_modify(|times| {
            for listener in listeners {
                *times.entry(listener.name).or_default() += 1;
            }
        });
    }

    /// Ends when the listener has heard something that it had not `seen`.
    async fn again(told: &mut watch::Receiver<BTreeMap<&'static str, u64>>, listener: &str, seen: u64) {
        let times = |times: &BTreeMap<&'static str, u64>| times.get(listener).copied().unwrap_or_default();
        if told.wait_for(|told| times(told) > seen).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// How long somebody waits who would rather wait than see what stood before.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    pub longest: Duration,
    /// Another node may hear it, and does not say so here: so long after the last look it is looked at again.
    pub look_again: Duration,
}

/// Waits until a listener has heard everything of its own that is visible now. What comes while one waits is waited for
/// by whoever is told of that.
///
/// # Errors
/// Faults of the store.
pub async fn caught_up(db: &Db, listener: &'static Listener, patience: Patience) -> Result<()> {
    let until = Instant::now() + patience.longest;
    let mut told = db.slots().of(&HEARD).next().map(|heard| heard.0.subscribe());
    let mut waited_for = i64::MAX;
    loop {
        let seen = told.as_mut().map(|told| told.borrow_and_update().get(listener.name).copied());
        let seen = seen.flatten().unwrap_or_default();
        let left = db.read("work.unheard", move |reader| unheard(reader, listener, waited_for)).await?;
        let Some(position) = left.filter(|_| Instant::now() < until) else { return Ok(()) };
        waited_for = waited_for.min(position);
        let look_again = tokio::time::sleep_until(until.min(Instant::now() + patience.look_again));
        match &mut told {
            Some(told) => tokio::select! {
                () = Heard::again(told, listener.name, seen) => {}
                () = look_again => {}
            },
            None => look_again.await,
        }
    }
}
