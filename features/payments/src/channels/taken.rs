//! The one way in: from a kept message with a proof to money that is counted.

use std::sync::Arc;

use serde_json::json;
use takt_kernel::{CompanyId, Fault, Id, Result, failpoint};
use takt_orders::proof::KeptProof;
use takt_payments_port::{BankDocument, BankReport, BookingState};
use takt_store::{Db, Query, Tx};
use takt_work::{JobEnd, JobKind, JobRun, NewJob, jobs};

use super::{
    Channel, ChannelId,
    channel::get,
    messages::{self, BankMessage, MessageId, MessageState},
    push,
};
use crate::{
    accounts::normal,
    import::{self, Answer, ImportId, Source},
    readers::channel_kind,
};

pub const APPLY_JOB: &str = "payments.apply_messages";
/// A longer report is taken in by chunks, so that nobody waits behind it.
const SHORT: usize = 8;
/// What a fallen process left is found by one job for all messages of so many seconds.
const SLOT_SECONDS: i64 = 5;
const MESSAGES_AT_ONCE: i64 = 100;
const CAME_BY: &str = "channel";
const TAKEN_ALREADY: &str = "payments.message_taken";

/// Takes in what a kept message says, with its proof: once, whoever else tries. `None` when somebody did
/// already, or when it says nothing of money. Whoever keeps a message calls [`call_job`] in the same transaction,
/// so that it is applied even if this never runs.
///
/// # Errors
/// Faults of the store.
pub async fn take_in(
    db: &Db,
    channel: &Channel,
    message: MessageId,
    report: BankReport,
    proof: KeptProof,
) -> Result<Option<ImportId>> {
    let company = channel.company;
    let answer = Answer::Bank { proof, channel: channel.id };
    if report.documents.len() <= SHORT {
        let name = channel.name.clone();
        return db
            .write("payments.take_in", move |tx| at_once(tx, company, &name, message, &answer, &report))
            .await;
    }
    let source = db
        .read("payments.message", move |reader| messages::get(reader, company, message))
        .await
        .map(|kept| (kept.state == MessageState::Kept).then(|| source(&channel.name, &kept)))?;
    let Some(source) = source else { return Ok(None) };
    // The message moves on with its report: of two who take it in at once one does, and what was accepted is
    // finished by its own job whatever breaks.
    let moves_on = move |tx: &mut Tx<'_>, import: ImportId| {
        if !messages::finish(tx, company, message, MessageState::Applied, "payments.message_applied")? {
            return Err(Fault::conflict(TAKEN_ALREADY));
        }
        messages::name_import(tx, company, message, import)
    };
    let accepted = match import::accept_with(db, answer, source, report, moves_on).await {
        Err(fault) if fault.is(TAKEN_ALREADY) => return Ok(None),
        accepted => accepted?,
    };
    import::process(db, company, accepted.import, &mut |_| ()).await?;
    Ok(Some(accepted.import))
}

/// The statement says the same as messages that were held for it: they are confirmed, their money came in with the
/// statement. One that says another amount or day stays held.
///
/// # Errors
/// Faults of the store.
pub(crate) fn confirm_late(tx: &mut Tx<'_>, company: CompanyId, documents: &[BankDocument]) -> Result<()> {
    for held in messages::held_late(tx, company, MESSAGES_AT_ONCE)? {
        let line = held.line.as_deref();
        let same_line = |told: &&BankDocument| {
            told.bank_id.as_deref() == line
                && told.state == BookingState::Booked
                && told.account.as_deref().map(normal) == held.account
        };
        let Some(told) = documents.iter().find(same_line) else { continue };
        let channel = get(tx, company, held.channel)?;
        let slots = tx.slots();
        let profile = channel_kind(&slots, &channel.kind)?.push;
        let said = match profile {
            Some(profile) => push::read_again(&profile, &messages::get(tx, company, held.id)?)?,
            None => continue,
        };
        let agrees = said.documents.first().is_some_and(|said| {
            said.amount == told.amount && said.direction == told.direction && about_the_same_day(said, told)
        });
        if agrees {
            messages::confirm(tx, company, held.id)?;
        }
    }
    Ok(())
}

/// Midnight at the bank is not midnight everywhere.
fn about_the_same_day(said: &BankDocument, told: &BankDocument) -> bool {
    let day = |document: &BankDocument| document.booked_on.as_deref()?.parse::<jiff::civil::Date>().ok();
    match (day(said), day(told)) {
        (Some(said), Some(told)) => said.since(told).is_ok_and(|apart| apart.get_days().abs() <= 1),
        (None, _) | (_, None) => true,
    }
}

fn at_once(
    tx: &mut Tx<'_>,
    company: CompanyId,
    name: &str,
    message: MessageId,
    answer: &Answer,
    report: &BankReport,
) -> Result<Option<ImportId>> {
    if !messages::finish(tx, company, message, MessageState::Applied, "payments.message_applied")? {
        return Ok(None);
    }
    if report.documents.is_empty() {
        // The bank only says that it is well.
        return Ok(None);
    }
    let kept = messages::get(tx, company, message)?;
    let import = import::take_at_once(tx, answer, &source(name, &kept), report)?;
    messages::name_import(tx, company, message, import)?;
    failpoint::reach("payments.message.staged");
    import::process_at_once(tx, company, import)?;
    failpoint::reach("payments.message.matched");
    Ok(Some(import))
}

fn source(name: &str, kept: &BankMessage) -> Source {
    Source { name: name.to_owned(), hash: kept.sha256.clone(), came_by: CAME_BY }
}

/// Sees to it that messages which are kept in this transaction are applied, whatever breaks.
///
/// # Errors
/// Faults of the store.
pub fn call_job(tx: &mut Tx<'_>, company: CompanyId, channel: ChannelId) -> Result<()> {
    let seconds = tx.now().micros() / 1_000_000;
    let slot = seconds.div_euclid(SLOT_SECONDS);
    let run_at = takt_kernel::Timestamp::from_micros(0).plus_seconds((slot + 2) * SLOT_SECONDS);
    let key = Some(format!("{channel}:{slot}"));
    jobs::enqueue(
        tx,
        NewJob { company, kind: APPLY_JOB, key, payload: json!({ "channel": channel }), run_at },
    )
}

pub(crate) fn apply_job() -> JobKind {
    JobKind {
        kind: APPLY_JOB,
        does: "applies messages of banks that a fallen process left",
        concurrency: 2,
        max_attempts: 1_000,
        run: Arc::new(|run| Box::pin(apply_waiting(run))),
    }
}

async fn apply_waiting(run: JobRun) -> Result<JobEnd> {
    let id = run.payload.get("channel").and_then(serde_json::Value::as_i64).map(Id::new);
    let Some(id) = id else { return Ok(JobEnd::GiveUp(Fault::broken("payments.job_unreadable"))) };
    let company = run.company;
    loop {
        let found = run
            .db
            .read("payments.waiting_messages", move |reader| {
                let channel = get(reader, company, id)?;
                Ok((channel, messages::waiting(reader, company, id, MESSAGES_AT_ONCE)?))
            })
            .await?;
        let (channel, waiting) = found;
        if waiting.is_empty() {
            return Ok(JobEnd::Done);
        }
        for message in waiting {
            apply_kept(&run.db, &channel, message).await?;
        }
    }
}

/// Reads a kept message again and takes it in. One that cannot be read any more is held and shown.
pub(super) async fn apply_kept(db: &Db, channel: &Channel, message: MessageId) -> Result<()> {
    let company = channel.company;
    let (kept, proof) = db
        .read("payments.kept_message", move |reader| {
            let kept = messages::get(reader, company, message)?;
            let proof =
                kept.proof.map(|proof| KeptProof::kept(reader, company, proof)).transpose()?.flatten();
            Ok((kept, proof))
        })
        .await?;
    let read = read_again(db, channel, &kept);
    match (read, proof) {
        (Ok(report), Some(proof)) => take_in(db, channel, message, report, proof).await.map(|_| ()),
        (Err(fault), _) => {
            tracing::error!(%message, ?fault, "a kept message of a bank cannot be read any more");
            hold(db, company, message, "payments.message_unreadable").await
        }
        (Ok(_), None) => hold(db, company, message, "payments.message_unproved").await,
    }
}

fn read_again(db: &Db, channel: &Channel, kept: &BankMessage) -> Result<BankReport> {
    let kind = channel_kind(db.slots(), &channel.kind)?;
    match (kind.push, kind.read) {
        (Some(profile), _) if kept.headers.contains_key(push::SEAL) => push::read_again(&profile, kept),
        (_, Some(read)) => read(&kept.body, &kept.headers),
        _ => Err(Fault::broken("payments.message_unreadable")),
    }
}

async fn hold(db: &Db, company: CompanyId, message: MessageId, outcome: &'static str) -> Result<()> {
    db.write("payments.hold_message", move |tx| {
        messages::finish(tx, company, message, MessageState::Held, outcome).map(|_| ())
    })
    .await
}
