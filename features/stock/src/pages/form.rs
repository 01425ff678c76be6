//! One form for whatever somebody does with goods by hand: they arrived, came back, or were counted.

use std::str::FromStr;

use axum::extract::State;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use takt_catalog::OfferId;
use takt_kernel::{CompanyId, Fault, Kind, Result, money::Quantity};
use takt_staff::{Caller, Permit, see_other_saying};
use takt_store::{Query as Asking, Tx};
use takt_ui::{FormErrors, Icon, Words, button, field, form};
use takt_web::{Answer, Form, Web, back_path};

use super::list;
use crate::{
    Arrival, Correction, Incoming, MoveStock, Warehouse, WarehouseId, commands, queries, warehouses as houses,
};

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Given {
    /// Company and warehouse, as [`Place`] writes them.
    pub place: String,
    pub sku: String,
    /// `receipt`, `return` or `count`.
    pub kind: String,
    pub quantity: String,
    pub shelf: String,
    pub note: String,
    pub back: String,
}

/// A warehouse of a company; the company's main one, perhaps not made yet, when none is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub company: CompanyId,
    pub warehouse: Option<WarehouseId>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.company, self.warehouse.map_or(0, |warehouse| warehouse.get()))
    }
}

impl FromStr for Place {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self> {
        let wrong = || Fault::field("place", "stock.place_malformed");
        let (company, warehouse) = text.split_once('.').ok_or_else(wrong)?;
        let warehouse = if warehouse == "0" { None } else { Some(warehouse.parse().map_err(|_| wrong())?) };
        Ok(Self { company: company.parse().map_err(|_| wrong())?, warehouse })
    }
}

/// Where the caller may move goods: value and label.
pub(super) fn places(db: &mut dyn Asking, caller: &Caller, w: &Words) -> Result<Vec<(String, String)>> {
    let companies = caller.companies_where::<MoveStock>();
    let several = companies.len() > 1;
    let mut places = Vec::new();
    for there in companies {
        let company = there.id();
        let in_use: Vec<Warehouse> =
            houses::list(db, company)?.into_iter().filter(|warehouse| !warehouse.archived).collect();
        let label = |name: String| if several { format!("{} · {name}", there.name()) } else { name };
        if in_use.is_empty() {
            places.push((Place { company, warehouse: None }.to_string(), label(w.t("stock-main-warehouse"))));
        }
        for warehouse in in_use {
            let place = Place { company, warehouse: Some(warehouse.id) };
            places.push((place.to_string(), label(warehouse.shown(w))));
        }
    }
    Ok(places)
}

/// `sku` is asked for where it is not known from the page.
pub(super) fn render(
    w: &Words,
    places: &[(String, String)],
    given: &Given,
    errors: &FormErrors,
    ask_sku: bool,
) -> Markup {
    let kinds =
        ["receipt", "return", "count"].map(|kind| (kind.to_owned(), w.t(&format!("stock-do-{kind}"))));
    let kind = if given.kind.is_empty() { "receipt" } else { &given.kind };
    let body = html! {
        input type="hidden" name="back" value=(given.back);
        (field(w.t("stock-what"), "kind").radios(kinds).value(kind).errors(errors))
        @if ask_sku { (field(w.t("stock-sku"), "sku").value(&given.sku).required().half().errors(errors)) }
        @else { input type="hidden" name="sku" value=(given.sku); }
        (field(w.t("stock-quantity"), "quantity").decimal().value(&given.quantity).required().half().errors(errors))
        @if let [(only, _)] = places { input type="hidden" name="place" value=(only); }
        @else {
            (field(w.t("stock-warehouse"), "place").select(places.to_vec()).value(&given.place).half().errors(errors))
        }
        (field(w.t("stock-shelf"), "shelf").value(&given.shelf).hint(w.t("stock-shelf-hint")).half().errors(errors))
        (field(w.t("stock-note"), "note").value(&given.note).errors(errors))
    };
    html! {
        (form(w, "/stock/movements").id("stock-form").errors(errors).body(body)
            .actions(html! { (button(w.t("stock-write")).primary().icon(Icon::Check)) }))
    }
}

pub(super) async fn take(caller: Caller, State(web): State<Web>, Form(given): Form<Given>) -> Answer {
    let typed = given.clone();
    match write(&caller, &web, given).await {
        Ok(()) => Ok(see_other_saying(back(&typed), "stock-written")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            list::page(caller, &web, list::Asked::default(), Some((typed, fault))).await
        }
        Err(fault) => Err(fault.into()),
    }
}

fn back(given: &Given) -> &str {
    match back_path(&given.back) {
        "/" => "/stock",
        elsewhere => elsewhere,
    }
}

async fn write(caller: &Caller, web: &Web, given: Given) -> Result<()> {
    let place: Place = given.place.parse()?;
    let permit = caller.permit::<MoveStock>(place.company)?;
    let quantity = read_quantity(&given.quantity)?;
    web.db
        .write("stock.write", move |tx| {
            let offer = queries::offer_of(tx, place.company, &given.sku)?;
            change(tx, &permit, place.warehouse, offer, quantity, &given)
        })
        .await
}

fn read_quantity(text: &str) -> Result<Quantity> {
    Quantity::parse(text.trim()).map_err(|fault| {
        Fault::from_fields(vec![takt_kernel::FieldFault {
            path: "quantity".to_owned(),
            code: fault.code().to_owned().into(),
            args: fault.args().to_vec(),
        }])
    })
}

fn change(
    tx: &mut Tx,
    permit: &Permit<MoveStock>,
    warehouse: Option<WarehouseId>,
    offer: OfferId,
    quantity: Quantity,
    given: &Given,
) -> Result<()> {
    let note = Some(given.note.clone());
    let arrival = match given.kind.as_str() {
        "receipt" => Some(Arrival::Receipt),
        "return" => Some(Arrival::Return),
        "count" => None,
        _ => return Err(Fault::field("kind", "stock.kind_unknown")),
    };
    match arrival {
        Some(arrival) => {
            commands::receive(tx, permit, &Incoming { warehouse, offer, quantity, arrival, note })?;
        }
        None => commands::correct(tx, permit, &Correction { warehouse, offer, quantity, note })?,
    }
    if given.shelf.trim().is_empty() {
        return Ok(());
    }
    commands::set_shelf(tx, permit, warehouse, offer, &given.shelf)
}
