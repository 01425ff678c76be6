//! What people see of endpoints and of what was sent to them.

use takt_kernel::{CompanyId, Result, Timestamp};
use takt_store::{Query, Row, Statement, params, sql};

use crate::{
    endpoint::EndpointId,
    message::{self, Attempt, Message, MessageId, MessageState},
};

/// Nobody counts further.
pub(crate) const MOST_COUNTED: i64 = 1_000;

/// How an endpoint fares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Up to [`MOST_COUNTED`], as all counts here.
    pub waiting: i64,
    pub failed: i64,
    pub last: Option<Attempt>,
    pub last_delivered_at: Option<Timestamp>,
}

/// # Errors
/// Faults of the store.
pub fn health(db: &mut dyn Query, company: CompanyId, endpoint: EndpointId) -> Result<Health> {
    let mut counted = |state: MessageState| -> Result<i64> {
        db.one(
            sql!(
                "select count(*) as count
                 from (
                   select id
                   from webhook_message
                   where company_id = :company_id and endpoint_id = :endpoint_id and state = :state
                   limit :most
                 ) as counted"
            ),
            params![company_id: company, endpoint_id: endpoint, state: state.code(), most: MOST_COUNTED],
        )?
        .get("count")
    };
    let (waiting, failed) = (counted(MessageState::Waiting)?, counted(MessageState::Failed)?);
    let last = db.opt(
        sql!(
            "select at, status, problem, micros, reply
             from webhook_attempt
             where company_id = :company_id and endpoint_id = :endpoint_id
             order by at desc
             limit 1"
        ),
        params![company_id: company, endpoint_id: endpoint],
    )?;
    let delivered = db.opt(
        sql!(
            "select settled_at
             from webhook_message
             where company_id = :company_id and endpoint_id = :endpoint_id and state = 'delivered'
             order by created_at desc, id desc
             limit 1"
        ),
        params![company_id: company, endpoint_id: endpoint],
    )?;
    Ok(Health {
        waiting,
        failed,
        last: last.as_ref().map(read).transpose()?,
        last_delivered_at: delivered.map(|row| row.get("settled_at")).transpose()?.flatten(),
    })
}

/// An endpoint's messages without their bodies, the newest first, older than `before`.
///
/// # Errors
/// Faults of the store.
pub fn messages(
    db: &mut dyn Query,
    company: CompanyId,
    endpoint: EndpointId,
    state: Option<MessageState>,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<Message>> {
    let before = before.map(|id| message::get(db, company, id)).transpose()?.flatten();
    let statement = Statement::new(
        "select company_id, id, endpoint_id, kind, subject_kind, subject_id, n, '' as body, state, attempts, next_at,
           created_at, queued_at, settled_at
         from webhook_message
         where company_id = :company_id and endpoint_id = :endpoint_id",
    )
    .bind("company_id", company)
    .bind("endpoint_id", endpoint)
    .and_if(state.map(MessageState::code), "\nand state = :state", "state");
    let statement = match before {
        Some(before) => statement
            .push("\nand (created_at, id) < (:created_at, :before)")
            .bind("created_at", before.created_at)
            .bind("before", before.id),
        None => statement,
    }
    .push("\norder by created_at desc, id desc\nlimit :limit")
    .bind("limit", limit);
    db.all_of(&statement)?.iter().map(message::read).collect()
}

/// The attempts to deliver a message, the newest first.
///
/// # Errors
/// Faults of the store.
pub fn attempts(db: &mut dyn Query, company: CompanyId, message: MessageId) -> Result<Vec<Attempt>> {
    let rows = db.all(
        sql!(
            "select at, status, problem, micros, reply
             from webhook_attempt
             where company_id = :company_id and message_id = :message_id
             order by id desc
             limit 100"
        ),
        params![company_id: company, message_id: message],
    )?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Attempt> {
    Ok(Attempt {
        at: row.get("at")?,
        status: row.get("status")?,
        problem: row.get("problem")?,
        micros: row.get("micros")?,
        reply: row.get("reply")?,
    })
}
