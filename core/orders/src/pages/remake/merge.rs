//! Which order of the same buyer goes into this one.

use axum::extract::State;
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result, Timestamp};
use takt_staff::{Caller, Scope, see_other_saying};
use takt_store::Query;
use takt_ui::{
    Column, Field, FormErrors, Row, Table, Words, amount, button, empty, field, form, link_button,
};
use takt_web::{Answer, Form, Path, Web};

use super::{
    super::{marks::paid_mark, names::Names},
    head,
};
use crate::{
    CancelOrders, EditOrders, ListFilter, Merge, Order, OrderId, SeeOrders, Sort, commands,
    commands::may_be_paid_together, queries, steps,
};

/// Of the buyer's orders the newest are looked at: behind one phone may stand a marketplace.
const LOOKED_AT: i64 = 200;
const OFFERED: usize = 50;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct MergeGiven {
    version: i64,
    from: String,
    both_deliveries: String,
    /// `id-version` of every order that was offered.
    seen: Vec<String>,
}

/// What the form shows.
pub(in crate::pages) struct MergeView {
    pub order: Order,
    /// The orders that may go into it.
    pub others: Vec<Order>,
    pub names: Names,
    pub now: Timestamp,
}

pub(in crate::pages) async fn merge_form(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
) -> Answer {
    let (view, may) = loaded(&caller, &web, id).await?;
    caller.permit::<EditOrders>(view.order.company)?;
    caller.permit::<CancelOrders>(view.order.company)?;
    may?;
    let words = caller.words(&web);
    let body = merge_page(&words, &view, &MergeGiven::default(), &FormErrors::none());
    Ok(caller.page(&web, head(&words, &view.order, "orders-merge-title"), body))
}

pub(in crate::pages) async fn merge(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<MergeGiven>,
) -> Answer {
    let words = caller.words(&web);
    match merged(&caller, &web, &words, id, &given).await {
        Ok(()) => Ok(see_other_saying(&format!("/orders/{id}"), "orders-merged")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let (view, _) = loaded(&caller, &web, id).await?;
            let body = merge_page(&words, &view, &given, &FormErrors::from_fault(&words, &fault));
            let head = head(&words, &view.order, "orders-merge-title").path(format!("/orders/{id}/merge"));
            Ok(caller.refused_page(&web, head, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn merged(caller: &Caller, web: &Web, w: &Words, id: OrderId, given: &MergeGiven) -> Result<()> {
    let from: OrderId = given.from.parse().map_err(|_| Fault::field("from", "orders.merge_nothing"))?;
    let scope = caller.scope_where::<SeeOrders>()?;
    let into = web.db.read("orders.company", move |reader| queries::get(reader, &scope, id)).await?;
    let edits = caller.permit::<EditOrders>(into.company)?;
    let cancels = caller.permit::<CancelOrders>(into.company)?;
    let reason = w.ta("orders-merged-reason", &[("number", into.number.as_str().into())]);
    let (version, from_version) = (given.version, given.seen(from));
    let both_deliveries = given.pays_both();
    web.db
        .write("orders.merge", move |tx| {
            let wanted = Merge {
                into: id,
                into_version: version,
                from,
                from_version,
                both_deliveries,
                reason: &reason,
            };
            commands::merge(tx, &edits, &cancels, &wanted).map(|_| ())
        })
        .await
}

impl MergeGiven {
    /// The version of an order as the form showed it.
    fn seen(&self, order: OrderId) -> Option<i64> {
        self.seen.iter().find_map(|seen| seen.strip_prefix(&format!("{order}-"))?.parse().ok())
    }

    fn pays_both(&self) -> bool {
        self.both_deliveries == "on"
    }
}

/// What the form shows, and whether the order may be merged.
async fn loaded(caller: &Caller, web: &Web, id: OrderId) -> Result<(MergeView, Result<()>)> {
    let scope = caller.scope_where::<SeeOrders>()?;
    web.db
        .read("orders.merge_form", move |reader| {
            let order = queries::get(reader, &scope, id)?;
            let others = mergeable(reader, &scope, &order)?;
            let names = Names::for_orders(reader, std::slice::from_ref(&order))?;
            let may = steps::may_remake(reader, &order);
            Ok((MergeView { order, others, names, now: reader.now() }, may))
        })
        .await
}

/// Orders of the same buyer that are paid as it is and may be merged as well.
fn mergeable(db: &mut dyn Query, scope: &Scope, order: &Order) -> Result<Vec<Order>> {
    let Some(customer) = order.customer else { return Ok(Vec::new()) };
    let customers = takt_customers::of_one_person(db, order.company, customer)?;
    let filter = ListFilter { customers, sort: Sort::Newest, limit: LOOKED_AT, ..ListFilter::default() };
    let mut found = Vec::new();
    for other in queries::list(db, scope, &filter)?.items {
        let fits = other.id != order.id && may_be_paid_together(order, &other).is_ok();
        if fits && found.len() < OFFERED && may_remake(db, &other)? {
            found.push(other);
        }
    }
    Ok(found)
}

/// What stops it is told where somebody asks for it; here it is only not offered.
fn may_remake(db: &mut dyn Query, order: &Order) -> Result<bool> {
    match steps::may_remake(db, order) {
        Ok(()) => Ok(true),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// What was chosen stays where it is refused.
pub(in crate::pages) fn merge_page(
    w: &Words,
    view: &MergeView,
    given: &MergeGiven,
    errors: &FormErrors,
) -> Markup {
    let (order, back) = (&view.order, format!("/orders/{}", view.order.id));
    if view.others.is_empty() {
        let back = html! { (link_button(w.t("orders-back"), back)) };
        let nothing =
            empty(takt_ui::Icon::Merge, w.t("orders-merge-none"), w.t("orders-merge-none-text"), Some(back));
        return html! { (errors.summary(w)) (nothing) };
    }
    let number = order.number.as_str();
    html! {
        p.muted { (w.ta("orders-merge-note", &[("number", number.into())])) }
        (form(w, format!("/orders/{}/merge", order.id))
            .errors(errors)
            .body(html! {
                input type="hidden" name="version" value=(order.version);
                div.field id=(Field::id("from")) { (table(w, view, given)) }
                (field(w.t("orders-merge-both-deliveries"), "both_deliveries").checkbox(given.pays_both()))
            })
            .actions(html! {
                (button(w.t("orders-merge")).primary())
                (link_button(w.t("orders-back"), back).quiet())
            }))
    }
}

fn table<'a>(w: &'a Words, view: &MergeView, given: &MergeGiven) -> Table<'a> {
    let row = |other: &Order| {
        let (id, number) = (other.id.to_string(), other.number.as_str());
        Row::new([
            html! {
                input type="hidden" name="seen" value={ (id) "-" (other.version) };
                label.check {
                    input type="radio" name="from" value=(id) checked[given.from == id] required;
                    span { (w.ta("orders-order", &[("number", number.into())])) }
                }
            },
            html! { (w.when(other.placed_at, view.now)) },
            view.names.status_mark(w, other),
            paid_mark(w, other),
            amount(w, other.total),
        ])
    };
    Table::new(w, w.t("orders-merge-title"))
        .columns([
            Column::new(w.t("orders-number")).leading(),
            Column::new(w.t("orders-placed-at")),
            Column::new(w.t("orders-status")),
            Column::new(w.t("orders-paid")),
            Column::new(w.t("orders-total")).numeric(),
        ])
        .rows(view.others.iter().map(row))
}
