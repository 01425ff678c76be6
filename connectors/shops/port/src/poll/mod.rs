//! Asks shops what their messages did not say: every five minutes, from a little before where the last asking
//! ended, to the end. What is found is stored as a message like any other, and the cursor moves with it. A shop
//! that does not answer is asked less and less often, and costs one place of many for a few seconds.

mod page;
mod reply;
mod state;

use std::sync::Arc;

use serde_json::json;
use takt_connections::{ConnectionId, get, secrets};
use takt_kernel::{Actor, Fault, Result, Timestamp};
use takt_outbound::Reply;
use takt_store::{Db, Query, RecordedFact, Tx};
use takt_work::{DueTimer, JobEnd, JobKind, JobRun, Listener, NewJob, TimerKind, jobs, timers};

use reply::judge;
pub use reply::rest_seconds;
pub use state::{Standing, standing};

use crate::{Ask, Line, Next, SYSTEMS, connected::Shop, deed, deliveries, facts, system_of};

const POLL: &str = "shops.poll";
const EVERY_SECONDS: i64 = 300;
/// What the shop wrote down late, or by a clock that is slow.
const OVERLAP_SECONDS: i64 = 600;
/// One run asks for no more; the rest is asked for at the next.
const MOST_PAGES: usize = 200;
/// A job must never lie dead: it would keep the next from being enqueued.
const NEVER_DEAD: i64 = i64::MAX;

pub(crate) const LISTENER: Listener = Listener {
    name: POLL,
    hears: &[
        "connections.created",
        "connections.resumed",
        "connections.settings_changed",
        "connections.secret_set",
    ],
    does: "asks a shop that was connected or set up otherwise",
    react,
};
pub(crate) const TIMER: TimerKind =
    TimerKind { kind: POLL, does: "asks shops every five minutes what their messages did not say", fire };

pub(crate) fn job(line: Line) -> JobKind {
    JobKind {
        kind: POLL,
        does: "asks one shop for the orders that changed, and takes in what is not known",
        concurrency: line.limits.at_once,
        max_attempts: NEVER_DEAD,
        run: Arc::new(move |run: JobRun| Box::pin(attempt(run, line.clone()))),
    }
}

fn react(tx: &mut Tx<'_>, fact: &RecordedFact) -> Result<()> {
    if fact.actor == actor() {
        return Ok(());
    }
    let id = ConnectionId::new(fact.subject_id);
    let connection = get(tx, fact.company, id)?;
    let is_ours = tx.slots().of(&SYSTEMS).any(|system| system.kind == connection.kind);
    if !is_ours {
        return Ok(());
    }
    let at = tx.now();
    set(tx, fact.company, id, at)
}

fn set(tx: &mut Tx<'_>, company: takt_kernel::CompanyId, id: ConnectionId, at: Timestamp) -> Result<()> {
    timers::set(tx, company, POLL, &id.to_string(), facts::subject(id), at, &serde_json::Value::Null)
}

fn fire(tx: &mut Tx<'_>, due: &DueTimer) -> Result<()> {
    let id = ConnectionId::new(due.subject_id);
    let connection = get(tx, due.company, id)?;
    let now = tx.now();
    set(tx, due.company, id, now.plus_seconds(EVERY_SECONDS))?;
    deliveries::forget_old(tx, due.company, id)?;
    secrets::forget_ended(tx, due.company, id)?;
    if connection.paused {
        return Ok(());
    }
    let chores = system_of(&tx.slots(), &connection.kind)?.chores;
    for kind in std::iter::once(POLL).chain(chores.iter().copied()) {
        let (key, payload) = (Some(id.to_string()), json!({ "connection": id }));
        jobs::enqueue(tx, NewJob { company: due.company, kind, key, payload, run_at: now })?;
    }
    Ok(())
}

/// How a run ended.
pub(crate) enum Outcome {
    /// Everything there was is stored.
    Whole,
    /// There is more; what was asked for so far is stored.
    Part,
    /// The shop wants to be left alone for so long.
    Rest {
        seconds: i64,
        fault: Fault,
    },
    Failed(Fault),
}

async fn attempt(run: JobRun, line: Line) -> Result<JobEnd> {
    let Some(id) = run.payload.get("connection").and_then(serde_json::Value::as_i64) else {
        return Ok(JobEnd::Done);
    };
    let (company, id) = (run.company, ConnectionId::new(id));
    let begun = run
        .db
        .read("shops.poll.begin", move |reader| {
            let connection = get(reader, company, id)?;
            let began = connection.created_at;
            let shop = Shop::of(reader, connection)?.with_secrets(reader)?;
            let standing = state::of(reader, company, id)?.unwrap_or_else(|| Standing::new(began));
            let rests = standing.not_before.is_some_and(|at| at > reader.now());
            Ok((shop, standing, rests))
        })
        .await;
    let (shop, standing, rests) = match begun {
        Ok(begun) => begun,
        Err(fault) if fault.is("shops.settings_malformed") => {
            state::failed(&run.db, company, id, fault, None).await?;
            return Ok(JobEnd::Done);
        }
        Err(fault) => return Err(fault),
    };
    if shop.connection.paused || rests || !shop.may_be_asked() {
        return Ok(JobEnd::Done);
    }
    let walk = Walk { db: run.db.clone(), line, shop };
    let outcome = walk.run(&standing).await?;
    match outcome {
        Outcome::Whole => state::finished(&run.db, company, id, true).await?,
        Outcome::Part => state::finished(&run.db, company, id, false).await?,
        Outcome::Rest { seconds, fault } => state::failed(&run.db, company, id, fault, Some(seconds)).await?,
        Outcome::Failed(fault) => state::failed(&run.db, company, id, fault, None).await?,
    }
    Ok(JobEnd::Done)
}

struct Walk {
    db: Db,
    line: Line,
    shop: Shop,
}

impl Walk {
    /// # Errors
    /// Faults of our own store; what is wrong with the shop is an outcome.
    async fn run(&self, standing: &Standing) -> Result<Outcome> {
        let mut ask = Ask { after: standing.cursor.plus_seconds(-OVERLAP_SECONDS), page: 1, token: None };
        for _ in 0..MOST_PAGES {
            let reply = match self.ask(&ask).await {
                Ok(reply) => reply,
                Err(fault) => return Ok(Outcome::Failed(fault)),
            };
            if let Err(outcome) = judge(&reply, self.db.clock().now()) {
                return Ok(outcome);
            }
            let page = match (self.shop.system.poll.page)(&reply) {
                Ok(page) => page,
                Err(fault) => return Ok(Outcome::Failed(fault)),
            };
            let next = page.next.clone();
            let taken = page::take(&self.db, &self.shop, page).await?;
            for id in &taken.stored {
                deed::apply_stored(&self.db, &self.shop.connection, *id).await;
            }
            ask = match next {
                Next::End => return Ok(Outcome::Whole),
                Next::Token(token) => Ask { page: ask.page + 1, token: Some(token), ..ask },
                // Pages by their number would lose what moves to the end meanwhile. So the next begins where this
                // ended, as long as that is further on.
                Next::More => match taken.newest.map(|newest| newest.plus_seconds(-1)) {
                    Some(after) if after > ask.after => Ask { after, page: 1, token: None },
                    _ => Ask { page: ask.page + 1, ..ask },
                },
            };
        }
        Ok(Outcome::Part)
    }

    async fn ask(&self, ask: &Ask) -> Result<Reply> {
        self.line.send((self.shop.system.poll.ask)(&self.shop, ask)?).await
    }
}

/// Who acts when a shop is asked.
pub(crate) fn actor() -> Actor {
    Actor::system(POLL)
}
