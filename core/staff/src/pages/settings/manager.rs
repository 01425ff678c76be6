//! Who answers for a company: a card among its engagements.

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{PersonId, Result};
use takt_store::Query;
use takt_ui::{FormErrors, Words, button, card, field, form, muted};
use takt_web::{Answer, Form, Web};

use super::{SettingsCaller, engagements};
use crate::{
    access::Reaching,
    callers::see_other_saying,
    managers::{self, Manager},
    pages::form_errors,
    rights::own::NameManager,
};

#[derive(Deserialize, Default)]
pub(in crate::pages) struct Given {
    /// Empty: nobody.
    #[serde(default)]
    person: String,
}

/// What the card shows.
pub(super) struct View {
    manager: Option<Manager>,
    candidates: Vec<Reaching>,
}

impl View {
    pub(super) fn read(db: &mut dyn Query, company: takt_kernel::CompanyId) -> Result<Self> {
        Ok(Self { manager: managers::of(db, company)?, candidates: managers::candidates(db, company)? })
    }
}

pub(in crate::pages) async fn name(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    settings.company()?;
    let permit = settings.permit::<NameManager>()?;
    let person = match given.person.trim() {
        "" => None,
        person => Some(person.parse::<PersonId>()?),
    };
    match web.db.write("staff.name_manager", move |tx| managers::name(tx, &permit, person)).await {
        Ok(()) => Ok(see_other_saying(&settings.href(engagements::HREF), "staff-manager-named")),
        Err(fault) => {
            let errors = form_errors(&settings.words(&web), fault)?;
            engagements::refused(&web, &settings, &errors).await
        }
    }
}

pub(super) fn drawn(w: &Words, settings: &SettingsCaller, view: &View, errors: &FormErrors) -> Markup {
    let chosen = view.manager.as_ref().map(|manager| manager.person.to_string()).unwrap_or_default();
    let choices = std::iter::once((String::new(), w.t("staff-manager-nobody"))).chain(
        view.candidates.iter().map(|person| {
            let roles: Vec<String> =
                person.roles.iter().map(|role| w.t(&format!("staff-role-{role}"))).collect();
            (person.person.to_string(), format!("{} · {}", person.name, roles.join(", ")))
        }),
    );
    let body = if settings.may::<NameManager>() {
        let choice = field(w.t("staff-manager"), "person").select(choices).value(&chosen).errors(errors);
        form(w, settings.href("/settings/manager"))
            .errors(errors)
            .body(html! { p.muted { (w.t("staff-manager-note")) } (choice) })
            .actions(html! { (button(w.t("staff-save"))) })
            .render()
    } else {
        match &view.manager {
            Some(manager) => html! { p { (manager.name) } },
            None => muted(w.t("staff-manager-nobody")),
        }
    };
    card(w.t("staff-manager")).body(body).render()
}
