//! Drives reactions, timers and jobs on one node; any number of nodes share a PostgreSQL database.
//! [`Runner::run`] works until told to stop; [`Runner::drain`] does everything that is due and answers.

mod board;
mod drain;
mod hands;
mod loops;
mod measures;
mod trail;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
    time::Instant,
};

use takt_kernel::{Fault, Result, Timestamp};
use takt_store::{Db, Engine, Query, Tx};
use tokio::{
    sync::{OnceCell, watch},
    task::JoinSet,
};

use self::{
    board::{Board, Hearing, Place},
    hands::Hands,
    measures::Measures,
    trail::Trail,
};
use crate::{
    cursors,
    heard::HEARD,
    jobs::{self, JobKind},
    lanes::Lanes,
    needed::NEEDED,
    reactions::{self, Listener, Share, Step},
    set_back::set_back,
    timers::TimerKind,
};

pub use self::drain::Drained;

/// A node that has not looked at the log for so long counts as stuck.
const PULSE_SECONDS: i64 = 30;

const HEADERS: i64 = 1_000;

#[derive(Clone)]
pub struct Runner {
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    listeners: Vec<Listener>,
    timers: Vec<TimerKind>,
    jobs: Vec<JobKind>,
    board: OnceCell<Mutex<Board>>,
    /// Moves when there may be something to hear.
    wake: watch::Sender<u64>,
    pulse: Pulse,
    hands: Hands,
    trail: Mutex<Trail>,
    /// When jobs may next be claimed, by kind, and when that was asked.
    next_jobs: tokio::sync::Mutex<Option<(Instant, BTreeMap<String, Timestamp>)>>,
    measures: Measures,
}

/// How far a listener is behind the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lag {
    pub listener: &'static str,
    pub positions: i64,
}

/// Whether the runner still looks at the log, for `/readyz`.
#[derive(Clone, Default)]
pub struct Pulse(Arc<AtomicI64>);

impl Pulse {
    pub fn is_alive(&self, now: Timestamp) -> bool {
        // A clock that was set back must not make a stuck node look alive.
        now.seconds_since(Timestamp::from_micros(self.0.load(Ordering::Relaxed))).abs() < PULSE_SECONDS
    }

    fn beat(&self, now: Timestamp) {
        self.0.store(now.micros(), Ordering::Relaxed);
    }
}

impl Runner {
    pub fn new(db: Db, listeners: Vec<Listener>, timers: Vec<TimerKind>, jobs: Vec<JobKind>) -> Self {
        let metrics = db.metrics().clone();
        let shared = Arc::new(Shared {
            measures: Measures::of(&metrics),
            hands: Hands::default(),
            trail: Mutex::default(),
            next_jobs: tokio::sync::Mutex::default(),
            db,
            listeners,
            timers,
            jobs,
            board: OnceCell::new(),
            wake: watch::Sender::new(0),
            pulse: Pulse::default(),
        });
        Measures::observe(&metrics, &Arc::downgrade(&shared));
        Self { shared }
    }

    pub fn pulse(&self) -> Pulse {
        self.shared.pulse.clone()
    }

    /// Empty until the runner has looked at the log once.
    pub fn lag(&self) -> Vec<Lag> {
        let Some(board) = self.shared.board.get() else { return Vec::new() };
        let names = self.shared.listeners.iter().map(|listener| listener.name);
        names.zip(held(board).lag()).map(|(listener, positions)| Lag { listener, positions }).collect()
    }

    /// Works until `stop` turns true; then lets running jobs end and returns.
    ///
    /// # Errors
    /// When one of the loops broke; the node should stop then.
    pub async fn run(&self, stop: watch::Receiver<bool>) -> Result<()> {
        self.shared.pulse.beat(self.shared.db.clock().now());
        self.shared.take_over().await;
        let mut loops = JoinSet::new();
        loops.spawn(loops::tail(self.shared.clone(), stop.clone()));
        for _ in 0..loops::REACTORS {
            loops.spawn(loops::react(self.shared.clone(), stop.clone()));
        }
        loops.spawn(loops::retry_parked(self.shared.clone(), stop.clone()));
        loops.spawn(loops::ring_timers(self.shared.clone(), stop.clone()));
        for kind in self.shared.jobs.clone() {
            loops.spawn(loops::run_jobs(self.shared.clone(), kind, stop.clone()));
        }
        while let Some(ended) = loops.join_next().await {
            ended.map_err(|error| Fault::broken("work.panicked").arg("kind", "runner").because(error))?;
        }
        Ok(())
    }
}

impl Shared {
    /// The embedded database belongs to one process: whoever claimed a job before us died with it, and
    /// nobody has to wait for the end of its lease.
    async fn take_over(&self) {
        if self.db.engine() == Engine::Sqlite
            && let Err(fault) = self.db.write("work.release_jobs", jobs::release_all).await
        {
            tracing::warn!(?fault, "jobs of the dead wait for the end of their leases");
        }
    }

    /// Moves what waits when the clock was set back since the last look.
    async fn mind_the_clock(&self, before: &mut Timestamp) -> Result<()> {
        let now = self.db.clock().now();
        if now < *before {
            let back = before.seconds_since(now);
            tracing::warn!(back, "the clock was set back");
            let before = *before;
            self.db.write("work.clock_set_back", move |tx| set_back(tx, before)).await?;
        }
        *before = now;
        Ok(())
    }

    /// Looks at what is new in the log. Answers whether anybody has something to hear.
    async fn look(&self) -> Result<()> {
        let board = self.board().await?;
        loop {
            let seen = held(board).seen();
            let (headers, asleep) = self
                .db
                .read("work.headers", move |reader| {
                    let headers = cursors::headers_after(reader, seen, HEADERS)?;
                    // Asked after the log: who needs a listener says so before what it has to hear.
                    let asleep = if headers.is_empty() { Vec::new() } else { asleep(reader)? };
                    Ok((headers, asleep))
                })
                .await?;
            let last = headers.len() < HEADERS as usize;
            let seen = {
                let mut board = held(board);
                if !headers.is_empty() {
                    board.let_sleep(asleep);
                }
                board.look(&self.listeners, &headers);
                board.seen()
            };
            held(&self.trail).note(seen, Instant::now());
            if last {
                return Ok(());
            }
        }
    }

    /// Learns how far other nodes have come, and moves idle cursors up.
    async fn refresh(&self) -> Result<()> {
        let board = self.board().await?;
        let known = self.db.read("work.cursors", |reader| cursors::all(reader)).await?;
        held(board).refresh(&self.listeners, &known);
        let swept = held(board).sweep();
        if let Some((position, places)) = swept {
            let idle = self.by_lanes(&places);
            self.db
                .write("work.sweep", move |tx| {
                    idle.iter()
                        .try_for_each(|(lanes, listeners)| cursors::advance(tx, listeners, *lanes, position))
                })
                .await?;
        }
        Ok(())
    }

    /// Moves the cursors of sleepers along, so that whoever looks at cursors sees nobody behind.
    async fn doze(&self) -> Result<()> {
        let board = self.board().await?;
        let (position, places) = held(board).dozing(&self.listeners);
        if places.is_empty() {
            return Ok(());
        }
        let sleepers = self.by_lanes(&places);
        let moved = self
            .db
            .write_behind("work.doze", move |tx| {
                // Somebody may have begun to need them.
                let still = asleep(tx)?;
                if sleepers.values().flatten().any(|listener| !still.contains(listener)) {
                    return Ok(false);
                }
                sleepers
                    .iter()
                    .try_for_each(|(lanes, listeners)| cursors::advance(tx, listeners, *lanes, position))?;
                Ok(true)
            })
            .await?;
        if moved {
            held(board).passed_by(&places, position);
        }
        Ok(())
    }

    fn by_lanes(&self, places: &[Place]) -> BTreeMap<Lanes, Vec<&'static str>> {
        let mut listeners: BTreeMap<Lanes, Vec<&'static str>> = BTreeMap::new();
        for place in places {
            listeners.entry(place.lanes).or_default().push(self.listeners[place.listener].name);
        }
        listeners
    }

    fn take(&self) -> Vec<Hearing> {
        self.board.get().map_or_else(Vec::new, |board| held(board).take(&self.listeners))
    }

    /// Lets listeners hear what waits for them, all of it.
    async fn step(&self, hearings: Vec<Hearing>) -> Result<Vec<Step>> {
        let (listeners, began) = (self.listeners_of(&hearings), Instant::now());
        let react = move |tx: &mut Tx<'_>| reactions::step(tx, &listeners, Lanes::All, Share::ALL);
        let stepped = self.db.write("work.react", react).await;
        self.stepped(&hearings, began, stepped)
    }

    /// As [`Shared::step`], beside those who wait for answers.
    async fn step_in_time(&self, hearings: Vec<Hearing>) -> Result<Vec<Step>> {
        let (listeners, began) = (self.listeners_of(&hearings), Instant::now());
        let late = self.waited(&hearings, began) > reactions::LATE;
        let engine = self.db.engine();
        let share = if late { Share::when_late(engine) } else { Share::usual(engine) };
        let react = move |tx: &mut Tx<'_>| reactions::step(tx, &listeners, Lanes::All, share);
        let stepped = if late {
            self.db.write("work.react", react).await
        } else {
            self.db.write_behind("work.react", react).await
        };
        self.stepped(&hearings, began, stepped)
    }

    fn listeners_of(&self, hearings: &[Hearing]) -> Vec<Listener> {
        hearings.iter().map(|hearing| self.listeners[hearing.listener]).collect()
    }

    /// How long the oldest fact has waited that these have yet to hear.
    fn waited(&self, hearings: &[Hearing], now: Instant) -> Duration {
        let oldest = self.board.get().and_then(|board| held(board).oldest_of(hearings));
        oldest.map_or(Duration::ZERO, |oldest| held(&self.trail).age(oldest, now))
    }

    fn stepped(&self, hearings: &[Hearing], began: Instant, stepped: Result<Vec<Step>>) -> Result<Vec<Step>> {
        let Some(board) = self.board.get() else { return stepped };
        let mut board = held(board);
        match &stepped {
            Ok(steps) => {
                for heard in self.db.slots().of(&HEARD) {
                    heard.tell(hearings.iter().map(|hearing| &self.listeners[hearing.listener]));
                }
                for (hearing, step) in hearings.iter().zip(steps) {
                    self.measures.stepped(self.listeners[hearing.listener].name, step, began);
                    for place in hearing.places() {
                        let heard = step.held.holds(place.lanes).then_some(step.position);
                        board.put_back(place, heard, step.more);
                    }
                }
            }
            Err(_) if hearings.len() > 1 => board.part(hearings),
            Err(_) => {
                for place in hearings.iter().flat_map(Hearing::places) {
                    board.put_back(place, None, false);
                }
            }
        }
        stepped
    }

    fn kinds_of_jobs(&self) -> Vec<&'static str> {
        self.jobs.iter().map(|kind| kind.kind).collect()
    }

    /// When a job of this kind may next be claimed. All kinds are woken by the same commits, so one question is asked
    /// for all that wait for an answer; an answer to a question that began before one came is not for that one.
    async fn next_job(&self, kind: &str) -> Result<Option<Timestamp>> {
        let came = Instant::now();
        let mut known = self.next_jobs.lock().await;
        if known.as_ref().is_none_or(|(asked, _)| *asked < came) {
            let (asked, kinds) = (Instant::now(), self.kinds_of_jobs());
            let next = self.db.read("work.next_job", move |reader| jobs::next_at(reader, &kinds)).await?;
            *known = Some((asked, next));
        }
        Ok(known.as_ref().and_then(|(_, next)| next.get(kind).copied()))
    }

    async fn board(&self) -> Result<&Mutex<Board>> {
        self.board
            .get_or_try_init(|| async {
                let listeners = self.listeners.clone();
                self.db.write("work.register", move |tx| cursors::register(tx, &listeners)).await?;
                let known = self.db.read("work.cursors", |reader| cursors::all(reader)).await?;
                Ok(Mutex::new(Board::new(&self.listeners, Lanes::of(self.db.engine()), &known)))
            })
            .await
    }
}

/// Listeners that nobody needs now.
fn asleep(reader: &mut dyn Query) -> Result<Vec<&'static str>> {
    let mut asleep = Vec::new();
    for needed in reader.slots().of(&NEEDED) {
        if !(needed.by_anybody)(reader)? {
            asleep.push(needed.listener);
        }
    }
    Ok(asleep)
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
