//! The loops of a running node. Each sleeps exactly until its next due moment or until the log moves,
//! and looks once a second anyway: another node may have set what this one should do.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use futures::FutureExt;
use takt_kernel::{Fault, Result, Timestamp, failpoint};
use takt_store::Tx;
use tokio::{sync::watch, task::JoinSet, time::sleep};

use super::Shared;
use crate::{
    backoff,
    jobs::{self, Claimed, JobEnd, JobKind, JobRun},
    parked::{self, Retried},
    timers::{self, Peal, Rung, TimerKind, Tried},
};

const TICK: Duration = Duration::from_secs(1);
/// Timers must fire within their second also when another node set them.
const TIMER_TICK: Duration = Duration::from_millis(400);
/// Due, but another node is at it: look again, but do not spin.
const SHORTEST: Duration = Duration::from_millis(20);
/// A busy log moves fifty times a second; timers and jobs need not be looked for that often.
const GATHER: Duration = Duration::from_millis(50);
/// Looks at the log are at least so far apart: what many commits said is heard in one go, and whoever
/// writes into a quiet log is heard at once.
const PACE: Duration = Duration::from_millis(20);
/// How long running jobs may take after a stop.
const GRACE: Duration = Duration::from_secs(20);
const HEARTBEAT: Duration = Duration::from_secs(jobs::LEASE_SECONDS as u64 / 3);

/// How many steps may be under way at once. Whoever is about as far hears in one of them; the other is for those who
/// are far behind, or came to hear something meanwhile.
pub(super) const REACTORS: usize = 2;

/// Watches the log and wakes the reactors.
pub(super) async fn tail(shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let mut visible = shared.db.watch();
    let mut before = shared.db.clock().now();
    while !*stop.borrow() {
        report("clock", shared.mind_the_clock(&mut before).await);
        let looked = async {
            shared.refresh().await?;
            shared.look().await?;
            shared.doze().await
        };
        report("tail", looked.await);
        shared.pulse.beat(shared.db.clock().now());
        shared.wake.send_modify(|round| *round += 1);
        let until = tokio::time::Instant::now() + TICK;
        // Between ticks only the headers are looked at, as often as the log moves.
        loop {
            tokio::select! {
                () = tokio::time::sleep_until(until) => break,
                () = stopped(&mut stop) => return,
                moved = visible.changed() => {
                    if moved.is_err() {
                        return;
                    }
                    report("tail", shared.look().await);
                    shared.wake.send_modify(|round| *round += 1);
                    tokio::select! {
                        () = sleep(PACE) => {}
                        () = stopped(&mut stop) => return,
                    }
                }
            }
        }
    }
}

/// Lets listeners hear whatever they are behind.
pub(super) async fn react(shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let mut wake = shared.wake.subscribe();
    while !*stop.borrow() {
        wake.borrow_and_update();
        loop {
            let hearings = shared.take();
            if hearings.is_empty() {
                break;
            }
            report("react", shared.step_in_time(hearings).await.map(|_| ()));
            if *stop.borrow() {
                return;
            }
        }
        tokio::select! {
            _ = wake.changed() => {}
            () = stopped(&mut stop) => {}
        }
    }
}

pub(super) async fn retry_parked(shared: Arc<Shared>, stop: watch::Receiver<bool>) {
    by_the_clock("parked", &shared, stop, TICK, || async {
        let listeners = shared.listeners.clone();
        let next =
            shared.db.read("work.next_parked", move |reader| parked::next_at(reader, &listeners)).await?;
        if next.is_none_or(|next| next > shared.db.clock().now()) {
            return Ok((false, next));
        }
        let listeners = shared.listeners.clone();
        let retried =
            shared.db.write("work.retry_parked", move |tx| parked::retry_next(tx, &listeners)).await?;
        Ok((retried != Retried::Nothing, next))
    })
    .await;
}

pub(super) async fn ring_timers(shared: Arc<Shared>, stop: watch::Receiver<bool>) {
    // One that cannot be written must not keep back for long those that are due with it.
    let alone = AtomicBool::new(false);
    by_the_clock("timers", &shared, stop, TIMER_TICK, || async {
        let kinds = shared.timers.clone();
        let next = shared.db.read("work.next_timer", move |reader| timers::next_at(reader, &kinds)).await?;
        if next.is_none_or(|next| next > shared.db.clock().now()) {
            return Ok((false, next));
        }
        let kinds = shared.timers.clone();
        let rung = if alone.load(Ordering::Relaxed) {
            ring_one(&shared, kinds).await
        } else {
            let (peal, tried) = (Peal::usual(shared.db.engine()), Tried::default());
            shared.db.write("work.ring_timers", move |tx| timers::ring(tx, &kinds, peal, &tried)).await
        };
        alone.store(rung.is_err(), Ordering::Relaxed);
        let rung = rung?;
        shared.measures.rung(rung);
        Ok((!rung.is_nothing(), next))
    })
    .await;
}

/// One that cannot be written by itself either is put off like one that fails.
async fn ring_one(shared: &Shared, kinds: Vec<TimerKind>) -> Result<Rung> {
    let tried = Tried::default();
    let noted = tried.clone();
    let rung =
        shared.db.write("work.ring_timers", move |tx| timers::ring(tx, &kinds, Peal::ONE, &noted)).await;
    let Err(fault) = rung else { return rung };
    let told = backoff::told(&fault);
    let put_off = move |tx: &mut Tx<'_>| timers::put_off_tried(tx, &tried, &told);
    match shared.db.write("work.put_timer_off", put_off).await {
        Ok(true) => Ok(Rung::FAILED),
        // Nothing can be written now, or it rang after all.
        Ok(false) | Err(_) => Err(fault),
    }
}

/// Repeats `once` as long as it finds something to do, then sleeps until the moment it names.
async fn by_the_clock<F>(
    name: &'static str,
    shared: &Shared,
    mut stop: watch::Receiver<bool>,
    tick: Duration,
    once: impl Fn() -> F,
) where
    F: Future<Output = Result<(bool, Option<Timestamp>)>>,
{
    let mut visible = shared.db.watch();
    while !*stop.borrow() {
        visible.borrow_and_update();
        let pause = match once().await {
            Ok((true, _)) => continue,
            Ok((false, next)) => pause_until(shared, next, tick),
            Err(fault) => {
                report(name, Err(fault));
                TICK
            }
        };
        tokio::select! {
            () = sleep(pause) => {}
            _ = visible.changed() => sleep(GATHER).await,
            () = stopped(&mut stop) => {}
        }
    }
}

fn pause_until(shared: &Shared, next: Option<Timestamp>, tick: Duration) -> Duration {
    let Some(next) = next else { return tick };
    let micros = next.micros_since(shared.db.clock().now());
    Duration::from_micros(u64::try_from(micros).unwrap_or(0)).clamp(SHORTEST, tick)
}

/// Claims and runs jobs of one kind, up to its concurrency.
pub(super) async fn run_jobs(shared: Arc<Shared>, kind: JobKind, mut stop: watch::Receiver<bool>) {
    let mut running: JoinSet<()> = JoinSet::new();
    let mut visible = shared.db.watch();
    while !*stop.borrow() {
        visible.borrow_and_update();
        while running.try_join_next().is_some() {}
        let free = kind.concurrency.max(1).saturating_sub(running.len());
        let pause = match start_jobs(&shared, &kind, free, &mut running).await {
            Ok(next) => pause_until(&shared, next, TICK),
            Err(fault) => {
                report(kind.kind, Err(fault));
                TICK
            }
        };
        let full = running.len() >= kind.concurrency.max(1);
        tokio::select! {
            () = sleep(pause), if !full => {}
            _ = visible.changed(), if !full => sleep(GATHER).await,
            _ = running.join_next(), if !running.is_empty() => {}
            () = stopped(&mut stop) => {}
        }
    }
    let ended = async { while running.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, ended).await.is_err() {
        tracing::warn!(kind = kind.kind, "jobs are cut off; another runner takes them when their lease ends");
    }
}

async fn start_jobs(
    shared: &Arc<Shared>,
    kind: &JobKind,
    free: usize,
    running: &mut JoinSet<()>,
) -> Result<Option<Timestamp>> {
    if free == 0 {
        return Ok(None);
    }
    let name = kind.kind;
    if let Some(until) = shared.hands.rests(name, shared.db.clock().now()) {
        return Ok(Some(until));
    }
    let next = shared.next_job(name).await?;
    if next.is_none_or(|next| next > shared.db.clock().now()) {
        return Ok(next);
    }
    let claiming = kind.clone();
    let count = i64::try_from(free).unwrap_or(1);
    let running_here = shared.hands.running();
    let claimed = shared
        .db
        .write_behind("work.claim_jobs", move |tx| jobs::claim(tx, &claiming, count, &running_here))
        .await?;
    for job in claimed {
        failpoint::reach("work.job.claimed");
        let (shared, kind) = (shared.clone(), kind.clone());
        let in_hand = shared.hands.take(job.id);
        running.spawn(async move {
            report(kind.kind, run_job(&shared, &kind, job).await.map(|_| ()));
            drop(in_hand);
        });
    }
    Ok(next)
}

/// Runs a claimed job under heartbeat and records its end. Answers whether it was well.
pub(super) async fn run_job(shared: &Shared, kind: &JobKind, job: Claimed) -> Result<bool> {
    let (db, began) = (&shared.db, Instant::now());
    let counted = shared.measures.job_begins(kind.kind);
    let run = JobRun {
        db: db.clone(),
        company: job.company,
        key: job.key.clone(),
        payload: job.payload.clone(),
        attempt: job.attempt,
    };
    // Inside, so that a kind that panics before its first step is caught as well.
    let mut running = Box::pin(AssertUnwindSafe(async { (kind.run)(run).await }).catch_unwind());
    let end = loop {
        tokio::select! {
            ended = &mut running => {
                break ended
                    .unwrap_or_else(|_| Err(Fault::broken("work.panicked").arg("kind", kind.kind)));
            }
            () = sleep(HEARTBEAT) => {
                let beating = job.clone();
                match db.write("work.heartbeat", move |tx| jobs::heartbeat(tx, &beating)).await {
                    Ok(true) => {}
                    Ok(false) => return Ok(false),
                    Err(fault) => report(kind.kind, Err(fault)),
                }
            }
        }
    };
    let well = matches!(end, Ok(JobEnd::Done | JobEnd::RetryAt(_) | JobEnd::RestUntil(_)));
    if let Ok(JobEnd::RestUntil(until)) = end {
        shared.hands.rest(kind.kind, until);
    }
    counted.ended(outcome(&end), began);
    let kind = kind.clone();
    failpoint::reach("work.job.ran");
    db.write_behind("work.finish_job", move |tx| jobs::finish(tx, &kind, &job, &end)).await?;
    failpoint::reach("work.job.finished");
    Ok(well)
}

fn outcome(end: &Result<JobEnd>) -> &'static str {
    match end {
        Ok(JobEnd::Done) => "done",
        Ok(JobEnd::RetryAt(_) | JobEnd::RestUntil(_)) => "put_off",
        Ok(JobEnd::GiveUp(_)) => "given_up",
        Err(_) => "failed",
    }
}

fn report(what: &str, outcome: Result<()>) {
    if let Err(fault) = outcome {
        tracing::warn!(what, ?fault, "will be tried again");
    }
}

/// A stop that nobody can give any more is none.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
