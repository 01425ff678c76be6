//! What is sent to an endpoint, and in which order: of the messages about one subject that wait, only the
//! first is due; when it is delivered or given up, the next one is.

use takt_kernel::{CompanyId, Id, Result, Timestamp};
use takt_store::{Query, Row, Tx, lane_of, params, sql};

use crate::{delivery, endpoint::EndpointId};

pub enum MessageTag {}
pub type MessageId = Id<MessageTag>;
pub enum AttemptTag {}
pub type AttemptId = Id<AttemptTag>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageState {
    Waiting,
    Delivered,
    /// Given up.
    Failed,
}

impl MessageState {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Delivered, Self::Failed].into_iter().find(|state| state.code() == code)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub company: CompanyId,
    pub id: MessageId,
    pub endpoint: EndpointId,
    pub kind: String,
    pub subject_kind: String,
    pub subject_id: i64,
    pub n: i64,
    /// As it is sent.
    pub body: String,
    pub state: MessageState,
    /// Since it was queued, last.
    pub attempts: i64,
    /// Nothing when it is settled or waits behind another of its subject.
    pub next_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub queued_at: Timestamp,
    pub settled_at: Option<Timestamp>,
}

impl Message {
    /// The header `webhook-id`: the same however often it is sent.
    pub fn webhook_id(&self) -> String {
        format!("msg_{}", self.id)
    }

    pub(crate) fn lane(&self) -> i64 {
        lane_of(self.subject_id)
    }
}

/// One try to deliver a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub at: Timestamp,
    /// Nothing when there was no answer.
    pub status: Option<i64>,
    /// A code with a text.
    pub problem: Option<String>,
    pub micros: i64,
    /// The first bytes of the answer.
    pub reply: String,
}

pub(crate) struct NewMessage<'m> {
    pub company: CompanyId,
    pub endpoint: EndpointId,
    pub fact: Option<i64>,
    pub kind: &'m str,
    pub subject_kind: &'m str,
    pub subject_id: i64,
    pub n: i64,
    pub body: &'m str,
}

/// Queues a message and calls for its delivery.
pub(crate) fn queue(tx: &mut Tx<'_>, new: &NewMessage<'_>) -> Result<MessageId> {
    let (id, now, lane): (MessageId, _, _) = (tx.new_id(), tx.now(), lane_of(new.subject_id));
    let next_at = line_up(tx, new.company, new.endpoint, new.subject_kind, new.subject_id)?.then_some(now);
    tx.put(
        sql!(
            "insert into webhook_message (company_id, id, endpoint_id, fact_id, kind, subject_kind, subject_id, n, lane,
               body, state, attempts, next_at, followers, created_at, queued_at, settled_at)
             values (:company_id, :id, :endpoint_id, :fact_id, :kind, :subject_kind, :subject_id, :n, :lane,
               :body, 'waiting', 0, :next_at, 0, :now, :now, null)
             on conflict (company_id, endpoint_id, fact_id) do nothing"
        ),
        params![
            company_id: new.company, id: id, endpoint_id: new.endpoint, fact_id: new.fact, kind: new.kind,
            subject_kind: new.subject_kind, subject_id: new.subject_id, n: new.n, lane: lane, body: new.body,
            next_at: next_at, now: now,
        ],
    )?;
    if next_at.is_some() {
        delivery::call(tx, new.company, new.endpoint, lane)?;
    }
    Ok(id)
}

/// Puts a settled message into its line again.
pub(crate) fn queue_again(tx: &mut Tx<'_>, message: &Message) -> Result<()> {
    let now = tx.now();
    let (company, endpoint) = (message.company, message.endpoint);
    let next_at = line_up(tx, company, endpoint, &message.subject_kind, message.subject_id)?.then_some(now);
    tx.put(
        sql!(
            "update webhook_message
             set state = 'waiting', attempts = 0, next_at = :next_at, queued_at = :now, settled_at = null
             where company_id = :company_id and id = :id"
        ),
        params![next_at: next_at, now: now, company_id: company, id: message.id],
    )?;
    if next_at.is_some() {
        delivery::call(tx, company, endpoint, message.lane())?;
    }
    Ok(())
}

/// Answers whether the line of this subject is empty. Whoever stands at its head is changed, so that it
/// cannot leave at the same moment without seeing who came.
fn line_up(
    tx: &mut Tx<'_>,
    company: CompanyId,
    endpoint: EndpointId,
    subject_kind: &str,
    subject_id: i64,
) -> Result<bool> {
    let heads = tx.execute(
        sql!(
            "update webhook_message
             set followers = followers + 1
             where company_id = :company_id and endpoint_id = :endpoint_id and subject_kind = :subject_kind
               and subject_id = :subject_id and state = 'waiting' and next_at is not null"
        ),
        params![company_id: company, endpoint_id: endpoint, subject_kind: subject_kind, subject_id: subject_id],
    )?;
    Ok(heads == 0)
}

/// The end of a message's way, for now; whoever stands behind it is next.
pub(crate) fn settle(tx: &mut Tx<'_>, message: &Message, state: MessageState, attempts: i64) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update webhook_message
             set state = :state, attempts = :attempts, next_at = null, settled_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![
            state: state.code(), attempts: attempts, now: now, company_id: message.company, id: message.id,
        ],
    )?;
    let next = tx.opt(
        sql!(
            "select id
             from webhook_message
             where company_id = :company_id and endpoint_id = :endpoint_id and subject_kind = :subject_kind
               and subject_id = :subject_id and state = 'waiting' and id <> :id
             order by n, id
             limit 1"
        ),
        params![
            company_id: message.company, endpoint_id: message.endpoint, subject_kind: &message.subject_kind,
            subject_id: message.subject_id, id: message.id,
        ],
    )?;
    let Some(next) = next else { return Ok(()) };
    tx.put(
        sql!(
            "update webhook_message
             set next_at = :now
             where company_id = :company_id and id = :id and next_at is null"
        ),
        params![now: now, company_id: message.company, id: next.get::<MessageId>("id")?],
    )
}

pub(crate) fn get(db: &mut dyn Query, company: CompanyId, id: MessageId) -> Result<Option<Message>> {
    let row = db.opt(
        sql!(
            "select company_id, id, endpoint_id, kind, subject_kind, subject_id, n, body, state, attempts, next_at,
               created_at, queued_at, settled_at
             from webhook_message
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: id],
    )?;
    row.as_ref().map(read).transpose()
}

pub(crate) fn read(row: &Row) -> Result<Message> {
    Ok(Message {
        company: row.get("company_id")?,
        id: row.get("id")?,
        endpoint: row.get("endpoint_id")?,
        kind: row.get("kind")?,
        subject_kind: row.get("subject_kind")?,
        subject_id: row.get("subject_id")?,
        n: row.get("n")?,
        body: row.get("body")?,
        state: MessageState::from_code(&row.get::<String>("state")?).unwrap_or(MessageState::Failed),
        attempts: row.get("attempts")?,
        next_at: row.get("next_at")?,
        created_at: row.get("created_at")?,
        queued_at: row.get("queued_at")?,
        settled_at: row.get("settled_at")?,
    })
}
