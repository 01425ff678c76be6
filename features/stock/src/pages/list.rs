use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use takt_catalog::{Offer, OfferId, offers_by_id};
use takt_kernel::{CompanyId, Fault, Result, Timestamp, money::Quantity};
use takt_staff::{Caller, PageHead};
use takt_store::Query as Asking;
use takt_ui::{
    Column, FilterBar, FormErrors, Icon, Pager, Row, Table, Tone, Words, card, details, empty, status,
};
use takt_web::{Answer, Query, Web};

use super::{
    form::{self, Given},
    list_sheet,
};
use crate::{Cursor, Filter, Level, MoveStock, Page, SeeStock, Shortage, Warehouse, queries, warehouses};

const PAGE_SIZE: i64 = 50;
const SHORTAGES: i64 = 20;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    pub q: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

pub(super) struct ListView {
    pub q: String,
    pub page: Page,
    pub shortages: Vec<Shortage>,
    pub offers: BTreeMap<OfferId, Offer>,
    pub warehouses: Vec<Warehouse>,
    /// Names of the companies, when more than one can stand in the list.
    pub companies: BTreeMap<CompanyId, String>,
    /// Where goods may be moved; none when the reader may not.
    pub places: Vec<(String, String)>,
    pub form: Given,
    pub errors: FormErrors,
    pub next: Option<String>,
    pub now: Timestamp,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    page(caller, &web, asked, None).await
}

pub(super) async fn page(caller: Caller, web: &Web, asked: Asked, refused: Option<(Given, Fault)>) -> Answer {
    let scope = caller.scope_where::<SeeStock>()?;
    let words = caller.words(web);
    let (reader, its_words) = (caller.clone(), words.clone());
    let filter = Filter { q: asked.q.clone(), sku: None, limit: PAGE_SIZE, cursor: asked.cursor };
    let view = web
        .db
        .read("stock.list", move |r| {
            let page = queries::list(r, &scope, &filter)?;
            let shortages = if filter.cursor.is_none() && filter.q.is_empty() {
                queries::shortages(r, &scope, SHORTAGES)?
            } else {
                Vec::new()
            };
            let wanted = page.items.iter().map(|level| (level.company, level.offer));
            let wanted = wanted.chain(shortages.iter().map(|one| (one.company, one.offer)));
            let offers = offers(r, wanted)?;
            let mut houses = Vec::new();
            for company in scope.companies() {
                houses.extend(warehouses::list(r, *company)?);
            }
            let places =
                if reader.may::<MoveStock>() { form::places(r, &reader, &its_words)? } else { Vec::new() };
            let (form, errors) = match &refused {
                Some((given, fault)) => (given.clone(), FormErrors::from_fault(&its_words, fault)),
                None => (Given { back: "/stock".to_owned(), ..Given::default() }, FormErrors::none()),
            };
            let next =
                page.next_cursor.map(|cursor| address(&Asked { cursor: Some(cursor), q: asked.q.clone() }));
            let companies = match reader.companies() {
                [_] => BTreeMap::new(),
                several => several.iter().map(|there| (there.id(), there.name().to_owned())).collect(),
            };
            let (q, now) = (asked.q, r.now());
            Ok(ListView {
                q,
                page,
                shortages,
                offers,
                warehouses: houses,
                companies,
                places,
                form,
                errors,
                next,
                now,
            })
        })
        .await?;
    let head = PageHead::new(words.t("stock-title")).path("/stock");
    let body = render(&words, &view);
    Ok(if view.errors.is_empty() {
        caller.page(web, head, body)
    } else {
        caller.refused_page(web, head, body)
    })
}

pub(super) fn offers(
    db: &mut dyn Asking,
    wanted: impl Iterator<Item = (CompanyId, OfferId)>,
) -> Result<BTreeMap<OfferId, Offer>> {
    let mut of_company: BTreeMap<CompanyId, Vec<OfferId>> = BTreeMap::new();
    for (company, offer) in wanted {
        of_company.entry(company).or_default().push(offer);
    }
    let mut offers = BTreeMap::new();
    for (company, ids) in of_company {
        offers.extend(offers_by_id(db, company, &ids)?);
    }
    Ok(offers)
}

fn address(asked: &Asked) -> String {
    format!("/stock?{}", serde_html_form::to_string(asked).unwrap_or_default())
}

fn query(q: &str) -> String {
    if q.is_empty() { String::new() } else { serde_html_form::to_string([("q", q)]).unwrap_or_default() }
}

pub(super) fn render(w: &Words, view: &ListView) -> Markup {
    html! {
        div.stack {
            @if !view.places.is_empty() {
                (details(w.t("stock-write-down"), !view.errors.is_empty(),
                    form::render(w, &view.places, &view.form, &view.errors, true)))
            }
            @if !view.shortages.is_empty() {
                (card(w.t("stock-shortages")).flush().body(html! { (shortages(w, view)) })
                    .live("stock-shortages", "orders offers"))
            }
            (FilterBar::new(w, "/stock").search("q", &view.q, w.t("stock-search"))
                .actions(takt_sheets::links(list_sheet::LIST, &query(&view.q))))
            (levels(w, view))
            (Pager { words: w, previous: None, next: view.next.clone(), count: None })
        }
    }
}

fn shortages<'a>(w: &'a Words, view: &ListView) -> Table<'a> {
    let rows = view.shortages.iter().map(|one| {
        let mut cells = vec![
            offer(view, one.offer),
            html! { span.numbers.strong { (w.quantity(one.missing)) } },
            html! { (w.ta("stock-orders", &[("count", one.orders.into())])) },
            html! { (w.moment(one.since, view.now)) },
        ];
        push_company(&mut cells, view, one.company);
        Row::new(cells)
            .id(format!("short-{}", one.offer))
            .href(format!("/products/{}", one.offer))
            .tone(Tone::Warn)
    });
    let mut columns = vec![
        Column::new(w.t("stock-product")).leading().wide(),
        Column::new(w.t("stock-missing")).numeric(),
        Column::new(w.t("stock-waiting")),
        Column::new(w.t("stock-since")).narrow(),
    ];
    if !view.companies.is_empty() {
        columns.push(Column::new(w.t("stock-company")).narrow());
    }
    Table::new(w, w.t("stock-shortages")).columns(columns).rows(rows)
}

fn levels<'a>(w: &'a Words, view: &ListView) -> Table<'a> {
    let mut columns = vec![
        Column::new(w.t("stock-product")).leading().wide(),
        Column::new(w.t("stock-warehouse")),
        Column::new(w.t("stock-free")).numeric(),
        Column::new(w.t("stock-held")).numeric(),
        Column::new(w.t("stock-on-hand")).numeric(),
    ];
    if !view.companies.is_empty() {
        columns.push(Column::new(w.t("stock-company")).narrow());
    }
    let nothing = match view.q.is_empty() {
        true => empty(Icon::Warehouse, w.t("stock-none"), w.t("stock-none-text"), None),
        false => empty(Icon::Search, w.t("stock-not-found"), w.t("stock-not-found-text"), None),
    };
    Table::new(w, w.t("stock-title"))
        .columns(columns)
        .rows(view.page.items.iter().map(|level| row(w, view, level)))
        .live("stock-levels", "offers orders")
        .empty(nothing)
}

fn row(w: &Words, view: &ListView, level: &Level) -> Row {
    let warehouse = view.warehouses.iter().find(|warehouse| warehouse.id == level.warehouse);
    let mut cells = vec![
        offer(view, level.offer),
        html! {
            @if let Some(warehouse) = warehouse { (warehouse.shown(w)) }
            @if let Some(shelf) = &level.shelf { " " span.muted { (shelf) } }
        },
        free(w, level.free()),
        html! { span.numbers { (w.quantity(level.held)) } },
        html! { span.numbers { (w.quantity(level.on_hand)) } },
    ];
    push_company(&mut cells, view, level.company);
    Row::new(cells)
        .id(format!("level-{}-{}", level.offer, level.warehouse))
        .href(format!("/products/{}", level.offer))
}

pub(super) fn free(w: &Words, free: Quantity) -> Markup {
    html! {
        @if free.is_positive() { span.numbers.strong { (w.quantity(free)) } }
        @else { (status(w.quantity(free), Tone::Bad)) }
    }
}

fn push_company(cells: &mut Vec<Markup>, view: &ListView, company: CompanyId) {
    if !view.companies.is_empty() {
        cells.push(html! { @if let Some(name) = view.companies.get(&company) { (name) } });
    }
}

fn offer(view: &ListView, offer: OfferId) -> Markup {
    let offer = view.offers.get(&offer);
    html! { @if let Some(offer) = offer { span.strong { (offer.sku) } " " (offer.name) } }
}
