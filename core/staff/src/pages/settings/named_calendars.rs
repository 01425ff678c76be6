//! The calendars of a company beside its usual one: a list, and one form for each.

use axum::extract::{Query as Asked, State};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Result};
use takt_ui::{
    Column, FormErrors, Icon, Row, Table, Words, button, card, empty, field, form, link_button, post_button,
};
use takt_web::{Answer, Form, Web};

use super::{
    SettingsCaller,
    calendars::{DAYS, HREF as CALENDARS, Hours},
    settings_page, settings_refused,
};
use crate::{
    calendar::{self, Holidays, NamedCalendar, NewCalendar},
    callers::see_other_saying,
    pages::form_errors,
    rights::own::ManageCalendars,
};

const HREF: &str = "/settings/calendars/named";

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(in crate::pages) struct Given {
    name: String,
    zone: String,
    exceptions: String,
    #[serde(flatten)]
    hours: Hours,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::pages) struct Which {
    name: String,
}

impl Given {
    fn of(known: &NamedCalendar) -> Self {
        Self {
            name: known.name.clone(),
            zone: known.zone_name.clone(),
            exceptions: known.calendar.exceptions_written(),
            hours: Hours::of(&known.calendar),
        }
    }

    fn parsed(&self) -> Result<NewCalendar> {
        let (week, holidays) = self.hours.parsed()?;
        let exceptions = calendar::exceptions_from(&self.exceptions)?;
        Ok(NewCalendar {
            name: self.name.clone(),
            zone: self.zone.trim().to_owned(),
            week,
            holidays,
            exceptions,
        })
    }
}

pub(in crate::pages) async fn show(
    State(web): State<Web>,
    settings: SettingsCaller,
    Asked(which): Asked<Which>,
) -> Answer {
    settings.permit::<ManageCalendars>()?;
    let organisation = settings.id();
    let known = web.db.read("staff.named_calendars", move |r| calendar::all_named(r, organisation)).await?;
    let given = match known.iter().find(|known| known.name == which.name) {
        Some(known) => Given::of(known),
        None if which.name.is_empty() => {
            Given { zone: settings.organisation.company.zone_name.clone(), ..Given::default() }
        }
        None => return Err(Fault::missing("staff.calendar_missing").arg("name", &which.name).into()),
    };
    let body = form_card(&settings.words(&web), &settings, &given, &FormErrors::none());
    Ok(settings_page(&web, &settings, CALENDARS, body))
}

pub(in crate::pages) async fn save(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageCalendars>()?;
    let saved = match given.parsed() {
        Ok(new) => {
            web.db.write("staff.save_calendar", move |tx| calendar::save_named(tx, &permit, &new)).await
        }
        Err(fault) => Err(fault),
    };
    match saved {
        Ok(()) => Ok(see_other_saying(&settings.href(CALENDARS), "staff-saved")),
        Err(fault) => {
            let w = settings.words(&web);
            let errors = form_errors(&w, fault)?;
            Ok(settings_refused(&web, &settings, CALENDARS, form_card(&w, &settings, &given, &errors)))
        }
    }
}

pub(in crate::pages) async fn remove(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(which): Form<Which>,
) -> Answer {
    let permit = settings.permit::<ManageCalendars>()?;
    web.db.write("staff.remove_calendar", move |tx| calendar::remove_named(tx, &permit, &which.name)).await?;
    Ok(see_other_saying(&settings.href(CALENDARS), "staff-saved"))
}

pub(super) fn list_card(w: &Words, settings: &SettingsCaller, known: &[NamedCalendar], may: bool) -> Markup {
    let row = |known: &NamedCalendar| {
        let deeds = html! {
            @if may {
                (link_button(w.t("staff-calendar-edit"), href(settings, &known.name)).small())
                (post_button(
                    &settings.href("/settings/calendars/named/remove"),
                    &[("name", &known.name)],
                    button(w.t("staff-remove")).small().quiet(),
                ))
            }
        };
        Row::new([html! { (known.name) }, html! { (known.zone_name) }, deeds])
    };
    let table = Table::new(w, w.t("staff-calendars-named"))
        .columns([
            Column::new(w.t("staff-calendar-name")).leading(),
            Column::new(w.t("staff-zone")).wide(),
            Column::new("").actions(),
        ])
        .rows(known.iter().map(row))
        .empty(empty(Icon::Clock, w.t("staff-no-calendars-named"), w.t("staff-calendars-named-hint"), None));
    let add = html! { @if may { (link_button(w.t("staff-calendar-add"), href(settings, ""))) } };
    card(w.t("staff-calendars-named")).actions(add).flush().body(table.render()).render()
}

fn href(settings: &SettingsCaller, name: &str) -> String {
    if name.is_empty() {
        return settings.href(HREF);
    }
    let name: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    settings.href(&format!("{HREF}?name={name}"))
}

fn form_card(w: &Words, settings: &SettingsCaller, given: &Given, errors: &FormErrors) -> Markup {
    let holidays = Holidays::ALL
        .map(|holidays| (holidays.code().to_owned(), w.t(&format!("staff-holidays-{}", holidays.code()))));
    let fields = html! {
        (field(w.t("staff-calendar-name"), "name").value(&given.name).hint(w.t("staff-calendar-name-hint"))
            .required().half().errors(errors))
        (field(w.t("staff-zone"), "zone").value(&given.zone).required().half().errors(errors))
        @for (name, value) in DAYS.iter().zip(given.hours.days()) {
            (field(w.t(&format!("staff-{name}")), *name).value(value).half().errors(errors))
        }
        (field(w.t("staff-holidays"), "holidays").select(holidays).value(&given.hours.holidays).errors(errors))
        (field(w.t("staff-exceptions"), "exceptions").value(&given.exceptions).textarea(4)
            .hint(w.t("staff-calendar-exceptions-hint")).errors(errors))
    };
    let actions = html! { (button(w.t("staff-save")).primary()) };
    card(w.t("staff-calendar-named"))
        .body(html! {
            div.stack {
                p.muted { (w.t("staff-hours-hint")) }
                (form(w, settings.href(HREF)).errors(errors).body(fields).actions(actions))
            }
        })
        .render()
}
