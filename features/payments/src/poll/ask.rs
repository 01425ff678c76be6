//! One round at one bank: keys, questions, and what comes back.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use futures::future::BoxFuture;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use takt_kernel::{Fault, Result, Timestamp, failpoint};
use takt_orders::proof::KeptProof;
use takt_outbound::{Identity, Outbound, Reach};
use takt_payments_port::{Asked, BankDocument, BankKeys, BankReport, Keeper, Polled, Proof, RawReport};
use takt_store::{Db, Query as _, Tx, params, sql};

use super::{
    fresh::{fingerprint, fresh},
    plan::{Question, Round, backoff},
};
use crate::{
    channels::{
        self, Channel, Contacts,
        messages::{self, Arrived, Entry, MessageId, MessageState},
        secrets,
    },
    import::ImportId,
    proofs, readers,
    trouble::Trouble,
};

/// Our certificate and its key, and the authorities of the bank, among the secrets of a channel.
const OWN_CERTIFICATE: &str = "certificate";
const OWN_KEY: &str = "private_key";
const AUTHORITIES: &str = "authorities";
const ADDRESS: &str = "address";
/// So long a bank is asked in one round; what has begun by then comes to its end.
const PATIENCE_SECONDS: i64 = 120;
/// One account: whoever answers in no such time hangs.
const HANGS: Duration = Duration::from_secs(300);

/// Asks about every account that is due, as long as there is time; the others are due still. What fails is noted and
/// tried again; the others are asked all the same.
pub(super) async fn round(db: &Db, reach: Reach, round: &Round) -> Result<()> {
    let until = db.clock().now().plus_seconds(PATIENCE_SECONDS);
    for question in &round.questions {
        if db.clock().now() >= until {
            break;
        }
        let keeper = Asking { db, channel: &round.channel, question, until, taken: AtomicUsize::new(0) };
        let asked = tokio::time::timeout(HANGS, one(reach, &keeper)).await;
        match asked.unwrap_or_else(|_| Err(Fault::unavailable("payments.bank_hangs"))) {
            Ok(None) => {}
            Ok(Some(problem)) => note_problem(db, &round.channel, &problem).await?,
            Err(fault) => note_failure(db, &round.channel, question, &fault).await?,
        }
    }
    Ok(())
}

/// One question while it is asked. Whatever comes is kept when it comes, so that a bank which then falls silent takes
/// nothing of it away.
struct Asking<'a> {
    db: &'a Db,
    channel: &'a Channel,
    question: &'a Question,
    until: Timestamp,
    taken: AtomicUsize,
}

impl Keeper for Asking<'_> {
    fn renewed<'a>(&'a self, keys: BTreeMap<String, String>) -> BoxFuture<'a, Result<()>> {
        Box::pin(keep_renewed(self.db, self.channel, keys))
    }

    fn report<'a>(&'a self, report: RawReport) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            take_report(self.db, self.channel, report).await?;
            self.taken.fetch_add(1, Ordering::Relaxed);
            Ok(())
        })
    }

    fn so_far<'a>(&'a self, cursor: &Json) -> BoxFuture<'a, Result<()>> {
        let (channel, account) = (self.channel.clone(), self.question.account.account.clone());
        let place = cursor.to_string();
        Box::pin(self.db.write("payments.note_place", move |tx| note_place(tx, &channel, &account, &place)))
    }

    fn is_late(&self) -> bool {
        self.db.clock().now() >= self.until
    }
}

/// Answers what could not be believed or read while the rest could.
async fn one(reach: Reach, keeper: &Asking<'_>) -> Result<Option<Fault>> {
    let Asking { db, channel, question, .. } = *keeper;
    let source = readers::source_of(db.slots(), &channel.kind)?;
    let address = channel
        .text(ADDRESS)
        .ok_or_else(|| Fault::invalid("payments.channel_setting_missing").arg("name", ADDRESS))?;
    let of = channel.clone();
    let (keys, ring) = db
        .read("payments.poll_keys", move |reader| {
            Ok((secrets::all(reader, of.company, of.id)?, channels::keys::ring(reader, &of)?))
        })
        .await?;
    let keys = BankKeys::new(keys);
    let outbound = outbound(reach, &keys)?;
    let settings = Json::Object(channel.settings.clone());
    let place: Json = serde_json::from_str(&question.place).unwrap_or(Json::Null);
    let mut unique = [0; 16];
    db.entropy().fill(&mut unique)?;
    let asked = Asked {
        keeper,
        outbound: &outbound,
        address,
        account: &question.account.account,
        bic: &question.account.bic,
        currency: question.account.currency,
        interval: question.interval.clone(),
        now: db.clock().now(),
        unique: u128::from_le_bytes(unique),
        settings: &settings,
        keys: &keys,
        ring: &ring,
        cursor: &place,
    };
    let mut polled = source.source.poll(asked).await?;
    failpoint::reach("payments.poll.answered");
    let problem = polled.problems.pop();
    match problem {
        // A bank that says nothing that can be believed has not been heard.
        Some(problem) if keeper.taken.load(Ordering::Relaxed) == 0 => Err(problem),
        problem => {
            Contacts::good(db, channel).await?;
            let (channel, question) = (channel.clone(), question.clone());
            let whole = problem.is_none();
            db.write("payments.note_poll", move |tx| note_asked(tx, &channel, &question, &polled, whole))
                .await?;
            Ok(problem)
        }
    }
}

fn outbound(reach: Reach, keys: &BankKeys) -> Result<Outbound> {
    let shown = keys.find(OWN_CERTIFICATE).zip(keys.find(OWN_KEY));
    let identity = Identity {
        shown: shown.map(|(certificate, key)| format!("{certificate}\n{key}\n").into_bytes()),
        trusted: keys.find(AUTHORITIES).map(|pem| pem.as_bytes().to_vec()),
    };
    Outbound::known_as(reach, Some(&identity))
}

/// What the bank changed is kept before anything else: the old is worth nothing any more.
async fn keep_renewed(db: &Db, channel: &Channel, renewed: BTreeMap<String, String>) -> Result<()> {
    if renewed.is_empty() {
        return Ok(());
    }
    let (company, id) = (channel.company, channel.id);
    db.write("payments.renew_bank_keys", move |tx| {
        renewed.iter().try_for_each(|(name, value)| secrets::renew(tx, company, id, name, value))
    })
    .await
}

/// The bytes are kept with their proof first, then what is new in them counts.
async fn take_report(db: &Db, channel: &Channel, raw: RawReport) -> Result<()> {
    let RawReport { bytes, about, report, proof, .. } = raw;
    let company = channel.company;
    let (of, all) = (channel.clone(), report.clone());
    let kept = db
        .write("payments.keep_answer", move |tx| {
            channels::confirm_late(tx, of.company, &all.documents)?;
            keep(tx, &of, &bytes, &about, &all, &proof)
        })
        .await?;
    let Some(Kept { message, proof, fresh }) = kept else { return Ok(()) };
    failpoint::reach("payments.poll.kept");
    if fresh.is_empty() {
        db.write("payments.answer_says_balances", move |tx| {
            messages::finish(tx, company, message, MessageState::Applied, "payments.message_applied")
                .map(|_| ())
        })
        .await?;
    } else {
        let lines = BankReport { documents: fresh, statements: Vec::new(), ..report.clone() };
        channels::take_in(db, channel, message, lines, proof).await?;
    }
    db.write("payments.prove_answer", move |tx| {
        let told_by = ImportId::new(message.get());
        proofs::keep(tx, company, told_by, &report)?;
        proofs::look(tx, company, told_by)
    })
    .await
}

struct Kept {
    message: MessageId,
    proof: KeptProof,
    fresh: Vec<BankDocument>,
}

/// `None` when all of it is known: then only that the bank still says so is noted.
fn keep(
    tx: &mut Tx<'_>,
    channel: &Channel,
    bytes: &[u8],
    about: &BTreeMap<String, String>,
    report: &BankReport,
    proof: &Proof,
) -> Result<Option<Kept>> {
    let company = channel.company;
    let fresh = fresh(tx, company, report)?;
    let news = fingerprint(report, &fresh)?;
    let delivery = format!("poll:{news}");
    if messages::of_delivery(tx, company, channel.id, &delivery)?.is_some() {
        proofs::again(tx, company, report)?;
        return Ok(None);
    }
    let proof = match proof {
        Proof::Signed(signed) => KeptProof::of_signature(tx, signed)?,
        Proof::Answered(secured) => KeptProof::of_answer(tx, company, &channel.name, secured)?,
    };
    let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let arrived = Arrived { body: bytes.to_vec(), sha256, headers: about.clone(), peer: String::new() };
    let entry = Entry {
        delivery: Some(delivery),
        content: Some(news),
        ..Entry::new(MessageState::Kept, "payments.message_kept")
    };
    let message = messages::keep(tx, company, channel.id, &arrived, &entry, Some(&proof))?;
    channels::call_job(tx, company, channel.id)?;
    Ok(message.map(|message| Kept { message, proof, fresh }))
}

fn note_asked(
    tx: &mut Tx<'_>,
    channel: &Channel,
    question: &Question,
    polled: &Polled,
    whole: bool,
) -> Result<()> {
    let now = tx.now();
    let place = polled.cursor.to_string();
    let reread = (question.rereads && whole && !polled.unfinished).then_some(now);
    // The rest of a long answer is asked for at once.
    let asked_at = (!polled.unfinished).then_some(now);
    tx.put(
        sql!(
            "insert into bank_poll (company_id, channel_id, account, place, asked_at, reread_at, failures, next_at)
             values (:company_id, :channel_id, :account, :place, :asked_at, :reread_at, 0, null)
             on conflict (company_id, channel_id, account) do update
             set place = excluded.place, asked_at = excluded.asked_at,
               reread_at = coalesce(excluded.reread_at, bank_poll.reread_at), failures = 0, next_at = null"
        ),
        params![
            company_id: channel.company, channel_id: channel.id, account: &question.account.account,
            place: place, asked_at: asked_at, reread_at: reread,
        ],
    )
}

fn note_place(tx: &mut Tx<'_>, channel: &Channel, account: &str, place: &str) -> Result<()> {
    tx.put(
        sql!(
            "insert into bank_poll (company_id, channel_id, account, place, asked_at, reread_at, failures, next_at)
             values (:company_id, :channel_id, :account, :place, null, null, 0, null)
             on conflict (company_id, channel_id, account) do update
             set place = excluded.place"
        ),
        params![company_id: channel.company, channel_id: channel.id, account: account, place: place],
    )
}

async fn note_problem(db: &Db, channel: &Channel, fault: &Fault) -> Result<()> {
    tracing::warn!(channel = %channel.id, ?fault, "a bank's answer could not be taken");
    Contacts::problem(db, channel, Trouble::of(fault)).await
}

/// The bank did not answer, or not as agreed: it is asked again, each time a little later.
async fn note_failure(db: &Db, channel: &Channel, question: &Question, fault: &Fault) -> Result<()> {
    note_problem(db, channel, fault).await?;
    let (channel, question) = (channel.clone(), question.clone());
    db.write("payments.note_poll_failure", move |tx| {
        let now = tx.now();
        let failures = question.failures + 1;
        let next_at = backoff(now, failures);
        tx.put(
            sql!(
                "insert into bank_poll (company_id, channel_id, account, place, asked_at, reread_at, failures, next_at)
                 values (:company_id, :channel_id, :account, :place, :now, null, :failures, :next_at)
                 on conflict (company_id, channel_id, account) do update
                 set asked_at = excluded.asked_at, failures = excluded.failures, next_at = excluded.next_at"
            ),
            params![
                company_id: channel.company, channel_id: channel.id, account: &question.account.account,
                place: &question.place, now: now, failures: failures, next_at: next_at,
            ],
        )
    })
    .await
}
