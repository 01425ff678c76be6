//! /settings/promises: what the company promises by when, and why an order may be held up.

use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, html};
use takt_kernel::{Kind, Result};
use takt_staff::{
    SettingsCaller, SettingsGroup, SettingsPage, calendar, see_other_saying, settings_page, settings_refused,
};
use takt_ui::{FormErrors, Words, button, card, field, form};
use takt_web::{Answer, Form, Web};

use super::{
    marks::{holder_name, reason_name},
    promises_form::{PromisesForm, SPARE},
};
use crate::{
    Holder, ManageStatuses,
    clock::{Allowance, Promises, Reached, Since},
    statuses::{self, Status},
};

const HREF: &str = "/settings/promises";

pub(crate) const PROMISES: SettingsPage = SettingsPage {
    href: HREF,
    label_key: "orders-promises",
    permission: "orders.manage_statuses",
    group: SettingsGroup::Orders,
    place: 65,
};

/// What the company has that milestones may name.
struct Known {
    statuses: Vec<Status>,
    /// By their names.
    calendars: Vec<String>,
}

pub(super) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    settings.permit::<ManageStatuses>()?;
    let company = settings.company()?;
    let promises = web.db.read("orders.promises", move |reader| Promises::of(reader, company)).await?;
    let body = body(&web, &settings, &PromisesForm::of(&promises), &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) async fn save(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<BTreeMap<String, String>>,
) -> Answer {
    let permit = settings.permit::<ManageStatuses>()?;
    settings.company()?;
    let given = PromisesForm(given);
    let saved = match given.promises() {
        Ok(promises) => web.db.write("orders.save_promises", move |tx| promises.save(tx, &permit)).await,
        Err(fault) => Err(fault),
    };
    match saved {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "orders-saved")),
        Err(fault) if fault.kind() == Kind::Invalid => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            let body = body(&web, &settings, &given, &errors).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn body(
    web: &Web,
    settings: &SettingsCaller,
    given: &PromisesForm,
    errors: &FormErrors,
) -> Result<Markup> {
    let company = settings.company()?;
    let known = web
        .db
        .read("orders.promised_by", move |reader| {
            let calendars = calendar::all_named(reader, company)?.into_iter().map(|known| known.name);
            Ok(Known { statuses: statuses::all(reader, company)?, calendars: calendars.collect() })
        })
        .await?;
    let w = settings.words(web);
    Ok(render(&w, &settings.href(HREF), given, &known, errors))
}

fn render(w: &Words, action: &str, given: &PromisesForm, known: &Known, errors: &FormErrors) -> Markup {
    let rows = given.rows("milestones", "reached");
    let reasons = given.rows("pauses", "owner");
    let fields = html! {
        @for place in 0..rows + SPARE { (milestone(w, given, known, errors, place, place >= rows)) }
        div.field { h3 { (w.t("orders-pauses")) } p.muted { (w.t("orders-pauses-note")) } }
        @for place in 0..reasons + SPARE { (pause(w, given, errors, place, place >= reasons)) }
    };
    html! {
        (card(w.t("orders-promises")).note(html! { (w.t("orders-promises-note")) }).body(html! {
            (form(w, action).errors(errors).body(fields).actions(html! { (button(w.t("orders-save")).primary()) }))
        }))
    }
}

fn milestone(
    w: &Words,
    given: &PromisesForm,
    known: &Known,
    errors: &FormErrors,
    place: usize,
    spare: bool,
) -> Markup {
    let at = |name: &str| format!("milestones[{place}].{name}");
    let value = |name: &str| given.get(&at(name)).to_owned();
    let nothing = std::iter::once((String::new(), w.t("orders-milestone-none")));
    let fixed =
        Reached::FIXED.map(|reached| (reached.code(), w.t(&format!("orders-milestone-{}", reached.code()))));
    let own =
        known.statuses.iter().filter(|status| status.stage.is_in_work() && !status.archived).map(|status| {
            let name = w.ta("orders-milestone-status", &[("status", status.name(w.lang()).into())]);
            (Reached::Status(status.code.clone()).code(), name)
        });
    let reached = nothing.chain(fixed).chain(own);
    let since = Since::ALL
        .map(|since| (since.code().to_owned(), w.t(&format!("orders-since-what-{}", since.code()))));
    let units = || {
        Allowance::UNITS
            .map(|unit| (unit.to_owned(), w.t(&format!("orders-unit-{}", unit.replace('_', "-")))))
    };
    // One that is gone is shown as long as the milestone names it.
    let gone = Some(value("calendar")).filter(|name| !name.is_empty() && !known.calendars.contains(name));
    let calendars: Vec<(String, String)> =
        std::iter::once((String::new(), w.t("orders-milestone-calendar-usual")))
            .chain(known.calendars.iter().map(|name| (name.clone(), name.clone())))
            .chain(gone.map(|name| {
                let told = w.ta("orders-milestone-calendar-gone", &[("name", name.as_str().into())]);
                (name, told)
            }))
            .collect();
    let n = place + 1;
    let title = if spare {
        w.t("orders-milestone-add")
    } else {
        w.ta("orders-milestone-number", &[("number", i64::try_from(n).unwrap_or(0).into())])
    };
    html! {
        div.rule role="group" aria-label=(title) {
            p.strong.field { (title) }
            (field(w.t("orders-milestone-reached"), at("reached")).select(reached).value(value("reached")).half().errors(errors))
            (field(w.t("orders-milestone-since"), at("since")).select(since).value(value("since")).half().errors(errors))
            (field(w.t("orders-milestone-amount"), at("amount")).number().value(value("amount")).half().errors(errors))
            (field(w.t("orders-milestone-unit"), at("unit")).select(units()).value(value("unit")).half())
            (field(w.t("orders-milestone-urgent"), at("urgent_amount")).number().value(value("urgent_amount"))
                .hint(w.t("orders-milestone-urgent-hint")).half().errors(errors))
            (field(w.t("orders-milestone-unit"), at("urgent_unit")).select(units()).value(value("urgent_unit")).half())
            @if calendars.len() > 1 {
                (field(w.t("orders-milestone-calendar"), at("calendar")).select(calendars).value(value("calendar"))
                    .hint(w.t("orders-milestone-calendar-hint")).errors(errors))
            }
            (field(w.t("orders-milestone-name-ru"), at("name_ru")).value(value("name_ru")).half().errors(errors))
            (field(w.t("orders-milestone-name-en"), at("name_en")).value(value("name_en")).half().errors(errors))
        }
    }
}

fn pause(w: &Words, given: &PromisesForm, errors: &FormErrors, place: usize, spare: bool) -> Markup {
    let at = |name: &str| format!("pauses[{place}].{name}");
    let value = |name: &str| given.get(&at(name)).to_owned();
    let nothing = std::iter::once((String::new(), w.t("orders-pause-none")));
    let owners = Holder::ALL
        .iter()
        .filter(|holder| !matches!(holder, Holder::ClosedHours | Holder::Owner))
        .map(|holder| (holder.code().to_owned(), holder_name(w, *holder)));
    let usual = w.texts().find(w.lang(), &format!("orders-pause-{}", value("code").replace('_', "-")), &[]);
    let title = if spare { w.t("orders-pause-add") } else { reason_name(w, &value("code"), None) };
    let title = if usual.is_none() && !spare { value(name_of(w)) } else { title };
    let hint = usual.unwrap_or_default();
    html! {
        div.rule role="group" aria-label=(title) {
            p.strong.field { (title) }
            input type="hidden" name=(at("code")) value=(value("code"));
            (field(w.t("orders-pause-owner"), at("owner")).select(nothing.chain(owners)).value(value("owner")).half().errors(errors))
            (field(w.t("orders-pause-minutes"), at("minutes")).number().value(value("minutes")).half().errors(errors))
            (field(w.t("orders-milestone-name-ru"), at("name_ru")).value(value("name_ru")).placeholder(&hint).half().errors(errors))
            (field(w.t("orders-milestone-name-en"), at("name_en")).value(value("name_en")).placeholder(&hint).half().errors(errors))
        }
    }
}

fn name_of(w: &Words) -> &'static str {
    match w.lang() {
        takt_ui::Lang::Ru => "name_ru",
        takt_ui::Lang::En => "name_en",
    }
}
