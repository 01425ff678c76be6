//! Subjects that wait behind a fact their listener could not take. Nothing is copied: the facts stay
//! in the log, the row says from which one on they wait. Retried with back-off, in order, under the
//! lane's lock; nothing is ever skipped.

mod retry;

pub(crate) use retry::{Retried, next_at, retry_next};

use std::collections::{BTreeMap, BTreeSet};

use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_store::{Query, Question, RecordedFact, Row, Statement, Tx, params, sql};

use crate::{backoff, lanes};

/// A subject that waits, for people to see.
#[derive(Clone, Debug, PartialEq)]
pub struct Parked {
    pub listener: String,
    pub company: CompanyId,
    pub subject_kind: String,
    pub subject_id: i64,
    /// The fact that could not be taken.
    pub fact_id: i64,
    pub fact_kind: String,
    pub parked_at: Timestamp,
    pub attempts: i64,
    pub retry_at: Timestamp,
    pub last_error: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subject {
    company: i64,
    kind: String,
    id: i64,
}

impl Subject {
    pub(crate) fn of(fact: &RecordedFact) -> Self {
        Self { company: fact.company.get(), kind: fact.subject_kind.clone(), id: fact.subject_id }
    }
}

/// Parked subjects of one company or of all, the oldest first.
///
/// # Errors
/// Faults of the store.
pub fn parked(db: &mut dyn Query, company: Option<CompanyId>, limit: i64) -> Result<Vec<Parked>> {
    let statement = Statement::new(
        "select listener, company_id, subject_kind, subject_id, fact_id, fact_kind, parked_at, attempts,
           retry_at, last_error
         from parked_subject
         where 1 = 1",
    )
    .and_if(company, "\nand company_id = :company_id", "company_id")
    .push("\norder by parked_at, listener, company_id, subject_kind, subject_id\nlimit :limit")
    .bind("limit", limit);
    db.all_of(&statement)?
        .iter()
        .map(|row| {
            Ok(Parked {
                listener: row.get("listener")?,
                company: row.get("company_id")?,
                subject_kind: row.get("subject_kind")?,
                subject_id: row.get("subject_id")?,
                fact_id: row.get("fact_id")?,
                fact_kind: row.get("fact_kind")?,
                parked_at: row.get("parked_at")?,
                attempts: row.get("attempts")?,
                retry_at: row.get("retry_at")?,
                last_error: row.get("last_error")?,
            })
        })
        .collect()
}

/// Asks for the subjects that wait for these listeners.
pub(crate) fn waiting(listeners: &[&str]) -> Question {
    Question::new(
        sql!(
            "select parked_subject.listener, parked_subject.company_id, parked_subject.subject_kind,
               parked_subject.subject_id
             from {pg:json_array_elements_text(cast(cast(:listeners as text) as json)) as asked(value)|sqlite:json_each(:listeners) as asked}
             cross join parked_subject
             where parked_subject.listener = asked.value"
        ),
        params![listeners: serde_json::Value::from(listeners).to_string()],
    )
}

/// What [`waiting`] found, by listener.
pub(crate) fn read_waiting(rows: &[Row]) -> Result<BTreeMap<String, BTreeSet<Subject>>> {
    let mut waiting: BTreeMap<String, BTreeSet<Subject>> = BTreeMap::new();
    for row in rows {
        waiting.entry(row.get("listener")?).or_default().insert(Subject {
            company: row.get("company_id")?,
            kind: row.get("subject_kind")?,
            id: row.get("subject_id")?,
        });
    }
    Ok(waiting)
}

pub(crate) fn park(tx: &mut Tx<'_>, listener: &str, fact: &RecordedFact, fault: &Fault) -> Result<()> {
    tracing::warn!(listener, fact = fact.id, kind = %fact.kind, subject = fact.subject_id, ?fault, "subject parked");
    let now = tx.now();
    tx.put(
        sql!(
            "insert into parked_subject (listener, company_id, subject_kind, subject_id, lane, n, fact_id,
               fact_kind, parked_at, attempts, retry_at, last_error)
             values (:listener, :company_id, :subject_kind, :subject_id, :lane, :n, :fact_id,
               :fact_kind, :now, 1, :retry_at, :last_error)"
        ),
        params![
            listener: listener,
            company_id: fact.company,
            subject_kind: &fact.subject_kind,
            subject_id: fact.subject_id,
            lane: lanes::of(fact),
            n: fact.n,
            fact_id: fact.id,
            fact_kind: &fact.kind,
            now: now,
            retry_at: backoff::retry_at(now, 1),
            last_error: backoff::told(fault),
        ],
    )
}
