//! The chain over the journal of a company: each transaction gets a number, the hash of the one before
//! and its own. Postings do not wait for it: they stand in `journal_unsealed` until a job seals what has
//! become visible, in small batches, under the one row of the chain's end. So two postings never meet
//! here, and a posting that commits late is chained late; what is sealed never changes. The bytes: `canonical.rs`.

use std::sync::Arc;

use serde_json::Value as Json;
use takt_kernel::{CompanyId, Result, failpoint};
use takt_store::{Db, Query, RecordedFact, Tx, params, sql};
use takt_work::{JobEnd, JobKind, Listener, jobs};

use super::{
    JournalTransactionId, balances,
    canonical::{BEGINNING, by_transaction, standing},
};

pub const SEAL_JOB: &str = "payments.seal_journal";
const BATCH: i64 = 200;

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
    balances::follow(tx, company, last)?;
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
