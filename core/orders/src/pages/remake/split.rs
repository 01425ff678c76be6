//! Which quantities go on as an order of their own.

use axum::extract::State;
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result, money::Quantity};
use takt_staff::{Caller, see_other_saying};
use takt_ui::{Column, Field, FormErrors, Row, Table, Words, amount, button, form, link_button};
use takt_web::{Answer, Form, Path, Web};

use super::{super::card_verbs::change, head};
use crate::{EditOrders, Line, LineId, Order, OrderId, SeeOrders, commands, queries, rows, steps};

/// Lines are columns: the n-th of each belong together.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct SplitGiven {
    version: i64,
    line: Vec<String>,
    quantity: Vec<String>,
}

pub(in crate::pages) async fn split_form(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
) -> Answer {
    let (order, lines, may) = loaded(&caller, &web, id).await?;
    caller.permit::<EditOrders>(order.company)?;
    may?;
    let words = caller.words(&web);
    let body = split_page(&words, &order, &lines, &SplitGiven::default(), &FormErrors::none());
    Ok(caller.page(&web, head(&words, &order, "orders-split-title"), body))
}

pub(in crate::pages) async fn split(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<SplitGiven>,
) -> Answer {
    let (version, wanted) = (given.version, chosen(&given));
    let done = match wanted {
        Ok(wanted) => {
            change::<EditOrders, _>(&caller, &web, "orders.split", id, move |tx, permit| {
                commands::split(tx, permit, id, version, &wanted).map(|_| ())
            })
            .await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(see_other_saying(&format!("/orders/{id}"), "orders-split-done")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let (order, lines, _) = loaded(&caller, &web, id).await?;
            let words = caller.words(&web);
            let body = split_page(&words, &order, &lines, &given, &FormErrors::from_fault(&words, &fault));
            let head = head(&words, &order, "orders-split-title").path(format!("/orders/{id}/split"));
            Ok(caller.refused_page(&web, head, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The order with its lines, and whether it may be split.
async fn loaded(caller: &Caller, web: &Web, id: OrderId) -> Result<(Order, Vec<Line>, Result<()>)> {
    let scope = caller.scope_where::<SeeOrders>()?;
    web.db
        .read("orders.split_form", move |reader| {
            let order = queries::get(reader, &scope, id)?;
            let lines = rows::lines(reader, order.company, id)?;
            let may = steps::may_remake(reader, &order);
            Ok((order, lines, may))
        })
        .await
}

impl SplitGiven {
    /// What was typed at a line.
    fn typed(&self, line: LineId) -> &str {
        let place = self.line.iter().position(|known| *known == line.to_string());
        place.and_then(|place| self.quantity.get(place)).map_or("", String::as_str)
    }
}

/// What is to go; an empty field leaves its line where it is.
fn chosen(given: &SplitGiven) -> Result<Vec<(LineId, Quantity)>> {
    let named = given.line.iter().zip(&given.quantity).filter(|(_, quantity)| !quantity.trim().is_empty());
    let mut wanted = Vec::new();
    for (line, quantity) in named {
        let line = line.parse().map_err(|_| Fault::invalid("orders.line_unknown"))?;
        let quantity = Quantity::parse(quantity.trim())
            .map_err(|_| Fault::field(format!("quantity-{line}"), "orders.quantity_unreadable"))?;
        wanted.push((line, quantity));
    }
    Ok(wanted)
}

/// What was typed stays where it is refused.
pub(in crate::pages) fn split_page(
    w: &Words,
    order: &Order,
    lines: &[Line],
    given: &SplitGiven,
    errors: &FormErrors,
) -> Markup {
    let rows = lines.iter().map(|line| {
        let path = format!("quantity-{}", line.id);
        let error = errors.of(&path);
        Row::new([
            html! { (line.name) " " @if let Some(sku) = &line.sku { span.muted.small-text { (sku) } } },
            html! { (w.quantity(line.wanted())) " " (w.unit(&line.unit)) },
            amount(w, line.total),
            html! {
                input type="hidden" name="line" value=(line.id);
                input.control id=(Field::id(&path)) type="text" inputmode="decimal" name="quantity" autocomplete="off"
                    value=(given.typed(line.id))
                    aria-label=(w.ta("orders-split-quantity-of", &[("name", line.name.as_str().into())]))
                    aria-invalid=[error.is_some().then_some("true")];
                @if let Some(error) = error { p.field-error { (error) } }
            },
        ])
    });
    let table = Table::new(w, w.t("orders-composition"))
        .columns([
            Column::new(w.t("orders-product")).leading(),
            Column::new(w.t("orders-quantity")),
            Column::new(w.t("orders-sum")).numeric(),
            Column::new(w.t("orders-split-goes")),
        ])
        .rows(rows);
    html! {
        p.muted { (w.t("orders-split-note")) }
        (form(w, format!("/orders/{}/split", order.id))
            .errors(errors)
            .body(html! { input type="hidden" name="version" value=(order.version); div.field { (table) } })
            .actions(html! {
                (button(w.t("orders-split")).primary())
                (link_button(w.t("orders-back"), format!("/orders/{}", order.id)).quiet())
            }))
    }
}
