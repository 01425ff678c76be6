use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, FieldFault, Kind, Result};
use takt_staff::{
    Role, SettingsCaller, SettingsGroup, SettingsPage, see_other_saying, settings_page, settings_refused,
};
use takt_ui::{FormErrors, Icon, Words, button, card, field, form, link_button};
use takt_web::{Answer, Form, Web};

use super::{HREF, TEXT_HREF};
use crate::policy::{ManagePlaybook, Policy};

pub(crate) const SETTINGS: SettingsPage = SettingsPage {
    href: HREF,
    label_key: "playbook-title",
    permission: "playbook.manage",
    group: SettingsGroup::Orders,
    place: 70,
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    confirm_up_to_units: String,
    task_minutes: String,
    call_again_minutes: String,
    call_role: String,
}

impl Given {
    fn of(policy: &Policy) -> Self {
        Self {
            confirm_up_to_units: policy.confirm_up_to_units.to_string(),
            task_minutes: policy.task_minutes.to_string(),
            call_again_minutes: policy.call_again_minutes.to_string(),
            call_role: policy.call_role.to_string(),
        }
    }

    /// All fields that make no sense are named at once.
    fn parsed(&self) -> Result<Policy> {
        let mut faults = Vec::new();
        let mut number = |path: &'static str, text: &str, least: i64, most: i64| {
            let read = text.trim().parse::<i64>().ok().filter(|read| (least..=most).contains(read));
            if read.is_none() {
                faults.push(FieldFault {
                    path: path.to_owned(),
                    code: "playbook.number_out_of_range".into(),
                    args: vec![("least".into(), least.to_string()), ("most".into(), most.to_string())],
                });
            }
            read.unwrap_or_default()
        };
        let policy = Policy {
            confirm_up_to_units: number(
                "confirm_up_to_units",
                &self.confirm_up_to_units,
                0,
                Policy::MOST_UNITS,
            ),
            task_minutes: number("task_minutes", &self.task_minutes, 1, Policy::MOST_MINUTES),
            call_again_minutes: number(
                "call_again_minutes",
                &self.call_again_minutes,
                1,
                Policy::MOST_MINUTES,
            ),
            call_role: self.call_role.parse::<Role>().unwrap_or(Role::Auditor),
        };
        if !Policy::CALLERS.contains(&policy.call_role) {
            faults.push(FieldFault {
                path: "call_role".to_owned(),
                code: "playbook.role_cannot_call".into(),
                args: Vec::new(),
            });
        }
        if faults.is_empty() { Ok(policy) } else { Err(Fault::from_fields(faults)) }
    }
}

pub(super) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    settings.permit::<ManagePlaybook>()?;
    let company = settings.company()?;
    let policy = web.db.read("playbook.policy", move |r| Policy::of(r, company)).await?;
    let body = body(&settings.words(&web), &settings, &Given::of(&policy), &FormErrors::none());
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) async fn save(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManagePlaybook>()?;
    settings.company()?;
    let saved = match given.parsed() {
        Ok(policy) => web.db.write("playbook.save_policy", move |tx| policy.save(tx, &permit)).await,
        Err(fault) => Err(fault),
    };
    match saved {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "playbook-saved")),
        Err(fault) if fault.kind() == Kind::Invalid => {
            let w = settings.words(&web);
            let body = body(&w, &settings, &given, &FormErrors::from_fault(&w, &fault));
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn body(w: &Words, settings: &SettingsCaller, given: &Given, errors: &FormErrors) -> Markup {
    let roles = Policy::CALLERS.map(|role| (role.to_string(), w.t(&format!("staff-role-{role}"))));
    let fields = html! {
        (field(w.t("playbook-confirm-up-to"), "confirm_up_to_units").value(&given.confirm_up_to_units).number()
            .hint(w.t("playbook-confirm-up-to-hint")).required().half().errors(errors))
        (field(w.t("playbook-task-minutes"), "task_minutes").value(&given.task_minutes).number()
            .hint(w.t("playbook-task-minutes-hint")).required().half().errors(errors))
        (field(w.t("playbook-call-role"), "call_role").value(&given.call_role).select(roles).required().half()
            .errors(errors))
        (field(w.t("playbook-call-again"), "call_again_minutes").value(&given.call_again_minutes).number()
            .hint(w.t("playbook-call-again-hint")).required().half().errors(errors))
    };
    let form = form(w, settings.href(HREF))
        .errors(errors)
        .body(fields)
        .actions(button(w.t("playbook-save")).primary().render());
    let text = link_button(w.t("playbook-text-open"), settings.href(TEXT_HREF)).icon(Icon::FileText);
    card(w.t("playbook-title"))
        .note(html! { (w.t("playbook-note")) })
        .actions(text.render())
        .body(form.render())
        .render()
}
