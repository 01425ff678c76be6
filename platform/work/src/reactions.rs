//! One step of listeners: hear a few facts, react to each, move the cursors, all in one transaction. Those that are
//! about as far hear together: what a step costs by itself, and what several of them would ask, is paid once. Each
//! reaction has a savepoint of its own, so a fact that cannot be taken parks its subject and undoes nothing else.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use takt_kernel::{Fault, Result, failpoint};
use takt_store::{Engine, Query, RecordedFact, Tx, facts};

use crate::{
    cursors,
    foreseen::FORESEEN,
    lanes::{self, Lanes},
    parked,
};

/// How much one step may do. What it fetches and does not come to is fetched again by the next one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    /// None: until everything fetched is heard.
    pub time: Option<Duration>,
    pub facts: i64,
    /// So many are heard by all before the next ones: what they ask is asked together, and the time is looked at.
    pub together: usize,
}

impl Share {
    pub const ALL: Self = Self { time: None, facts: 100, together: 100 };

    /// The database's one writer on SQLite waits for nobody for long; on PostgreSQL a step keeps nobody waiting but
    /// those who want what it has changed.
    pub const fn usual(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self { time: Some(Duration::from_millis(3)), facts: 24, together: 4 },
            Engine::Postgres => Self { time: Some(Duration::from_millis(25)), facts: 48, together: 16 },
        }
    }

    pub const fn when_late(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self { time: Some(Duration::from_millis(12)), facts: 96, together: 8 },
            Engine::Postgres => Self { time: Some(Duration::from_millis(80)), facts: 192, together: 48 },
        }
    }
}
/// A listener that has been behind for so long is no longer put behind others, and has more time: intake
/// that outruns its own consequences has to wait for them.
pub(crate) const LATE: Duration = Duration::from_millis(200);

/// On these facts, do that. Heard exactly once each, in order per subject.
#[derive(Clone, Copy)]
pub struct Listener {
    /// Its identity in the database: a new name is a new listener.
    pub name: &'static str,
    pub hears: &'static [&'static str],
    /// One line for the flow document.
    pub does: &'static str,
    pub react: fn(&mut Tx<'_>, &RecordedFact) -> Result<()>,
}

/// What one step came to for one listener.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    /// The lanes that it heard; another node holds the others.
    pub held: cursors::Heard,
    pub handled: usize,
    pub parked: usize,
    /// Where the cursors stand now.
    pub position: i64,
    /// There may be more to hear right away.
    pub more: bool,
}

/// Answers one step for each listener, in their order.
pub(crate) fn step(tx: &mut Tx<'_>, listeners: &[Listener], lanes: Lanes, share: Share) -> Result<Vec<Step>> {
    let names: Vec<&str> = listeners.iter().map(|listener| listener.name).collect();
    let mut held = cursors::lock(tx, &names, lanes)?;
    let mut steps: Vec<Step> = Vec::with_capacity(listeners.len());
    for name in &names {
        let held = held.remove(*name).unwrap_or_default();
        steps.push(Step { position: held.all(), held, ..Step::default() });
    }
    let all = || steps.iter().zip(listeners).filter(|(step, _)| step.held != cursors::Heard::default());
    let Some(after) = all().map(|(step, _)| step.position).min() else { return Ok(steps) };
    let kinds: BTreeSet<&str> = all().flat_map(|(_, listener)| listener.hears).copied().collect();
    let questions = [facts::to_hear(&kinds, lanes.only(), after, share.facts)?, parked::waiting(&names)];
    let mut answers = tx.all_at_once(&questions)?.into_iter();
    let heard = facts::read_all(&answers.next().unwrap_or_default())?;
    let mut waiting = parked::read_waiting(&answers.next().unwrap_or_default())?;
    if heard.is_empty() {
        return Ok(steps);
    }
    let began = Instant::now();
    let mut more = heard.len() as i64 == share.facts;
    for (number, some) in heard.chunks(share.together).enumerate() {
        // At least these: a step that came to nothing would be taken again and again.
        if number > 0 && share.time.is_some_and(|time| began.elapsed() > time) {
            more = true;
            break;
        }
        foresee(tx, some, listeners, &steps)?;
        for (listener, step) in listeners.iter().zip(&mut steps) {
            let waiting = waiting.entry(listener.name.to_owned()).or_default();
            for fact in some {
                step.position = step.position.max(fact.position);
                let subject = parked::Subject::of(fact);
                if !is_new(listener, step, fact) || waiting.contains(&subject) {
                    continue;
                }
                match react(tx, listener, fact) {
                    Ok(()) => {
                        failpoint::reach("work.reaction.reacted");
                        step.handled += 1;
                    }
                    Err(fault) if fault.is_retryable() => return Err(fault),
                    Err(fault) => {
                        parked::park(tx, listener.name, fact, &fault)?;
                        waiting.insert(subject);
                        step.parked += 1;
                    }
                }
            }
        }
    }
    steps.iter_mut().for_each(|step| step.more = more);
    failpoint::reach("work.reaction.before_cursor");
    cursors::advance_held(
        tx,
        listeners.iter().zip(&steps).map(|(listener, step)| (listener.name, &step.held, step.position)),
    )?;
    failpoint::reach("work.reaction.cursor_moved");
    Ok(steps)
}

/// Whether this listener has to hear it and did not.
fn is_new(listener: &Listener, step: &Step, fact: &RecordedFact) -> bool {
    step.held.in_lane(lanes::of(fact)).is_some_and(|cursor| fact.position > cursor)
        && listener.hears.contains(&fact.kind.as_str())
}

/// Has what the reactions will ask asked together.
fn foresee(tx: &mut Tx<'_>, heard: &[RecordedFact], listeners: &[Listener], steps: &[Step]) -> Result<()> {
    let slots = tx.slots();
    let mut questions = Vec::new();
    for fact in heard {
        if listeners.iter().zip(steps).any(|(listener, step)| is_new(listener, step, fact)) {
            slots.of(&FORESEEN).for_each(|asks| questions.extend(asks(fact)));
        }
    }
    tx.foresee(&questions)
}

/// Reacts to one fact; on `Err` nothing of it remains in the transaction.
pub(crate) fn react(tx: &mut Tx<'_>, listener: &Listener, fact: &RecordedFact) -> Result<()> {
    tx.set_cause(Some(fact.id));
    let reacted = tx.savepoint(|tx| {
        catch_unwind(AssertUnwindSafe(|| (listener.react)(tx, fact)))
            .unwrap_or_else(|_| Err(Fault::broken("work.panicked").arg("kind", listener.name)))
    });
    tx.set_cause(None);
    reacted
}
