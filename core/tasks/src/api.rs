//! `GET /api/v1/tasks`.

use axum::{Router, extract::State, response::IntoResponse, routing::get};
use serde::{Deserialize, Serialize};
use takt_kernel::Timestamp;
use takt_orders::OrderId;
use takt_staff::{ApiCaller, Role};
use takt_store::Query as _;
use takt_web::{Answer, Json, Query, Web, page_size};
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::{Filter, State as TaskState, Task, TaskId, ViewTasks, Whose, queries};

#[derive(OpenApi)]
#[openapi(paths(list_tasks), components(schemas(TaskBody, TaskList)))]
pub(crate) struct Api;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/api/v1/tasks", get(list_tasks))
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
        closed: asked.closed.unwrap_or(asked.order.is_some()),
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
