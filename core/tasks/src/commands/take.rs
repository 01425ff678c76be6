use takt_kernel::{CompanyId, Fault, PersonId, Result, Timestamp};
use takt_staff::Permit;
use takt_store::{About, Query, Tx, params, sql};

use super::{check_role, lock, read};
use crate::{
    DoTasks, State, TaskId,
    facts::{self, Released, Taken},
    task::may_do_all,
};

/// "I do this." Taking one's own task again is nothing; the order's clock goes from the queue to
/// whoever took it.
///
/// # Errors
/// `tasks.missing`, `tasks.other_role`, `tasks.taken_already`, `tasks.closed_already`.
pub fn take(tx: &mut Tx, permit: &Permit<DoTasks>, task: TaskId) -> Result<()> {
    let company = permit.company();
    let person = permit.actor().person();
    // Not locked: whoever changes an order closes its tasks after it, so the order comes first here as
    // well. On PostgreSQL a neighbour's change of the task makes this run again (repeatable read).
    let task = read(tx, company, task)?;
    check_role(&task, permit.roles())?;
    match task.state {
        State::Open => {}
        State::Taken { by, .. } if by == person => return Ok(()),
        State::Taken { .. } => return Err(Fault::conflict("tasks.taken_already")),
        State::Closed { .. } => return Err(Fault::conflict("tasks.closed_already")),
    }
    if let Some(order) = task.order {
        takt_orders::record_taken(tx, company, order, permit.actor())?;
    }
    let now = tx.now();
    write(tx, company, task.id, "taken", person, Some(now))?;
    let fact = Taken { kind: task.kind, order: task.order, person };
    tx.say(About::new(company, facts::subject(task.id), permit.actor()), &fact)
}

/// Gives a taken task back to its role.
///
/// # Errors
/// `tasks.missing`, `tasks.taken_already` by somebody else, `tasks.not_taken`, `tasks.closed_already`.
pub fn release(tx: &mut Tx, permit: &Permit<DoTasks>, task: TaskId) -> Result<()> {
    let company = permit.company();
    let task = lock(tx, company, task)?;
    match task.state {
        State::Taken { by, .. } if by == permit.actor().person() || may_do_all(permit.roles()) => {}
        State::Taken { .. } => return Err(Fault::conflict("tasks.taken_already")),
        State::Open => return Err(Fault::conflict("tasks.not_taken")),
        State::Closed { .. } => return Err(Fault::conflict("tasks.closed_already")),
    }
    write(tx, company, task.id, "open", None, None)?;
    let fact = Released { kind: task.kind, order: task.order };
    tx.say(About::new(company, facts::subject(task.id), permit.actor()), &fact)
}

fn write(
    tx: &mut Tx,
    company: CompanyId,
    task: TaskId,
    state: &str,
    assignee: Option<PersonId>,
    taken_at: Option<Timestamp>,
) -> Result<()> {
    tx.put(
        sql!(
            "update task
             set state = :state, assignee = :assignee, taken_at = :taken_at
             where company_id = :company_id and id = :id"
        ),
        params![state: state, assignee: assignee, taken_at: taken_at, company_id: company, id: task],
    )
}
