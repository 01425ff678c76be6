use takt_kernel::{Actor, CompanyId, Fault, Result};
use takt_orders::OrderId;
use takt_staff::Permit;
use takt_store::{About, Query, Tx, params, sql};
use takt_work::timers;

use super::{DEADLINE, check_role, lock};
use crate::{
    DoTasks, State, Task, TaskId,
    facts::{self, Closed},
    task::{may_do_all, task_columns},
};

const LONGEST_OUTCOME: usize = 100;

/// Closes a task with its outcome, taken or not.
///
/// # Errors
/// `tasks.missing`, `tasks.other_role`, `tasks.taken_already` by somebody else,
/// `tasks.closed_already`, `tasks.outcome_malformed`.
pub fn close(tx: &mut Tx, permit: &Permit<DoTasks>, task: TaskId, outcome: &str) -> Result<()> {
    let outcome = outcome.trim();
    if outcome.is_empty() || outcome.len() > LONGEST_OUTCOME {
        return Err(Fault::field("outcome", "tasks.outcome_malformed"));
    }
    let task = lock(tx, permit.company(), task)?;
    match task.state {
        State::Open => check_role(&task, permit.roles())?,
        State::Taken { by, .. } if by == permit.actor().person() || may_do_all(permit.roles()) => {}
        State::Taken { .. } => return Err(Fault::conflict("tasks.taken_already")),
        State::Closed { .. } => return Err(Fault::conflict("tasks.closed_already")),
    }
    write(tx, &task, outcome, permit.actor())
}

/// Closes the tasks of one kind that an order still has; answers how many there were.
///
/// # Errors
/// Faults of the store.
pub fn close_for_order(
    tx: &mut Tx,
    company: CompanyId,
    order: OrderId,
    kind: &str,
    outcome: &str,
    actor: &Actor,
) -> Result<usize> {
    let mut tasks = unfinished(tx, company, order)?;
    tasks.retain(|task| task.kind == kind);
    write_all(tx, &tasks, outcome, actor)
}

/// Closes every task that an order still has, whatever its kind.
///
/// # Errors
/// Faults of the store.
pub fn close_all_for_order(
    tx: &mut Tx,
    company: CompanyId,
    order: OrderId,
    outcome: &str,
    actor: &Actor,
) -> Result<usize> {
    let tasks = unfinished(tx, company, order)?;
    write_all(tx, &tasks, outcome, actor)
}

/// Closes the task that was opened under this key, if it is still to do. Answers whether it was.
///
/// # Errors
/// Faults of the store.
pub fn close_keyed(tx: &mut Tx, company: CompanyId, key: &str, outcome: &str, actor: &Actor) -> Result<bool> {
    let row = tx.opt(
        sql!(concat!(
            "select ",
            task_columns!(),
            " from task
              where company_id = :company_id and task_key = :task_key and state in ('open', 'taken')
              {pg:for update|sqlite:}"
        )),
        params![company_id: company, task_key: key],
    )?;
    let Some(row) = row else { return Ok(false) };
    write(tx, &Task::read(&row)?, outcome, actor)?;
    Ok(true)
}

fn unfinished(tx: &mut Tx, company: CompanyId, order: OrderId) -> Result<Vec<Task>> {
    let rows = tx.all(
        sql!(concat!(
            "select ",
            task_columns!(),
            " from task
              where company_id = :company_id and order_id = :order_id and state in ('open', 'taken')
              order by id
              limit 1000
              {pg:for update|sqlite:}"
        )),
        params![company_id: company, order_id: order],
    )?;
    rows.iter().map(Task::read).collect()
}

fn write_all(tx: &mut Tx, tasks: &[Task], outcome: &str, actor: &Actor) -> Result<usize> {
    for task in tasks {
        write(tx, task, outcome, actor)?;
    }
    Ok(tasks.len())
}

/// Whoever closes a task that nobody took has done it.
fn write(tx: &mut Tx, task: &Task, outcome: &str, actor: &Actor) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update task
             set state = 'closed', assignee = coalesce(assignee, :person), closed_at = :now, outcome = :outcome,
               escalates_at = null
             where company_id = :company_id and id = :id"
        ),
        params![
            person: actor.person(), now: now, outcome: outcome, company_id: task.company, id: task.id,
        ],
    )?;
    timers::cancel(tx, task.company, DEADLINE, &task.id.to_string())?;
    let fact = Closed { kind: task.kind.clone(), order: task.order, outcome: outcome.to_owned() };
    tx.say(About::new(task.company, facts::subject(task.id), actor), &fact)
}
