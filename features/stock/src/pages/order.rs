//! Stock on an order's card: what is held where for each line, and what is missing.

use maud::{Markup, html};
use takt_kernel::{Result, money::Quantity};
use takt_orders::{
    Line,
    panels::{Panel, PanelContext},
};
use takt_store::Query;
use takt_ui::{Column, Row, Table, Tone, Words, badge, details, muted, status};

use crate::{HeldFor, queries};

pub(crate) const ORDER_PANEL: Panel =
    Panel { title_key: "stock-title", place: 20, permission: "stock.see", render: panel };

fn panel(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let order = context.order;
    if !order.stage.is_in_work() {
        return Ok(html! { (muted(context.words.t("stock-order-finished"))) });
    }
    let held = queries::held_for(db, order.company, &[order.id])?;
    Ok(folded(context.words, context.lines, &held))
}

/// What goes well is one line to open; what is short stands in the open.
fn folded(w: &Words, lines: &[Line], held: &[HeldFor]) -> Markup {
    if !lines.iter().any(|line| line.open().is_positive()) {
        return muted(w.t("stock-all-left"));
    }
    let short = lines.iter().any(|line| missing(line, held).is_positive());
    let title = if short { "stock-something-missing" } else { "stock-everything-held" };
    details(w.t(title), short, render(w, lines, held))
}

fn missing(line: &Line, held: &[HeldFor]) -> Quantity {
    let sum: i64 = held.iter().filter(|one| one.line == line.id).map(|one| one.quantity.thousandths()).sum();
    line.open().saturating_subtract(Quantity::from_thousandths(sum))
}

pub(super) fn render(w: &Words, lines: &[Line], held: &[HeldFor]) -> Markup {
    let several = held.iter().any(|one| !one.warehouse_name.is_empty());
    let rows = lines.iter().map(|line| {
        let of_line: Vec<&HeldFor> = held.iter().filter(|one| one.line == line.id).collect();
        let missing = missing(line, held);
        Row::new([
            html! {
                @if let Some(sku) = &line.sku { span.strong { (sku) } " " }
                (line.name)
            },
            html! { span.numbers { (w.quantity(line.open())) } },
            html! { @for one in of_line { div { (place(w, one, several)) } } },
            missing_cell(w, line, missing),
        ])
        .id(format!("stock-line-{}", line.id))
        .dim(!line.open().is_positive())
    });
    html! {
        (Table::new(w, w.t("stock-title"))
            .columns([
                Column::new(w.t("stock-product")).leading().wide(),
                Column::new(w.t("stock-to-ship")).numeric(),
                Column::new(w.t("stock-held-where")),
                Column::new(w.t("stock-missing")),
            ])
            .rows(rows))
    }
}

fn place(w: &Words, one: &HeldFor, several: bool) -> Markup {
    let name =
        if one.warehouse_name.is_empty() { w.t("stock-main-warehouse") } else { one.warehouse_name.clone() };
    html! {
        span.numbers.strong { (w.quantity(one.quantity)) }
        @if several { " " (name) }
        @if let Some(shelf) = &one.shelf { " " (badge(shelf, Tone::Neutral)) }
    }
}

fn missing_cell(w: &Words, line: &Line, missing: Quantity) -> Markup {
    html! {
        @if line.offer.is_none() && line.open().is_positive() { (status(w.t("stock-unknown"), Tone::Warn)) }
        @else if missing.is_positive() { (status(w.quantity(missing), Tone::Bad)) }
        @else if line.open().is_positive() { (status(w.t("stock-all-held"), Tone::Good)) }
        @else { (status(w.t("stock-left"), Tone::Neutral)) }
    }
}
