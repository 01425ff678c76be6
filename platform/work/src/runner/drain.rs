//! Everything that is due, one thing after the other, for tests and simulations that hold the clock.

use takt_kernel::{Fault, Result};
use takt_store::Tx;

use super::{Runner, Shared, loops};
use crate::{
    jobs,
    parked::{self, Retried},
    timers::{self, Peal, Tried},
};

/// No honest cascade is longer.
const MOST_ROUNDS: usize = 100_000;

/// What a drain came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    pub reactions: usize,
    /// Subjects newly parked, or tried again in vain.
    pub parked: usize,
    pub timers: usize,
    pub failed_timers: usize,
    pub jobs: usize,
    pub failed_jobs: usize,
}

impl Runner {
    /// Numbers new facts, lets everybody hear them, fires due timers and runs due jobs, until nothing
    /// is left to do at this moment of the clock.
    ///
    /// # Errors
    /// Faults of the store; `work.never_quiet` when reactions call each other without end. What fails
    /// inside reactions, timers and jobs is counted, not returned.
    pub async fn drain(&self) -> Result<Drained> {
        let mut drained = Drained::default();
        self.shared.refresh().await?;
        for _ in 0..MOST_ROUNDS {
            if !self.shared.once(&mut drained).await? {
                self.shared.doze().await?;
                return Ok(drained);
            }
        }
        Err(Fault::broken("work.never_quiet"))
    }
}

impl Shared {
    /// Does one thing; answers whether there was one.
    async fn once(&self, drained: &mut Drained) -> Result<bool> {
        self.db.number_facts().await?;
        self.look().await?;
        let hearings = self.take();
        if !hearings.is_empty() {
            // Nobody waits behind it, and a simulation must not depend on how fast the machine is.
            for step in self.step(hearings).await? {
                drained.reactions += step.handled;
                drained.parked += step.parked;
            }
            return Ok(true);
        }
        Ok(self.retry_one(drained).await?
            || self.ring_one_moment(drained).await?
            || self.run_one(drained).await?)
    }

    async fn retry_one(&self, drained: &mut Drained) -> Result<bool> {
        let listeners = self.listeners.clone();
        let now = self.db.clock().now();
        let next =
            self.db.read("work.next_parked", move |reader| parked::next_at(reader, &listeners)).await?;
        if next.is_none_or(|next| next > now) {
            return Ok(false);
        }
        let listeners = self.listeners.clone();
        match self.db.write("work.retry_parked", move |tx| parked::retry_next(tx, &listeners)).await? {
            Retried::Nothing => return Ok(false),
            Retried::Took(facts) => drained.reactions += facts,
            Retried::StillParked => drained.parked += 1,
        }
        Ok(true)
    }

    async fn ring_one_moment(&self, drained: &mut Drained) -> Result<bool> {
        let kinds = self.timers.clone();
        let now = self.db.clock().now();
        let next = self.db.read("work.next_timer", move |reader| timers::next_at(reader, &kinds)).await?;
        if next.is_none_or(|next| next > now) {
            return Ok(false);
        }
        let kinds = self.timers.clone();
        let ring = move |tx: &mut Tx<'_>| timers::ring(tx, &kinds, Peal::ALL, &Tried::default());
        let rung = self.db.write("work.ring_timers", ring).await?;
        drained.timers += rung.done;
        drained.failed_timers += rung.failed;
        Ok(!rung.is_nothing())
    }

    async fn run_one(&self, drained: &mut Drained) -> Result<bool> {
        let kinds = self.kinds_of_jobs();
        let next = self.db.read("work.next_job", move |reader| jobs::next_at(reader, &kinds)).await?;
        for kind in &self.jobs {
            let now = self.db.clock().now();
            if self.hands.rests(kind.kind, now).is_some() {
                continue;
            }
            if next.get(kind.kind).is_none_or(|next| *next > now) {
                continue;
            }
            let claiming = kind.clone();
            let claimed =
                self.db.write("work.claim_jobs", move |tx| jobs::claim(tx, &claiming, 1, ",")).await?;
            let Some(job) = claimed.into_iter().next() else {
                continue;
            };
            if loops::run_job(self, kind, job).await? {
                drained.jobs += 1;
            } else {
                drained.failed_jobs += 1;
            }
            return Ok(true);
        }
        Ok(false)
    }
}
