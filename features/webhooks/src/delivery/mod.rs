//! The job that brings messages to one endpoint, and to no other: who hangs delays only itself. It looks by
//! itself what is due; whoever queues a message calls for it. There is one for each lane of subjects, so
//! that a few run beside each other and those who queue do not meet.

mod attempt;
mod record;
mod schedule;

pub use schedule::{PATIENCE_SECONDS, next_attempt};

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use futures::future::join_all;
use serde_json::{Value, json};
use takt_kernel::{CompanyId, Result, Timestamp};
use takt_outbound::Outbound;
use takt_store::{Query, Tx, params, sql};
use takt_work::{JobEnd, JobKind, JobRun, jobs};

use crate::{
    endpoint::{self, Endpoint, EndpointId},
    message::{self, Message},
    settings::Settings,
};
use attempt::Outcome;

pub(crate) const DELIVER: &str = "webhooks.deliver";
/// Lanes of endpoints that are served beside each other on one node. Most of their time they wait for an
/// answer, so this costs little; a few dozen hung endpoints leave room for all others.
const AT_ONCE: usize = 256;
/// Messages under way to one lane of one endpoint.
const IN_FLIGHT: i64 = 2;
/// Then others get their turn.
const SLICE: Duration = Duration::from_secs(10);
/// An endpoint that gave no answer at all is not asked about other subjects right away.
const REST_SECONDS: i64 = 5;
/// Attempts that the program did not survive; those that fail are counted on the message.
const MOST_CRASHES: i64 = 1_000_000;

pub(crate) fn job(settings: Settings) -> JobKind {
    let line = Arc::new(Line { settings, outbound: OnceLock::new() });
    JobKind {
        kind: DELIVER,
        does: "brings messages to a program of the company's own",
        concurrency: AT_ONCE,
        max_attempts: MOST_CRASHES,
        run: Arc::new(move |run: JobRun| Box::pin(deliver(run, line.clone()))),
    }
}

/// The way out, opened when it is needed first.
struct Line {
    settings: Settings,
    outbound: OnceLock<Outbound>,
}

impl Line {
    fn outbound(&self) -> Result<&Outbound> {
        if let Some(outbound) = self.outbound.get() {
            return Ok(outbound);
        }
        let opened = self.settings.outbound()?;
        Ok(self.outbound.get_or_init(|| opened))
    }
}

/// Calls for the delivery of what is due in this lane.
pub(crate) fn call(tx: &mut Tx<'_>, company: CompanyId, endpoint: EndpointId, lane: i64) -> Result<()> {
    let payload = json!({ "endpoint": endpoint, "lane": lane });
    jobs::call(tx, company, DELIVER, &format!("{endpoint}/{lane}"), &payload)
}

async fn deliver(run: JobRun, line: Arc<Line>) -> Result<JobEnd> {
    let number = |name: &str| run.payload.get(name).and_then(Value::as_i64);
    let (Some(endpoint), Some(lane)) = (number("endpoint"), number("lane")) else { return Ok(JobEnd::Done) };
    let (company, endpoint, began) = (run.company, EndpointId::new(endpoint), Instant::now());
    let outbound = line.outbound()?;
    loop {
        let due = run.db.read("webhooks.due", move |reader| due(reader, company, endpoint, lane)).await?;
        let Some(due) = due else { return Ok(JobEnd::Done) };
        if due.messages.is_empty() {
            return Ok(due.next_at.map_or(JobEnd::Done, JobEnd::RetryAt));
        }
        let now = run.db.clock().now();
        let tries = due
            .messages
            .iter()
            .map(|message| attempt::attempt(outbound, &due.endpoint, message, now, line.settings.patience));
        let outcomes = join_all(tries).await;
        count(&run, &outcomes);
        let unreachable = outcomes.iter().all(Outcome::is_silence);
        let tried: Vec<(Message, Outcome)> = due.messages.into_iter().zip(outcomes).collect();
        let endpoint = due.endpoint;
        run.db.write_behind("webhooks.record", move |tx| record::record(tx, &endpoint, &tried)).await?;
        if unreachable {
            return Ok(JobEnd::RetryAt(run.db.clock().now().plus_seconds(REST_SECONDS)));
        }
        if began.elapsed() > SLICE {
            return Ok(JobEnd::RetryAt(run.db.clock().now()));
        }
    }
}

struct Due {
    endpoint: Endpoint,
    messages: Vec<Message>,
    /// When there is more, if nothing is due now.
    next_at: Option<Timestamp>,
}

/// Nothing when nothing may be sent.
fn due(db: &mut dyn Query, company: CompanyId, endpoint: EndpointId, lane: i64) -> Result<Option<Due>> {
    let all = endpoint::of_company(db, company)?;
    let Some(endpoint) = all.into_iter().find(|there| there.id == endpoint && there.is_active()) else {
        return Ok(None);
    };
    let now = db.now();
    let rows = db.all(
        sql!(
            "select company_id, id, endpoint_id, kind, subject_kind, subject_id, n, body, state, attempts, next_at,
               created_at, queued_at, settled_at
             from webhook_message
             where company_id = :company_id and endpoint_id = :endpoint_id and lane = :lane and next_at <= :now
             order by next_at, id
             limit :limit"
        ),
        params![company_id: company, endpoint_id: endpoint.id, lane: lane, now: now, limit: IN_FLIGHT],
    )?;
    let messages = rows.iter().map(message::read).collect::<Result<Vec<_>>>()?;
    let next_at = if messages.is_empty() { next_at(db, &endpoint, lane)? } else { None };
    Ok(Some(Due { endpoint, messages, next_at }))
}

fn next_at(db: &mut dyn Query, endpoint: &Endpoint, lane: i64) -> Result<Option<Timestamp>> {
    let row = db.opt(
        sql!(
            "select next_at
             from webhook_message
             where company_id = :company_id and endpoint_id = :endpoint_id and lane = :lane and next_at is not null
             order by next_at, id
             limit 1"
        ),
        params![company_id: endpoint.company, endpoint_id: endpoint.id, lane: lane],
    )?;
    row.map(|row| row.get("next_at")).transpose()
}

fn count(run: &JobRun, outcomes: &[Outcome]) {
    let attempts =
        run.db.metrics().counter_by::<1>("takt_webhooks", "Attempts to deliver a webhook, by outcome");
    for outcome in outcomes {
        attempts.get_or_create(&[("outcome", outcome.label().into())]).inc();
    }
}
