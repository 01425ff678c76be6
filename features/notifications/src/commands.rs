//! What a person may do about a notice.

use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::Permit;
use takt_store::{Query, Tx, params, sql};

use crate::{
    notice::{Notice, NoticeId, State, notice_columns},
    rights::ResendNotices,
    sending,
};

/// Sends a failed or doubtful notice again, to the address that the order has now. It keeps its
/// Message-ID.
///
/// # Errors
/// `notifications.missing`, `notifications.not_stuck`.
pub fn resend(tx: &mut Tx, permit: &Permit<ResendNotices>, id: NoticeId) -> Result<()> {
    let mut notice = lock(tx, permit.company(), id)?;
    match notice.state {
        State::Failed | State::InDoubt => {}
        State::Queued | State::Sending | State::Sent => return Err(not_stuck(&notice)),
    }
    let order = takt_orders::load(tx, notice.company, notice.order)?;
    notice.recipient = order.contact.email.unwrap_or(notice.recipient);
    notice.round += 1;
    let now = tx.now();
    tx.put(
        sql!(
            "update notice
             set state = 'queued', recipient = :recipient, round = :round, problem = null, reply = null,
               queued_at = :now, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![
            recipient: &notice.recipient, round: notice.round, now: now, company_id: notice.company, id: notice.id,
        ],
    )?;
    sending::enqueue(tx, &notice)
}

/// A person knows that it did arrive.
///
/// # Errors
/// `notifications.missing`, `notifications.not_stuck`.
pub fn mark_sent(tx: &mut Tx, permit: &Permit<ResendNotices>, id: NoticeId) -> Result<()> {
    let notice = lock(tx, permit.company(), id)?;
    match notice.state {
        State::InDoubt => sending::mark_sent(tx, &notice, notice.attempts, permit.actor()),
        State::Queued | State::Sending | State::Sent | State::Failed => Err(not_stuck(&notice)),
    }
}

pub(crate) fn lock(tx: &mut Tx, company: CompanyId, id: NoticeId) -> Result<Notice> {
    let row = tx.opt(
        sql!(concat!(
            "select ",
            notice_columns!(),
            " from notice
              where company_id = :company_id and id = :id
              {pg:for update|sqlite:}"
        )),
        params![company_id: company, id: id],
    )?;
    Notice::read(&row.ok_or_else(|| Fault::missing("notifications.missing").arg("given", id))?)
}

fn not_stuck(notice: &Notice) -> Fault {
    Fault::conflict("notifications.not_stuck").arg("state", notice.state.code())
}
