//! What is written down after endpoints were asked.

use takt_kernel::{Actor, Result};
use takt_store::{Query, Tx, params, sql};

use super::{DELIVER, attempt::Outcome, schedule::next_attempt};
use crate::{
    commands::pause_because,
    endpoint::{Endpoint, Why},
    message::{self, AttemptId, Message, MessageState},
};

pub(super) fn record(tx: &mut Tx<'_>, endpoint: &Endpoint, tried: &[(Message, Outcome)]) -> Result<()> {
    for (message, outcome) in tried {
        keep(tx, message, outcome)?;
        // Somebody may have been at it meanwhile.
        let Some(message) = message::get(tx, message.company, message.id)? else { continue };
        if message.state != MessageState::Waiting {
            continue;
        }
        let attempts = message.attempts + 1;
        if outcome.is_taken() {
            message::settle(tx, &message, MessageState::Delivered, attempts)?;
        } else if outcome.is_gone() {
            // It waits for whoever resumes the endpoint.
            pause_because(tx, endpoint, Why::Gone, &Actor::system(DELIVER))?;
            put_off(tx, &message, attempts, message.next_at)?;
        } else {
            let now = tx.now();
            match next_attempt(message.queued_at, attempts, outcome.asked, now) {
                Some(next) => put_off(tx, &message, attempts, Some(next))?,
                None => message::settle(tx, &message, MessageState::Failed, attempts)?,
            }
        }
    }
    Ok(())
}

fn keep(tx: &mut Tx<'_>, message: &Message, outcome: &Outcome) -> Result<()> {
    let id: AttemptId = tx.new_id();
    tx.put(
        sql!(
            "insert into webhook_attempt (company_id, id, message_id, endpoint_id, at, status, problem, micros, reply)
             values (:company_id, :id, :message_id, :endpoint_id, :at, :status, :problem, :micros, :reply)"
        ),
        params![
            company_id: message.company, id: id, message_id: message.id, endpoint_id: message.endpoint,
            at: outcome.at, status: outcome.status.map(i64::from), problem: outcome.problem,
            micros: outcome.micros, reply: &outcome.reply,
        ],
    )
}

fn put_off(
    tx: &mut Tx<'_>,
    message: &Message,
    attempts: i64,
    next_at: Option<takt_kernel::Timestamp>,
) -> Result<()> {
    tx.put(
        sql!(
            "update webhook_message
             set attempts = :attempts, next_at = :next_at
             where company_id = :company_id and id = :id"
        ),
        params![attempts: attempts, next_at: next_at, company_id: message.company, id: message.id],
    )
}
