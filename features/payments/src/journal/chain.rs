//! The chain over the journal of a company: each transaction gets a number, the hash of the one before
//! and its own. Postings do not wait for it: they stand in `journal_unsealed` until a job seals what has
//! become visible, in small batches, under the one row of the chain's end. So two postings never meet
//! here, and a posting that commits late is chained late; what is sealed never changes.
//!
//! Bytes that are hashed with SHA-256; `[a]` is `a` in UTF-8 behind its length in bytes and a colon, as
//! in `3:RUB`, numbers are decimal:
//!
//! * payload: `[takt.journal.1][kind][source][entity][reverses or nothing]`, then for each entry by its
//!   `n`: `[account][side][minor units][currency]`;
//! * link: `[takt.journal.link.1][company][number][hash before][transaction][effective_on]
//!   [recorded_at in microseconds][payload hash]`.
//!
//! Hashes are in lower-case hexadecimal; the first of a company follows 64 zeros.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use takt_kernel::{CompanyId, Fault, Result, Timestamp, failpoint};
use takt_store::{Db, Query, RecordedFact, Row, Tx, Wrong, params, sql};
use takt_work::{JobEnd, JobKind, Listener, jobs};

use super::JournalTransactionId;
use crate::entities::EntityId;

pub const SEAL_JOB: &str = "payments.seal_journal";
const BATCH: i64 = 200;
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What a transaction says, in the bytes that are hashed.
pub(super) struct Payload(Sha256);

fn field(hash: &mut Sha256, text: &str) {
    hash.update(text.len().to_string().as_bytes());
    hash.update(b":");
    hash.update(text.as_bytes());
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Payload {
    pub fn new(kind: &str, source: &str, entity: EntityId, reverses: Option<JournalTransactionId>) -> Self {
        let mut hash = Sha256::new();
        field(&mut hash, "takt.journal.1");
        field(&mut hash, kind);
        field(&mut hash, source);
        field(&mut hash, &entity.to_string());
        field(&mut hash, &reverses.map(|id| id.to_string()).unwrap_or_default());
        Self(hash)
    }

    pub fn entry(&mut self, account: &str, side: &str, minor: i64, currency: &str) {
        for text in [account, side, &minor.to_string(), currency] {
            field(&mut self.0, text);
        }
    }

    pub fn hash(self) -> String {
        hex(self.0)
    }
}

/// One transaction as it stands in the journal.
struct Standing {
    id: JournalTransactionId,
    effective_on: String,
    recorded_at: Timestamp,
    /// As it was written at posting; empty for what was posted before there was a chain.
    promised: String,
    payload: String,
}

impl Standing {
    fn hash(&self, company: CompanyId, number: i64, before: &str) -> String {
        let mut hash = Sha256::new();
        for text in [
            "takt.journal.link.1",
            &company.to_string(),
            &number.to_string(),
            before,
            &self.id.to_string(),
            &self.effective_on,
            &self.recorded_at.micros().to_string(),
            &self.payload,
        ] {
            field(&mut hash, text);
        }
        hex(hash)
    }
}

fn standing(row: &Row, entries: &[&Row]) -> Result<Standing> {
    let mut payload = Payload::new(
        &row.get::<String>("kind")?,
        &row.get::<String>("source")?,
        row.get("entity_id")?,
        row.get("reverses")?,
    );
    for entry in entries {
        payload.entry(
            &entry.get::<String>("account")?,
            &entry.get::<String>("side")?,
            entry.get("amount_minor")?,
            &entry.get::<String>("currency")?,
        );
    }
    Ok(Standing {
        id: row.get("id")?,
        effective_on: row.get("effective_on")?,
        recorded_at: row.get("recorded_at")?,
        promised: row.get("payload_hash")?,
        payload: payload.hash(),
    })
}

fn by_transaction(entries: &[Row]) -> Result<BTreeMap<i64, Vec<&Row>>> {
    let mut found: BTreeMap<i64, Vec<&Row>> = BTreeMap::new();
    for entry in entries {
        found.entry(entry.get("transaction_id")?).or_default().push(entry);
    }
    Ok(found)
}

/// What a transaction says, from its rows.
pub(super) fn payload_hash_of(
    db: &mut dyn Query,
    company: CompanyId,
    id: JournalTransactionId,
) -> Result<String> {
    let row = db.one(
        sql!(
            "select id, kind, source, entity_id, reverses, effective_on, recorded_at, payload_hash
             from journal_transaction
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: id],
    )?;
    let entries = db.all(
        sql!(
            "select transaction_id, account, side, amount_minor, currency
             from journal_entry
             where company_id = :company_id and transaction_id = :transaction_id
             order by n
             limit 10000"
        ),
        params![company_id: company, transaction_id: id],
    )?;
    Ok(standing(&row, &entries.iter().collect::<Vec<_>>())?.payload)
}

/// The end of a company's chain: how many transactions are sealed, and the last hash.
///
/// # Errors
/// Faults of the store.
pub fn head(db: &mut dyn Query, company: CompanyId) -> Result<Option<(i64, String)>> {
    db.opt(
        sql!("select number, hash from journal_head where company_id = :company_id"),
        params![company_id: company],
    )?
    .map(|row| Ok((row.get("number")?, row.get("hash")?)))
    .transpose()
}

/// Seals all that is visible. Answers how many transactions that were.
///
/// # Errors
/// Faults of the store.
pub async fn seal(db: &Db, company: CompanyId) -> Result<usize> {
    let mut sealed = 0;
    loop {
        let batch = db.write("payments.seal_journal", move |tx| seal_batch(tx, company)).await?;
        sealed += batch;
        // Whoever posted while the empty batch took back the call was not heard by it.
        if batch == 0 && !db.read("payments.unsealed", move |r| anything_unsealed(r, company)).await? {
            return Ok(sealed);
        }
        failpoint::reach("payments.journal.between_seals");
    }
}

fn anything_unsealed(db: &mut dyn Query, company: CompanyId) -> Result<bool> {
    let row = db.opt(
        sql!("select transaction_id from journal_unsealed where company_id = :company_id order by transaction_id limit 1"),
        params![company_id: company],
    )?;
    Ok(row.is_some())
}

fn seal_batch(tx: &mut Tx, company: CompanyId) -> Result<usize> {
    // The one row that whoever seals meets at; the first makes it.
    let head = tx.one(
        sql!(
            "insert into journal_head (company_id, number, hash, called)
             values (:company_id, 0, :beginning, :called)
             on conflict (company_id) do update set number = journal_head.number
             returning number, hash"
        ),
        params![company_id: company, beginning: BEGINNING, called: true],
    )?;
    let (mut number, mut hash): (i64, String) = (head.get("number")?, head.get("hash")?);
    let transactions = tx.all(
        sql!(
            "select posted.id, posted.kind, posted.source, posted.entity_id, posted.reverses, posted.effective_on,
               posted.recorded_at, posted.payload_hash
             from journal_unsealed as unsealed
             cross join journal_transaction as posted
             where unsealed.company_id = :company_id and posted.company_id = :company_id
               and posted.id = unsealed.transaction_id
             order by unsealed.transaction_id
             limit :batch"
        ),
        params![company_id: company, batch: BATCH],
    )?;
    let last: JournalTransactionId = match transactions.last() {
        Some(last) => last.get("id")?,
        None => {
            keep_head(tx, company, number, &hash, false)?;
            return Ok(0);
        }
    };
    let entries = tx.all(
        sql!(
            "select entry.transaction_id, entry.account, entry.side, entry.amount_minor, entry.currency
             from journal_unsealed as unsealed
             cross join journal_entry as entry
             where unsealed.company_id = :company_id and unsealed.transaction_id <= :last
               and entry.company_id = :company_id and entry.transaction_id = unsealed.transaction_id
             order by entry.transaction_id, entry.n
             limit 1000000"
        ),
        params![company_id: company, last: last],
    )?;
    let entries = by_transaction(&entries)?;
    let now = tx.now();
    for row in &transactions {
        let id: JournalTransactionId = row.get("id")?;
        let standing = standing(row, entries.get(&id.get()).map_or(&[], Vec::as_slice))?;
        number += 1;
        let own = standing.hash(company, number, &hash);
        tx.put(
            sql!(
                "insert into journal_seal (company_id, number, transaction_id, previous_hash, hash, sealed_at)
                 values (:company_id, :number, :transaction_id, :previous_hash, :hash, :sealed_at)"
            ),
            params![
                company_id: company, number: number, transaction_id: id, previous_hash: &hash, hash: &own,
                sealed_at: now,
            ],
        )?;
        hash = own;
    }
    super::balances::follow(tx, company, last)?;
    tx.put(
        sql!("delete from journal_unsealed where company_id = :company_id and transaction_id <= :last"),
        params![company_id: company, last: last],
    )?;
    keep_head(tx, company, number, &hash, true)?;
    Ok(transactions.len())
}

fn keep_head(tx: &mut Tx, company: CompanyId, number: i64, hash: &str, called: bool) -> Result<()> {
    tx.put(
        sql!(
            "insert into journal_head (company_id, number, hash, called)
             values (:company_id, :number, :hash, :called)
             on conflict (company_id) do update
             set number = excluded.number, hash = excluded.hash, called = excluded.called"
        ),
        params![company_id: company, number: number, hash: hash, called: called],
    )
}

pub fn job() -> JobKind {
    JobKind {
        kind: SEAL_JOB,
        does: "chains what was posted and brings balances up to it",
        concurrency: 2,
        max_attempts: 20,
        run: Arc::new(|run| {
            Box::pin(async move {
                seal(&run.db, run.company).await?;
                Ok(JobEnd::Done)
            })
        }),
    }
}

/// With every one of these facts something was posted.
pub const LISTENER: Listener = Listener {
    name: "payments.journal_grew",
    hears: &[
        "payments.expected",
        "payments.received",
        "payments.matched",
        "payments.unmatched",
        "payments.refund_changed",
        "payments.credit_used",
        "payments.receipt_reversed",
        "orders.shipped",
        "orders.delivered",
        "orders.returned",
        "orders.cancelled",
    ],
    does: "calls the job that chains the journal",
    react: call,
};

/// Once until the job has seen to it: the row of a job is one that all postings would meet at.
fn call(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let company = fact.company;
    let head = tx.opt(
        sql!("select called from journal_head where company_id = :company_id"),
        params![company_id: company],
    )?;
    let called = head.as_ref().map(|row| row.get::<bool>("called")).transpose()?;
    if called == Some(true) || !anything_unsealed(tx, company)? {
        return Ok(());
    }
    let (number, hash) = self::head(tx, company)?.unwrap_or((0, BEGINNING.to_owned()));
    keep_head(tx, company, number, &hash, true)?;
    jobs::call(tx, company, SEAL_JOB, "journal", &Json::Null)
}

/// How many links one look of the check holds in memory.
const LINKS: i64 = 500;
const MOST_WRONG: usize = 20;

/// Goes along every chain and hashes all of it anew. What is sealed never changes, so it does not matter
/// that this takes many questions.
///
/// # Errors
/// Faults of the store.
pub fn broken_links(db: &mut dyn Query) -> Result<Vec<Wrong>> {
    let heads = db.all(
        sql!("select company_id, number, hash from journal_head order by company_id limit 100000"),
        params![],
    )?;
    let mut wrong = Vec::new();
    for head in &heads {
        broken_in(db, head.get("company_id")?, head.get("number")?, &head.get::<String>("hash")?, &mut wrong)?;
        if wrong.len() >= MOST_WRONG {
            break;
        }
    }
    Ok(wrong)
}

fn broken_in(
    db: &mut dyn Query,
    company: CompanyId,
    until: i64,
    last: &str,
    wrong: &mut Vec<Wrong>,
) -> Result<()> {
    let mut hash = BEGINNING.to_owned();
    let mut number = 0_i64;
    while number < until && wrong.len() < MOST_WRONG {
        let most = (number + LINKS).min(until);
        let links = links(db, company, number, most)?;
        let entries = entries(db, company, number, most)?;
        let entries = by_transaction(&entries)?;
        for (expected, at) in (number + 1..=most).zip(0_usize..) {
            let found = links.get(at).map(|row| Ok::<_, Fault>((row.get::<i64>("number")?, row))).transpose()?;
            let Some((_, row)) = found.filter(|(number, _)| *number == expected) else {
                wrong.push(told(company, expected, "missing"));
                return Ok(());
            };
            let id: i64 = row.get("id")?;
            let standing = standing(row, entries.get(&id).map_or(&[], Vec::as_slice))?;
            let own: String = row.get("hash")?;
            if row.get::<String>("previous_hash")? != hash {
                wrong.push(told(company, expected, "previous_hash"));
            } else if standing.hash(company, expected, &hash) != own {
                wrong.push(told(company, expected, "hash"));
            } else if !standing.promised.is_empty() && standing.promised != standing.payload {
                wrong.push(told(company, expected, "payload_hash"));
            }
            hash = own;
        }
        number = most;
    }
    if wrong.is_empty() && hash != last {
        wrong.push(told(company, until, "head"));
    }
    Ok(())
}

fn told(company: CompanyId, number: i64, what: &str) -> Wrong {
    Wrong(format!("company_id={company} number={number} wrong={what}"))
}

fn links(db: &mut dyn Query, company: CompanyId, after: i64, most: i64) -> Result<Vec<Row>> {
    db.all(
        sql!(
            "select seal.number, seal.previous_hash, seal.hash, posted.id, posted.kind, posted.source, posted.entity_id,
               posted.reverses, posted.effective_on, posted.recorded_at, posted.payload_hash
             from journal_seal as seal
             join journal_transaction as posted
               on posted.company_id = seal.company_id and posted.id = seal.transaction_id
             where seal.company_id = :company_id and seal.number > :after and seal.number <= :most
             order by seal.number
             limit 1000"
        ),
        params![company_id: company, after: after, most: most],
    )
}

fn entries(db: &mut dyn Query, company: CompanyId, after: i64, most: i64) -> Result<Vec<Row>> {
    db.all(
        sql!(
            "select entry.transaction_id, entry.account, entry.side, entry.amount_minor, entry.currency
             from journal_seal as seal
             join journal_entry as entry
               on entry.company_id = seal.company_id and entry.transaction_id = seal.transaction_id
             where seal.company_id = :company_id and seal.number > :after and seal.number <= :most
             order by seal.number, entry.n
             limit 1000000"
        ),
        params![company_id: company, after: after, most: most],
    )
}
