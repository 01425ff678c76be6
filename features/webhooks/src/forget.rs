//! Messages are kept for a while, then forgotten bit by bit: they hold what buyers are called. Also gives up
//! what waited in vain behind a paused endpoint.

use serde_json::Value;
use takt_kernel::{CompanyId, Result, Timestamp};
use takt_store::{Query, Subject, Tx, params, sql};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    delivery::{self, PATIENCE_SECONDS},
    endpoint::EndpointId,
    message::{self, MessageId, MessageState},
};

const FORGET: &str = "webhooks.forget";
const HOUR_SECONDS: i64 = 3600;
const DAY_SECONDS: i64 = 24 * HOUR_SECONDS;
pub(crate) const DELIVERED_KEPT_SECONDS: i64 = 7 * DAY_SECONDS;
pub(crate) const FAILED_KEPT_SECONDS: i64 = 30 * DAY_SECONDS;
/// After its last moment a message waits a little longer: its last attempt may be under way.
const GRACE_SECONDS: i64 = HOUR_SECONDS;
const BATCH: i64 = 500;

pub(crate) const TIMER: TimerKind =
    TimerKind { kind: FORGET, does: "forgets messages that were kept long enough", fire };

/// From the first endpoint on, for as long as there is something to forget.
pub(crate) fn begin(tx: &mut Tx<'_>, company: CompanyId) -> Result<()> {
    after(tx, company, HOUR_SECONDS)
}

pub(crate) fn soon(tx: &mut Tx<'_>, company: CompanyId) -> Result<()> {
    after(tx, company, 1)
}

fn after(tx: &mut Tx<'_>, company: CompanyId, seconds: i64) -> Result<()> {
    let at = tx.now().plus_seconds(seconds);
    timers::set(tx, company, FORGET, "", Subject::new("company", company.get()), at, &Value::Null)
}

fn fire(tx: &mut Tx<'_>, due: &DueTimer) -> Result<()> {
    let (company, now) = (due.company, tx.now());
    let given_up = give_up(tx, company, now.plus_seconds(-PATIENCE_SECONDS - GRACE_SECONDS))?;
    let mut forgotten = 0;
    for (state, kept) in
        [(MessageState::Delivered, DELIVERED_KEPT_SECONDS), (MessageState::Failed, FAILED_KEPT_SECONDS)]
    {
        let old = old(tx, company, state, now.plus_seconds(-kept))?;
        forgotten += forget(tx, &old, company)?;
    }
    let removed = removed(tx, company)?;
    if let Some(endpoint) = removed {
        let messages = of_endpoint(tx, company, endpoint)?;
        forgotten += forget(tx, &messages, company)?;
        if messages.is_empty() {
            tx.put(
                sql!("delete from webhook_endpoint where company_id = :company_id and id = :id"),
                params![company_id: company, id: endpoint],
            )?;
        }
    }
    if given_up + forgotten > 0 || removed.is_some() {
        return after(tx, company, 1);
    }
    if is_anything_left(tx, company)? { after(tx, company, HOUR_SECONDS) } else { Ok(()) }
}

/// In the order of their lines, so that one that is given up lets the next one go first.
fn give_up(tx: &mut Tx<'_>, company: CompanyId, before: Timestamp) -> Result<i64> {
    let old = old(tx, company, MessageState::Waiting, before)?;
    for id in &old {
        if let Some(message) = message::get(tx, company, *id)? {
            message::settle(tx, &message, MessageState::Failed, message.attempts)?;
            delivery::call(tx, company, message.endpoint, message.lane())?;
        }
    }
    Ok(old.len() as i64)
}

fn old(
    tx: &mut Tx<'_>,
    company: CompanyId,
    state: MessageState,
    before: Timestamp,
) -> Result<Vec<MessageId>> {
    let rows = tx.all(
        sql!(
            "select id
             from webhook_message
             where company_id = :company_id and state = :state and queued_at < :before
             order by queued_at
             limit :batch"
        ),
        params![company_id: company, state: state.code(), before: before, batch: BATCH],
    )?;
    rows.iter().map(|row| row.get("id")).collect()
}

fn of_endpoint(tx: &mut Tx<'_>, company: CompanyId, endpoint: EndpointId) -> Result<Vec<MessageId>> {
    let rows = tx.all(
        sql!(
            "select id
             from webhook_message
             where company_id = :company_id and endpoint_id = :endpoint_id
             order by created_at, id
             limit :batch"
        ),
        params![company_id: company, endpoint_id: endpoint, batch: BATCH],
    )?;
    rows.iter().map(|row| row.get("id")).collect()
}

fn forget(tx: &mut Tx<'_>, messages: &[MessageId], company: CompanyId) -> Result<i64> {
    for id in messages {
        tx.put(
            sql!("delete from webhook_attempt where company_id = :company_id and message_id = :id"),
            params![company_id: company, id: *id],
        )?;
        tx.put(
            sql!("delete from webhook_message where company_id = :company_id and id = :id"),
            params![company_id: company, id: *id],
        )?;
    }
    Ok(messages.len() as i64)
}

fn removed(tx: &mut Tx<'_>, company: CompanyId) -> Result<Option<EndpointId>> {
    let row = tx.opt(
        sql!(
            "select id
             from webhook_endpoint
             where company_id = :company_id and state = 'removed'
             order by id
             limit 1"
        ),
        params![company_id: company],
    )?;
    row.map(|row| row.get("id")).transpose()
}

fn is_anything_left(tx: &mut Tx<'_>, company: CompanyId) -> Result<bool> {
    let row = tx.opt(
        sql!("select id from webhook_endpoint where company_id = :company_id order by id limit 1"),
        params![company_id: company],
    )?;
    Ok(row.is_some())
}
