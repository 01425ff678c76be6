//! The list as a file: what lies where, all of its pages.

use std::collections::BTreeMap;

use axum::extract::State;
use takt_catalog::{Offer, OfferId};
use takt_kernel::Result;
use takt_sheets::{Cell, Column, Form, List};
use takt_staff::{Caller, Scope};
use takt_store::Query as Reader;
use takt_ui::Words;
use takt_web::{Answer, Query, Web};

use super::list::{Asked, offers};
use crate::{Filter, Level, SeeStock, Warehouse, WarehouseId, queries, warehouses};

pub(super) const LIST: &str = "/stock/list";
const PAGE: i64 = 200;

pub(super) async fn show(
    form: Form,
    caller: Caller,
    State(web): State<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let scope = caller.scope_where::<SeeStock>()?;
    let w = caller.words(&web);
    let columns = vec![
        Column::text(w.t("stock-sku")),
        Column::long(w.t("stock-product")),
        Column::text(w.t("stock-warehouse")),
        Column::text(w.t("stock-shelf")),
        Column::quantity(w.t("stock-free")),
        Column::quantity(w.t("stock-held")),
        Column::quantity(w.t("stock-on-hand")),
        Column::text(w.t("stock-company")),
    ];
    let (list, words) =
        (List { form, words: &w, title: w.t("stock-title"), what: "stock", columns }, w.clone());
    let answered = list.answer(&web.db, move |reader, cursor| {
        let filter = Filter { q: asked.q.clone(), sku: None, limit: PAGE, cursor };
        let page = queries::list(reader, &scope, &filter)?;
        let offers = offers(reader, page.items.iter().map(|level| (level.company, level.offer)))?;
        let houses = houses(reader, &scope)?;
        let rows = page.items.iter().map(|level| row(&words, &caller, level, &offers, &houses));
        Ok((rows.collect(), page.next_cursor))
    });
    Ok(answered.await?)
}

fn houses(db: &mut dyn Reader, scope: &Scope) -> Result<BTreeMap<WarehouseId, Warehouse>> {
    let mut houses = BTreeMap::new();
    for company in scope.companies() {
        houses.extend(warehouses::list(db, *company)?.into_iter().map(|house| (house.id, house)));
    }
    Ok(houses)
}

fn row(
    w: &Words,
    caller: &Caller,
    level: &Level,
    offers: &BTreeMap<OfferId, Offer>,
    houses: &BTreeMap<WarehouseId, Warehouse>,
) -> Vec<Cell> {
    let offer = offers.get(&level.offer);
    let company = caller.companies().iter().find(|there| there.id() == level.company);
    vec![
        Cell::from(offer.map(|offer| offer.sku.clone())),
        Cell::from(offer.map(|offer| offer.name.clone())),
        Cell::from(houses.get(&level.warehouse).map(|house| house.shown(w))),
        Cell::from(level.shelf.clone()),
        Cell::from(level.free()),
        Cell::from(level.held),
        Cell::from(level.on_hand),
        Cell::from(company.map(|there| there.name().to_owned())),
    ]
}
