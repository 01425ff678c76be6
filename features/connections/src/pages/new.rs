//! /settings/sources/new: which shop, which system, and what its check of the address will say, before
//! anything is made.

use axum::extract::State as Shared;
use http::{HeaderMap, Uri};
use maud::{Markup, Render, html};
use serde::Deserialize;
use serde_json::{Map, Value};
use takt_kernel::{Fault, Kind as FaultKind, Result, ShopId};
use takt_staff::{SettingsCaller, settings_page, settings_refused, shops, shops::Shop};
use takt_ui::{
    FormErrors, Icon, Tone, Words, button, card, crumbs, empty, field, form, link_button, notice, pairs,
};
use takt_web::{Answer, Form, Query, Web, see_other};

use super::{
    HREF,
    words::{self, At},
};
use crate::{
    Kind, ManageConnections, NewConnection, System,
    address::Address,
    connection,
    kinds::{self, named},
};

const NEW: &str = "/settings/sources/new";

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    pub shop: String,
    /// `retailcrm.opencart`
    pub system: String,
    pub name: String,
}

pub(super) async fn show(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    headers: HeaderMap,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Answer {
    let address = address(&web, &headers, &uri);
    let shops = shops(&web, &settings).await?;
    let body = body(&web, &settings, &shops, &asked, address.as_ref(), &FormErrors::none())?;
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) fn address(web: &Web, headers: &HeaderMap, uri: &Uri) -> Option<Address> {
    Address::of(headers, uri, web.secure, web.proxies > 0)
}

async fn shops(web: &Web, settings: &SettingsCaller) -> Result<Vec<Shop>> {
    settings.permit::<ManageConnections>()?;
    let company = settings.company()?;
    web.db.read("connections.shops", move |r| shops::list(r, company)).await
}

pub(super) async fn create(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    headers: HeaderMap,
    uri: Uri,
    Form(asked): Form<Asked>,
) -> Answer {
    let permit = settings.permit::<ManageConnections>()?;
    settings.company()?;
    let shop = shop_of(&asked)?;
    let made = match kinds::system_of(web.db.slots(), &asked.system) {
        Ok((kind, system)) => {
            let new = NewConnection { shop, kind: kind.code.to_owned(), name: asked.name.clone() };
            let remembered = Map::from_iter([(words::SYSTEM.to_owned(), Value::from(system.code))]);
            web.db
                .write("connections.create", move |tx| {
                    connection::begin(tx, &permit, &new, remembered.clone()).map(|made| made.id)
                })
                .await
        }
        Err(fault) => Err(fault),
    };
    match made {
        Ok(id) => Ok(see_other(&settings.href(&format!("{}/connect", words::path(id))))),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            let shops = shops(&web, &settings).await?;
            let address = address(&web, &headers, &uri);
            let body = body(&web, &settings, &shops, &asked, address.as_ref(), &errors)?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn shop_of(asked: &Asked) -> Result<ShopId> {
    asked.shop.parse().map_err(|_| Fault::missing("staff.shop_missing").arg("given", &asked.shop))
}

fn body(
    web: &Web,
    settings: &SettingsCaller,
    shops: &[Shop],
    asked: &Asked,
    address: Option<&Address>,
    errors: &FormErrors,
) -> Result<Markup> {
    let chosen = kinds::system_of(web.db.slots(), &asked.system).ok();
    let ready_for = match chosen {
        Some((kind, system)) if !asked.shop.is_empty() => {
            let id = shop_of(asked)?;
            let shop = shops.iter().find(|known| known.id == id);
            let missing = || Fault::missing("staff.shop_missing").arg("given", id);
            Some((kind, system, shop.ok_or_else(missing)?))
        }
        _ => None,
    };
    Ok(words::drawn(web, settings, |at| match ready_for {
        Some((kind, system, shop)) => ready(at, &Ready { shop, kind, system, asked, address }, errors),
        None => choose(at, shops, asked, errors),
    }))
}

/// What was chosen, before it is made.
pub(super) struct Ready<'a> {
    pub shop: &'a Shop,
    pub kind: Kind,
    pub system: System,
    pub asked: &'a Asked,
    pub address: Option<&'a Address>,
}

fn way_back(at: &At<'_>) -> Markup {
    crumbs(&[(&at.w.t("connections-title"), Some(&at.href(HREF)))])
}

pub(super) fn choose(at: &At<'_>, shops: &[Shop], asked: &Asked, errors: &FormErrors) -> Markup {
    let w = at.w;
    let systems = kinds::systems(at.slots);
    if shops.is_empty() {
        let to = link_button(w.t("staff-shops"), at.href("/settings/shops")).render();
        return empty(Icon::Store, w.t("connections-no-shops"), w.t("connections-no-shops-text"), Some(to));
    }
    if systems.is_empty() {
        return empty(Icon::Store, w.t("connections-no-systems"), w.t("connections-no-systems-text"), None);
    }
    let shops = shops.iter().map(|shop| (shop.id.to_string(), shop.name.clone()));
    let first = systems.first().map(|(kind, system)| named(kind, system)).unwrap_or_default();
    let chosen = if asked.system.is_empty() { &first } else { &asked.system };
    let boxes = html! {
        div.stack id="field-system" role="radiogroup" aria-label=(w.t("connections-system")) {
            @for (kind, system) in &systems {
                @let value = named(kind, system);
                label.check {
                    input type="radio" name="system" value=(value) checked[value == *chosen] required;
                    span {
                        span.strong { (w.t(system.name_key)) }
                        " " span.muted { (w.t(system.about_key)) }
                    }
                }
            }
        }
    };
    let fields = html! {
        input type="hidden" name="company" value=(at.company);
        (field(w.t("connections-shop"), "shop").select(shops).value(&asked.shop).half())
        (field(w.t("connections-system"), "system").own(boxes).errors(errors))
    };
    let form = form(w, NEW)
        .get()
        .errors(errors)
        .body(fields)
        .actions(button(w.t("connections-next")).primary().render());
    html! { (way_back(at)) (card(w.t("connections-new")).body(form.render())) }
}

pub(super) fn ready(at: &At<'_>, ready: &Ready<'_>, errors: &FormErrors) -> Markup {
    let w = at.w;
    let Ready { shop, kind, system, asked, address } = ready;
    let fields = html! {
        input type="hidden" name="shop" value=(shop.id);
        input type="hidden" name="system" value=(named(kind, system));
        (field(w.t("connections-name"), "name").value(&asked.name).placeholder(&shop.name)
            .hint(w.t("connections-name-hint")).half().errors(errors))
    };
    let back = format!("{}&shop={}&system=", at.href(NEW), shop.id);
    let actions = html! {
        (button(w.t("connections-create")).primary())
        (link_button(w.t("connections-other-system"), back).quiet())
    };
    html! {
        (way_back(at))
        (card(w.t(system.name_key)).body(html! {
            div.stack {
                (pairs([(w.t("connections-shop"), html! { (shop.name) })]))
                (check(w, system, *address))
                ol { @for step in system.steps { li { (w.t(step.title_key)) } } }
                (form(w, at.href(NEW)).errors(errors).body(fields).actions(actions))
            }
        }))
    }
}

/// What the system's check of the address asks for, and what of it ours does not fulfil.
pub(super) fn check(w: &Words, system: &System, address: Option<&Address>) -> Markup {
    let text = address.map(Address::text).unwrap_or_default();
    let host = address.map(|address| address.host.clone()).unwrap_or_default();
    let args = [("address", text.as_str().into()), ("host", host.as_str().into())];
    let warnings = address.map(|address| address.warnings(system.needs)).unwrap_or_default();
    html! {
        p.lead { (w.ta(system.check_key, &args)) }
        @for key in warnings { (notice(Tone::Warn, w.ta(key, &args))) }
    }
}
