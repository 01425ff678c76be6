//! The list as a file: every offer it shows, all of its pages.

use axum::extract::State;
use takt_sheets::{Cell, Column, Form, List};
use takt_staff::Caller;
use takt_web::{Answer, Query, Web};

use super::list::Asked;
use crate::{Filter, Offer, SeeCatalog, queries};

pub(super) const LIST: &str = "/products/list";
const PAGE: i64 = 200;

pub(super) async fn show(
    form: Form,
    caller: Caller,
    State(web): State<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let scope = caller.scope_where::<SeeCatalog>()?;
    let w = caller.words(&web);
    let columns = vec![
        Column::text(w.t("catalog-sku")),
        Column::long(w.t("catalog-name")),
        Column::text(w.t("catalog-unit")),
        Column::money(w.t("catalog-price")),
        Column::text(w.t("catalog-currency")),
        Column::text(w.t("catalog-vat")),
        Column::text(w.t("catalog-barcode")),
        Column::text(w.t("catalog-company")),
    ];
    let list = List { form, words: &w, title: w.t("catalog-title"), what: "products", columns };
    let answered = list.answer(&web.db, move |reader, cursor| {
        let filter = Filter { q: asked.q.clone(), archived: asked.archived(), limit: PAGE, cursor };
        let page = queries::list(reader, &scope, &filter)?;
        Ok((page.items.iter().map(|offer| row(&caller, offer)).collect(), page.next_cursor))
    });
    Ok(answered.await?)
}

fn row(caller: &Caller, offer: &Offer) -> Vec<Cell> {
    let company = caller.companies().iter().find(|there| there.id() == offer.company);
    vec![
        Cell::from(&offer.sku),
        Cell::from(&offer.name),
        Cell::from(&offer.unit),
        Cell::from(offer.price),
        Cell::from(offer.currency.code()),
        Cell::from(offer.vat.to_string()),
        Cell::from(offer.barcode.clone()),
        Cell::from(company.map(|there| there.name().to_owned())),
    ]
}
