use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::money::Currency;
use takt_ui::{Column, FormErrors, Lang, Row, Table, Tone, Words, badge, button, card, field, form};
use takt_web::{Answer, Form, Web};

use super::{SettingsCaller, settings_page, settings_refused};
use crate::{
    callers::see_other_saying,
    companies::{self, NewCompany, OrganisationKind},
    pages::{form_errors, languages},
    rights::own::ManageCompany,
};

const HREF: &str = "/settings/companies";

#[derive(Deserialize, Default)]
pub(in crate::pages) struct Given {
    #[serde(default)]
    name: String,
    #[serde(default)]
    zone: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    currency: String,
}

pub(in crate::pages) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    let given = as_it_is(&settings);
    Ok(settings_page(&web, &settings, HREF, body(&web, &settings, &given, &FormErrors::none(), None)))
}

fn as_it_is(settings: &SettingsCaller) -> Given {
    let company = &settings.organisation.company;
    Given {
        name: company.name.clone(),
        zone: company.zone_name.clone(),
        lang: company.lang.code().to_owned(),
        ..Given::default()
    }
}

pub(in crate::pages) async fn edit(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageCompany>()?;
    let (name, zone) = (given.name.clone(), given.zone.clone());
    let lang = Lang::parse(&given.lang).unwrap_or(settings.organisation.company.lang);
    let edited =
        web.db.write("staff.edit_company", move |tx| companies::edit(tx, &permit, &name, &zone, lang)).await;
    match edited {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "staff-saved")),
        Err(fault) => {
            let errors = form_errors(&settings.words(&web), fault)?;
            Ok(settings_refused(&web, &settings, HREF, body(&web, &settings, &given, &errors, None)))
        }
    }
}

/// Opens another organisation; whoever owns this one will own it too.
pub(in crate::pages) async fn create(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    settings.permit::<ManageCompany>()?;
    let actor = settings.caller.actor();
    let created = match parsed(&given) {
        Ok(new) => web.db.write("staff.create_company", move |tx| companies::create(tx, &actor, &new)).await,
        Err(fault) => Err(fault),
    };
    match created {
        Ok(_) => Ok(see_other_saying(&settings.href(HREF), "staff-company-created")),
        Err(fault) => {
            let errors = form_errors(&settings.words(&web), fault)?;
            let current = as_it_is(&settings);
            let body = body(&web, &settings, &current, &FormErrors::none(), Some((&given, &errors)));
            Ok(settings_refused(&web, &settings, HREF, body))
        }
    }
}

fn parsed(given: &Given) -> takt_kernel::Result<NewCompany> {
    Ok(NewCompany {
        name: given.name.clone(),
        kind: OrganisationKind::from_code(&given.kind)?,
        currency: Currency::from_code(given.currency.trim())?,
        zone: given.zone.trim().to_owned(),
        lang: given.lang.parse()?,
    })
}

fn body(
    web: &Web,
    settings: &SettingsCaller,
    given: &Given,
    errors: &FormErrors,
    new: Option<(&Given, &FormErrors)>,
) -> Markup {
    let w = settings.words(web);
    let may = settings.may::<ManageCompany>();
    html! {
        (own(&w, settings, given, errors, may))
        (list(&w, settings))
        @if may { (new_form(&w, settings, new)) }
    }
}

fn own(w: &Words, settings: &SettingsCaller, given: &Given, errors: &FormErrors, may: bool) -> Markup {
    let company = &settings.organisation.company;
    let fields = html! {
        (field(w.t("staff-name"), "name").value(&given.name).required().disabled(!may).errors(errors))
        (zone(w, &given.zone).disabled(!may).errors(errors))
        (field(w.t("staff-language"), "lang").select(languages()).value(&given.lang).disabled(!may).half())
        (field(w.t("staff-currency"), "own-currency").value(company.currency.code()).disabled(true).short())
    };
    let actions = html! { @if may { (button(w.t("staff-save")).primary()) } };
    card(&*company.name)
        .note(kind(w, company.kind))
        .body(form(w, settings.href(HREF)).errors(errors).body(fields).actions(actions).render())
        .render()
}

fn zone(w: &Words, value: &str) -> takt_ui::Field {
    field(w.t("staff-zone"), "zone").value(value).required().hint(w.t("staff-zone-hint")).half()
}

fn kind(w: &Words, kind: OrganisationKind) -> Markup {
    let tone = match kind {
        OrganisationKind::Company => Tone::Neutral,
        OrganisationKind::Desk => Tone::Accent,
    };
    badge(w.t(&format!("staff-kind-{}", kind.code())), tone).render()
}

fn list(w: &Words, settings: &SettingsCaller) -> Markup {
    let access = &settings.caller.access;
    let lent = access.companies.iter().filter(|place| place.id() != access.workplace.id());
    let rows = access.workplaces.iter().chain(lent).map(|place| {
        let roles: Vec<String> = place.roles.iter().map(|role| w.t(&format!("staff-role-{role}"))).collect();
        Row::new([
            html! { (place.name()) },
            kind(w, place.company.kind),
            html! { (roles.join(", ")) },
            html! { (place.company.currency.code()) },
            html! { (place.id()) },
        ])
    });
    let table = Table::new(w, w.t("staff-companies"))
        .columns([
            Column::new(w.t("staff-name")).wide().leading(),
            Column::new(w.t("staff-kind")),
            Column::new(w.t("staff-roles")),
            Column::new(w.t("staff-currency")).narrow(),
            Column::new(w.t("staff-number")).narrow(),
        ])
        .rows(rows);
    card(w.t("staff-companies-mine")).flush().body(table.render()).render()
}

fn new_form(w: &Words, settings: &SettingsCaller, refused: Option<(&Given, &FormErrors)>) -> Markup {
    let empty = (Given::default(), FormErrors::none());
    let (given, errors) = refused.unwrap_or((&empty.0, &empty.1));
    let company = &settings.organisation.company;
    let kinds = [OrganisationKind::Company, OrganisationKind::Desk]
        .map(|kind| (kind.code().to_owned(), w.t(&format!("staff-kind-{}", kind.code()))));
    let or = |given: &str, usual: &str| if given.is_empty() { usual.to_owned() } else { given.to_owned() };
    let fields = html! {
        (field(w.t("staff-name"), "name").value(&given.name).required().errors(errors))
        (field(w.t("staff-kind"), "kind").select(kinds).value(or(&given.kind, "company")).half().errors(errors))
        (field(w.t("staff-currency"), "currency").value(or(&given.currency, company.currency.code()))
            .required().half().errors(errors))
        (zone(w, &or(&given.zone, &company.zone_name)).errors(errors))
        (field(w.t("staff-language"), "lang").select(languages())
            .value(or(&given.lang, company.lang.code())).half().errors(errors))
    };
    let action = settings.href("/settings/companies/new");
    let actions = html! { (button(w.t("staff-company-create"))) };
    card(w.t("staff-company-new"))
        .body(form(w, action).errors(errors).body(fields).actions(actions).render())
        .render()
}
