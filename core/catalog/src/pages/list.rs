use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Result};
use takt_staff::{Caller, PageHead};
use takt_store::Query as Asking;
use takt_ui::{Column, FilterBar, Icon, Pager, Row, Table, Tone, Words, badge, empty, link_button};
use takt_web::{Answer, Query, Web};

use super::{
    list_sheet,
    panels::{Cells, LIST_COLUMNS},
};
use crate::{EditCatalog, Filter, Offer, OfferId, Page, SeeCatalog, queries};

const PAGE_SIZE: i64 = 50;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    pub q: String,
    /// `archived`, or nothing for what is sold.
    show: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<OfferId>,
}

pub(super) struct ExtraColumn {
    pub title: String,
    pub numeric: bool,
    pub cells: Cells,
}

pub(super) struct ListView {
    pub page: Page,
    pub q: String,
    pub archived: bool,
    /// The page after this one.
    pub next: Option<String>,
    pub columns: Vec<ExtraColumn>,
    /// Names of the companies, when more than one can stand in the list.
    pub companies: BTreeMap<CompanyId, String>,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let scope = caller.scope_where::<SeeCatalog>()?;
    let archived = asked.archived();
    let filter = Filter { q: asked.q.clone(), archived, limit: PAGE_SIZE, cursor: asked.cursor };
    let words = caller.words(&web);
    let (reader, its_words) = (caller.clone(), words.clone());
    let (page, columns) = web
        .db
        .read("catalog.list", move |r| {
            let page = queries::list(r, &scope, &filter)?;
            let columns = extra_columns(r, &reader, &its_words, &page.items)?;
            Ok((page, columns))
        })
        .await?;
    let next = page.next_cursor.map(|cursor| address(&Asked { cursor: Some(cursor), ..asked.clone() }));
    let companies = match caller.companies() {
        [_] => BTreeMap::new(),
        several => several.iter().map(|there| (there.id(), there.name().to_owned())).collect(),
    };
    let view = ListView { page, q: asked.q, archived, next, columns, companies };
    let mut head = PageHead::new(words.t("catalog-title"));
    if caller.may::<EditCatalog>() {
        head = head.actions(add_button(&words));
    }
    Ok(caller.page(&web, head, render(&words, &view)))
}

impl Asked {
    pub fn archived(&self) -> bool {
        self.show == "archived"
    }
}

fn address(asked: &Asked) -> String {
    format!("/products?{}", serde_html_form::to_string(asked).unwrap_or_default())
}

fn query(q: &str, shown: &str) -> String {
    let said = [("q", q), ("show", shown)].into_iter().filter(|(_, value)| !value.is_empty());
    serde_html_form::to_string(said.collect::<Vec<_>>()).unwrap_or_default()
}

fn add_button(w: &Words) -> Markup {
    html! { (link_button(w.t("catalog-add"), "/products/new").primary().icon(Icon::Plus).key("n")) }
}

fn extra_columns(
    db: &mut dyn Asking,
    caller: &Caller,
    words: &Words,
    offers: &[Offer],
) -> Result<Vec<ExtraColumn>> {
    let slots = db.slots();
    let mut columns: Vec<_> =
        slots.of(&LIST_COLUMNS).filter(|column| caller.may_code(column.permission)).collect();
    columns.sort_by_key(|column| column.place);
    columns
        .into_iter()
        .map(|column| {
            Ok(ExtraColumn {
                title: words.t(column.title_key),
                numeric: column.numeric,
                cells: (column.cells)(db, words, offers)?,
            })
        })
        .collect()
}

pub(super) fn render(w: &Words, view: &ListView) -> Markup {
    let shown = if view.archived { "archived" } else { "" };
    let choices = [(String::new(), w.t("catalog-sold")), ("archived".to_owned(), w.t("catalog-archived"))];
    html! {
        (FilterBar::new(w, "/products")
            .search("q", &view.q, w.t("catalog-search"))
            .choice(w.t("catalog-show"), "show", shown, choices)
            .actions(takt_sheets::links(list_sheet::LIST, &query(&view.q, shown))))
        (table(w, view))
        (Pager { words: w, previous: None, next: view.next.clone(), count: None })
    }
}

fn table<'a>(w: &'a Words, view: &ListView) -> Table<'a> {
    let mut columns = vec![
        Column::new(w.t("catalog-sku")).leading(),
        Column::new(w.t("catalog-name")).wide(),
        Column::new(w.t("catalog-price")).numeric(),
    ];
    for extra in &view.columns {
        let column = Column::new(extra.title.clone());
        columns.push(if extra.numeric { column.numeric() } else { column });
    }
    if !view.companies.is_empty() {
        columns.push(Column::new(w.t("catalog-company")).narrow());
    }
    let nothing = match view.q.is_empty() {
        true => empty(Icon::Tag, w.t("catalog-none"), w.t("catalog-none-text"), None),
        false => empty(Icon::Search, w.t("catalog-not-found"), w.t("catalog-not-found-text"), None),
    };
    Table::new(w, w.t("catalog-title"))
        .columns(columns)
        .rows(view.page.items.iter().map(|offer| row(w, view, offer)))
        .live("offers", "offers")
        .empty(nothing)
}

fn row(w: &Words, view: &ListView, offer: &Offer) -> Row {
    let mut cells = vec![
        html! { span.strong { (offer.sku) } },
        html! {
            (offer.name)
            @if offer.archived { " " (badge(w.t("catalog-archived"), Tone::Neutral)) }
        },
        html! { span.numbers { (price(w, offer)) } },
    ];
    for extra in &view.columns {
        cells.push(extra.cells.get(&offer.id).cloned().unwrap_or_default());
    }
    if !view.companies.is_empty() {
        cells.push(html! { @if let Some(name) = view.companies.get(&offer.company) { (name) } });
    }
    Row::new(cells)
        .id(format!("offer-{}", offer.id))
        .href(format!("/products/{}", offer.id))
        .dim(offer.archived)
}

/// `199,50 ₽ / шт.`
pub(super) fn price(w: &Words, offer: &Offer) -> String {
    let (price, unit) = (w.price(offer.price, offer.currency), w.unit(&offer.unit));
    w.ta("catalog-price-per", &[("price", price.into()), ("unit", unit.into())])
}
