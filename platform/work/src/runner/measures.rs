//! What is counted of the work that nobody waits for.

use std::{sync::Weak, time::Instant};

use takt_metrics::{CounterBy, GaugeBy, HistogramBy, Metrics};

use super::{Shared, held};
use crate::{reactions::Step, timers::Rung};

pub(super) struct Measures {
    reactions: CounterBy<2>,
    steps: HistogramBy<1>,
    jobs: CounterBy<2>,
    job_seconds: HistogramBy<1>,
    running: GaugeBy<1>,
    timers: CounterBy<1>,
}

impl Measures {
    pub fn of(metrics: &Metrics) -> Self {
        Self {
            reactions: metrics.counter_by("takt_reactions", "Facts heard, by listener and outcome"),
            steps: metrics.seconds_by(
                "takt_reaction_step_seconds",
                "A step in which a listener heard, with those that heard beside it: one transaction",
            ),
            jobs: metrics.counter_by("takt_jobs_ended", "Attempts at jobs, by kind and outcome"),
            job_seconds: metrics.seconds_by("takt_job_seconds", "An attempt at a job"),
            running: metrics.gauge_by("takt_jobs_running", "Jobs that run on this node"),
            timers: metrics.counter_by("takt_timers_fired", "Timers, by outcome"),
        }
    }

    /// How far each listener is behind, found out when somebody asks.
    pub fn observe(metrics: &Metrics, shared: &Weak<Shared>) {
        let behind = |ask: fn(&Shared) -> Vec<(String, f64)>| {
            let shared = shared.clone();
            move || shared.upgrade().map_or_else(Vec::new, |shared| ask(&shared))
        };
        metrics.when_asked_by(
            "takt_reactions_behind_facts",
            "How many positions of the log a listener is behind",
            Some("listener"),
            behind(|shared| {
                let Some(board) = shared.board.get() else { return Vec::new() };
                let lag: Vec<i64> = held(board).lag().collect();
                shared.named(lag.into_iter().map(|positions| positions as f64))
            }),
        );
        metrics.when_asked_by(
            "takt_reactions_behind_seconds",
            "How long the oldest fact that a listener has not heard has waited",
            Some("listener"),
            behind(|shared| {
                let Some(board) = shared.board.get() else { return Vec::new() };
                let oldest: Vec<Option<i64>> = held(board).oldest().collect();
                let (trail, now) = (held(&shared.trail), Instant::now());
                shared.named(
                    oldest
                        .into_iter()
                        .map(|oldest| oldest.map_or(0.0, |oldest| trail.age(oldest, now).as_secs_f64())),
                )
            }),
        );
    }

    pub fn stepped(&self, listener: &'static str, step: &Step, began: Instant) {
        let count = |outcome: &'static str, number: usize| {
            if number > 0 {
                let labels = [("listener", listener.into()), ("outcome", outcome.into())];
                self.reactions.get_or_create(&labels).inc_by(number as u64);
            }
        };
        count("heard", step.handled);
        count("parked", step.parked);
        self.steps.get_or_create(&[("listener", listener.into())]).observe(began.elapsed().as_secs_f64());
    }

    /// A job counts as running until the answer is dropped.
    pub fn job_begins(&self, kind: &'static str) -> RunningJob<'_> {
        self.running.get_or_create(&[("kind", kind.into())]).inc();
        RunningJob { measures: self, kind }
    }

    pub fn rung(&self, rung: Rung) {
        for (outcome, number) in [("done", rung.done), ("failed", rung.failed)] {
            if number > 0 {
                self.timers.get_or_create(&[("outcome", outcome.into())]).inc_by(number as u64);
            }
        }
    }
}

pub(super) struct RunningJob<'m> {
    measures: &'m Measures,
    kind: &'static str,
}

impl RunningJob<'_> {
    pub fn ended(self, outcome: &'static str, began: Instant) {
        let Measures { jobs, job_seconds, .. } = self.measures;
        jobs.get_or_create(&[("kind", self.kind.into()), ("outcome", outcome.into())]).inc();
        job_seconds.get_or_create(&[("kind", self.kind.into())]).observe(began.elapsed().as_secs_f64());
    }
}

impl Drop for RunningJob<'_> {
    fn drop(&mut self) {
        self.measures.running.get_or_create(&[("kind", self.kind.into())]).dec();
    }
}

impl Shared {
    fn named(&self, values: impl Iterator<Item = f64>) -> Vec<(String, f64)> {
        self.listeners.iter().map(|listener| listener.name.to_owned()).zip(values).collect()
    }
}
