use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{ShopId, money::Currency};
use takt_ui::{Column, FormErrors, Icon, Row, Table, Words, button, card, empty, field, form};
use takt_web::{Answer, Form, Path, Web};

use super::{SettingsCaller, settings_page, settings_refused};
use crate::{
    callers::see_other_saying,
    pages::form_errors,
    rights::own::{ManageCompany, SeeStaff},
    shops::{self, NewShop, Shop},
};

const HREF: &str = "/settings/shops";

#[derive(Deserialize, Default)]
pub(in crate::pages) struct Given {
    #[serde(default)]
    name: String,
    #[serde(default)]
    currency: String,
}

pub(in crate::pages) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    let body = body(&web, &settings, &Given::default(), &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(in crate::pages) async fn create(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageCompany>()?;
    let created = match parsed(&given) {
        Ok(new) => web.db.write("staff.create_shop", move |tx| shops::create(tx, &permit, &new)).await,
        Err(fault) => Err(fault),
    };
    match created {
        Ok(_) => Ok(see_other_saying(&settings.href(HREF), "staff-shop-created")),
        Err(fault) => {
            let errors = form_errors(&settings.words(&web), fault)?;
            let body = body(&web, &settings, &given, &errors).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
    }
}

fn parsed(given: &Given) -> takt_kernel::Result<NewShop> {
    let currency = match given.currency.trim() {
        "" => None,
        code => Some(Currency::from_code(code)?),
    };
    Ok(NewShop { name: given.name.clone(), currency })
}

pub(in crate::pages) async fn rename(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(shop): Path<ShopId>,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageCompany>()?;
    let name = given.name;
    let renamed = web.db.write("staff.rename_shop", move |tx| shops::rename(tx, &permit, shop, &name)).await;
    match renamed {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "staff-saved")),
        Err(fault) => {
            let errors = form_errors(&settings.words(&web), fault)?;
            let summary = errors.summary(&settings.words(&web));
            let below = body(&web, &settings, &Given::default(), &FormErrors::none()).await?;
            Ok(settings_refused(&web, &settings, HREF, html! { (summary) (below) }))
        }
    }
}

async fn body(
    web: &Web,
    settings: &SettingsCaller,
    given: &Given,
    errors: &FormErrors,
) -> takt_kernel::Result<Markup> {
    settings.permit::<SeeStaff>()?;
    let w = settings.words(web);
    if settings.is_desk() {
        return Ok(empty(Icon::Store, w.t("staff-shops"), w.t("staff-only-companies"), None));
    }
    let company = settings.id();
    let shops = web.db.read("staff.shops", move |reader| shops::list(reader, company)).await?;
    let may = settings.may::<ManageCompany>();
    Ok(html! {
        (list(&w, settings, &shops, may))
        @if may { (new_form(&w, settings, given, errors)) }
    })
}

fn list(w: &Words, settings: &SettingsCaller, shops: &[Shop], may: bool) -> Markup {
    let rows = shops.iter().map(|shop| {
        let rename = html! {
            form.row method="post" action=(settings.href(&format!("{HREF}/{}", shop.id))) {
                input.control.named type="text" name="name" value=(shop.name) aria-label=(w.t("staff-name")) required;
                (button(w.t("staff-rename")).small().quiet())
            }
        };
        Row::new([
            html! { @if may { (rename) } @else { (shop.name) } },
            html! { (shop.currency.code()) },
            html! { (shop.id) },
        ])
    });
    let table = Table::new(w, w.t("staff-shops"))
        .columns([
            Column::new(w.t("staff-name")).wide().leading(),
            Column::new(w.t("staff-currency")).narrow(),
            Column::new(w.t("staff-number")).narrow(),
        ])
        .rows(rows)
        .empty(empty(Icon::Store, w.t("staff-no-shops"), w.t("staff-no-shops-hint"), None));
    card(w.t("staff-shops")).flush().body(table.render()).render()
}

fn new_form(w: &Words, settings: &SettingsCaller, given: &Given, errors: &FormErrors) -> Markup {
    let usual = settings.organisation.company.currency.code();
    let currency = if given.currency.is_empty() { usual } else { &given.currency };
    let fields = html! {
        (field(w.t("staff-name"), "name").value(&given.name).required().errors(errors))
        (field(w.t("staff-currency"), "currency").value(currency).short().errors(errors))
    };
    let actions = html! { (button(w.t("staff-shop-create")).primary()) };
    card(w.t("staff-shop-new"))
        .body(form(w, settings.href(HREF)).errors(errors).body(fields).actions(actions).render())
        .render()
}
