//! Timers: rows that say "at this moment, run this". Keyed by (company, kind, key): setting one
//! again moves it, cancelling removes it. A timer fires in a transaction of its own that also deletes
//! its row, so it fires once, whichever node is awake and however often the program restarts.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value as Json;
use takt_kernel::{CompanyId, Fault, Result, Timestamp, failpoint};
use takt_store::{Query, Row, Statement, Subject, Tx, params, sql};

use crate::backoff;

/// A kind of timer and what happens when one is due.
#[derive(Clone, Copy)]
pub struct TimerKind {
    pub kind: &'static str,
    /// One line for the flow document.
    pub does: &'static str,
    pub fire: fn(&mut Tx<'_>, &DueTimer) -> Result<()>,
}

/// A timer whose moment has come.
#[derive(Clone, Debug, PartialEq)]
pub struct DueTimer {
    pub company: CompanyId,
    pub kind: String,
    pub key: String,
    pub subject_kind: String,
    pub subject_id: i64,
    /// When it was meant to fire; `tx.now()` may be later after an outage.
    pub due_at: Timestamp,
    pub payload: Json,
}

/// A timer that failed and will be tried again.
#[derive(Clone, Debug, PartialEq)]
pub struct FailingTimer {
    pub timer: DueTimer,
    pub attempts: i64,
    pub retry_at: Timestamp,
    pub last_error: String,
}

/// Sets the timer, or moves it if there is one under this key.
///
/// # Errors
/// Faults of the store.
pub fn set(
    tx: &mut Tx<'_>,
    company: CompanyId,
    kind: &str,
    key: &str,
    subject: Subject,
    due_at: Timestamp,
    payload: &Json,
) -> Result<()> {
    tx.put(
        sql!(
            "insert into timer (company_id, kind, timer_key, subject_kind, subject_id, due_at, fire_at, payload, attempts, last_error)
             values (:company_id, :kind, :timer_key, :subject_kind, :subject_id, :due_at, :due_at, :payload, 0, null)
             on conflict (company_id, kind, timer_key) do update
             set subject_kind = excluded.subject_kind, subject_id = excluded.subject_id,
               due_at = excluded.due_at, fire_at = excluded.fire_at, payload = excluded.payload,
               attempts = 0, last_error = null"
        ),
        params![
            company_id: company,
            kind: kind,
            timer_key: key,
            subject_kind: subject.kind,
            subject_id: subject.id,
            due_at: due_at,
            payload: payload.to_string(),
        ],
    )
}

/// Lets all timers of a kind fire now that wait for later: what they wait for may have come.
///
/// # Errors
/// Faults of the store.
pub fn hurry(tx: &mut Tx<'_>, company: CompanyId, kind: &str) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update timer
             set due_at = :now, fire_at = :now
             where company_id = :company_id and kind = :kind and fire_at > :now"
        ),
        params![now: now, company_id: company, kind: kind],
    )
}

/// Removes the timer; nothing happens if there is none.
///
/// # Errors
/// Faults of the store.
pub fn cancel(tx: &mut Tx<'_>, company: CompanyId, kind: &str, key: &str) -> Result<()> {
    tx.put(
        sql!(
            "delete from timer
             where company_id = :company_id and kind = :kind and timer_key = :timer_key"
        ),
        params![company_id: company, kind: kind, timer_key: key],
    )
}

/// Timers that failed, of one company or of all, the next to be tried first.
///
/// # Errors
/// Faults of the store.
pub fn failing(db: &mut dyn Query, company: Option<CompanyId>, limit: i64) -> Result<Vec<FailingTimer>> {
    let statement = Statement::new(
        "select company_id, kind, timer_key, subject_kind, subject_id, due_at, fire_at, payload, attempts, last_error
         from timer
         where attempts > 0",
    )
    .and_if(company, "\nand company_id = :company_id", "company_id")
    .push("\norder by fire_at, company_id, kind, timer_key\nlimit :limit")
    .bind("limit", limit);
    let rows = db.all_of(&statement)?;
    rows.iter()
        .map(|row| {
            Ok(FailingTimer {
                timer: read(row)?,
                attempts: row.get("attempts")?,
                retry_at: row.get("fire_at")?,
                last_error: row.get::<Option<String>>("last_error")?.unwrap_or_default(),
            })
        })
        .collect()
}

/// When the next timer of these kinds wants to fire.
pub(crate) fn next_at(db: &mut dyn Query, kinds: &[TimerKind]) -> Result<Option<Timestamp>> {
    db.opt(
        sql!(
            "select fire_at
             from timer
             where {pg:strpos|sqlite:instr}(:kinds, ',' || kind || ',') > 0
             order by fire_at, company_id, kind, timer_key
             limit 1"
        ),
        params![kinds: names(kinds)],
    )?
    .map(|row| row.get("fire_at"))
    .transpose()
}

/// What became of one attempt to fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fired {
    Nothing,
    Done,
    Failed,
}

/// Fires the first due timer of these kinds that no other node is firing. Kinds that this program
/// does not know stay for a node that does.
pub(crate) fn fire_next(tx: &mut Tx<'_>, kinds: &[TimerKind]) -> Result<Fired> {
    let now = tx.now();
    let Some(row) = tx.opt(
        sql!(
            "select company_id, kind, timer_key, subject_kind, subject_id, due_at, payload, attempts
             from timer
             where fire_at <= :now and {pg:strpos|sqlite:instr}(:kinds, ',' || kind || ',') > 0
             order by fire_at, company_id, kind, timer_key
             limit 1
             {pg:for update skip locked|sqlite:}"
        ),
        params![now: now, kinds: names(kinds)],
    )?
    else {
        return Ok(Fired::Nothing);
    };
    let timer = read(&row)?;
    let attempts = row.get::<i64>("attempts")? + 1;
    let Some(kind) = kinds.iter().find(|kind| kind.kind == timer.kind) else { return Ok(Fired::Nothing) };
    // Deleted first, so that the handler may set the same timer anew.
    let fired = tx.savepoint(|tx| {
        cancel(tx, timer.company, &timer.kind, &timer.key)?;
        catch_unwind(AssertUnwindSafe(|| (kind.fire)(tx, &timer)))
            .unwrap_or_else(|_| Err(Fault::broken("work.panicked").arg("kind", kind.kind)))
    });
    match fired {
        Ok(()) => {
            failpoint::reach("work.timer.fired");
            Ok(Fired::Done)
        }
        Err(fault) if fault.is_retryable() => Err(fault),
        Err(fault) => {
            tracing::warn!(kind = kind.kind, key = %timer.key, attempts, fault = ?fault, "timer failed");
            put_off(tx, &timer, attempts, backoff::retry_at(now, attempts), &backoff::told(&fault))?;
            Ok(Fired::Failed)
        }
    }
}

fn put_off(tx: &mut Tx<'_>, timer: &DueTimer, attempts: i64, fire_at: Timestamp, error: &str) -> Result<()> {
    tx.put(
        sql!(
            "update timer
             set attempts = :attempts, fire_at = :fire_at, last_error = :last_error
             where company_id = :company_id and kind = :kind and timer_key = :timer_key"
        ),
        params![
            attempts: attempts,
            fire_at: fire_at,
            last_error: error,
            company_id: timer.company,
            kind: &timer.kind,
            timer_key: &timer.key,
        ],
    )
}

fn names(kinds: &[TimerKind]) -> String {
    crate::listed(kinds.iter().map(|kind| kind.kind))
}

fn read(row: &Row) -> Result<DueTimer> {
    Ok(DueTimer {
        company: row.get("company_id")?,
        kind: row.get("kind")?,
        key: row.get("timer_key")?,
        subject_kind: row.get("subject_kind")?,
        subject_id: row.get("subject_id")?,
        due_at: row.get("due_at")?,
        payload: row.json("payload")?,
    })
}
