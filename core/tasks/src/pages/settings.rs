use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, FieldFault, Kind, Result};
use takt_staff::{
    SettingsCaller, SettingsGroup, SettingsPage, see_other_saying, settings, settings_page, settings_refused,
};
use takt_ui::{FormErrors, Words, button, card, field, form};
use takt_web::{Answer, Form, Web};

use crate::{
    ManageTasks,
    commands::{
        ANSWER_MINUTES, ESCALATE_AFTER, LEASE_MINUTES, USUAL_LEASE_MINUTES, USUAL_MINUTES, answer_minutes,
    },
};

pub(super) const HREF: &str = "/settings/tasks";
const MOST_MINUTES: i64 = 60 * 24;

pub(crate) const SETTINGS: SettingsPage = SettingsPage {
    href: HREF,
    label_key: "tasks-title",
    permission: "tasks.manage",
    group: SettingsGroup::Orders,
    place: 65,
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    lease_minutes: String,
    escalate_after_minutes: String,
    answer_minutes: String,
}

impl Given {
    /// All of them, in minutes; what makes no sense is named all at once.
    fn parsed(&self) -> Result<[i64; 3]> {
        let mut faults = Vec::new();
        let mut minutes = |path: &str, text: &str| {
            let read = text.trim().parse::<i64>().ok().filter(|read| (1..=MOST_MINUTES).contains(read));
            if read.is_none() {
                faults.push(FieldFault {
                    path: path.to_owned(),
                    code: "tasks.minutes_out_of_range".into(),
                    args: vec![("most".into(), MOST_MINUTES.to_string())],
                });
            }
            read.unwrap_or_default()
        };
        let all = [
            minutes("lease_minutes", &self.lease_minutes),
            minutes("escalate_after_minutes", &self.escalate_after_minutes),
            minutes("answer_minutes", &self.answer_minutes),
        ];
        if faults.is_empty() { Ok(all) } else { Err(Fault::from_fields(faults)) }
    }
}

pub(super) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    settings.permit::<ManageTasks>()?;
    let company = settings.company()?;
    let given = web
        .db
        .read("tasks.settings", move |r| {
            let lease = settings::get::<i64>(r, company, LEASE_MINUTES)?.unwrap_or(USUAL_LEASE_MINUTES);
            let escalate = settings::get::<i64>(r, company, ESCALATE_AFTER)?.unwrap_or(USUAL_MINUTES);
            Ok(Given {
                lease_minutes: lease.to_string(),
                escalate_after_minutes: escalate.to_string(),
                answer_minutes: answer_minutes(r, company)?.to_string(),
            })
        })
        .await?;
    let body = body(&settings.words(&web), &settings, &given, &FormErrors::none());
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) async fn save(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageTasks>()?;
    let company = settings.company()?;
    let saved = match given.parsed() {
        Ok([lease, escalate, answer]) => {
            web.db
                .write("tasks.save_settings", move |tx| {
                    settings::set(tx, company, LEASE_MINUTES, &lease, permit.actor())?;
                    settings::set(tx, company, ESCALATE_AFTER, &escalate, permit.actor())?;
                    settings::set(tx, company, ANSWER_MINUTES, &answer, permit.actor())
                })
                .await
        }
        Err(fault) => Err(fault),
    };
    match saved {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "tasks-saved")),
        Err(fault) if fault.kind() == Kind::Invalid => {
            let w = settings.words(&web);
            let body = body(&w, &settings, &given, &FormErrors::from_fault(&w, &fault));
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn body(w: &Words, settings: &SettingsCaller, given: &Given, errors: &FormErrors) -> Markup {
    let fields = html! {
        (field(w.t("tasks-lease-minutes"), "lease_minutes").value(&given.lease_minutes).number()
            .hint(w.t("tasks-lease-minutes-hint")).required().half().errors(errors))
        (field(w.t("tasks-escalate-after"), "escalate_after_minutes").value(&given.escalate_after_minutes).number()
            .hint(w.t("tasks-escalate-after-hint")).required().half().errors(errors))
        (field(w.t("tasks-answer-minutes"), "answer_minutes").value(&given.answer_minutes).number()
            .hint(w.t("tasks-answer-minutes-hint")).required().half().errors(errors))
    };
    let form = form(w, settings.href(HREF))
        .errors(errors)
        .body(fields)
        .actions(button(w.t("tasks-save")).primary().render());
    card(w.t("tasks-title")).note(html! { (w.t("tasks-settings-note")) }).body(form.render()).render()
}
