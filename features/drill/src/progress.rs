//! How far somebody is. Tasks are ticked by what is heard of the practice company; the time that is counted is that
//! between one deed and the next, so that a cup of tea is nobody's.

use std::collections::{BTreeMap, BTreeSet};

use takt_kernel::{Actor, CompanyId, Fault, PersonId, Result, Timestamp};
use takt_orders::{OrderId, facts as orders};
use takt_store::{Query, RecordedFact, Tx, params, sql};
use takt_work::Listener;

use crate::{
    Task,
    facts::{self, Begun, Passed, TaskDone, Told},
};

/// Whoever does nothing for longer is away.
const LONGEST_PAUSE_SECONDS: i64 = 300;

pub(crate) const LISTENER: Listener = Listener {
    name: "drill.progress",
    hears: &[orders::COMMENTED, orders::PLACED, orders::CONFIRMED, orders::PAID, orders::SHIPPED],
    does: "ticks the task of the drill that somebody in a practice company has done",
    react: heard,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    pub company: CompanyId,
    pub person: PersonId,
    pub done: BTreeSet<Task>,
    /// The ready-made orders, by the task they are for.
    pub orders: BTreeMap<Task, OrderId>,
    pub worked_seconds: i64,
    pub seen_at: Timestamp,
    pub passed_at: Option<Timestamp>,
}

impl Progress {
    /// The first that is not done.
    pub fn next(&self) -> Option<Task> {
        Task::ALL.into_iter().find(|task| !self.done.contains(task))
    }
}

pub(crate) fn begin(
    tx: &mut Tx,
    company: CompanyId,
    person: PersonId,
    made: &BTreeMap<Task, OrderId>,
) -> Result<()> {
    let made: serde_json::Map<String, serde_json::Value> =
        made.iter().map(|(task, order)| (task.code().to_owned(), order.get().into())).collect();
    tx.put(
        sql!(
            "insert into drill (company_id, person_id, orders, worked_seconds, seen_at, passed_at)
             values (:company_id, :person_id, :orders, 0, :now, null)"
        ),
        params![
            company_id: company, person_id: person, orders: serde_json::Value::Object(made).to_string(),
            now: tx.now(),
        ],
    )?;
    tx.say(facts::about(company, &Actor::Person { person }), &Begun { person })
}

/// None in a company in which nobody practises.
///
/// # Errors
/// Faults of the store.
pub fn of_company(db: &mut dyn Query, company: CompanyId) -> Result<Option<Progress>> {
    let row = db.opt(
        sql!(
            "select company_id, person_id, orders, worked_seconds, seen_at, passed_at
             from drill
             where company_id = :company_id"
        ),
        params![company_id: company],
    )?;
    let Some(row) = row else { return Ok(None) };
    let made: BTreeMap<String, i64> = row.json("orders")?;
    let done = db.all(
        sql!(
            "select task
             from drill_done
             where company_id = :company_id
             order by task
             limit 20"
        ),
        params![company_id: company],
    )?;
    let done = done.iter().map(|row| row.get::<String>("task")).collect::<Result<Vec<_>>>()?;
    Ok(Some(Progress {
        company,
        person: row.get("person_id")?,
        done: done.iter().filter_map(|task| Task::from_code(task)).collect(),
        orders: made
            .iter()
            .filter_map(|(task, order)| Some((Task::from_code(task)?, OrderId::new(*order))))
            .collect(),
        worked_seconds: row.get("worked_seconds")?,
        seen_at: row.get("seen_at")?,
        passed_at: row.get("passed_at")?,
    }))
}

fn heard(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    if !takt_staff::practice::is(tx, fact.company)? {
        return Ok(());
    }
    let Some(progress) = of_company(tx, fact.company)? else { return Ok(()) };
    if fact.actor.person() != Some(progress.person) || progress.passed_at.is_some() {
        return Ok(());
    }
    let made_for = |task: Task| progress.orders.get(&task).copied();
    match Task::of_fact(fact, progress.person, made_for) {
        Some(task) => finish(tx, &progress, task, fact.at),
        None => worked(tx, &progress, fact.at).map(|_| ()),
    }
}

/// Something was read and is told. A wrong answer costs nothing but the time.
///
/// # Errors
/// Field fault `drill.not_right` at the name of the task; `drill.nothing_to_tell`.
pub(crate) fn tell(tx: &mut Tx, company: CompanyId, person: PersonId, task: Task, right: bool) -> Result<()> {
    let progress = of_company(tx, company)?.filter(|progress| progress.person == person);
    let progress =
        progress.filter(|_| task.is_told()).ok_or_else(|| Fault::conflict("drill.nothing_to_tell"))?;
    if progress.done.contains(&task) {
        return Ok(());
    }
    if !right {
        return Err(Fault::field(task.code(), "drill.not_right"));
    }
    tx.say(facts::about(company, &Actor::Person { person }), &Told { task: task.code().to_owned() })?;
    let now = tx.now();
    finish(tx, &progress, task, now)
}

/// Answers the time that was worked.
fn worked(tx: &mut Tx, progress: &Progress, at: Timestamp) -> Result<i64> {
    let since = at.seconds_since(progress.seen_at).clamp(0, LONGEST_PAUSE_SECONDS);
    let worked = progress.worked_seconds + since;
    tx.put(
        sql!(
            "update drill
             set worked_seconds = :worked, seen_at = :at
             where company_id = :company_id"
        ),
        params![worked: worked, at: at.max(progress.seen_at), company_id: progress.company],
    )?;
    Ok(worked)
}

fn finish(tx: &mut Tx, progress: &Progress, task: Task, at: Timestamp) -> Result<()> {
    let seconds = worked(tx, progress, at)?;
    let ticked = tx.execute(
        sql!(
            "insert into drill_done (company_id, task, done_at)
             values (:company_id, :task, :at)
             on conflict (company_id, task) do nothing"
        ),
        params![company_id: progress.company, task: task.code(), at: at],
    )?;
    if ticked == 0 {
        return Ok(());
    }
    let actor = Actor::Person { person: progress.person };
    let about = || facts::about(progress.company, &actor);
    tx.say(about(), &TaskDone { task: task.code().to_owned() })?;
    let mut done = progress.done.clone();
    done.insert(task);
    if done.len() < Task::ALL.len() {
        return Ok(());
    }
    tx.put(
        sql!(
            "update drill
             set passed_at = :at
             where company_id = :company_id"
        ),
        params![at: at, company_id: progress.company],
    )?;
    tx.say(about(), &Passed { person: progress.person, seconds })
}
