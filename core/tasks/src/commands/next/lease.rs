//! What was given is somebody's for a while.

use serde_json::Value as Json;
use takt_kernel::{Actor, CompanyId, PersonId, Result, Timestamp};
use takt_orders::{OrderId, record_given_back};
use takt_staff::settings;
use takt_store::{About, Query, RecordedFact, Tx, params, sql};
use takt_work::{DueTimer, timers};

use crate::{
    Task, TaskId,
    commands::LEASE,
    facts::{self, LeaseEnded},
    of_order,
    task::task_columns,
};

/// Company setting: minutes in which something has to be done with a task that was given.
pub(crate) const LEASE_MINUTES: &str = "tasks.lease_minutes";
pub(crate) const USUAL_LEASE_MINUTES: i64 = 10;
/// Facts of the order, the last of them, that tell whether somebody is at work on it.
const LOOKED_THROUGH: i64 = 200;

pub(super) fn lease_minutes(db: &mut dyn Query, company: CompanyId) -> Result<i64> {
    Ok(settings::get::<i64>(db, company, LEASE_MINUTES)?.unwrap_or(USUAL_LEASE_MINUTES).max(1))
}

pub(super) fn set_timer(tx: &mut Tx, company: CompanyId, task: TaskId, until: Timestamp) -> Result<()> {
    timers::set(tx, company, LEASE, &task.to_string(), facts::subject(task), until, &Json::Null)
}

/// What the timer does: a task with which nothing was done goes back to its role, and its order, of whose time that
/// was, among those that nobody has. Whoever is at work on its order
/// keeps it for as long again.
///
/// # Errors
/// Faults of the store.
pub fn fire_lease(tx: &mut Tx, timer: &DueTimer) -> Result<()> {
    let row = tx.opt(
        sql!(concat!(
            "select leased_at, ",
            task_columns!(),
            " from task
              where company_id = :company_id and id = :id and state = 'taken' and leased_until is not null
              {pg:for update|sqlite:}"
        )),
        params![company_id: timer.company, id: timer.subject_id],
    )?;
    let Some(row) = row else { return Ok(()) };
    let (task, since) = (Task::read(&row)?, row.get::<Timestamp>("leased_at")?);
    let now = tx.now();
    if let Some(until) = task.leased_until.filter(|until| *until > now) {
        return set_timer(tx, task.company, task.id, until);
    }
    if is_at_work(tx, &task, since)? {
        let until = now.plus_seconds(lease_minutes(tx, task.company)? * 60);
        tx.put(
            sql!(
                "update task
                 set leased_at = :now, leased_until = :until
                 where company_id = :company_id and id = :id"
            ),
            params![now: now, until: until, company_id: task.company, id: task.id],
        )?;
        return set_timer(tx, task.company, task.id, until);
    }
    tx.put(
        sql!(
            "update task
             set state = 'open', assignee = null, taken_at = null, leased_at = null, leased_until = null
             where company_id = :company_id and id = :id"
        ),
        params![company_id: task.company, id: task.id],
    )?;
    let fact = LeaseEnded { kind: task.kind.clone(), order: task.order, person: task.assignee() };
    let actor = Actor::system(LEASE);
    tx.say(About::new(task.company, facts::subject(task.id), &actor), &fact)?;
    match (task.order, task.assignee()) {
        (Some(order), Some(person)) if !has_another(tx, &task, order, person)? => {
            record_given_back(tx, task.company, order, person, &actor).map(|_| ())
        }
        _ => Ok(()),
    }
}

/// Whether somebody has another task of the order in hand.
fn has_another(tx: &mut Tx, task: &Task, order: OrderId, person: PersonId) -> Result<bool> {
    let tasks = of_order(tx, task.company, order)?;
    Ok(tasks
        .iter()
        .any(|other| other.id != task.id && other.assignee() == Some(person) && !other.is_closed()))
}

/// Whether whoever holds it has done anything with its order since.
fn is_at_work(tx: &mut Tx, task: &Task, since: Timestamp) -> Result<bool> {
    let (Some(order), Some(person)) = (task.order, task.assignee()) else { return Ok(false) };
    let (kind, id) = (takt_orders::facts::SUBJECT, order.get());
    let last = takt_store::facts::last_of_subject(tx, task.company, kind, id)?;
    let after = last.saturating_sub(LOOKED_THROUGH).max(0);
    let said = takt_store::facts::of_subject(tx, task.company, kind, id, after, LOOKED_THROUGH)?;
    let done = |fact: &RecordedFact| {
        fact.at > since && fact.kind != takt_orders::facts::TAKEN && fact.actor.person() == Some(person)
    };
    Ok(said.iter().any(done))
}
