//! Stock on the pages of the catalogue: a column of the list, a panel of the product.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use takt_catalog::{
    Offer, OfferId,
    pages::{Cells, ListColumn, OfferPanel, PanelContext},
};
use takt_kernel::{CompanyId, Result, Timestamp, money::Quantity};
use takt_staff::Permission as _;
use takt_store::Query;
use takt_ui::{Column, FormErrors, Row, Table, Words, details, muted};

use super::{
    form::{self, Given, Place},
    list::free,
};
use crate::{Level, MoveStock, Movement, MovementKind, Warehouse, levels, queries, warehouses};

const MOVEMENTS: i64 = 10;

pub(crate) const LIST_COLUMN: ListColumn =
    ListColumn { title_key: "stock-free", place: 10, numeric: true, permission: "stock.see", cells };

fn cells(db: &mut dyn Query, w: &Words, offers: &[Offer]) -> Result<Cells> {
    let mut of_company: BTreeMap<CompanyId, BTreeSet<OfferId>> = BTreeMap::new();
    for offer in offers {
        of_company.entry(offer.company).or_default().insert(offer.id);
    }
    let mut sums: BTreeMap<OfferId, (i64, i64)> = BTreeMap::new();
    for (company, offers) in of_company {
        for level in levels::of_offers(db, company, &offers)? {
            let sum = sums.entry(level.offer).or_default();
            *sum = (sum.0 + level.on_hand.thousandths(), sum.1 + level.held.thousandths());
        }
    }
    Ok(sums.into_iter().map(|(offer, (on_hand, held))| (offer, cell(w, on_hand, held))).collect())
}

fn cell(w: &Words, on_hand: i64, held: i64) -> Markup {
    let quantity = |thousandths: i64| w.quantity(Quantity::from_thousandths(thousandths));
    let of_which =
        w.ta("stock-of-which", &[("on_hand", quantity(on_hand).into()), ("held", quantity(held).into())]);
    html! {
        (free(w, Quantity::from_thousandths(on_hand - held)))
        " " span.muted.small-text { (of_which) }
    }
}

pub(crate) const OFFER_PANEL: OfferPanel =
    OfferPanel { title_key: "stock-title", place: 10, permission: "stock.see", render: panel };

pub(super) struct PanelView {
    pub offer: OfferId,
    pub sku: String,
    pub company: CompanyId,
    pub levels: Vec<Level>,
    pub warehouses: Vec<Warehouse>,
    pub movements: Vec<Movement>,
    pub may_move: bool,
    pub now: Timestamp,
}

fn panel(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let offer = context.offer;
    let view = PanelView {
        offer: offer.id,
        sku: offer.sku.clone(),
        company: offer.company,
        levels: queries::levels_of_offer(db, offer.company, offer.id)?,
        warehouses: warehouses::list(db, offer.company)?,
        movements: queries::movements(db, offer.company, offer.id, MOVEMENTS)?,
        may_move: (context.may)(MoveStock::CODE),
        now: db.now(),
    };
    Ok(render(context.words, &view))
}

pub(super) fn render(w: &Words, view: &PanelView) -> Markup {
    html! {
        div.stack {
            @if view.levels.is_empty() { (muted(w.t("stock-never-received"))) } @else { (levels_table(w, view)) }
            @if view.may_move { (details(w.t("stock-write-down"), view.levels.is_empty(), write_down(w, view))) }
            @if !view.movements.is_empty() {
                (details(w.t("stock-movements"), false, html! { (movements_table(w, view)) }))
            }
        }
    }
}

fn name(w: &Words, view: &PanelView, warehouse: crate::WarehouseId) -> String {
    view.warehouses.iter().find(|one| one.id == warehouse).map(|one| one.shown(w)).unwrap_or_default()
}

fn levels_table<'a>(w: &'a Words, view: &PanelView) -> Table<'a> {
    let rows = view.levels.iter().map(|level| {
        Row::new([
            html! { (name(w, view, level.warehouse)) },
            html! { @if let Some(shelf) = &level.shelf { (shelf) } },
            html! { span.numbers { (w.quantity(level.on_hand)) } },
            html! { span.numbers { (w.quantity(level.held)) } },
            free(w, level.free()),
        ])
    });
    Table::new(w, w.t("stock-title"))
        .columns([
            Column::new(w.t("stock-warehouse")).leading(),
            Column::new(w.t("stock-shelf")),
            Column::new(w.t("stock-on-hand")).numeric(),
            Column::new(w.t("stock-held")).numeric(),
            Column::new(w.t("stock-free")).numeric(),
        ])
        .rows(rows)
}

fn write_down(w: &Words, view: &PanelView) -> Markup {
    let company = view.company;
    let in_use: Vec<&Warehouse> = view.warehouses.iter().filter(|warehouse| !warehouse.archived).collect();
    let mut places: Vec<(String, String)> = in_use
        .iter()
        .map(|warehouse| (Place { company, warehouse: Some(warehouse.id) }.to_string(), warehouse.shown(w)))
        .collect();
    if places.is_empty() {
        places.push((Place { company, warehouse: None }.to_string(), w.t("stock-main-warehouse")));
    }
    let back = format!("/products/{}", view.offer);
    let given = Given { sku: view.sku.clone(), back, ..Given::default() };
    form::render(w, &places, &given, &FormErrors::none(), false)
}

/// A note as somebody wrote it; of what is written off the reason, which is a code.
fn noted(w: &Words, movement: &Movement) -> Option<String> {
    let note = movement.note.as_ref()?;
    Some(match movement.kind {
        MovementKind::WriteOff => w.t(&format!("orders-unfit-{note}")),
        MovementKind::Receipt | MovementKind::Return | MovementKind::Correction | MovementKind::Issue => {
            note.clone()
        }
    })
}

fn movements_table<'a>(w: &'a Words, view: &PanelView) -> Table<'a> {
    let rows = view.movements.iter().map(|movement| {
        let sign = if movement.quantity.is_positive() { "+" } else { "" };
        let what = w.t(&format!("stock-movement-{}", movement.kind.code().replace('_', "-")));
        Row::new([
            html! {
                (what)
                @if let Some(order) = movement.order { " " a href=(format!("/orders/{order}")) { (w.t("stock-order")) } }
                @if let Some(note) = noted(w, movement) { " " span.muted { (note) } }
            },
            html! { span.numbers { (sign) (w.quantity(movement.quantity)) } },
            html! { (name(w, view, movement.warehouse)) },
            html! { (w.moment(movement.at, view.now)) },
        ])
    });
    Table::new(w, w.t("stock-movements"))
        .columns([
            Column::new(w.t("stock-what")).leading(),
            Column::new(w.t("stock-quantity")).numeric(),
            Column::new(w.t("stock-warehouse")),
            Column::new(w.t("stock-when")),
        ])
        .rows(rows)
}
