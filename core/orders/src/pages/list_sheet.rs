//! The list as a file: what the list shows, with its filters, all of its pages.

use std::collections::BTreeMap;

use axum::extract::State;
use maud::Markup;
use takt_customers::shown;
use takt_kernel::{CompanyId, Result};
use takt_sheets::{Cell, Column, Form, List, links};
use takt_staff::Caller;
use takt_store::Query as Reader;
use takt_ui::Words;
use takt_web::{Answer, Query, Web};

use super::{
    list_asked::Asked,
    list_columns::source_name,
    list_rail,
    marks::{holder_name, stage_name, terms_name},
    names::Names,
};
use crate::{
    ListFilter, SeeOrders,
    order::{Line, Order, OrderId},
    queries, rows,
};

const LIST: &str = "/orders/list";
const PAGE: i64 = 200;

/// Buttons for the list at this address.
pub(super) fn buttons(list: &str) -> Markup {
    links(LIST, list.split_once('?').map_or("", |(_, asked)| asked))
}

pub(super) async fn show(
    form: Form,
    caller: Caller,
    State(web): State<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let scope = caller.scope_where::<SeeOrders>()?;
    let w = caller.words(&web);
    let rails = list_rail::of(&caller, &web);
    let mut filter = asked.filter(&caller)?;
    filter.rail = list_rail::narrowed(&rails, asked.rail());
    filter.limit = PAGE;
    let columns = columns(&w);
    let (list, words) =
        (List { form, words: &w, title: w.t("orders-title"), what: "orders", columns }, w.clone());
    let answered = list.answer(&web.db, move |reader, cursor| {
        let page = queries::list(reader, &scope, &ListFilter { cursor, ..filter.clone() })?;
        Ok((written(reader, &words, &page.items)?, page.next_cursor))
    });
    Ok(answered.await?)
}

fn columns(w: &Words) -> Vec<Column> {
    vec![
        Column::text(w.t("orders-number")),
        Column::moment(w.t("orders-placed-at")),
        Column::text(w.t("orders-shop")),
        Column::text(w.t("orders-status")),
        Column::text(w.t("orders-stage")),
        Column::text(w.t("orders-holder")),
        Column::moment(w.t("orders-promise")),
        Column::text(w.t("orders-buyer")),
        Column::text(w.t("orders-phone")),
        Column::text(w.t("orders-email")),
        Column::text(w.t("orders-city")),
        Column::long(w.t("orders-address")),
        Column::text(w.t("orders-delivery")),
        Column::long(w.t("orders-lines")),
        Column::quantity(w.t("orders-units")),
        Column::money(w.t("orders-total")),
        Column::money(w.t("orders-paid")),
        Column::text(w.t("orders-terms")),
        Column::text(w.t("orders-source")),
        Column::long(w.t("orders-buyers-words")),
        Column::long(w.t("orders-last-comment")),
    ]
}

fn written(db: &mut dyn Reader, w: &Words, orders: &[Order]) -> Result<Vec<Vec<Cell>>> {
    let names = Names::for_orders(db, orders)?;
    let mut of_company: BTreeMap<CompanyId, Vec<OrderId>> = BTreeMap::new();
    for order in orders {
        of_company.entry(order.company).or_default().push(order.id);
    }
    let mut lines: BTreeMap<OrderId, Vec<Line>> = BTreeMap::new();
    for (company, ids) in of_company {
        lines.extend(rows::lines_of(db, company, &ids)?);
    }
    let none = Vec::new();
    Ok(orders.iter().map(|order| row(w, &names, order, lines.get(&order.id).unwrap_or(&none))).collect())
}

fn row(w: &Words, names: &Names, order: &Order, lines: &[Line]) -> Vec<Cell> {
    let phone = order.contact.phone.as_deref().map(shown).or_else(|| order.contact.phone_given.clone());
    let address = order.delivery.address.as_deref();
    let units = lines.iter().try_fold(takt_kernel::money::Quantity::ZERO, |sum, line| sum.add(line.wanted()));
    vec![
        Cell::from(&order.number),
        Cell::from(order.placed_at),
        Cell::from(names.shops.get(&order.shop).cloned()),
        Cell::from(names.status_name(w, order.company, &order.status)),
        Cell::from(stage_name(w, order.stage)),
        Cell::from(order.holder.map(|holder| holder_name(w, holder))),
        Cell::from(order.due_at),
        Cell::from(&order.contact.name),
        Cell::from(phone),
        Cell::from(order.contact.email.clone()),
        Cell::from(order.city()),
        Cell::from(address),
        Cell::from(order.delivery.method.as_deref().map(|method| super::marks::method_name(w, method))),
        Cell::from(told(w, lines)),
        Cell::from(units.ok()),
        Cell::from(order.total),
        Cell::from(order.paid),
        Cell::from(terms_name(w, order.terms)),
        Cell::from(source_name(w, &order.source)),
        Cell::from(order.comment.clone()),
        Cell::from(order.last_comment.clone()),
    ]
}

/// `TEA-100 Чай × 2 шт.; …`
fn told(w: &Words, lines: &[Line]) -> String {
    let line = |line: &Line| {
        let sku = line.sku.as_ref().map(|sku| format!("{sku} ")).unwrap_or_default();
        format!("{sku}{} × {} {}", line.name, w.quantity(line.wanted()), w.unit(&line.unit))
    };
    lines.iter().map(line).collect::<Vec<_>>().join("; ")
}
