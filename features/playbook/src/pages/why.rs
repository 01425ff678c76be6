//! Why something was done with an order, and why something was not.

use axum::extract::State;
use maud::{Markup, Render, html};
use takt_kernel::{Result, Timestamp};
use takt_orders::{
    Order, OrderId, SeeOrders,
    clock::Promises,
    panels::{Panel, PanelContext},
    statuses,
};
use takt_staff::{Caller, PageHead};
use takt_store::Query;
use takt_tasks::of_order;
use takt_ui::{Icon, Lang, Words, card, crumbs, link_button, muted};
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
    let lang = w.lang();
    let (order, path, next, milestone) = web
        .db
        .read("playbook.why", move |reader| {
            let order = takt_orders::get(reader, &scope, id)?;
            let path = path(reader, order.company, order.id, lang)?;
            let tasks = of_order(reader, order.company, order.id)?;
            let open: Vec<_> = tasks.into_iter().filter(|task| !task.is_closed()).collect();
            let milestone = milestone(reader, &order, lang)?;
            Ok((order, path, open, milestone))
        })
        .await?;
    let href = format!("/orders/{}", order.id);
    let number = w.ta("orders-order", &[("number", order.number.as_str().into())]);
    let head = PageHead::new(w.t("playbook-why"))
        .crumbs(crumbs(&[(&w.t("orders-title"), Some("/orders")), (&number, Some(&href))]));
    let body = html! {
        div.stack {
            (card(w.t("playbook-next")).body(comes_next(&w, milestone, &next)))
            (card(w.t("playbook-path")).note(html! { (w.t("playbook-path-note")) }).body(shown(&w, &path)))
        }
    };
    Ok(caller.page(&web, head, body))
}

/// What is promised next, by when: in the company's own words where it has any.
struct Promised {
    named: Option<String>,
    code: String,
    due: Timestamp,
}

fn milestone(db: &mut dyn Query, order: &Order, lang: Lang) -> Result<Option<Promised>> {
    let Some((milestone, due)) = order.milestone.as_ref().zip(order.due_at) else { return Ok(None) };
    let promises = Promises::of(db, order.company)?;
    let own = promises.rule(milestone).and_then(|rule| rule.name(lang)).map(str::to_owned);
    let named = match (own, milestone.code().split_once(':')) {
        (None, Some((_, code))) => {
            let known = statuses::all(db, order.company)?;
            known.iter().find(|status| status.code == code).map(|status| status.name(lang).to_owned())
        }
        (own, _) => own,
    };
    Ok(Some(Promised { named, code: milestone.code().to_owned(), due }))
}

fn comes_next(w: &Words, milestone: Option<Promised>, tasks: &[takt_tasks::Task]) -> Markup {
    if tasks.is_empty() && milestone.is_none() {
        return muted(w.t("playbook-next-nothing")).render();
    }
    html! {
        ul {
            @if let Some(Promised { named, code, due }) = milestone {
                li { (w.ta("playbook-next-milestone", &[
                    ("milestone", named.unwrap_or_else(|| w.t(&format!("orders-milestone-{code}"))).into()),
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
