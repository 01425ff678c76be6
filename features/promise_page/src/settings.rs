//! /settings/buyers-page: whether buyers have pages, what they show, how long their links open.

use std::collections::BTreeMap;

use axum::{Router, extract::State, routing::get};
use maud::{Markup, Render, html};
use takt_kernel::{Kind, Result};
use takt_orders::buyer::BUYER_PANEL;
use takt_staff::{
    ManageCompany, SettingsCaller, SettingsGroup, SettingsPage, see_other_saying, settings_page,
    settings_refused,
};
use takt_ui::{Field, FormErrors, Words, button, card, field, form};
use takt_web::{Answer, Form, Web};

use crate::policy::Policy;

const HREF: &str = "/settings/buyers-page";

pub(crate) const PAGE: SettingsPage = SettingsPage {
    href: HREF,
    label_key: "promise-page-settings",
    permission: "staff.manage_company",
    group: SettingsGroup::Buyers,
    place: 70,
};

/// What may be asked for on the page, by the names under which it is sent.
pub(crate) const CALL: &str = "call";
pub(crate) const SLOT: &str = "slot";

type Sent = BTreeMap<String, String>;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route(HREF, get(show).post(save))
}

/// Everything that may be hidden: its name, and the key of what it is called.
fn parts(web: &Web) -> Vec<(&'static str, &'static str)> {
    let slots = web.db.slots();
    let mut panels: Vec<_> = slots.of(&BUYER_PANEL).map(|panel| (panel.place, panel.title_key)).collect();
    panels.sort_unstable();
    let own = [(CALL, "promise-page-call"), (SLOT, "promise-page-slot")];
    panels.into_iter().map(|(_, key)| (key, key)).chain(own).collect()
}

async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    settings.permit::<ManageCompany>()?;
    let company = settings.company()?;
    let policy = web.db.read("promise_page.policy", move |r| Policy::of(r, company)).await?;
    let body = body(&web, &settings, &shown(&policy, &parts(&web)), &FormErrors::none());
    Ok(settings_page(&web, &settings, HREF, body))
}

async fn save(State(web): State<Web>, settings: SettingsCaller, Form(sent): Form<Sent>) -> Answer {
    let permit = settings.permit::<ManageCompany>()?;
    settings.company()?;
    let policy = read(&sent, &parts(&web));
    let saved: Result<()> =
        web.db.write("promise_page.save_policy", move |tx| policy.save(tx, &permit)).await;
    match saved {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "promise-page-settings-saved")),
        Err(fault) if fault.kind() == Kind::Invalid => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            let body = body(&web, &settings, &sent, &errors);
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn shown(policy: &Policy, parts: &[(&str, &str)]) -> Sent {
    let on = |chosen: bool| if chosen { "on" } else { "" }.to_owned();
    let mut sent = Sent::from([
        ("on".to_owned(), on(policy.on)),
        ("days_after_end".to_owned(), policy.days_after_end.to_string()),
        ("days_at_most".to_owned(), policy.days_at_most.to_string()),
        ("words_ru".to_owned(), policy.words_ru.clone()),
        ("words_en".to_owned(), policy.words_en.clone()),
    ]);
    for (name, _) in parts {
        sent.insert(format!("show-{name}"), on(policy.shows(name)));
    }
    sent
}

/// What is not ticked was not sent.
fn read(sent: &Sent, parts: &[(&str, &str)]) -> Policy {
    let text = |name: &str| sent.get(name).map_or("", |text| text.trim());
    // What is no number is out of range, and refused as that.
    let number = |name: &str| text(name).parse().unwrap_or(-1);
    let hidden = parts.iter().filter(|(name, _)| text(&format!("show-{name}")).is_empty());
    Policy {
        on: !text("on").is_empty(),
        days_after_end: number("days_after_end"),
        days_at_most: number("days_at_most"),
        hidden: hidden.map(|(name, _)| (*name).to_owned()).collect(),
        words_ru: text("words_ru").to_owned(),
        words_en: text("words_en").to_owned(),
    }
}

fn body(web: &Web, settings: &SettingsCaller, sent: &Sent, errors: &FormErrors) -> Markup {
    let w = &settings.words(web);
    let text = |name: &str| sent.get(name).map_or("", String::as_str);
    let days = |key: &str, name: &str| days(w, key, name, text(name), errors);
    let fields = html! {
        (field(w.t("promise-page-settings-on"), "on").checkbox(!text("on").is_empty())
            .hint(w.t("promise-page-settings-on-hint")))
        (days("promise-page-settings-days-after-end", "days_after_end"))
        (days("promise-page-settings-days-at-most", "days_at_most"))
        (field(w.t("promise-page-settings-parts"), "parts").own(html! {
            div.radios id=(Field::id("parts")) role="group" aria-label=(w.t("promise-page-settings-parts")) {
                @for (name, key) in parts(web) {
                    @let sent_as = format!("show-{name}");
                    label.check {
                        input type="checkbox" name=(sent_as) value="on" checked[!text(&sent_as).is_empty()];
                        span { (w.t(key)) }
                    }
                }
            }
        }))
        (field(w.t("promise-page-settings-words-ru"), "words_ru").textarea(3).value(text("words_ru"))
            .hint(w.t("promise-page-settings-words-hint")).errors(errors))
        (field(w.t("promise-page-settings-words-en"), "words_en").textarea(3).value(text("words_en")).errors(errors))
    };
    let form = form(w, settings.href(HREF))
        .errors(errors)
        .body(fields)
        .actions(html! { (button(w.t("promise-page-settings-save")).primary()) });
    card(w.t("promise-page-settings"))
        .note(html! { (w.t("promise-page-settings-note")) })
        .body(form.render())
        .render()
}

fn days(w: &Words, key: &str, name: &str, value: &str, errors: &FormErrors) -> Markup {
    field(w.t(key), name)
        .attribute("inputmode", "numeric")
        .short()
        .required()
        .value(value)
        .hint(w.t(&format!("{key}-hint")))
        .errors(errors)
        .render()
}
