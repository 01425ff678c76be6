//! `GET /api/v1/tasks`, and doing the next: `POST /api/v1/tasks/next`, `…/{id}/close`, `…/{id}/release`.

use axum::{
    Router,
    extract::State,
    response::IntoResponse,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use takt_kernel::Timestamp;
use takt_orders::OrderId;
use takt_staff::{ApiCaller, Permit, Role};
use takt_store::{Query as _, Tx};
use takt_web::{Answer, Json, Path, Query, Web, page_size};
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::{DoTasks, Filter, State as TaskState, Task, TaskId, ViewTasks, Which, Whose, commands, queries};

#[derive(OpenApi)]
#[openapi(
    paths(list_tasks, take_next, close, release),
    components(schemas(TaskBody, TaskList, NextTask, Ended))
)]
pub(crate) struct Api;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/api/v1/tasks", get(list_tasks))
        .route("/api/v1/tasks/next", post(take_next))
        .route("/api/v1/tasks/{id}/close", post(close))
        .route("/api/v1/tasks/{id}/release", post(release))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Only those about this order.
    #[param(value_type = Option<i64>, minimum = 1)]
    order: Option<OrderId>,
    /// Also those that are closed; when left out, yes for one order and no for all.
    closed: Option<bool>,
    /// At most 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    #[param(value_type = Option<i64>, minimum = 1)]
    cursor: Option<TaskId>,
}

#[derive(Debug, Serialize, ToSchema)]
struct TaskBody {
    #[schema(value_type = i64)]
    id: TaskId,
    #[schema(example = "pick")]
    kind: String,
    #[schema(value_type = String, example = "warehouse")]
    role: Role,
    /// Who is asked as well since the deadline went by.
    #[schema(value_type = Option<String>)]
    escalated_to: Option<Role>,
    #[schema(value_type = Option<i64>)]
    order: Option<OrderId>,
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    #[schema(example = "open")]
    state: &'static str,
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    taken_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    #[schema(example = "done")]
    outcome: Option<String>,
    overdue: bool,
    /// It was given for a while: when nothing is done with it until then, it is given to somebody else.
    #[schema(value_type = Option<String>, format = DateTime)]
    leased_until: Option<Timestamp>,
}

impl TaskBody {
    fn of(task: Task, now: Timestamp) -> Self {
        let overdue = task.is_overdue(now);
        let state = task.state.code();
        let (taken_at, closed_at, outcome) = match task.state {
            TaskState::Open => (None, None, None),
            TaskState::Taken { at, .. } => (Some(at), None, None),
            TaskState::Closed { at, outcome, .. } => (None, Some(at), Some(outcome)),
        };
        Self {
            id: task.id,
            kind: task.kind,
            role: task.role,
            escalated_to: task.escalated_to,
            order: task.order,
            due_at: task.due_at,
            state,
            opened_at: task.opened_at,
            taken_at,
            closed_at,
            outcome,
            overdue,
            leased_until: task.leased_until,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct TaskList {
    items: Vec<TaskBody>,
    /// Give it as `cursor` to get the next page.
    #[schema(value_type = Option<i64>)]
    next_cursor: Option<TaskId>,
}

/// Tasks about the shop's orders, the nearest deadline first.
#[utoipa::path(
    get, path = "/api/v1/tasks", tag = "tasks", security(("token" = ["tasks:read"])),
    params(Asked),
    responses(
        (status = 200, body = TaskList, description = "A page of the tasks"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json", description = "No such order"),
    )
)]
async fn list_tasks(caller: ApiCaller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    caller.permit::<ViewTasks>()?;
    let scope = caller.scope();
    let filter = Filter {
        whose: Whose::All,
        order: asked.order,
        which: match asked.closed.unwrap_or(asked.order.is_some()) {
            true => Which::All,
            false => Which::Unfinished,
        },
        limit: page_size(asked.limit)?,
        cursor: asked.cursor,
    };
    let list = web
        .db
        .read("tasks.api_list", move |r| {
            if let Some(order) = filter.order {
                takt_orders::get(r, &scope, order)?;
            }
            let page = queries::list(r, &scope, &filter)?;
            let now = r.now();
            let items = page.items.into_iter().map(|task| TaskBody::of(task, now)).collect();
            Ok(TaskList { items, next_cursor: page.next_cursor })
        })
        .await?;
    Ok(Json(list).into_response())
}

#[derive(Debug, Serialize, ToSchema)]
struct NextTask {
    /// Nothing when there is nothing to do.
    task: Option<TaskBody>,
}

/// Gives the most urgent task about the shop's orders to the caller, for a while: nobody else is given it. It goes
/// back by itself unless it is closed or released before `leased_until`.
#[utoipa::path(
    post, path = "/api/v1/tasks/next", tag = "tasks", security(("token" = ["tasks:write"])),
    responses(
        (status = 200, body = NextTask, description = "The task, or nothing"),
        (status = 503, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json", description = "Everything urgent is being changed; ask again"),
    )
)]
async fn take_next(caller: ApiCaller, State(web): State<Web>) -> Answer {
    let permits = [caller.permit::<DoTasks>()?];
    let (task, now) =
        web.db.write("tasks.api_next", move |tx| Ok((commands::take_next(tx, &permits)?, tx.now()))).await?;
    Ok(Json(NextTask { task: task.map(|task| TaskBody::of(task, now)) }).into_response())
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct Ended {
    /// `done` when left out, or what the kind of task knows.
    #[schema(example = "done")]
    outcome: Option<String>,
}

/// Closes a task about one of the shop's orders.
#[utoipa::path(
    post, path = "/api/v1/tasks/{id}/close", tag = "tasks", security(("token" = ["tasks:write"])),
    params(("id" = i64, Path, minimum = 1, description = "The task's id")),
    request_body = Ended,
    responses(
        (status = 200, body = TaskBody, description = "The task, closed"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json", description = "No such task"),
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json", description = "Closed already, or somebody else has it"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json", description = "The outcome makes no sense"),
    )
)]
async fn close(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(id): Path<TaskId>,
    Json(ended): Json<Ended>,
) -> Answer {
    let outcome = ended.outcome.unwrap_or_else(|| "done".to_owned());
    change(&caller, &web, id, move |tx, permit| commands::close(tx, permit, id, &outcome)).await
}

/// Gives a taken task back, so that somebody else is given it.
#[utoipa::path(
    post, path = "/api/v1/tasks/{id}/release", tag = "tasks", security(("token" = ["tasks:write"])),
    params(("id" = i64, Path, minimum = 1, description = "The task's id")),
    responses(
        (status = 200, body = TaskBody, description = "The task, open again"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json", description = "No such task"),
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json", description = "Nobody took it, or it is closed"),
    )
)]
async fn release(caller: ApiCaller, State(web): State<Web>, Path(id): Path<TaskId>) -> Answer {
    change(&caller, &web, id, move |tx, permit| commands::release(tx, permit, id)).await
}

async fn change(
    caller: &ApiCaller,
    web: &Web,
    id: TaskId,
    deed: impl Fn(&mut Tx<'_>, &Permit<DoTasks>) -> takt_kernel::Result<()> + Send + 'static,
) -> Answer {
    let (permit, scope) = (caller.permit::<DoTasks>()?, caller.scope());
    let body = web
        .db
        .write("tasks.api_change", move |tx| {
            deed(tx, &permit)?;
            Ok(TaskBody::of(queries::get(tx, &scope, id)?, tx.now()))
        })
        .await?;
    Ok(Json(body).into_response())
}
