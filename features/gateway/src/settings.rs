//! /settings/intake: when buyers pay whose order does not say.

use std::collections::BTreeMap;

use axum::{Router, extract::State, routing::get};
use maud::{Markup, Render, html};
use takt_kernel::{Kind, Result};
use takt_orders::Terms;
use takt_staff::{
    SettingsCaller, SettingsGroup, SettingsPage, see_other_saying, settings_page, settings_refused,
    shops::{self, Shop},
};
use takt_ui::{FormErrors, Words, button, card, field, form};
use takt_web::{Answer, Form, Web};

use crate::{DefaultTerms, ManageIntake, UsualTerms, phone::terms_name};

const HREF: &str = "/settings/intake";
const COMPANY: &str = "company";

pub(crate) const PAGE: SettingsPage = SettingsPage {
    href: HREF,
    label_key: "gateway-settings",
    permission: "gateway.manage",
    group: SettingsGroup::Orders,
    place: 65,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new().route(HREF, get(show).post(save))
}

async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    settings.permit::<ManageIntake>()?;
    let company = settings.company()?;
    let terms = web.db.read("gateway.terms", move |reader| DefaultTerms::of(reader, company)).await?;
    let body = body(&web, &settings, &terms, &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

async fn save(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Answer {
    let permit = settings.permit::<ManageIntake>()?;
    let company = settings.company()?;
    let shops = web.db.read("gateway.shops", move |reader| shops::list(reader, company)).await?;
    let terms = read(&sent, &shops);
    let saving = terms.clone();
    match web.db.write("gateway.save_terms", move |tx| saving.save(tx, &permit)).await {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "orders-saved")),
        Err(fault) if fault.kind() == Kind::Invalid => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            let body = body(&web, &settings, &terms, &errors).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn read(sent: &BTreeMap<String, String>, shops: &[Shop]) -> DefaultTerms {
    let usual = |whose: &str| {
        let text = |name: &str| sent.get(&format!("{whose}.{name}")).map_or("", |text| text.trim());
        let terms = Some(text("terms")).filter(|terms| !terms.is_empty())?;
        let credit_days = if terms == "credit" { text("credit_days").parse().unwrap_or_default() } else { 0 };
        Some(UsualTerms { terms: terms.to_owned(), credit_days })
    };
    DefaultTerms {
        company: usual(COMPANY),
        shops: shops.iter().filter_map(|shop| Some((shop.id.get(), usual(&shop.id.to_string())?))).collect(),
    }
}

async fn body(
    web: &Web,
    settings: &SettingsCaller,
    terms: &DefaultTerms,
    errors: &FormErrors,
) -> Result<Markup> {
    let company = settings.company()?;
    let shops = web.db.read("gateway.shops", move |reader| shops::list(reader, company)).await?;
    let w = settings.words(web);
    let fields = html! {
        (choice(&w, COMPANY, w.t("gateway-all-shops"), w.t("orders-terms-prepaid"), terms.company.as_ref(), errors))
        @for shop in &shops {
            (choice(&w, &shop.id.to_string(), shop.name.clone(), w.t("gateway-as-all-shops"),
                terms.shops.get(&shop.id.get()), errors))
        }
    };
    let form = form(&w, settings.href(HREF))
        .errors(errors)
        .body(fields)
        .actions(button(w.t("orders-save")).primary().render());
    Ok(card(w.t("gateway-usual-terms"))
        .note(html! { (w.t("gateway-usual-terms-hint")) })
        .body(form.render())
        .render())
}

fn choice(
    w: &Words,
    whose: &str,
    label: String,
    unsaid: String,
    usual: Option<&UsualTerms>,
    errors: &FormErrors,
) -> Markup {
    let chosen = usual.map_or("", |usual| usual.terms.as_str());
    let days = usual.map_or(0, |usual| usual.credit_days);
    let days = if days == 0 { String::new() } else { days.to_string() };
    let all = std::iter::once((String::new(), unsaid))
        .chain(Terms::CODES.iter().map(|code| ((*code).to_owned(), terms_name(w, code))));
    html! {
        (field(label, format!("{whose}.terms")).select(all).value(chosen).half().errors(errors))
        (field(w.t("gateway-credit-days"), format!("{whose}.credit_days")).attribute("inputmode", "numeric")
            .value(days).half().hint(w.t("gateway-credit-days-hint")).errors(errors))
    }
}
