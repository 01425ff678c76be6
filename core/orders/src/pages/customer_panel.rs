//! The orders of a customer, on the customer's card.

use maud::{Markup, html};
use takt_customers::pages::{CardPanel, PanelContext};
use takt_kernel::Result;
use takt_staff::Scope;
use takt_store::Query;
use takt_ui::{Column, Icon, Row, Table, amount, empty};

use super::{marks::paid_mark, names::Names};
use crate::{ListFilter, Sort, queries};

const SHOWN: i64 = 20;

pub(crate) const PANEL: CardPanel =
    CardPanel { title_key: "orders-title", place: 10, permission: "orders.see", render };

fn render(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, customer) = (context.words, context.customer);
    let scope = Scope::Company { company: customer.company, shops: None };
    let filter = ListFilter {
        customers: customer.all.clone(),
        sort: Sort::Newest,
        limit: SHOWN,
        ..ListFilter::default()
    };
    let page = queries::list(db, &scope, &filter)?;
    let names = Names::for_orders(db, &page.items)?;
    let now = db.now();
    let rows = page.items.iter().map(|order| {
        Row::new([
            html! { span.strong { (order.number) } " " span.muted.small-text { (w.when(order.placed_at, now)) } },
            names.status_mark(w, order),
            paid_mark(w, order),
            names.shop_chip(order),
            amount(w, order.total),
        ])
        .href(format!("/orders/{}", order.id))
        .dim(!order.stage.is_in_work())
    });
    let table = Table::new(w, w.t("orders-title"))
        .columns([
            Column::new(w.t("orders-number")).leading(),
            Column::new(w.t("orders-status")),
            Column::new(w.t("orders-paid")),
            Column::new(w.t("orders-shop")).narrow(),
            Column::new(w.t("orders-total")).numeric(),
        ])
        .rows(rows)
        .empty(empty(Icon::Inbox, w.t("orders-none"), w.t("orders-none-of-customer"), None));
    Ok(html! { (table) })
}
