//! Asks banks: every minute while an order awaits money, every quarter of an hour otherwise, and then reads the
//! last days again. A poll is the truth about a push; what a gap lacks is asked for until it is there.
//!
//! One job per channel, so one node at a time asks one bank, and a bank that hangs holds up no other. Nothing
//! is asked within a transaction: the keys are read, the bank is asked, and each report is kept with its proof
//! before it counts (`channels::messages`, `channels::take_in`).

mod ask;
mod fresh;
mod plan;

use std::sync::Arc;

use serde_json::{Value as Json, json};
use takt_kernel::{CompanyId, Fault, Id, Result};
use takt_outbound::Reach;
use takt_store::{Db, Fact as _, Query as _, RecordedFact, Tx};
use takt_work::{JobEnd, JobKind, JobRun, Listener, jobs};

use crate::{
    channels::{self, ChannelId},
    facts::{ChannelConnected, ChannelResumed, GapFound, PollWanted},
    readers,
};

pub(crate) use plan::serves;
pub use plan::{EVERY_SECONDS, REREAD_DAYS, WATCHFUL_SECONDS};

pub const POLL_JOB: &str = "payments.poll_channel";
/// Banks that are asked at once on one node. A hanging one takes its place for some minutes at most (`ask.rs`).
const BANKS_AT_ONCE: usize = 24;

pub fn poll_job(reach: Reach) -> JobKind {
    JobKind {
        kind: POLL_JOB,
        does: "asks a bank what came",
        concurrency: BANKS_AT_ONCE,
        max_attempts: 1_000_000,
        run: Arc::new(move |run| Box::pin(poll(run, reach))),
    }
}

pub(crate) const LISTENER: Listener = Listener {
    name: "payments.poll_when_called",
    hears: &[ChannelConnected::KIND, ChannelResumed::KIND, PollWanted::KIND, GapFound::KIND],
    does: "asks banks when one was connected, or when something is missing",
    react: |tx, fact| call_all(tx, fact),
};

fn call_all(tx: &mut Tx<'_>, fact: &RecordedFact) -> Result<()> {
    for channel in channels::list(tx, fact.company)? {
        let slots = tx.slots();
        if !channel.paused && readers::source_of(&slots, &channel.kind).is_ok() {
            call(tx, fact.company, channel.id)?;
        }
    }
    Ok(())
}

/// Sees to it that a bank is asked after this transaction.
///
/// # Errors
/// Faults of the store.
pub fn call(tx: &mut Tx<'_>, company: CompanyId, channel: ChannelId) -> Result<()> {
    jobs::call(tx, company, POLL_JOB, &channel.to_string(), &json!({ "channel": channel }))
}

async fn poll(run: JobRun, reach: Reach) -> Result<JobEnd> {
    let id = run.payload.get("channel").and_then(Json::as_i64).map(Id::new);
    let Some(id) = id else { return Ok(JobEnd::GiveUp(Fault::broken("payments.job_unreadable"))) };
    let (company, db) = (run.company, run.db);
    let Some(round) = db.read("payments.poll_plan", move |reader| plan::plan(reader, company, id)).await?
    else {
        // Paused or gone: whoever resumes it calls again.
        return Ok(JobEnd::Done);
    };
    ask::round(&db, reach, &round).await?;
    let next = db.read("payments.poll_next", move |reader| plan::next_at(reader, company, id)).await?;
    Ok(JobEnd::RetryAt(next))
}

/// Asks one bank now, for the command line and for people who do not want to wait.
///
/// # Errors
/// `payments.channel_missing`.
pub async fn wake(db: &Db, company: CompanyId, channel: ChannelId) -> Result<()> {
    db.write("payments.poll_now", move |tx| {
        channels::get(tx, company, channel)?;
        call(tx, company, channel)
    })
    .await
}
