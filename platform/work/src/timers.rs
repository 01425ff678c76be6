//! Timers: rows that say "at this moment, run this". Keyed by (company, kind, key): setting one
//! again moves it, cancelling removes it. A timer fires in a transaction that also deletes its row, so it
//! fires once, whichever node is awake and however often the program restarts. What is due together rings
//! together, since many that came due at once would else pay for a commit each; every timer has a part of
//! its own, so one that fails is put off alone and undoes nothing else.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde_json::Value as Json;
use takt_kernel::{CompanyId, Fault, Result, Timestamp, failpoint};
use takt_store::{Engine, Query, Row, Statement, Subject, Tx, params, sql};

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

/// How much may ring in one transaction. What is fetched and not come to stays for the next one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peal {
    /// None: until everything fetched has rung.
    time: Option<Duration>,
    most: i64,
    /// Of different moments one after the other, so that what is said at the first is heard before the second.
    of_one_moment: bool,
}

impl Peal {
    /// For who holds the clock: it must not depend on how fast the machine is.
    pub const ALL: Self = Self { time: None, most: 64, of_one_moment: true };

    /// Alone, after those that were due together could not be written together.
    pub const ONE: Self = Self { time: None, most: 1, of_one_moment: true };

    /// As reactions: the one writer on SQLite waits for nobody for long, and on PostgreSQL nobody waits for long who
    /// wants a row that was changed.
    pub const fn usual(engine: Engine) -> Self {
        let time = match engine {
            Engine::Sqlite => Duration::from_millis(6),
            Engine::Postgres => Duration::from_millis(40),
        };
        Self { time: Some(time), most: 64, of_one_moment: false }
    }
}

/// What one transaction came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rung {
    pub done: usize,
    pub failed: usize,
    /// Due, but moved or cancelled by one that rang before it.
    passed: usize,
}

impl Rung {
    pub const FAILED: Self = Self { done: 0, failed: 1, passed: 0 };

    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// Which timer rang last, for whoever has to know with which one a transaction came to nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tried(Arc<Mutex<Option<Name>>>);

#[derive(Clone, Debug)]
struct Name {
    company: CompanyId,
    kind: &'static str,
    key: String,
}

impl Tried {
    fn note(&self, name: Option<Name>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = name;
    }

    fn last(&self) -> Option<Name> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Puts off the timer that rang alone and with which the transaction could not be written: those behind it must not
/// wait for ever. Answers whether there was one.
pub(crate) fn put_off_tried(tx: &mut Tx<'_>, tried: &Tried, told: &str) -> Result<bool> {
    let Some(Name { company, kind, key }) = tried.last() else { return Ok(false) };
    let now = tx.now();
    let row = tx.opt(
        sql!(
            "select attempts
             from timer
             where company_id = :company_id and kind = :kind and timer_key = :timer_key and fire_at <= :now
             {pg:for update|sqlite:}"
        ),
        params![company_id: company, kind: kind, timer_key: &key, now: now],
    )?;
    let Some(row) = row else { return Ok(false) };
    let attempts = row.get::<i64>("attempts")? + 1;
    tracing::warn!(kind, key, attempts, fault = told, "timer could not be written");
    put_off(tx, (company, kind, &key), attempts, backoff::retry_at(now, attempts), told)?;
    Ok(true)
}

/// Fires the first due timers of these kinds that no other node is firing. Kinds that this program
/// does not know stay for a node that does.
pub(crate) fn ring(tx: &mut Tx<'_>, kinds: &[TimerKind], peal: Peal, tried: &Tried) -> Result<Rung> {
    tried.note(None);
    let now = tx.now();
    let due = tx.all(
        sql!(
            "select company_id, kind, timer_key, fire_at
             from timer
             where fire_at <= :now and {pg:strpos|sqlite:instr}(:kinds, ',' || kind || ',') > 0
             order by fire_at, company_id, kind, timer_key
             limit :most
             {pg:for update skip locked|sqlite:}"
        ),
        params![now: now, kinds: names(kinds), most: peal.most],
    )?;
    let (began, mut rung, mut moment) = (Instant::now(), Rung::default(), None);
    for row in &due {
        let fire_at: Timestamp = row.get("fire_at")?;
        let is_another = *moment.get_or_insert(fire_at) != fire_at;
        // At least one: a transaction that came to nothing would be taken again and again.
        let too_long = !rung.is_nothing() && peal.time.is_some_and(|time| began.elapsed() > time);
        if too_long || (is_another && peal.of_one_moment) {
            break;
        }
        let (name, key) = (row.get::<String>("kind")?, row.get::<String>("timer_key")?);
        let Some(kind) = kinds.iter().find(|kind| kind.kind == name) else { continue };
        let company = row.get("company_id")?;
        tried.note(Some(Name { company, kind: kind.kind, key: key.clone() }));
        fire(tx, kind, company, &key, &mut rung)?;
    }
    Ok(rung)
}

/// Fires one timer in a part of its own.
fn fire(tx: &mut Tx<'_>, kind: &TimerKind, company: CompanyId, key: &str, rung: &mut Rung) -> Result<()> {
    let now = tx.now();
    let mut attempts = 1;
    let fired = tx.savepoint(|tx| {
        // Deleted first, so that the handler may set the same timer anew. Taken as it stands by now: one that
        // rang before it may have moved or cancelled it.
        let Some((timer, failures)) = take(tx, company, kind.kind, key)? else { return Ok(false) };
        attempts = failures + 1;
        catch_unwind(AssertUnwindSafe(|| (kind.fire)(tx, &timer)))
            .unwrap_or_else(|_| Err(Fault::broken("work.panicked").arg("kind", kind.kind)))?;
        Ok(true)
    });
    match fired {
        Ok(true) => {
            failpoint::reach("work.timer.fired");
            rung.done += 1;
        }
        Ok(false) => rung.passed += 1,
        Err(fault) if fault.is_retryable() => return Err(fault),
        Err(fault) => {
            tracing::warn!(kind = kind.kind, key, attempts, fault = ?fault, "timer failed");
            let retry_at = backoff::retry_at(now, attempts);
            put_off(tx, (company, kind.kind, key), attempts, retry_at, &backoff::told(&fault))?;
            rung.failed += 1;
        }
    }
    Ok(())
}

/// Removes a timer that is due, and answers it with how often it has failed.
fn take(tx: &mut Tx<'_>, company: CompanyId, kind: &str, key: &str) -> Result<Option<(DueTimer, i64)>> {
    let now = tx.now();
    let taken = tx.opt(
        sql!(
            "delete from timer
             where company_id = :company_id and kind = :kind and timer_key = :timer_key and fire_at <= :now
             returning company_id, kind, timer_key, subject_kind, subject_id, due_at, payload, attempts"
        ),
        params![company_id: company, kind: kind, timer_key: key, now: now],
    )?;
    taken.map(|row| Ok((read(&row)?, row.get("attempts")?))).transpose()
}

fn put_off(
    tx: &mut Tx<'_>,
    (company, kind, key): (CompanyId, &str, &str),
    attempts: i64,
    fire_at: Timestamp,
    error: &str,
) -> Result<()> {
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
            company_id: company,
            kind: kind,
            timer_key: key,
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
