mod close;
mod escalate;
mod next;
mod open;
mod reroute;
mod take;

pub use close::{close, close_all_for_order, close_for_order, close_keyed};
pub use escalate::{escalate, fire_deadline};
pub use next::{fire_lease, take_next};
pub use open::{NewTask, answer_minutes, free_key, open, open_for};
pub use take::{release, take};

pub(crate) use escalate::{ESCALATE_AFTER, USUAL_MINUTES};
pub(crate) use next::{LEASE_MINUTES, USUAL_LEASE_MINUTES};
pub(crate) use open::{ANSWER_MINUTES, urgent_at};
pub(crate) use reroute::{at_work_for, give_back, hand_on, let_go_of};

use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::{Permit, RoleSet};
use takt_store::{Query, Tx, params, sql};

use crate::{DoTasks, Task, TaskId, task::task_columns};

/// Timers of deadlines, keyed by the task's id.
pub(crate) const DEADLINE: &str = "tasks.deadline";
/// Timers of what was given, keyed by the task's id.
pub(crate) const LEASE: &str = "tasks.lease";

fn lock(tx: &mut Tx, company: CompanyId, task: TaskId) -> Result<Task> {
    let row = tx.opt(
        sql!(concat!(
            "select ",
            task_columns!(),
            " from task
              where company_id = :company_id and id = :id
              {pg:for update|sqlite:}"
        )),
        params![company_id: company, id: task],
    )?;
    Task::read(&row.ok_or_else(|| Fault::missing("tasks.missing").arg("given", task))?)
}

fn read(tx: &mut Tx, company: CompanyId, task: TaskId) -> Result<Task> {
    let row = tx.opt(
        sql!(concat!(
            "select ",
            task_columns!(),
            " from task
              where company_id = :company_id and id = :id"
        )),
        params![company_id: company, id: task],
    )?;
    Task::read(&row.ok_or_else(|| Fault::missing("tasks.missing").arg("given", task))?)
}

/// A shop's program sees the tasks of its shop only.
fn check_shop(task: &Task, permit: &Permit<DoTasks>) -> Result<()> {
    match permit.shop() {
        Some(only) if task.shop != Some(only) => Err(Fault::missing("tasks.missing").arg("given", task.id)),
        Some(_) | None => Ok(()),
    }
}

fn check_role(task: &Task, roles: RoleSet) -> Result<()> {
    if task.is_for(roles) { Ok(()) } else { Err(Fault::denied("tasks.other_role").arg("role", task.role)) }
}
