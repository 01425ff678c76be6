use maud::{Markup, html};
use takt_kernel::Result;
use takt_orders::panels::{Panel, PanelContext};
use takt_staff::Permission as _;
use takt_store::Query;
use takt_ui::{Column, Row, Table, muted};

use super::row;
use crate::{DoTasks, queries};

pub(crate) const PANEL: Panel =
    Panel { title_key: "tasks-title", place: 40, permission: "tasks.view", render };

fn render(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    let tasks = queries::of_order(db, order.company, order.id)?;
    if tasks.is_empty() {
        return Ok(html! { (muted(w.t("tasks-none-of-order"))) });
    }
    let names = row::names(db, &tasks)?;
    let now = db.now();
    let may_do = (context.may)(DoTasks::CODE);
    let back = format!("/orders/{}", order.id);
    let columns = [
        Column::new(w.t("tasks-what")).leading(),
        Column::new(w.t("tasks-due")),
        Column::new(w.t("tasks-state")),
        Column::new(w.t("tasks-do")).actions(),
    ];
    let rows = tasks.iter().map(|task| {
        Row::new([
            html! { span.strong { (row::kind(w, task)) } " " span.muted { (row::role(w, task)) } },
            row::due(w, task, now),
            row::state(w, task, &names),
            html! { @if may_do { (row::buttons(w, task, None, &back)) } },
        ])
        .id(format!("task-{}", task.id))
        .dim(task.is_closed())
    });
    Ok(html! { (Table::new(w, w.t("tasks-title")).columns(columns).rows(rows).live("order-tasks", "tasks")) })
}
