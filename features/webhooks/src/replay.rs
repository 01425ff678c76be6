//! Sending again what was sent: one message, all since a moment, or all that were given up. The messages stay
//! what they were, ids included, so a program that remembers ids takes none twice.

use std::sync::Arc;

use serde_json::{Value, json};
use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_staff::Permit;
use takt_store::{Query, Row, Tx, params, sql};
use takt_work::{JobEnd, JobKind, JobRun, NewJob, jobs};

use crate::{
    endpoint::{self, EndpointId},
    message::{self, MessageId, MessageState},
    rights::ManageWebhooks,
};

const REPLAY: &str = "webhooks.replay";
/// In one transaction.
const BATCH: i64 = 100;

/// Which messages are sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Failed,
    /// Delivered or given up, of what was queued first at this moment or later.
    Since(Timestamp),
}

/// # Errors
/// `webhooks.message_missing`, `webhooks.still_waiting`.
pub fn replay_one(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageWebhooks>,
    endpoint: EndpointId,
    id: MessageId,
) -> Result<()> {
    let company = permit.company();
    endpoint::get(tx, company, endpoint)?;
    let message = message::get(tx, company, id)?.filter(|message| message.endpoint == endpoint);
    let message = message.ok_or_else(|| Fault::missing("webhooks.message_missing").arg("id", id))?;
    if message.state == MessageState::Waiting {
        return Err(Fault::conflict("webhooks.still_waiting"));
    }
    message::queue_again(tx, &message)
}

/// Sends many again, bit by bit, after this has committed.
///
/// # Errors
/// `webhooks.endpoint_missing`.
pub fn replay_all(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageWebhooks>,
    endpoint: EndpointId,
    which: Which,
) -> Result<()> {
    let company = permit.company();
    endpoint::get(tx, company, endpoint)?;
    let now = tx.now();
    let since = match which {
        Which::Failed => None,
        Which::Since(moment) => Some(moment.micros()),
    };
    let job = NewJob {
        company,
        kind: REPLAY,
        key: Some(format!("{endpoint}/{}", since.map_or_else(String::new, |since| since.to_string()))),
        payload: json!({ "endpoint": endpoint, "since": since, "before": now.micros() }),
        run_at: now,
    };
    jobs::enqueue(tx, job)
}

pub(crate) fn job() -> JobKind {
    JobKind {
        kind: REPLAY,
        does: "queues messages of a program again",
        concurrency: 2,
        max_attempts: 100,
        run: Arc::new(|run: JobRun| Box::pin(replay(run))),
    }
}

/// Where a replay stands.
#[derive(Clone, Copy)]
struct Place {
    created_at: Timestamp,
    id: i64,
}

async fn replay(run: JobRun) -> Result<JobEnd> {
    let number = |name: &str| run.payload.get(name).and_then(Value::as_i64);
    let (Some(endpoint), Some(before)) = (number("endpoint"), number("before")) else {
        return Ok(JobEnd::Done);
    };
    let (company, endpoint) = (run.company, EndpointId::new(endpoint));
    let before = Timestamp::from_micros(before);
    let mut place = number("since").map(|since| Place { created_at: Timestamp::from_micros(since), id: 0 });
    loop {
        let from = place;
        let last = run
            .db
            .write_behind("webhooks.replay", move |tx| match from {
                None => failed(tx, company, endpoint, before),
                Some(from) => since(tx, company, endpoint, from, before),
            })
            .await?;
        let Some(last) = last else { return Ok(JobEnd::Done) };
        place = place.map(|_| last);
    }
}

/// A batch of what was given up; those that are queued again are found no more.
fn failed(
    tx: &mut Tx<'_>,
    company: CompanyId,
    endpoint: EndpointId,
    before: Timestamp,
) -> Result<Option<Place>> {
    let rows = tx.all(
        sql!(
            "select id, created_at, queued_at, state
             from webhook_message
             where company_id = :company_id and endpoint_id = :endpoint_id and state = 'failed'
               and queued_at <= :before
             order by created_at, id
             limit :batch"
        ),
        params![company_id: company, endpoint_id: endpoint, before: before, batch: BATCH],
    )?;
    again(tx, company, &rows, before)
}

/// A batch of what was queued first after a place.
fn since(
    tx: &mut Tx<'_>,
    company: CompanyId,
    endpoint: EndpointId,
    from: Place,
    before: Timestamp,
) -> Result<Option<Place>> {
    let rows = tx.all(
        sql!(
            "select id, created_at, queued_at, state
             from webhook_message
             where company_id = :company_id and endpoint_id = :endpoint_id
               and (created_at, id) > (:created_at, :id) and created_at <= :before
             order by created_at, id
             limit :batch"
        ),
        params![
            company_id: company, endpoint_id: endpoint, created_at: from.created_at, id: from.id,
            before: before, batch: BATCH,
        ],
    )?;
    again(tx, company, &rows, before)
}

/// Those that were not queued since the replay was asked for: it may begin anew.
fn again(tx: &mut Tx<'_>, company: CompanyId, rows: &[Row], before: Timestamp) -> Result<Option<Place>> {
    let mut last = None;
    for row in rows {
        let id: MessageId = row.get("id")?;
        last = Some(Place { created_at: row.get("created_at")?, id: id.get() });
        let settled = row.get::<String>("state")? != MessageState::Waiting.code();
        if settled
            && row.get::<Timestamp>("queued_at")? <= before
            && let Some(message) = message::get(tx, company, id)?
        {
            message::queue_again(tx, &message)?;
        }
    }
    Ok(last)
}
