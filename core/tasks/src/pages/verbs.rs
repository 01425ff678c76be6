use axum::extract::State;
use serde::Deserialize;
use takt_kernel::Result;
use takt_staff::{Caller, Permit};
use takt_store::Tx;
use takt_web::{Answer, Form, Path, Web, back_path, see_other};

use crate::{DoTasks, TaskId, ViewTasks, commands, queries};

const DONE: &str = "done";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    back: String,
    outcome: String,
}

impl Given {
    fn back(&self) -> &str {
        match back_path(&self.back) {
            "/" => "/tasks",
            elsewhere => elsewhere,
        }
    }
}

pub(super) async fn take(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<TaskId>,
    Form(given): Form<Given>,
) -> Answer {
    change(&caller, &web, "tasks.take", id, move |tx, permit| commands::take(tx, permit, id)).await?;
    Ok(see_other(given.back()))
}

pub(super) async fn release(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<TaskId>,
    Form(given): Form<Given>,
) -> Answer {
    change(&caller, &web, "tasks.release", id, move |tx, permit| commands::release(tx, permit, id)).await?;
    Ok(see_other(given.back()))
}

pub(super) async fn close(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<TaskId>,
    Form(given): Form<Given>,
) -> Answer {
    let outcome = if given.outcome.is_empty() { DONE.to_owned() } else { given.outcome.clone() };
    change(&caller, &web, "tasks.close", id, move |tx, permit| commands::close(tx, permit, id, &outcome))
        .await?;
    Ok(see_other(given.back()))
}

/// Finds the task's company within what the caller sees, and does something there with the right to.
async fn change(
    caller: &Caller,
    web: &Web,
    name: &'static str,
    id: TaskId,
    deed: impl Fn(&mut Tx<'_>, &Permit<DoTasks>) -> Result<()> + Send + 'static,
) -> Result<()> {
    let scope = caller.scope_where::<ViewTasks>()?;
    let company = web.db.read("tasks.company", move |r| Ok(queries::get(r, &scope, id)?.company)).await?;
    let permit = caller.permit::<DoTasks>(company)?;
    web.db.write(name, move |tx| deed(tx, &permit)).await
}
