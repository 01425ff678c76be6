use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Timestamp};
use takt_staff::{Caller, PageHead};
use takt_store::Query as _;
use takt_ui::{Column, FilterBar, Icon, Pager, Row, Table, Tone, Words, badge, empty, link_button};
use takt_web::{Answer, Query, Web};

use super::list_sheet;
use crate::{CustomerId, Filter, Listed, Page, SeeCustomers, queries};

const PAGE_SIZE: i64 = 50;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    pub q: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<CustomerId>,
}

pub(super) struct ListView {
    pub page: Page,
    pub q: String,
    /// The page after this one.
    pub next: Option<String>,
    /// Names of the companies, when more than one can stand in the list.
    pub companies: BTreeMap<CompanyId, String>,
    pub now: Timestamp,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let scope = caller.scope_where::<SeeCustomers>()?;
    let filter = Filter { q: asked.q.clone(), limit: PAGE_SIZE, cursor: asked.cursor };
    let (page, now) =
        web.db.read("customers.list", move |r| Ok((queries::list(r, &scope, &filter)?, r.now()))).await?;
    let next = page.next_cursor.map(|cursor| address(&Asked { q: asked.q.clone(), cursor: Some(cursor) }));
    let companies = match caller.companies() {
        [_] => BTreeMap::new(),
        several => several.iter().map(|there| (there.id(), there.name().to_owned())).collect(),
    };
    let view = ListView { page, q: asked.q, next, companies, now };
    let words = caller.words(&web);
    let duplicates = link_button(words.t("customers-duplicates"), "/customers/duplicates").icon(Icon::Users);
    let head = PageHead::new(words.t("customers-title")).actions(html! { (duplicates) });
    Ok(caller.page(&web, head, render(&words, &view)))
}

fn address(asked: &Asked) -> String {
    format!("/customers?{}", serde_html_form::to_string(asked).unwrap_or_default())
}

fn query(q: &str) -> String {
    if q.is_empty() { String::new() } else { serde_html_form::to_string([("q", q)]).unwrap_or_default() }
}

pub(super) fn render(w: &Words, view: &ListView) -> Markup {
    html! {
        (FilterBar::new(w, "/customers").search("q", &view.q, w.t("customers-search"))
            .actions(takt_sheets::links(list_sheet::LIST, &query(&view.q))))
        (table(w, view))
        (Pager { words: w, previous: None, next: view.next.clone(), count: None })
    }
}

fn table<'a>(w: &'a Words, view: &ListView) -> Table<'a> {
    let mut columns = vec![
        Column::new(w.t("customers-name")).leading(),
        Column::new(w.t("customers-phone")),
        Column::new(w.t("customers-email")).wide(),
    ];
    if !view.companies.is_empty() {
        columns.push(Column::new(w.t("customers-company")));
    }
    columns.push(Column::new(w.t("customers-since")).narrow());
    let nothing = match view.q.is_empty() {
        true => empty(Icon::Users, w.t("customers-none"), w.t("customers-none-text"), None),
        false => empty(Icon::Search, w.t("customers-not-found"), w.t("customers-not-found-text"), None),
    };
    Table::new(w, w.t("customers-title"))
        .columns(columns)
        .rows(view.page.items.iter().map(|customer| row(w, view, customer)))
        .live("customers", "customers")
        .empty(nothing)
}

fn row(w: &Words, view: &ListView, customer: &Listed) -> Row {
    let mut cells = vec![
        html! {
            span.strong { (shown_name(w, &customer.name)) }
            @if customer.merged { " " (badge(w.t("customers-merged-mark"), Tone::Neutral)) }
        },
        html! { @if let Some(phone) = &customer.phone { span.numbers { (crate::shown(phone)) } } },
        html! { @if let Some(email) = &customer.email { (email) } },
    ];
    if !view.companies.is_empty() {
        cells.push(html! { @if let Some(name) = view.companies.get(&customer.company) { (name) } });
    }
    cells.push(html! { (w.moment(customer.created_at, view.now)) });
    Row::new(cells)
        .id(format!("customer-{}", customer.id))
        .href(format!("/customers/{}", customer.id))
        .dim(customer.merged)
}

pub(super) fn shown_name(w: &Words, name: &str) -> String {
    if name.is_empty() { w.t("customers-nameless") } else { name.to_owned() }
}
