//! The list as a file: the tasks it shows, all of its pages.

use axum::extract::State;
use takt_kernel::{CompanyId, Result};
use takt_sheets::{Cell, Column, Form, List};
use takt_staff::Caller;
use takt_store::Query as Reader;
use takt_ui::Words;
use takt_web::{Answer, Query, Web};

use super::{
    list::{Asked, numbers},
    row::{self, kind_name},
};
use crate::{Filter, State as Stands, Task, ViewTasks, queries};

pub(super) const LIST: &str = "/tasks/list";
const PAGE: i64 = 200;

pub(super) async fn show(
    form: Form,
    caller: Caller,
    State(web): State<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let scope = caller.scope_where::<ViewTasks>()?;
    let w = caller.words(&web);
    let columns = vec![
        Column::text(w.t("tasks-what")),
        Column::text(w.t("tasks-of-order")),
        Column::moment(w.t("tasks-due")),
        Column::text(w.t("tasks-role")),
        Column::text(w.t("tasks-state")),
        Column::text(w.t("tasks-by")),
        Column::moment(w.t("tasks-opened-at")),
        Column::text(w.t("tasks-company")),
    ];
    let (reading, seen) = (scope.clone(), caller.clone());
    let which = asked.which(&caller, web.db.clock().now())?;
    let whose = web.db.read("tasks.sheet whose", move |reader| asked.whose(reader, &seen, &reading)).await?;
    let (list, words) =
        (List { form, words: &w, title: w.t("tasks-title"), what: "tasks", columns }, w.clone());
    let answered = list.answer(&web.db, move |reader, cursor| {
        let filter = Filter { cursor, which, ..Filter::unfinished(whose.clone(), PAGE) };
        let page = queries::list(reader, &scope, &filter)?;
        Ok((written(reader, &words, &caller, &page.items)?, page.next_cursor))
    });
    Ok(answered.await?)
}

fn written(db: &mut dyn Reader, w: &Words, caller: &Caller, tasks: &[Task]) -> Result<Vec<Vec<Cell>>> {
    let (numbers, names) = (numbers(db, tasks)?, row::names(db, tasks)?);
    let state = |task: &Task| match &task.state {
        Stands::Open => w.t("tasks-open"),
        Stands::Taken { .. } => w.t("tasks-taken"),
        Stands::Closed { outcome, .. } => row::outcome(w, outcome),
    };
    let cells = |task: &Task| {
        vec![
            Cell::from(kind_name(w, &task.kind)),
            Cell::from(task.order.and_then(|order| numbers.get(&order)).cloned()),
            Cell::from(task.due_at),
            Cell::from(w.t(&format!("staff-role-{}", task.role))),
            Cell::from(state(task)),
            Cell::from(task.assignee().and_then(|person| names.get(&person)).cloned()),
            Cell::from(task.opened_at),
            Cell::from(company(caller, task.company)),
        ]
    };
    Ok(tasks.iter().map(cells).collect())
}

fn company(caller: &Caller, company: CompanyId) -> Option<String> {
    caller.companies().iter().find(|there| there.id() == company).map(|there| there.name().to_owned())
}
