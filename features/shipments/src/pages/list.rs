use std::collections::BTreeMap;

use axum::extract::State as Held;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Timestamp};
use takt_staff::{Caller, PageHead};
use takt_store::Query as _;
use takt_ui::{Column, FilterBar, Icon, Pager, Row, Table, Tone, Words, badge, empty, status};
use takt_web::{Answer, Query, Web};

use super::{leaving::way, state_name, state_tone};
use crate::{
    Filter, Page, SeeShipments, Shipment, ShipmentId, State,
    carriers::{self, Carrier},
    queries,
};

const PAGE_SIZE: i64 = 50;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<ShipmentId>,
}

pub(super) struct ListView {
    pub page: Page,
    pub carriers: Vec<Carrier>,
    pub q: String,
    pub state: Option<State>,
    /// Names of the companies, when more than one can stand in the list.
    pub companies: BTreeMap<CompanyId, String>,
    pub next: Option<String>,
    pub now: Timestamp,
}

pub(super) async fn show(caller: Caller, Held(web): Held<Web>, Query(asked): Query<Asked>) -> Answer {
    let scope = caller.scope_where::<SeeShipments>()?;
    let state = State::from_code(&asked.state);
    let filter = Filter { q: asked.q.clone(), state, order: None, limit: PAGE_SIZE, cursor: asked.cursor };
    let companies = match caller.companies() {
        [_] => BTreeMap::new(),
        several => several.iter().map(|there| (there.id(), there.name().to_owned())).collect(),
    };
    let view = web
        .db
        .read("shipments.list", move |r| {
            let page = queries::list(r, &scope, &filter)?;
            let mut of_all = Vec::new();
            for company in scope.companies() {
                of_all.extend(carriers::list(r, *company)?);
            }
            let next =
                page.next_cursor.map(|cursor| address(&Asked { cursor: Some(cursor), ..asked.clone() }));
            Ok(ListView { page, carriers: of_all, q: asked.q, state, companies, next, now: r.now() })
        })
        .await?;
    let w = caller.words(&web);
    let head = PageHead::new(w.t("shipments-title"));
    Ok(caller.page(&web, head, render(&w, &view)))
}

fn address(asked: &Asked) -> String {
    format!("/shipments?{}", serde_html_form::to_string(asked).unwrap_or_default())
}

pub(super) fn render(w: &Words, view: &ListView) -> Markup {
    let mut states = vec![(String::new(), w.t("shipments-any-state"))];
    states.extend(State::ALL.map(|state| (state.code().to_owned(), state_name(w, state))));
    let chosen = view.state.map(State::code).unwrap_or_default();
    html! {
        (FilterBar::new(w, "/shipments")
            .search("q", &view.q, w.t("shipments-search"))
            .choice(w.t("shipments-state"), "state", chosen, states))
        (table(w, view))
        (Pager { words: w, previous: None, next: view.next.clone(), count: None })
    }
}

fn table<'a>(w: &'a Words, view: &ListView) -> Table<'a> {
    let mut columns = vec![
        Column::new(w.t("shipments-order")).leading(),
        Column::new(w.t("shipments-state")),
        Column::new(w.t("shipments-carrier")).wide(),
        Column::new(w.t("shipments-places")).numeric(),
        Column::new(w.t("shipments-when")),
    ];
    if !view.companies.is_empty() {
        columns.push(Column::new(w.t("shipments-company")).narrow());
    }
    let nothing = if view.q.is_empty() && view.state.is_none() {
        let pick = takt_ui::link_button(w.t("shipments-pick"), "/pick").icon(Icon::ScanLine);
        empty(
            Icon::Truck,
            w.t("shipments-none"),
            w.t("shipments-none-text"),
            Some(maud::Render::render(&pick)),
        )
    } else {
        empty(Icon::Search, w.t("shipments-not-found"), w.t("shipments-not-found-text"), None)
    };
    Table::new(w, w.t("shipments-title"))
        .columns(columns)
        .rows(view.page.items.iter().map(|shipment| row(w, view, shipment)))
        .live("shipments", "orders")
        .empty(nothing)
}

fn row(w: &Words, view: &ListView, shipment: &Shipment) -> Row {
    let late = shipment.overdue_at.is_some() && shipment.state == State::HandedOver;
    let since = shipment.finished_at.or(shipment.handed_over_at).unwrap_or(shipment.packed_at);
    let mut cells = vec![
        html! { span.strong { (shipment.order_number) } },
        html! {
            (status(state_name(w, shipment.state), state_tone(shipment.state)))
            @if late { " " (badge(w.t("shipments-late"), Tone::Bad)) }
        },
        way(w, shipment, &view.carriers),
        html! { span.numbers { (shipment.places) } },
        w.moment(since, view.now),
    ];
    if !view.companies.is_empty() {
        cells.push(html! { @if let Some(name) = view.companies.get(&shipment.company) { (name) } });
    }
    Row::new(cells)
        .id(format!("shipment-{}", shipment.id))
        .href(format!("/orders/{}", shipment.order))
        .tone(if late { Tone::Bad } else { Tone::Neutral })
        .dim(matches!(shipment.state, State::Delivered | State::Returned))
}
