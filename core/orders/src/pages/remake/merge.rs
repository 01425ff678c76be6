//! Which order of the same buyer goes into this one.

use axum::{extract::State, response::Response};
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result, Timestamp};
use takt_staff::{Caller, Scope, see_other_saying};
use takt_store::Query;
use takt_ui::{Column, FormErrors, Row, Table, Words, amount, button, empty, field, form, link_button};
use takt_web::{Answer, Form, Path, Web};

use super::{
    super::{marks::paid_mark, names::Names},
    head,
};
use crate::{
    CancelOrders, EditOrders, ListFilter, Merge, Order, OrderId, SeeOrders, Sort, commands, may_be_one,
    queries, steps,
};

/// Orders of the same buyer that are offered to be merged.
const OFFERED: i64 = 50;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct MergeGiven {
    version: i64,
    from: String,
    both_deliveries: String,
}

pub(in crate::pages) async fn merge_form(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
) -> Answer {
    let words = caller.words(&web);
    let (order, page) = merge_body(&caller, &web, &words, id, FormErrors::none()).await?;
    caller.permit::<EditOrders>(order.company)?;
    caller.permit::<CancelOrders>(order.company)?;
    web.db
        .read("orders.may_merge", {
            let order = order.clone();
            move |reader| steps::may_remake(reader, &order)
        })
        .await?;
    Ok(caller.page(&web, head(&words, &order, "orders-merge-title"), page))
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
            refused(&caller, &web, &words, id, &fault).await
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
    let (version, both_deliveries) = (given.version, given.both_deliveries == "on");
    web.db
        .write("orders.merge", move |tx| {
            let wanted = Merge {
                into: id,
                into_version: version,
                from,
                from_version: None,
                both_deliveries,
                reason: &reason,
            };
            commands::merge(tx, &edits, &cancels, &wanted).map(|_| ())
        })
        .await
}

async fn refused(
    caller: &Caller,
    web: &Web,
    words: &Words,
    id: OrderId,
    fault: &Fault,
) -> std::result::Result<Response, takt_web::Failure> {
    let errors = FormErrors::from_fault(words, fault);
    let (order, page) = merge_body(caller, web, words, id, errors).await?;
    let head = head(words, &order, "orders-merge-title").path(format!("/orders/{id}/merge"));
    Ok(caller.refused_page(web, head, page))
}

async fn merge_body(
    caller: &Caller,
    web: &Web,
    words: &Words,
    id: OrderId,
    errors: FormErrors,
) -> Result<(Order, Markup)> {
    let scope = caller.scope_where::<SeeOrders>()?;
    let words = words.clone();
    web.db
        .read("orders.merge_form", move |reader| {
            let order = queries::get(reader, &scope, id)?;
            let others = mergeable(reader, &scope, &order)?;
            let names = Names::for_orders(reader, std::slice::from_ref(&order))?;
            let now = reader.now();
            let page = merge_page(&words, &order, &others, &names, now, &errors);
            Ok((order, page))
        })
        .await
}

/// Orders of the same buyer that are as it is and have not left.
fn mergeable(db: &mut dyn Query, scope: &Scope, order: &Order) -> Result<Vec<Order>> {
    let Some(customer) = order.customer else { return Ok(Vec::new()) };
    let customers = takt_customers::of_one_person(db, order.company, customer)?;
    let filter = ListFilter { customers, sort: Sort::Newest, limit: OFFERED, ..ListFilter::default() };
    let mut found = Vec::new();
    for other in queries::list(db, scope, &filter)?.items {
        if other.id != order.id && other.may_be_edited().is_ok() && may_be_one(db, order, &other).is_ok() {
            found.push(other);
        }
    }
    Ok(found)
}

pub(in crate::pages) fn merge_page(
    w: &Words,
    order: &Order,
    others: &[Order],
    names: &Names,
    now: Timestamp,
    errors: &FormErrors,
) -> Markup {
    if others.is_empty() {
        let back = link_button(w.t("orders-back"), format!("/orders/{}", order.id));
        return empty(
            takt_ui::Icon::Merge,
            w.t("orders-merge-none"),
            w.t("orders-merge-none-text"),
            Some(html! { (back) }),
        );
    }
    let rows = others.iter().map(|other| {
        let number = other.number.as_str();
        Row::new([
            html! {
                label.check {
                    input type="radio" name="from" value=(other.id) required;
                    span { (w.ta("orders-order", &[("number", number.into())])) }
                }
            },
            html! { (w.when(other.placed_at, now)) },
            names.status_mark(w, other),
            paid_mark(w, other),
            amount(w, other.total),
        ])
    });
    let table = Table::new(w, w.t("orders-merge-title"))
        .columns([
            Column::new(w.t("orders-number")).leading(),
            Column::new(w.t("orders-placed-at")),
            Column::new(w.t("orders-status")),
            Column::new(w.t("orders-paid")),
            Column::new(w.t("orders-total")).numeric(),
        ])
        .rows(rows);
    let number = order.number.as_str();
    html! {
        p.muted { (w.ta("orders-merge-note", &[("number", number.into())])) }
        (form(w, format!("/orders/{}/merge", order.id))
            .errors(errors)
            .body(html! {
                input type="hidden" name="version" value=(order.version);
                div.field { (table) }
                (field(w.t("orders-merge-both-deliveries"), "both_deliveries").checkbox(false))
            })
            .actions(html! {
                (button(w.t("orders-merge")).primary())
                (link_button(w.t("orders-back"), format!("/orders/{}", order.id)).quiet())
            }))
    }
}
