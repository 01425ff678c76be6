//! /pick: what is waiting to be picked, the nearest deadline first, and what waits to be handed over.

use std::collections::BTreeMap;

use axum::extract::State as Held;
use maud::{Markup, html};
use takt_kernel::{CompanyId, PersonId, Result, Timestamp};
use takt_orders::{Order, OrderId, Reserved};
use takt_staff::{Caller, PageHead, Role, RoleSet, Scope};
use takt_store::Query as Asking;
use takt_tasks::{Task, Whose};
use takt_ui::{Button, Icon, Tone, Width, Words, badge, button, card, empty, link_button, post_button};
use takt_web::{Answer, Web};

use crate::{Filter, PICK, PackOrders, Shipment, State, queries};

const MOST: i64 = 200;

pub(super) struct QueueView {
    pub tasks: Vec<(Task, Order)>,
    pub packed: Vec<Shipment>,
    pub reader: PersonId,
    pub now: Timestamp,
}

pub(super) async fn show(caller: Caller, Held(web): Held<Web>) -> Answer {
    let scope = caller.scope_where::<PackOrders>()?;
    let reader = caller.person;
    let view = web
        .db
        .read("shipments.pick_queue", move |r| {
            let tasks = waiting(r, &scope)?;
            let packed = Filter { state: Some(State::Packed), limit: MOST, ..Filter::default() };
            let mut packed = queries::list(r, &scope, &packed)?.items;
            packed.reverse();
            Ok(QueueView { tasks, packed, reader, now: r.now() })
        })
        .await?;
    let w = caller.words(&web);
    let head = PageHead::new(w.t("shipments-pick")).width(Width::Phone);
    Ok(caller.page(&web, head, render(&w, &view)))
}

fn waiting(db: &mut dyn Asking, scope: &Scope) -> Result<Vec<(Task, Order)>> {
    let warehouse = RoleSet::from(Role::Warehouse);
    let whose = Whose::OfRoles(scope.companies().iter().map(|company| (*company, warehouse)).collect());
    let filter = takt_tasks::Filter::unfinished(whose, MOST);
    let mut tasks = takt_tasks::list(db, scope, &filter)?.items;
    tasks.retain(|task| task.kind == PICK);
    let mut of_company: BTreeMap<CompanyId, Vec<OrderId>> = BTreeMap::new();
    for task in &tasks {
        of_company.entry(task.company).or_default().extend(task.order);
    }
    let mut orders: BTreeMap<OrderId, Order> = BTreeMap::new();
    for (company, ids) in of_company {
        orders.extend(takt_orders::briefs(db, company, &ids)?.into_iter().map(|order| (order.id, order)));
    }
    Ok(tasks
        .into_iter()
        .filter_map(|task| Some((orders.get(&task.order?)?.clone(), task)))
        .map(|(order, task)| (task, order))
        .collect())
}

pub(super) fn render(w: &Words, view: &QueueView) -> Markup {
    html! {
        div.stack id="pick-queue" data-live="tasks orders" {
            @if view.tasks.is_empty() && view.packed.is_empty() {
                (empty(Icon::Check, w.t("shipments-nothing-to-pick"), w.t("shipments-nothing-to-pick-text"), None))
            }
            @let first = view.tasks.iter().position(|(task, _)| task.assignee().is_none_or(|one| one == view.reader));
            @for (place, (task, order)) in view.tasks.iter().enumerate() { (to_pick(w, view, task, order, first == Some(place))) }
            @if !view.packed.is_empty() {
                h2 { (w.t("shipments-waiting-to-leave")) }
                @for (place, shipment) in view.packed.iter().enumerate() { (to_leave(w, shipment, place == 0)) }
            }
        }
    }
}

/// The first has the key, as on every screen the next thing to do.
fn to_pick(w: &Words, view: &QueueView, task: &Task, order: &Order, first: bool) -> Markup {
    let keyed = |look: Button, key| if first { look.key(key) } else { look };
    let filled = |look: Button| if first { look.primary() } else { look };
    let mine = task.assignee() == Some(view.reader);
    let start = format!("/pick/{}/start", order.id);
    let action = match task.assignee() {
        Some(_) => {
            html! { (keyed(link_button(w.t("shipments-go-on"), format!("/pick/{}", order.id)).big(), "t")) }
        }
        None => post_button(
            &start,
            &[],
            keyed(filled(button(w.t("shipments-start"))).big().icon(Icon::ScanLine), "t"),
        ),
    };
    let body = html! {
        div.stack {
        div.row {
            (w.countdown(task.due_at, view.now))
            @if let Some(method) = &order.delivery.method { span.muted { (method) } }
            @if order.reserved != Reserved::All { (badge(w.t("shipments-short"), Tone::Warn)) }
            @if order.confirmed_at.is_none() { (badge(w.t("shipments-not-confirmed"), Tone::Info)) }
            @if mine { (badge(w.t("shipments-mine"), Tone::Accent)) }
            @else if task.assignee().is_some() { (badge(w.t("shipments-somebody-picks"), Tone::Neutral)) }
        }
        (action)
        }
    };
    html! { (card(&order.number).body(body).id(format!("pick-{}", order.id))) }
}

fn to_leave(w: &Words, shipment: &Shipment, first: bool) -> Markup {
    let open =
        link_button(w.t("shipments-hand-over"), format!("/pick/{}", shipment.order)).big().icon(Icon::Truck);
    let open = if first { open.key("o") } else { open };
    let body = html! {
        div.stack {
            p.muted { (super::panel::parcels(w, shipment)) }
            (open)
        }
    };
    html! { (card(&shipment.order_number).body(body).id(format!("leave-{}", shipment.id))) }
}
