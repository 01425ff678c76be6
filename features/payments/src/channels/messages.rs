//! What banks sent, byte by byte, kept before it is read.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Fault, Result};
use takt_orders::proof::KeptProof;
use takt_store::{Query, Row, Tx, params, sql};

pub use super::message::{Arrived, BankMessage, Entry, MessageId, MessageState};

use super::ChannelId;
use crate::import::ImportId;

/// Of what was refused only so many are kept per channel: a stranger shall not fill the disk.
const REFUSED_KEPT: i64 = 200;

/// Keeps a message. `None` when one of this delivery is here already: then nothing was written.
///
/// # Errors
/// Faults of the store.
pub fn keep(
    tx: &mut Tx<'_>,
    company: CompanyId,
    channel: ChannelId,
    arrived: &Arrived,
    entry: &Entry,
    proof: Option<&KeptProof>,
) -> Result<Option<MessageId>> {
    let id: MessageId = tx.new_id();
    let now = tx.now();
    let json = |value: &BTreeMap<String, String>| serde_json::json!(value).to_string();
    let written = tx.execute(
        sql!(
            "insert into bank_message (company_id, id, channel_id, received_at, sha256, body, headers, peer, state, outcome,
               outcome_args, proof_id, delivery, sequence, account, line_ref, content, issued_at, import_id, done_at)
             values (:company_id, :id, :channel_id, :now, :sha256, :body, :headers, :peer, :state, :outcome,
               :outcome_args, :proof_id, :delivery, :sequence, :account, :line_ref, :content, :issued_at, null, null)
             on conflict (company_id, channel_id, delivery) do nothing"
        ),
        params![
            company_id: company, id: id, channel_id: channel, now: now, sha256: &arrived.sha256,
            body: arrived.body.clone(), headers: json(&arrived.headers), peer: &arrived.peer,
            state: entry.state.code(), outcome: &entry.outcome, outcome_args: json(&entry.outcome_args),
            proof_id: proof.map(KeptProof::id), delivery: entry.delivery.clone(), sequence: entry.sequence,
            account: entry.account.clone(), line_ref: entry.line.clone(), content: entry.content.clone(),
            issued_at: entry.issued_at,
        ],
    )?;
    if entry.state == MessageState::Refused {
        forget_refused(tx, company, channel)?;
    }
    Ok((written > 0).then_some(id))
}

fn forget_refused(tx: &mut Tx<'_>, company: CompanyId, channel: ChannelId) -> Result<()> {
    tx.put(
        sql!(
            "delete from bank_message
             where company_id = :company_id and channel_id = :channel_id and state = 'refused' and id <= (
               select min(id)
               from (select id
                 from bank_message
                 where company_id = :company_id and channel_id = :channel_id and state = 'refused'
                 order by id desc
                 limit 1 offset :kept) as oldest)"
        ),
        params![company_id: company, channel_id: channel, kept: REFUSED_KEPT],
    )
}

/// # Errors
/// `payments.message_missing`.
pub fn get(db: &mut dyn Query, company: CompanyId, id: MessageId) -> Result<BankMessage> {
    let row = db
        .opt(
            sql!(
                "select id, channel_id, received_at, sha256, body, headers, peer, state, outcome, outcome_args, proof_id,
                   account, line_ref, import_id
                 from bank_message
                 where company_id = :company_id and id = :id"
            ),
            params![company_id: company, id: id],
        )?
        .ok_or_else(|| Fault::missing("payments.message_missing"))?;
    read(&row)
}

/// Messages of a channel without their bytes, newest first; `before` is the id after which the last page ended.
///
/// # Errors
/// Faults of the store.
pub fn newest(
    db: &mut dyn Query,
    company: CompanyId,
    channel: ChannelId,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<BankMessage>> {
    db.all(
        sql!(
            "select id, channel_id, received_at, sha256, {pg:cast('' as bytea)|sqlite:x''} as body, headers, peer, state, outcome,
               outcome_args, proof_id, account, line_ref, import_id
             from bank_message
             where company_id = :company_id and channel_id = :channel_id and id < :before
             order by id desc
             limit :limit"
        ),
        params![
            company_id: company, channel_id: channel,
            before: before.map_or(takt_kernel::LARGEST_ID, MessageId::get), limit: limit,
        ],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Messages of a channel that wait to be applied, oldest first.
///
/// # Errors
/// Faults of the store.
pub fn waiting(
    db: &mut dyn Query,
    company: CompanyId,
    channel: ChannelId,
    limit: i64,
) -> Result<Vec<MessageId>> {
    let rows = db.all(
        sql!(
            "select id
             from bank_message
             where company_id = :company_id and channel_id = :channel_id and state = 'kept'
             order by id
             limit :limit"
        ),
        params![company_id: company, channel_id: channel, limit: limit],
    )?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// What is known of a line that a bank told by push: by which message, and what it said.
///
/// # Errors
/// Faults of the store.
pub fn of_line(
    db: &mut dyn Query,
    company: CompanyId,
    channel: ChannelId,
    account: &str,
    line: &str,
) -> Result<Option<(MessageId, MessageState, Option<String>)>> {
    db.opt(
        sql!(
            "select id, state, content
             from bank_message
             where company_id = :company_id and channel_id = :channel_id and account = :account
               and line_ref = :line_ref
             order by id
             limit 1"
        ),
        params![company_id: company, channel_id: channel, account: account, line_ref: line],
    )?
    .map(|row| {
        let state: String = row.get("state")?;
        Ok((row.get("id")?, MessageState::from_code(&state)?, row.get("content")?))
    })
    .transpose()
}

/// What the message of a delivery says, if it is here.
pub(crate) fn of_delivery(
    db: &mut dyn Query,
    company: CompanyId,
    channel: ChannelId,
    delivery: &str,
) -> Result<Option<Option<String>>> {
    db.opt(
        sql!(
            "select content
             from bank_message
             where company_id = :company_id and channel_id = :channel_id and delivery = :delivery"
        ),
        params![company_id: company, channel_id: channel, delivery: delivery],
    )?
    .map(|row| row.get("content"))
    .transpose()
}

/// Moves a message that still waits on. Answers whether it did: of two who try, one does.
pub(crate) fn finish(
    tx: &mut Tx<'_>,
    company: CompanyId,
    id: MessageId,
    state: MessageState,
    outcome: &str,
) -> Result<bool> {
    let now = tx.now();
    let touched = tx.execute(
        sql!(
            "update bank_message
             set state = :state, outcome = :outcome, done_at = :now
             where company_id = :company_id and id = :id and state = 'kept'"
        ),
        params![state: state.code(), outcome: outcome, now: now, company_id: company, id: id],
    )?;
    Ok(touched > 0)
}

pub(super) fn name_import(
    tx: &mut Tx<'_>,
    company: CompanyId,
    id: MessageId,
    import: ImportId,
) -> Result<()> {
    tx.put(
        sql!("update bank_message set import_id = :import_id where company_id = :company_id and id = :id"),
        params![import_id: import, company_id: company, id: id],
    )
}

/// A message that came late and waits for a statement to say the same.
pub(super) struct HeldLate {
    pub id: MessageId,
    pub channel: ChannelId,
    pub account: Option<String>,
    pub line: Option<String>,
}

/// Those of a company, the latest first.
pub(super) fn held_late(db: &mut dyn Query, company: CompanyId, limit: i64) -> Result<Vec<HeldLate>> {
    db.all(
        sql!(
            "select id, channel_id, account, line_ref
             from bank_message
             where company_id = :company_id and state = 'held' and outcome = 'payments.push_late'
             order by id desc
             limit :limit"
        ),
        params![company_id: company, limit: limit],
    )?
    .iter()
    .map(|row| {
        Ok(HeldLate {
            id: row.get("id")?,
            channel: row.get("channel_id")?,
            account: row.get("account")?,
            line: row.get("line_ref")?,
        })
    })
    .collect()
}

/// The statement said the same as this message, which was held for it.
pub(super) fn confirm(tx: &mut Tx<'_>, company: CompanyId, id: MessageId) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update bank_message
             set state = 'confirmed', outcome = 'payments.message_confirmed', done_at = :now
             where company_id = :company_id and id = :id and state = 'held' and outcome = 'payments.push_late'"
        ),
        params![now: now, company_id: company, id: id],
    )
}

fn read(row: &Row) -> Result<BankMessage> {
    let state: String = row.get("state")?;
    Ok(BankMessage {
        id: row.get("id")?,
        channel: row.get("channel_id")?,
        received_at: row.get("received_at")?,
        sha256: row.get("sha256")?,
        body: row.get("body")?,
        headers: row.json("headers")?,
        peer: row.get("peer")?,
        state: MessageState::from_code(&state)?,
        outcome: row.get("outcome")?,
        outcome_args: row.json("outcome_args")?,
        proof: row.get("proof_id")?,
        account: row.get("account")?,
        line: row.get("line_ref")?,
        import: row.get("import_id")?,
    })
}
