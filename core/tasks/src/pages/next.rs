//! One button, and one key: the most urgent thing its reader is able and allowed to do.

use axum::extract::State;
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::Result;
use takt_orders::panels::{ListAction, Panel, PanelContext};
use takt_staff::{Caller, CompanyAccess, Permission as _, Permit, see_other_saying};
use takt_store::Query;
use takt_ui::{Icon, Words, button, post_button};
use takt_web::{Answer, Form, Web, back_path, see_other};

use crate::{DoTasks, Task, commands};

const HREF: &str = "/tasks/next";
const KEY: &str = "t";

pub(crate) const LIST_ACTION: ListAction = ListAction { permission: DoTasks::CODE, render: desk_button };
/// Who is done with an order goes straight on to the next.
pub(crate) const CARD_ACTION: Panel =
    Panel { title_key: "tasks-next", place: 5, permission: DoTasks::CODE, render: card_button };

fn desk_button(w: &Words) -> Markup {
    drawn(w, "/orders")
}

pub(super) fn list_button(w: &Words) -> Markup {
    drawn(w, "/tasks")
}

fn drawn(w: &Words, back: &str) -> Markup {
    let label =
        button(w.t("tasks-next")).primary().icon(Icon::ListChecks).key(KEY).title(w.t("tasks-next-hint"));
    post_button(HREF, &[("back", back)], label)
}

fn card_button(_: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let w = context.words;
    let label = button(w.t("tasks-next")).icon(Icon::ListChecks).key(KEY).title(w.t("tasks-next-hint"));
    Ok(html! { (post_button(HREF, &[("back", &format!("/orders/{}", context.order.id))], label)) })
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    back: String,
}

/// Leads to where the work is done.
pub(super) async fn take(caller: Caller, State(web): State<Web>, Form(given): Form<Given>) -> Answer {
    let permits = caller
        .companies_where::<DoTasks>()
        .into_iter()
        .map(CompanyAccess::id)
        .map(|company| caller.permit::<DoTasks>(company))
        .collect::<Result<Vec<Permit<DoTasks>>>>()?;
    if permits.is_empty() {
        // Says what is missing.
        caller.permit::<DoTasks>(caller.workplace().id())?;
    }
    let given_task = web.db.write("tasks.take_next", move |tx| commands::take_next(tx, &permits)).await?;
    Ok(match given_task {
        Some(Task { order: Some(order), .. }) => see_other(&format!("/orders/{order}")),
        Some(_) => see_other_saying("/tasks?show=mine", "tasks-next-is-yours"),
        None => {
            let back = match back_path(&given.back) {
                "/" => "/tasks",
                elsewhere => elsewhere,
            };
            see_other_saying(back, "tasks-next-nothing")
        }
    })
}
