//! /reports/slices/orders: the very orders behind a number.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Result};
use takt_orders::{Order, OrderId, briefs};
use takt_staff::{Caller, PageHead};
use takt_store::{Query as Reader, Statement};
use takt_ui::{Column, FilterMark, Icon, Pager, Row, Table, Words, amount, crumbs, empty};
use takt_web::{Answer, Query, Web};

use super::{
    ORDERS, REPORT,
    asked::{Asked as Over, Wanted},
    names::Names,
};
use crate::{
    contribution::Contribution,
    dimension::Dimension,
    fold::{self, MOST_PENDING},
    grouped,
};

pub(super) const PER_PAGE: i64 = 50;
const ONLY: [(&str, &str); 7] = [
    ("cancelled", "o.cancelled = 1"),
    ("kept", "o.cancelled = 0"),
    ("confirmed", "o.confirmed = 1"),
    ("paid", "o.paid = 1"),
    ("packed", "o.packed = 1"),
    ("shipped", "o.shipped = 1"),
    ("completed", "o.completed = 1"),
];

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(flatten)]
    pub over: Over,
    /// `cancelled`, `completed` …; nothing is all of them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub only: String,
    /// Behind this: company, day and order.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
}

/// Where a page begins: company, day, order.
pub(super) type Begin = (CompanyId, i64, i64);

pub(super) struct View {
    pub asked: Asked,
    pub wanted: Wanted,
    pub found: Vec<Order>,
    pub next: Option<String>,
    pub names: Names,
}

impl Asked {
    pub fn begin(&self) -> Option<Begin> {
        let mut parts = self.after.split('-');
        let mut part = || parts.next()?.parse::<i64>().ok();
        Some((CompanyId::new(part()?), part()?, part()?))
    }

    fn is_only(&self, order: &Contribution) -> bool {
        match self.only.as_str() {
            "cancelled" => order.cancelled,
            "kept" => !order.cancelled,
            "confirmed" => order.confirmed,
            "paid" => order.paid,
            "packed" => order.packed,
            "shipped" => order.shipped,
            "completed" => order.completed,
            _ => true,
        }
    }
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let wanted = asked.over.wanted(&caller, web.db.clock().now())?;
    let w = caller.words(&web);
    let view = web
        .db
        .read("slices.orders", move |reader| {
            let (found, next) = find(reader, &wanted, &asked, asked.begin(), PER_PAGE)?;
            let told = Names::asked(reader, wanted.scope.companies(), &wanted.question)?;
            let names = Names::of(reader, wanted.scope.companies(), &told)?;
            let next = next.map(|(company, day, order)| {
                let after = format!("{company}-{day}-{order}");
                format!(
                    "{ORDERS}?{}",
                    serde_html_form::to_string(Asked { after, ..asked.clone() }).unwrap_or_default()
                )
            });
            Ok(View { asked, wanted, found, next, names })
        })
        .await?;
    let report = format!("{REPORT}?{}", view.asked.over.query());
    let head = PageHead::new(w.t("slices-orders"))
        .path(REPORT)
        .crumbs(crumbs(&[(&w.t("slices-title"), Some(&report)), (&w.t("slices-orders"), None)]))
        .actions(takt_sheets::links(ORDERS, &serde_html_form::to_string(&view.asked).unwrap_or_default()));
    Ok(caller.page(&web, head, render(&w, &view)))
}

/// A page of orders, the newest first, company by company; what waits to be written comes first of its company.
pub(super) fn find(
    db: &mut dyn Reader,
    wanted: &Wanted,
    asked: &Asked,
    begin: Option<Begin>,
    limit: i64,
) -> Result<(Vec<Order>, Option<Begin>)> {
    let mut companies = wanted.scope.companies().to_vec();
    companies.sort_unstable();
    let mut found: Vec<(CompanyId, i64, OrderId)> = Vec::new();
    for company in companies {
        let behind = match begin {
            Some((first, ..)) if company < first => continue,
            Some((first, day, order)) if company == first => Some((day, order)),
            _ => None,
        };
        let waiting = fold::pending(db, company, MOST_PENDING)?;
        if behind.is_none() {
            let moved = fold::look(db, company, &waiting)?;
            let question = &wanted.question;
            for (order, (now, _)) in moved.new.iter().rev() {
                let (day, _) = now.dated(question.basis);
                let fits = question.filters.iter().all(|(one, value)| now.says(*one, question.basis, value));
                if question.days.holds(day) && fits && asked.is_only(now) {
                    found.push((company, i64::MAX, *order));
                }
            }
        }
        let waiting: BTreeSet<OrderId> = waiting.into_iter().collect();
        let mut behind = behind;
        loop {
            let page = page(db, wanted, asked, company, behind, limit)?;
            let full = i64::try_from(page.len()).is_ok_and(|length| length == limit);
            behind = page.last().map(|(day, order)| (*day, order.get()));
            for (day, order) in page {
                if !waiting.contains(&order) {
                    found.push((company, day, order));
                }
            }
            if !full || i64::try_from(found.len()).is_ok_and(|length| length >= limit) {
                break;
            }
        }
        if i64::try_from(found.len()).is_ok_and(|length| length >= limit) {
            // Nothing is written of this company behind what waits: the next page begins with the next company.
            let (day, order) = behind.unwrap_or((0, 0));
            return Ok((loaded(db, &found)?, Some((company, day, order))));
        }
    }
    Ok((loaded(db, &found)?, None))
}

fn page(
    db: &mut dyn Reader,
    wanted: &Wanted,
    asked: &Asked,
    company: CompanyId,
    behind: Option<(i64, i64)>,
    limit: i64,
) -> Result<Vec<(i64, OrderId)>> {
    let day = wanted.question.basis.day_column();
    let statement = Statement::new("select ").push(&format!("o.{day} as day, o.order_id"));
    let mut statement = grouped::within(statement, &wanted.question, company, wanted.question.days, false);
    if let Some((_, condition)) = ONLY.iter().find(|(only, _)| *only == asked.only) {
        statement = statement.push("\nand ").push(condition);
    }
    if let Some((on, order)) = behind {
        statement = statement
            .push(&format!("\nand (o.{day}, o.order_id) < (:behind_day, :behind_order)"))
            .bind("behind_day", on)
            .bind("behind_order", order);
    }
    let statement = statement
        .push(&format!("\norder by o.{day} desc, o.order_id desc\nlimit :limit"))
        .bind("limit", limit);
    db.all_of(&statement)?.iter().map(|row| Ok((row.get("day")?, row.get("order_id")?))).collect()
}

/// In the order in which they were found.
fn loaded(db: &mut dyn Reader, found: &[(CompanyId, i64, OrderId)]) -> Result<Vec<Order>> {
    let mut of_company: BTreeMap<CompanyId, Vec<OrderId>> = BTreeMap::new();
    for (company, _, order) in found {
        of_company.entry(*company).or_default().push(*order);
    }
    let mut known = BTreeMap::new();
    for (company, orders) in of_company {
        for part in orders.chunks(500) {
            known.extend(briefs(db, company, part)?.into_iter().map(|order| (order.id, order)));
        }
    }
    Ok(found.iter().filter_map(|(.., order)| known.remove(order)).collect())
}

pub(super) fn render(w: &Words, view: &View) -> Markup {
    let question = &view.wanted.question;
    let marks = question.filters.iter().map(|(dimension, value)| FilterMark {
        label: format!(
            "{}: {}",
            w.t(&format!("slices-by-{}", dimension.code())),
            view.names.value(w, *dimension, value)
        ),
        href: format!(
            "{ORDERS}?{}",
            serde_html_form::to_string(Asked {
                over: view.asked.over.without(*dimension),
                after: String::new(),
                ..view.asked.clone()
            })
            .unwrap_or_default()
        ),
    });
    let day = |day: crate::Day| view.names.value(w, Dimension::Day, &day.to_string());
    let rows = view.found.iter().map(|order| {
        Row::new([
            html! { span.strong { (order.number) } },
            html! { (w.date_time(order.placed_at)) },
            html! { (view.names.status(w, &order.status)) },
            html! { (view.names.value(w, Dimension::Shop, &order.shop.to_string())) },
            amount(w, order.total),
        ])
        .href(format!("/orders/{}", order.id))
        .dim(!order.stage.is_in_work())
    });
    let table = Table::new(w, w.t("slices-orders"))
        .columns([
            Column::new(w.t("orders-number")).leading(),
            Column::new(w.t("orders-placed-at")),
            Column::new(w.t("orders-status")),
            Column::new(w.t("orders-shop")),
            Column::new(w.t("orders-total")).numeric(),
        ])
        .rows(rows)
        .empty(empty(Icon::Inbox, w.t("slices-none"), w.t("slices-none-behind"), None));
    html! {
        p {
            (w.t(&format!("slices-of-{}", question.basis.code()))) ": " (day(question.days.from)) " – " (day(question.days.to))
            @if !view.asked.only.is_empty() { " · " (w.t(&format!("slices-only-{}", view.asked.only))) }
        }
        @let marks: Vec<FilterMark> = marks.collect();
        @if !marks.is_empty() {
            ul.filter-marks { @for mark in &marks { li { a.filter-mark href=(mark.href) { (mark.label) " ×" } } } }
        }
        (table)
        (Pager { words: w, previous: None, next: view.next.clone(), count: None })
    }
}
