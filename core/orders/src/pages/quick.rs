//! Status and comment of an order, changed from the list: a small form over it, a page of its own without scripts.

use axum::extract::State;
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{Fault, Result};
use takt_staff::{Caller, PageHead};
use takt_ui::{FormErrors, Icon, Tone, Width, Words, button, crumbs, field, icon, notice};
use takt_web::{Answer, Form, Path, Query, Web, back_path, see_other};

use super::{
    deeds::{act, is_refusal, told},
    list::ListView,
    names::Names,
};
use crate::{
    CommentOrders, Order, OrderId, SeeOrders, SetStatus,
    deeds::Deed,
    queries,
    statuses::{self, Status},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    version: Option<i64>,
    status: String,
    comment: String,
    back: String,
}

struct Quick {
    order: Order,
    moves: Vec<Status>,
    now: String,
}

/// At the end of a row.
pub(super) fn link(w: &Words, view: &ListView, order: &Order) -> Markup {
    let back: String = serde_html_form::to_string([("back", view.asked.here())]).unwrap_or_default();
    let label = w.ta("orders-quick-of", &[("number", (&order.number).into())]);
    html! {
        a.button.quiet.bare.small href={ "/orders/" (order.id) "/quick?" (back) } data-quick title=(label) {
            (icon(Icon::Pencil)) span.unseen { (label) }
        }
    }
}

pub(super) async fn show(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Query(given): Query<Given>,
) -> Answer {
    page(&caller, &web, id, &given, None).await
}

pub(super) async fn save(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let mut deeds = Vec::new();
    if !given.status.is_empty() {
        deeds.push(Deed::Status(given.status.clone()));
    }
    if !given.comment.trim().is_empty() {
        deeds.push(Deed::comment(&given.comment));
    }
    let back =
        if given.back.is_empty() { format!("/orders/{id}") } else { back_path(&given.back).to_owned() };
    if deeds.is_empty() {
        return Ok(see_other(&back));
    }
    match act(&caller, &web, id, given.version, deeds).await {
        Ok(done) => Ok(told(&caller, &web, done, &back, "orders-quick-done").await?),
        Err(fault) if is_refusal(&fault) => page(&caller, &web, id, &given, Some(fault)).await,
        Err(fault) => Err(fault.into()),
    }
}

async fn page(caller: &Caller, web: &Web, id: OrderId, given: &Given, refused: Option<Fault>) -> Answer {
    let scope = caller.scope_where::<SeeOrders>()?;
    let words = caller.words(web);
    let access = caller.access.clone();
    let lang = words.clone();
    let form = web
        .db
        .read("orders.quick", move |reader| -> Result<Quick> {
            let order = queries::get(reader, &scope, id)?;
            let roles = access.to(order.company).map(|there| there.roles).unwrap_or_default();
            let names = Names::for_orders(reader, std::slice::from_ref(&order))?;
            let now = names.status_name(&lang, order.company, &order.status);
            Ok(Quick {
                moves: statuses::moves_from(reader, order.company, &order.status, roles)?,
                now,
                order,
            })
        })
        .await?;
    let order = &form.order;
    let title = words.ta("orders-order", &[("number", (&order.number).into())]);
    let may_move = caller.may_in::<SetStatus>(order.company) && order.is_open().is_ok();
    let may_comment = caller.may_in::<CommentOrders>(order.company);
    let errors =
        refused.as_ref().map_or_else(FormErrors::none, |fault| FormErrors::from_fault(&words, fault));
    let same = std::iter::once((String::new(), form.now.clone()));
    let to = form.moves.iter().map(|status| (status.code.clone(), status.name(words.lang()).to_owned()));
    let body = html! {
        form.form id="quick" method="post" action={ "/orders/" (order.id) "/quick" } aria-label=(title) {
            @if let Some(fault) = &refused { (notice(Tone::Bad, words.fault(fault))) }
            input type="hidden" name="version" value=(order.version);
            input type="hidden" name="back" value=(given.back);
            @if may_move { (field(words.t("orders-status"), "status").value(&given.status).select(same.chain(to))) }
            @if may_comment { (field(words.t("orders-comment"), "comment").textarea(3).value(&given.comment).errors(&errors)) }
            @if may_move || may_comment { (button(words.t("orders-save")).primary()) }
            @else { p.muted { (words.t("orders-quick-nothing")) } }
        }
    };
    let head = PageHead::new(title)
        .width(Width::Narrow)
        .path(format!("/orders/{}/quick", order.id))
        .crumbs(crumbs(&[(&words.t("orders-title"), Some("/orders"))]));
    Ok(if refused.is_some() { caller.refused_page(web, head, body) } else { caller.page(web, head, body) })
}
