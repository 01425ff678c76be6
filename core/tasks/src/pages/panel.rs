use maud::{Markup, html};
use takt_kernel::Result;
use takt_orders::panels::{Panel, PanelContext};
use takt_staff::Permission as _;
use takt_store::Query;
use takt_ui::muted;

use super::row::{self, Stands};
use crate::{DoTasks, queries};

pub(crate) const PANEL: Panel =
    Panel { title_key: "tasks-title", place: 2, permission: "tasks.view", render };

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
    let reader = Some(context.reader);
    // What somebody came for: their own, or the first that waits.
    let mut unfinished = tasks.iter().filter(|task| !task.is_closed());
    let own = unfinished.clone().find(|task| task.assignee() == reader);
    let first = own.or_else(|| unfinished.next()).map(|task| task.id);
    Ok(html! {
        ul.stack id="order-tasks" data-live="tasks" {
            @for task in &tasks {
                li.stack id={ "task-" (task.id) } {
                    div.row {
                        span.strong[!task.is_closed()] { (row::kind(w, task)) }
                        span.muted { (row::role(w, task)) }
                        (row::due(w, task, now))
                        (row::state(w, task, &names))
                    }
                    @if may_do && !task.is_closed() { div.row { (row::buttons(w, task, reader, &back, Stands::OnCard { first: Some(task.id) == first })) } }
                }
            }
        }
    })
}
