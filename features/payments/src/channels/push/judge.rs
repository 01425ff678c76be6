//! What of a message can only be judged by what came before, in the transaction that keeps it.

use sha2::{Digest, Sha256};
use takt_kernel::{Actor, Fault, Result};
use takt_orders::proof::KeptProof;
use takt_store::{Query, Tx, params, sql};

use super::verify::Verified;
use crate::{
    channels::{
        Channel,
        channel::about,
        health,
        messages::{self, Arrived, Entry, MessageId, MessageState},
        taken,
    },
    facts::LineContradicted,
};

/// What became of a message.
pub(super) enum Judged {
    /// It is here already: the answer is the same, the effect is none.
    Known,
    Kept {
        message: MessageId,
        proof: KeptProof,
    },
    /// Only the statement can tell.
    Held {
        why: &'static str,
    },
}

/// # Errors
/// `payments.push_delivery_reused`: one delivery with two contents.
pub(super) fn judge_and_keep(
    tx: &mut Tx<'_>,
    channel: &Channel,
    arrived: &Arrived,
    verified: &Verified,
) -> Result<Judged> {
    let (company, id) = (channel.company, channel.id);
    let content = content_of(verified)?;
    let delivery = match &verified.told.delivery {
        Some(delivery) => format!("jti:{}:{delivery}", verified.account),
        None => format!("body:{}", arrived.sha256),
    };
    if let Some(before) = messages::of_delivery(tx, company, id, &delivery)? {
        return if before.as_deref() == Some(content.as_str()) {
            Ok(Judged::Known)
        } else {
            Err(Fault::denied("payments.push_delivery_reused"))
        };
    }
    let line = verified.told.line.as_deref();
    let known = match line {
        Some(line) => messages::of_line(tx, company, id, &verified.account, line)?,
        None => None,
    };
    let entry = |state, outcome: &str| Entry {
        delivery: Some(delivery.clone()),
        sequence: verified.told.sequence,
        account: Some(verified.account.clone()),
        line: line.map(str::to_owned),
        content: Some(content.clone()),
        issued_at: verified.told.issued_at,
        ..Entry::new(state, outcome)
    };
    let counted = count(tx, channel, verified)?;
    if let (Some(line), Some((first, _, said))) = (line, &known) {
        if said.as_ref() == Some(&content) {
            return Ok(Judged::Known);
        }
        let proof = KeptProof::of_signature(tx, &verified.signed)?;
        let why = "payments.push_contradicts";
        let entry = entry(MessageState::Held, why).arg("line", line).arg("message", first);
        let Some(message) = messages::keep(tx, company, id, arrived, &entry, Some(&proof))? else {
            return Ok(Judged::Known);
        };
        let actor = Actor::system("payments.channel");
        let fact = LineContradicted { first: first.get(), second: message.get() };
        tx.say(about(company, id, &actor), &fact)?;
        health::wanted(tx, channel, &verified.account, why, day_of(verified))?;
        return Ok(Judged::Held { why });
    }
    let proof = KeptProof::of_signature(tx, &verified.signed)?;
    if verified.late {
        let why = "payments.push_late";
        messages::keep(tx, company, id, arrived, &entry(MessageState::Held, why), Some(&proof))?;
        health::wanted(tx, channel, &verified.account, why, day_of(verified))?;
        return Ok(Judged::Held { why });
    }
    if counted == Counted::Gap {
        health::wanted(tx, channel, &verified.account, "payments.push_gap", None)?;
    }
    let kept = entry(MessageState::Kept, "payments.message_kept");
    let Some(message) = messages::keep(tx, company, id, arrived, &kept, Some(&proof))? else {
        return Ok(Judged::Known);
    };
    taken::call_job(tx, company, id)?;
    Ok(Judged::Kept { message, proof })
}

/// The day on which the statement has what the message tells.
fn day_of(verified: &Verified) -> Option<String> {
    let told = &verified.told;
    let booked = told.report.documents.first().and_then(|document| document.booked_on.clone());
    booked.or_else(|| told.day.clone())
}

/// Two messages say the same of a line when all that payments will read of it is the same.
fn content_of(verified: &Verified) -> Result<String> {
    let written = serde_json::to_vec(&verified.told.report.documents)
        .map_err(|error| Fault::broken("payments.unwritable").because(error))?;
    Ok(Sha256::digest(written).iter().map(|byte| format!("{byte:02x}")).collect())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    InOrder,
    /// One or more before it have not come.
    Gap,
}

fn count(tx: &mut Tx<'_>, channel: &Channel, verified: &Verified) -> Result<Counted> {
    let Some(sequence) = verified.told.sequence else { return Ok(Counted::InOrder) };
    let key = verified.account.as_str();
    let last: Option<i64> = tx
        .opt(
            sql!(
                "select last_sequence
                 from bank_sequence
                 where company_id = :company_id and channel_id = :channel_id and account = :account"
            ),
            params![company_id: channel.company, channel_id: channel.id, account: key],
        )?
        .map(|row| row.get("last_sequence"))
        .transpose()?;
    tx.put(
        sql!(
            "insert into bank_sequence (company_id, channel_id, account, last_sequence)
             values (:company_id, :channel_id, :account, :sequence)
             on conflict (company_id, channel_id, account) do update
             set last_sequence = case
               when excluded.last_sequence > bank_sequence.last_sequence then excluded.last_sequence
               else bank_sequence.last_sequence end"
        ),
        params![company_id: channel.company, channel_id: channel.id, account: key, sequence: sequence],
    )?;
    let gap = last.is_some_and(|last| sequence > last.saturating_add(1));
    Ok(if gap { Counted::Gap } else { Counted::InOrder })
}
