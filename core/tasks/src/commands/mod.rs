mod close;
mod escalate;
mod open;
mod take;

pub use close::{close, close_all_for_order, close_for_order, close_keyed};
pub use escalate::{escalate, fire_deadline};
pub use open::{NewTask, open};
pub use take::{release, take};

use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::RoleSet;
use takt_store::{Query, Tx, params, sql};

use crate::{Task, TaskId, task::task_columns};

/// Timers of deadlines, keyed by the task's id.
pub(crate) const DEADLINE: &str = "tasks.deadline";

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

fn check_role(task: &Task, roles: RoleSet) -> Result<()> {
    if task.is_for(roles) { Ok(()) } else { Err(Fault::denied("tasks.other_role").arg("role", task.role)) }
}
