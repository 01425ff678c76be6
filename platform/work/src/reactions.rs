//! One step of one listener in its lanes: hear a few facts, react to each, move the cursor, all in one
//! transaction. Each reaction has a savepoint of its own, so a fact that cannot be taken parks its
//! subject and undoes nothing else.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use takt_kernel::{Fault, Result, failpoint};
use takt_store::{RecordedFact, Tx, facts};

use crate::{
    cursors,
    lanes::{self, Lanes},
    parked,
};

/// How much one step may do. What it fetches and does not come to is fetched again by the next one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    /// None: until everything fetched is heard.
    pub time: Option<Duration>,
    pub facts: i64,
}

impl Share {
    pub const ALL: Self = Self { time: None, facts: 100 };
    /// The database's one writer on SQLite waits for nobody longer than this.
    pub const USUAL: Self = Self { time: Some(Duration::from_millis(1)), facts: 50 };
    pub const WHEN_LATE: Self = Self { time: Some(Duration::from_millis(6)), facts: 500 };
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

/// What one step came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Step {
    /// Another node holds this cursor; nothing was done.
    pub busy: bool,
    pub handled: usize,
    pub parked: usize,
    /// Where the cursor stands now.
    pub position: i64,
    /// There may be more to hear right away.
    pub more: bool,
}

pub(crate) fn step(tx: &mut Tx<'_>, listener: &Listener, lanes: Lanes, share: Share) -> Result<Step> {
    let Some(cursor) = cursors::lock(tx, listener.name, lanes)? else {
        return Ok(Step { busy: true, ..Step::default() });
    };
    let heard = facts::heard(tx, listener.hears, lanes.only(), cursor.all(), share.facts)?;
    let mut step =
        Step { position: cursor.all(), more: heard.len() as i64 == share.facts, ..Step::default() };
    if heard.is_empty() {
        return Ok(step);
    }
    let mut waiting = parked::subjects(tx, listener.name, lanes)?;
    let began = Instant::now();
    for unread in &heard {
        if share.time.is_some_and(|time| began.elapsed() > time) {
            step.more = true;
            break;
        }
        let fact = &unread.read()?;
        step.position = fact.position;
        if fact.position <= cursor.in_lane(lanes::of(fact)) {
            continue;
        }
        let subject = parked::Subject::of(fact);
        if waiting.contains(&subject) {
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
    failpoint::reach("work.reaction.before_cursor");
    cursors::advance(tx, listener.name, lanes, step.position)?;
    failpoint::reach("work.reaction.cursor_moved");
    Ok(step)
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
