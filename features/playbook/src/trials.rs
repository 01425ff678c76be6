//! A draft that is asked about past orders, in the background: how far it is and what came of it.

use std::sync::Arc;

use takt_kernel::{CompanyId, Fault, Id, Result, Timestamp};
use takt_staff::Permit;
use takt_store::{Query, Row, Tx, params, sql};
use takt_work::{
    JobEnd, JobKind, JobRun,
    jobs::{NewJob, enqueue},
};

use crate::{
    checked::Checked,
    drafts::{self, DraftId},
    policy::ManagePlaybook,
    replay::{BackTest, Running, Span},
};

pub enum TrialTag {}
pub type TrialId = Id<TrialTag>;

pub const JOB: &str = "playbook.backtest";
const SHOWN: i64 = 10;
/// How far it is is written down this often, in pages of orders.
const TOLD_EVERY: usize = 5;
const MOST_ATTEMPTS: i64 = 3;
/// What has not come to its end by then was broken off so that nobody could write it down.
const LONGEST_SECONDS: i64 = 6 * 3_600;

#[derive(Clone, Debug)]
pub struct Trial {
    pub id: TrialId,
    pub draft: DraftId,
    pub span: Span,
    pub asked_at: Timestamp,
    pub orders: i64,
    pub percent: i64,
    pub ended_at: Option<Timestamp>,
    /// The code of what broke it off.
    pub failed: Option<String>,
    pub outcome: Option<BackTest>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    UnderWay,
    Ended,
    BrokeOff,
}

impl Trial {
    pub fn state(&self, now: Timestamp) -> State {
        if self.ended_at.is_some() {
            State::Ended
        } else if self.failed.is_some() || self.asked_at.plus_seconds(LONGEST_SECONDS) < now {
            State::BrokeOff
        } else {
            State::UnderWay
        }
    }
}

/// Asks a draft, as it was read, about the orders of a span.
///
/// # Errors
/// `playbook.draft_missing`, `playbook.span_unfit`, `playbook.trial_under_way`: one at a time of each company, as all
/// of them wait in one line.
pub fn ask(
    tx: &mut Tx,
    permit: &Permit<ManagePlaybook>,
    (draft, checked): (DraftId, &Checked),
    span: Span,
) -> Result<TrialId> {
    let company = permit.company();
    span.check()?;
    checked.is_of(&drafts::get(tx, company, draft)?.document)?;
    let now = tx.now();
    if latest(tx, company)?.iter().any(|trial| trial.state(now) == State::UnderWay) {
        return Err(Fault::conflict("playbook.trial_under_way"));
    }
    let id: TrialId = tx.new_id();
    let asked_by = serde_json::to_string(permit.actor())
        .map_err(|error| Fault::broken("playbook.actor_unwritable").because(error))?;
    tx.put(
        sql!(
            "insert into playbook_trial (company_id, id, draft_id, first_at, last_at, asked_by, asked_at, orders, percent,
               ended_at, outcome)
             values (:company_id, :id, :draft_id, :first_at, :last_at, :asked_by, :now, 0, 0, null, null)"
        ),
        params![
            company_id: company, id: id, draft_id: draft, first_at: span.from, last_at: span.to,
            asked_by: asked_by, now: now,
        ],
    )?;
    let job = NewJob {
        company,
        kind: JOB,
        key: Some(id.to_string()),
        payload: serde_json::json!({ "trial": id }),
        run_at: now,
    };
    enqueue(tx, job)?;
    Ok(id)
}

/// # Errors
/// `playbook.trial_missing`.
pub fn get(db: &mut dyn Query, company: CompanyId, id: TrialId) -> Result<Trial> {
    let row = db.opt(
        sql!(
            "select id, draft_id, first_at, last_at, asked_at, orders, percent, ended_at, failed, outcome
             from playbook_trial
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: id],
    )?;
    read(&row.ok_or_else(|| Fault::missing("playbook.trial_missing"))?)
}

/// The latest, newest first.
///
/// # Errors
/// Faults of the store.
pub fn latest(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Trial>> {
    let rows = db.all(
        sql!(
            "select id, draft_id, first_at, last_at, asked_at, orders, percent, ended_at, failed,
               cast(null as text) as outcome
             from playbook_trial
             where company_id = :company_id
             order by asked_at desc, id desc
             limit :limit"
        ),
        params![company_id: company, limit: SHOWN],
    )?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Trial> {
    let outcome = match row.get::<Option<String>>("outcome")? {
        Some(_) => Some(row.json("outcome")?),
        None => None,
    };
    Ok(Trial {
        id: row.get("id")?,
        draft: row.get("draft_id")?,
        span: Span { from: row.get("first_at")?, to: row.get("last_at")? },
        asked_at: row.get("asked_at")?,
        orders: row.get("orders")?,
        percent: row.get("percent")?,
        ended_at: row.get("ended_at")?,
        failed: row.get("failed")?,
        outcome,
    })
}

/// Runs again from its beginning after a crash: it changes nothing but its own row.
pub(crate) fn job() -> JobKind {
    JobKind {
        kind: JOB,
        does: "asks a draft of the playbook about past orders",
        concurrency: 1,
        max_attempts: MOST_ATTEMPTS,
        run: Arc::new(|run| Box::pin(attempt(run))),
    }
}

/// Whoever waits for it is told when it will not come to its end.
async fn attempt(run: JobRun) -> Result<JobEnd> {
    let unreadable = || Fault::broken("playbook.trial_missing");
    let id =
        TrialId::new(run.payload.get("trial").and_then(serde_json::Value::as_i64).ok_or_else(unreadable)?);
    let (db, company, last) = (run.db.clone(), run.company, run.attempt >= MOST_ATTEMPTS);
    let end = asked(run, id).await;
    let code = match &end {
        Ok(JobEnd::GiveUp(fault)) => Some(fault.code().to_owned()),
        Err(fault) if last => Some(fault.code().to_owned()),
        _ => None,
    };
    if let Some(code) = code {
        db.write("playbook.trial_failed", move |tx| failed(tx, company, id, &code)).await?;
    }
    end
}

async fn asked(run: JobRun, id: TrialId) -> Result<JobEnd> {
    let company = run.company;
    let (trial, text) = run
        .db
        .read("playbook.trial", move |reader| {
            let trial = get(reader, company, id)?;
            let text = drafts::get(reader, company, trial.draft)?.document;
            Ok((trial, text))
        })
        .await?;
    let playbook = match Checked::apart(text).await {
        Ok(checked) => checked.playbook,
        Err(fault) if !fault.fields().is_empty() => return Ok(JobEnd::GiveUp(fault)),
        Err(fault) => return Err(fault),
    };
    let mut running = Running::begin(&run.db, company, playbook, trial.span).await?;
    let mut pages = 0_usize;
    while let Some(progress) = running.step().await? {
        pages += 1;
        if pages.is_multiple_of(TOLD_EVERY) {
            let orders = i64::try_from(progress.orders).unwrap_or(i64::MAX);
            run.db
                .write("playbook.trial_progress", move |tx| told(tx, company, id, orders, progress.percent))
                .await?;
        }
    }
    let outcome = running.end();
    run.db.write("playbook.trial_end", move |tx| ended(tx, company, id, &outcome)).await?;
    Ok(JobEnd::Done)
}

fn told(tx: &mut Tx, company: CompanyId, id: TrialId, orders: i64, percent: i64) -> Result<()> {
    tx.put(
        sql!(
            "update playbook_trial
             set orders = :orders, percent = :percent
             where company_id = :company_id and id = :id"
        ),
        params![orders: orders, percent: percent, company_id: company, id: id],
    )
}

fn failed(tx: &mut Tx, company: CompanyId, id: TrialId, code: &str) -> Result<()> {
    tx.put(
        sql!("update playbook_trial set failed = :code where company_id = :company_id and id = :id"),
        params![code: code, company_id: company, id: id],
    )
}

fn ended(tx: &mut Tx, company: CompanyId, id: TrialId, outcome: &BackTest) -> Result<()> {
    let orders = i64::try_from(outcome.orders).unwrap_or(i64::MAX);
    let now = tx.now();
    let outcome = serde_json::to_string(outcome)
        .map_err(|error| Fault::broken("playbook.outcome_unwritable").because(error))?;
    tx.put(
        sql!(
            "update playbook_trial
             set orders = :orders, percent = 100, ended_at = :now, outcome = :outcome
             where company_id = :company_id and id = :id"
        ),
        params![orders: orders, now: now, outcome: outcome, company_id: company, id: id],
    )
}
