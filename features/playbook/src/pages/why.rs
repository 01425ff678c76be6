//! Why something was done with an order, and why something was not.

use axum::extract::State;
use maud::{Markup, Render, html};
use takt_kernel::Result;
use takt_orders::{
    OrderId, SeeOrders,
    panels::{Panel, PanelContext},
};
use takt_staff::{Caller, PageHead};
use takt_store::Query;
use takt_tasks::of_order;
use takt_ui::{Icon, Words, card, crumbs, link_button, muted};
use takt_web::{Answer, Path, Web};

use super::path_view::shown;
use crate::replay::path;

/// On the card only the way there: the past of an order is asked when somebody wants to know.
pub(crate) const WHY: Panel =
    Panel { title_key: "playbook-why", place: 46, permission: "orders.see", render };

fn render(_db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    Ok(html! {
        div.stack {
            p { (muted(w.t("playbook-why-note"))) }
            (link_button(w.t("playbook-why-open"), format!("/orders/{}/why", order.id)).small().icon(Icon::ListChecks))
        }
    })
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Path(id): Path<OrderId>) -> Answer {
    let scope = caller.scope_where::<SeeOrders>()?;
    let w = caller.words(&web);
    let (order, path, next) = web
        .db
        .read("playbook.why", move |reader| {
            let order = takt_orders::get(reader, &scope, id)?;
            let path = path(reader, order.company, order.id)?;
            let tasks = of_order(reader, order.company, order.id)?;
            let open: Vec<_> = tasks.into_iter().filter(|task| !task.is_closed()).collect();
            Ok((order, path, open))
        })
        .await?;
    let href = format!("/orders/{}", order.id);
    let number = w.ta("orders-order", &[("number", order.number.as_str().into())]);
    let head = PageHead::new(w.t("playbook-why"))
        .crumbs(crumbs(&[(&w.t("orders-title"), Some("/orders")), (&number, Some(&href))]));
    let body = html! {
        div.stack {
            (card(w.t("playbook-next")).body(comes_next(&w, &order, &next)))
            (card(w.t("playbook-path")).note(html! { (w.t("playbook-path-note")) }).body(shown(&w, &path)))
        }
    };
    Ok(caller.page(&web, head, body))
}

fn comes_next(w: &Words, order: &takt_orders::Order, tasks: &[takt_tasks::Task]) -> Markup {
    let milestone = order.milestone.zip(order.due_at);
    if tasks.is_empty() && milestone.is_none() {
        return muted(w.t("playbook-next-nothing")).render();
    }
    html! {
        ul {
            @if let Some((milestone, due)) = milestone {
                li { (w.ta("playbook-next-milestone", &[
                    ("milestone", w.t(&format!("playbook-milestone-{milestone}")).into()),
                    ("at", w.date_time(due).into()),
                ])) }
            }
            @for task in tasks {
                li { (w.ta("playbook-next-task", &[
                    ("task", w.t(&format!("tasks-kind-{}", task.kind)).into()),
                    ("role", w.t(&format!("staff-role-{}", task.role)).into()),
                    ("at", w.date_time(task.due_at).into()),
                ])) }
            }
        }
    }
}
