use serde_json::Value as Json;
use takt_kernel::{Actor, CompanyId, Result, Timestamp};
use takt_staff::{Calendar, Role, absences, settings};
use takt_store::{About, Query, Tx, params, sql};
use takt_work::{DueTimer, timers};

use super::{DEADLINE, lock};
use crate::{
    Ladder, Task, TaskId,
    facts::{self, Escalated},
    task::above,
};

/// Company setting: working minutes that whoever was asked last has before the next above is asked.
pub(crate) const ESCALATE_AFTER: &str = "tasks.escalate_after_minutes";
pub(crate) const USUAL_MINUTES: i64 = 15;

/// Asks the next above who is there for a task that is not done: operator, manager, owner. Answers whether there
/// was somebody to ask.
///
/// # Errors
/// `tasks.missing`.
pub fn escalate(tx: &mut Tx, company: CompanyId, task: TaskId, actor: &Actor) -> Result<bool> {
    let task = lock(tx, company, task)?;
    if task.is_closed() {
        return Ok(false);
    }
    escalate_locked(tx, &task, actor)
}

fn escalate_locked(tx: &mut Tx, task: &Task, actor: &Actor) -> Result<bool> {
    let from = task.escalated_to.unwrap_or(task.role);
    let (to, again_at) = match Ladder::of(task) {
        Some(ladder) => climb(tx, task, &ladder)?,
        None => climb_as_usual(tx, task, from)?,
    };
    let Some(to) = to else {
        write(tx, task, from, None)?;
        return Ok(false);
    };
    write(tx, task, to, again_at)?;
    let key = task.id.to_string();
    match again_at {
        Some(at) => timers::set(tx, task.company, DEADLINE, &key, facts::subject(task.id), at, &Json::Null)?,
        None => timers::cancel(tx, task.company, DEADLINE, &key)?,
    }
    let fact = Escalated { kind: task.kind.clone(), order: task.order, from, to, due_at: task.due_at };
    tx.say(About::new(task.company, facts::subject(task.id), actor), &fact)?;
    Ok(true)
}

/// Who is asked now, and when the next one is. A rung of which everybody is away is passed over as long as there is one
/// above it.
fn climb(tx: &mut Tx, task: &Task, ladder: &Ladder) -> Result<(Option<Role>, Option<Timestamp>)> {
    let (mut now, mut then) = ladder.next(task.escalated_to);
    while let (Some(rung), Some(higher)) = (now, then)
        && absences::all_away(tx, task.company, rung.role)?
    {
        (now, then) = (Some(higher), ladder.next(Some(higher.role)).0);
    }
    let asked_at = tx.now();
    let again_at = match (now, then) {
        (Some(_), Some(then)) => Some(ladder.moment(tx, task.company, asked_at, then)?),
        _ => None,
    };
    Ok((now.map(|rung| rung.role), again_at))
}

fn climb_as_usual(tx: &mut Tx, task: &Task, from: Role) -> Result<(Option<Role>, Option<Timestamp>)> {
    let to = present_above(tx, task.company, from)?;
    let again_at = match to.and_then(above) {
        Some(_) => Some(next_moment(tx, task.company)?),
        None => None,
    };
    Ok((to, again_at))
}

/// Who is away cannot be asked; above the owner there is nobody.
fn present_above(tx: &mut Tx, company: CompanyId, from: Role) -> Result<Option<Role>> {
    let mut to = above(from);
    while let Some((role, higher)) = to.and_then(|role| Some((role, above(role)?))) {
        if !absences::all_away(tx, company, role)? {
            break;
        }
        to = Some(higher);
    }
    Ok(to)
}

fn next_moment(tx: &mut Tx, company: CompanyId) -> Result<Timestamp> {
    let minutes = settings::get::<i64>(tx, company, ESCALATE_AFTER)?.unwrap_or(USUAL_MINUTES).max(1);
    let calendar = Calendar::of(tx, company)?;
    Ok(calendar.add_working_seconds(tx.now(), minutes.saturating_mul(60)))
}

fn write(tx: &mut Tx, task: &Task, to: Role, again_at: Option<Timestamp>) -> Result<()> {
    let escalated_to = if to == task.role { None } else { Some(to.code()) };
    tx.put(
        sql!(
            "update task
             set escalated_to = :escalated_to, escalates_at = :escalates_at
             where company_id = :company_id and id = :id"
        ),
        params![escalated_to: escalated_to, escalates_at: again_at, company_id: task.company, id: task.id],
    )
}

/// What the timer does. It looks at the task as it is now: one that was done, or whose moment was
/// moved, is left alone.
///
/// # Errors
/// Faults of the store.
pub fn fire_deadline(tx: &mut Tx, timer: &DueTimer) -> Result<()> {
    let row = tx.opt(
        sql!(
            "select id, escalates_at
             from task
             where company_id = :company_id and id = :id and state in ('open', 'taken')
             {pg:for update|sqlite:}"
        ),
        params![company_id: timer.company, id: timer.subject_id],
    )?;
    let Some(row) = row else { return Ok(()) };
    match row.get::<Option<Timestamp>>("escalates_at")? {
        Some(at) if at <= tx.now() => {
            escalate(tx, timer.company, row.get("id")?, &Actor::system(DEADLINE)).map(|_| ())
        }
        Some(at) => {
            let task: TaskId = row.get("id")?;
            timers::set(tx, timer.company, DEADLINE, &timer.key, facts::subject(task), at, &Json::Null)
        }
        None => Ok(()),
    }
}
