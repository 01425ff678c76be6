//! Trying again: the fact that could not be taken, then all that wait behind it, in order.

use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_store::{Query, RecordedFact, Row, Tx, facts, params, sql};

use crate::{
    backoff, cursors,
    lanes::Lanes,
    reactions::{self, Listener},
};

const BATCH: usize = 100;

/// When the next parked subject of these listeners wants to be tried.
pub(crate) fn next_at(db: &mut dyn Query, listeners: &[Listener]) -> Result<Option<Timestamp>> {
    db.opt(
        sql!(
            "select retry_at
             from parked_subject
             where {pg:strpos|sqlite:instr}(:listeners, ',' || listener || ',') > 0
             order by retry_at
             limit 1"
        ),
        params![listeners: names(listeners)],
    )?
    .map(|row| row.get("retry_at"))
    .transpose()
}

/// What became of one attempt at a parked subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retried {
    Nothing,
    /// Facts that were taken.
    Took(usize),
    StillParked,
}

/// Tries the parked subject that has been due longest. The lane's cursor is locked first, as in a
/// reaction, so nothing overtakes the subject while it catches up.
pub(crate) fn retry_next(tx: &mut Tx<'_>, listeners: &[Listener]) -> Result<Retried> {
    let now = tx.now();
    let Some(row) = tx.opt(
        sql!(
            "select listener, company_id, subject_kind, subject_id, lane, n, attempts
             from parked_subject
             where retry_at <= :now and {pg:strpos|sqlite:instr}(:listeners, ',' || listener || ',') > 0
             order by retry_at, listener, company_id, subject_kind, subject_id
             limit 1
             {pg:for update skip locked|sqlite:}"
        ),
        params![now: now, listeners: names(listeners)],
    )?
    else {
        return Ok(Retried::Nothing);
    };
    let waiting = Waiting::read(&row)?;
    let Some(listener) = listeners.iter().find(|listener| listener.name == waiting.listener) else {
        return Ok(Retried::Nothing);
    };
    let lane = Lanes::One(waiting.lane);
    let held = cursors::lock(tx, &[listener.name], lane)?;
    match held.get(listener.name).and_then(|heard| heard.in_lane(waiting.lane)) {
        Some(cursor) => waiting.catch_up(tx, listener, cursor),
        None => Ok(Retried::Nothing),
    }
}

struct Waiting {
    listener: String,
    company: CompanyId,
    subject_kind: String,
    subject_id: i64,
    lane: i64,
    n: i64,
    attempts: i64,
}

impl Waiting {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            listener: row.get("listener")?,
            company: row.get("company_id")?,
            subject_kind: row.get("subject_kind")?,
            subject_id: row.get("subject_id")?,
            lane: row.get("lane")?,
            n: row.get("n")?,
            attempts: row.get("attempts")?,
        })
    }

    fn catch_up(&self, tx: &mut Tx<'_>, listener: &Listener, cursor: i64) -> Result<Retried> {
        // One more than are taken: behind a part there is a fact to go on from, or none.
        let (kind, most) = (&self.subject_kind, BATCH as i64 + 1);
        let facts = facts::of_subject(tx, self.company, kind, self.subject_id, self.n - 1, most)?;
        let behind = facts.get(BATCH).filter(|fact| fact.position <= cursor);
        let mut taken = 0;
        for fact in facts.iter().take(BATCH).filter(|fact| fact.position <= cursor) {
            if !listener.hears.contains(&fact.kind.as_str()) {
                continue;
            }
            match reactions::react(tx, listener, fact) {
                Ok(()) => taken += 1,
                Err(fault) if fault.is_retryable() => return Err(fault),
                Err(fault) => {
                    let attempts = if fact.n == self.n { self.attempts + 1 } else { 1 };
                    tracing::warn!(
                        listener = listener.name,
                        fact = fact.id,
                        attempts,
                        ?fault,
                        "subject stays parked"
                    );
                    self.put_off(tx, fact, attempts, &fault)?;
                    return Ok(if taken > 0 { Retried::Took(taken) } else { Retried::StillParked });
                }
            }
        }
        match behind {
            Some(next) => self.go_on_from(tx, next)?,
            None => self.release(tx)?,
        }
        Ok(Retried::Took(taken))
    }

    fn put_off(&self, tx: &mut Tx<'_>, fact: &RecordedFact, attempts: i64, fault: &Fault) -> Result<()> {
        let retry_at = backoff::retry_at(tx.now(), attempts);
        tx.put(
            sql!(
                "update parked_subject
                 set n = :n, fact_id = :fact_id, fact_kind = :fact_kind, attempts = :attempts,
                   retry_at = :retry_at, last_error = :last_error
                 where listener = :listener and company_id = :company_id
                   and subject_kind = :subject_kind and subject_id = :subject_id"
            ),
            params![
                n: fact.n, fact_id: fact.id, fact_kind: &fact.kind, attempts: attempts,
                retry_at: retry_at, last_error: backoff::told(fault),
                listener: &self.listener, company_id: self.company,
                subject_kind: &self.subject_kind, subject_id: self.subject_id,
            ],
        )
    }

    fn go_on_from(&self, tx: &mut Tx<'_>, fact: &RecordedFact) -> Result<()> {
        tx.put(
            sql!(
                "update parked_subject
                 set n = :n, fact_id = :fact_id, fact_kind = :fact_kind, attempts = 0
                 where listener = :listener and company_id = :company_id
                   and subject_kind = :subject_kind and subject_id = :subject_id"
            ),
            params![
                n: fact.n, fact_id: fact.id, fact_kind: &fact.kind,
                listener: &self.listener, company_id: self.company,
                subject_kind: &self.subject_kind, subject_id: self.subject_id,
            ],
        )
    }

    fn release(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.put(
            sql!(
                "delete from parked_subject
                 where listener = :listener and company_id = :company_id
                   and subject_kind = :subject_kind and subject_id = :subject_id"
            ),
            params![
                listener: &self.listener, company_id: self.company,
                subject_kind: &self.subject_kind, subject_id: self.subject_id,
            ],
        )
    }
}

fn names(listeners: &[Listener]) -> String {
    crate::listed(listeners.iter().map(|listener| listener.name))
}
