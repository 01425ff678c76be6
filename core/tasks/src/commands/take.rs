use takt_kernel::{Fault, Result};
use takt_staff::{Permit, desk_of};
use takt_store::{About, Query, Tx, params, sql};
use takt_work::timers;

use super::{LEASE, check_role, check_shop, lock, read, reroute::check_here};
use crate::{
    DoTasks, State, Task, TaskId,
    facts::{self, Released, Taken},
    task::may_do_all,
};

/// "I do this." Taking one's own task again is nothing, but what was given for a while stays with whoever takes it
/// so; the order's clock goes from the queue to
/// whoever took it.
///
/// # Errors
/// `tasks.missing`, `tasks.other_role`, `tasks.taken_already`, `tasks.closed_already`,
/// `tasks.you_are_away`.
pub fn take(tx: &mut Tx, permit: &Permit<DoTasks>, task: TaskId) -> Result<()> {
    let company = permit.company();
    let person = permit.actor().person();
    // Not locked: whoever changes an order closes its tasks after it, so the order comes first here as
    // well. On PostgreSQL a neighbour's change of the task makes this run again (repeatable read).
    let task = read(tx, company, task)?;
    check_shop(&task, permit)?;
    check_role(&task, permit.roles())?;
    match task.state {
        State::Open => {}
        State::Taken { by, .. } if by == person && task.leased_until.is_some() => return keep(tx, &task),
        State::Taken { by, .. } if by == person => return Ok(()),
        State::Taken { .. } => return Err(Fault::conflict("tasks.taken_already")),
        State::Closed { .. } => return Err(Fault::conflict("tasks.closed_already")),
    }
    let desk = desk_of(tx, company)?;
    check_here(tx, person, desk, company)?;
    if let Some(order) = task.order {
        takt_orders::record_taken(tx, company, order, permit.actor())?;
    }
    let now = tx.now();
    tx.put(
        sql!(
            "update task
             set state = 'taken', assignee = :person, taken_at = :now, handed_from = null, handed_to = null,
               handed_role = null
             where company_id = :company_id and id = :id"
        ),
        params![person: person, now: now, company_id: company, id: task.id],
    )?;
    let fact = Taken { kind: task.kind, order: task.order, person, leased_until: None };
    tx.say(About::new(company, facts::subject(task.id), permit.actor()), &fact)
}

/// Gives a taken task back to its role.
///
/// # Errors
/// `tasks.missing`, `tasks.taken_already` by somebody else, `tasks.not_taken`, `tasks.closed_already`.
pub fn release(tx: &mut Tx, permit: &Permit<DoTasks>, task: TaskId) -> Result<()> {
    let company = permit.company();
    let task = lock(tx, company, task)?;
    check_shop(&task, permit)?;
    match task.state {
        State::Taken { by, .. } if by == permit.actor().person() || may_do_all(permit.roles()) => {}
        State::Taken { .. } => return Err(Fault::conflict("tasks.taken_already")),
        State::Open => return Err(Fault::conflict("tasks.not_taken")),
        State::Closed { .. } => return Err(Fault::conflict("tasks.closed_already")),
    }
    let now = tx.now();
    tx.put(
        sql!(
            "update task
             set state = 'open', assignee = null, taken_at = null, leased_at = null, leased_until = null,
               put_back_by = :person, put_back_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![person: permit.actor().person(), now: now, company_id: company, id: task.id],
    )?;
    if task.leased_until.is_some() {
        timers::cancel(tx, company, LEASE, &task.id.to_string())?;
    }
    let fact = Released { kind: task.kind, order: task.order };
    tx.say(About::new(company, facts::subject(task.id), permit.actor()), &fact)
}

fn keep(tx: &mut Tx, task: &Task) -> Result<()> {
    tx.put(
        sql!(
            "update task
             set leased_at = null, leased_until = null
             where company_id = :company_id and id = :id"
        ),
        params![company_id: task.company, id: task.id],
    )?;
    timers::cancel(tx, task.company, LEASE, &task.id.to_string())
}
