//! /orders/new: an order that a person takes, mostly by phone. What was typed is read as the same JSON
//! that the API takes, so both refuse the same. Works without scripts.

mod page;
mod typed;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::Value;
use takt_catalog::{Offer, offers_by_sku};
use takt_kernel::{CompanyId, Fault, FieldFault, Kind, Result, ShopId, money::VatRate};
use takt_orders::{OrderId, PlaceOrders};
use takt_staff::{
    Caller, Permit, see_other_saying,
    shops::{self, Shop},
};
use takt_ui::FormErrors;
use takt_web::{Answer, Form, Query, Web};

use crate::{DefaultTerms, Report, RequestKey, Usual, accept};
pub(crate) use page::terms_name;
use page::{Refused, View};
use typed::Typed;

const HREF: &str = "/orders/new";

pub(crate) fn routes() -> Router<Web> {
    Router::new().route(HREF, get(show).post(take))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    company: Option<CompanyId>,
    shop: Option<ShopId>,
}

async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let company = chosen(&caller, asked.company)?;
    let (shops, rates) = shops_of(&web, company).await?;
    let shop = asked.shop.filter(|wanted| shops.iter().any(|shop| shop.id == *wanted));
    let terms = web.db.read("gateway.terms", move |reader| DefaultTerms::of(reader, company)).await?;
    let shop = shop.or(shops.first().map(|shop| shop.id));
    let mut typed = Typed::new(RequestKey::new_secret(web.db.entropy())?);
    if let Some(shop) = shop {
        typed.set_usual(shop, terms.of_shop(shop));
    }
    Ok(answer(&caller, &web, company, (shops, rates), &typed, None))
}

async fn take(caller: Caller, State(web): State<Web>, Form(sent): Form<Vec<(String, String)>>) -> Answer {
    let mut typed = Typed::of(sent);
    let company: CompanyId = typed.text("company").parse()?;
    let permit = caller.permit::<PlaceOrders>(company)?;
    if typed.wants_more_rows() {
        typed.add_rows();
        let shops = shops_of(&web, company).await?;
        return Ok(answer(&caller, &web, company, shops, &typed, None));
    }
    match taken(&web, permit, &typed).await {
        Ok(id) => Ok(see_other_saying(&format!("/orders/{id}"), "gateway-taken")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let words = caller.words(&web);
            let refused = Refused::of(&words, &fault);
            if refused.already.is_some() {
                // Whoever sends it once more has read that it is another order.
                typed.set_secret(RequestKey::new_secret(web.db.entropy())?);
            }
            let shops = shops_of(&web, company).await?;
            let errors = FormErrors::from_fault(&words, &fault);
            Ok(answer(&caller, &web, company, shops, &typed, Some((errors, refused))))
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn taken(web: &Web, permit: Permit<PlaceOrders>, typed: &Typed) -> Result<OrderId> {
    let company = permit.company();
    let shop: ShopId = typed.text("shop").parse()?;
    let body = typed.body();
    let key = RequestKey::of_form(typed.secret(), &body);
    let asked = body.clone();
    let (usual, body) = web
        .db
        .read("gateway.form", move |reader| {
            let usual = Usual::of(reader, company, shop)?;
            let skus: Vec<&str> = skus_of(&asked).collect();
            let offers =
                if skus.is_empty() { Default::default() } else { offers_by_sku(reader, company, &skus)? };
            let filled =
                filled(asked.clone(), |sku| offers.get(sku).filter(|offer| offer.currency == usual.currency));
            Ok((usual, filled))
        })
        .await?;
    let report = reachable(&body, usual.read(body.clone(), "phone"))?;
    let rivals = report.wanted.rivals(company);
    let placed = web
        .db
        .write_in_turn("gateway.take", rivals, move |tx| accept(tx, &permit, report.clone(), key.as_ref()))
        .await?;
    Ok(placed.id)
}

fn skus_of(body: &Value) -> impl Iterator<Item = &str> {
    let lines = body.get("lines").and_then(Value::as_array).into_iter().flatten();
    lines.filter_map(|line| line.get("sku")?.as_str()).filter(|sku| !sku.is_empty())
}

/// What the catalogue knows of a SKU stands where nothing was typed.
fn filled<'o>(mut body: Value, offer_of: impl Fn(&str) -> Option<&'o Offer>) -> Value {
    for line in body.get_mut("lines").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(offer) = line.get("sku").and_then(Value::as_str).and_then(&offer_of) else { continue };
        let known = [
            ("name", offer.name.clone()),
            ("unit", offer.unit.clone()),
            ("price", offer.price.to_string()),
            ("vat", offer.vat.to_string()),
        ];
        for (name, value) in known {
            if line.get(name).and_then(Value::as_str).is_none_or(str::is_empty) {
                line[name] = Value::String(value);
            }
        }
    }
    body
}

/// An order taken by a person names somebody: nobody could pay or receive it otherwise.
fn reachable(body: &Value, read: Result<Report>) -> Result<Report> {
    let said = |name: &str| {
        let text = body.pointer(&format!("/customer/{name}")).and_then(Value::as_str);
        text.is_some_and(|text| !text.trim().is_empty())
    };
    if said("name") || said("phone") || said("email") {
        return read;
    }
    let nobody = FieldFault {
        path: "customer.phone".to_owned(),
        code: "gateway.buyer_unknown".into(),
        args: Vec::new(),
    };
    let others = match read {
        Err(fault) if fault.fields().is_empty() => return Err(fault),
        Err(fault) => fault.fields().to_vec(),
        Ok(_) => Vec::new(),
    };
    Err(Fault::from_fields(std::iter::once(nobody).chain(others).collect()))
}

/// The company the form is for: the asked one, else the workplace, else the first there is.
fn chosen(caller: &Caller, asked: Option<CompanyId>) -> Result<CompanyId> {
    if let Some(company) = asked {
        return caller.permit::<PlaceOrders>(company).map(|permit| permit.company());
    }
    let allowed = caller.companies_where::<PlaceOrders>();
    let here = caller.workplace().id();
    let found = allowed.iter().map(|there| there.id()).find(|company| *company == here);
    let company = found.or_else(|| allowed.first().map(|there| there.id())).unwrap_or(here);
    caller.permit::<PlaceOrders>(company).map(|permit| permit.company())
}

async fn shops_of(web: &Web, company: CompanyId) -> Result<(Vec<Shop>, Vec<VatRate>)> {
    web.db
        .read("gateway.shops", move |reader| {
            Ok((shops::list(reader, company)?, takt_orders::vat_rates(reader, company)?))
        })
        .await
}

fn answer(
    caller: &Caller,
    web: &Web,
    company: CompanyId,
    (shops, rates): (Vec<Shop>, Vec<VatRate>),
    typed: &Typed,
    refused: Option<(FormErrors, Refused)>,
) -> Response {
    let words = caller.words(web);
    let companies: Vec<(CompanyId, String)> = caller
        .companies_where::<PlaceOrders>()
        .into_iter()
        .map(|there| (there.id(), there.name().to_owned()))
        .collect();
    let is_refused = refused.is_some();
    let (errors, refused) = refused.unwrap_or_else(|| (FormErrors::none(), Refused::default()));
    let lang = caller
        .companies()
        .iter()
        .find(|there| there.id() == company)
        .map_or(caller.lang, |there| there.company.lang);
    let view = View { company, companies, shops, rates, lang, typed, errors, refused };
    let head = page::head(&words).path(HREF);
    let body = page::render(&words, &view);
    let response =
        if is_refused { caller.refused_page(web, head, body) } else { caller.page(web, head, body) };
    response.into_response()
}
