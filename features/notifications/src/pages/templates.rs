//! /settings/templates: which messages there are, whether they are sent, who writes, and what becomes
//! of doubtful ones.

use std::collections::BTreeSet;

use axum::extract::State as Shared;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result};
use takt_staff::{SettingsCaller, see_other_saying, settings_page, settings_refused};
use takt_ui::{
    Column, FormErrors, Lang, Row, Shade, Table, Tone, Words, button, card, chip, field, form, post_button,
    status,
};
use takt_web::{Answer, Form, Web};

use super::words;
use crate::{
    event::Event,
    policy::{self, InDoubt, Sender},
    rights::ManageTemplates,
    settings::Settings,
    templates::Template,
};

pub(super) const HREF: &str = "/settings/templates";

pub(super) struct TemplatesView {
    pub off: BTreeSet<Event>,
    /// Those that the shop has made its own.
    pub own: BTreeSet<(Event, &'static str)>,
    pub sender: Sender,
    pub in_doubt: InDoubt,
    /// The installation's own address.
    pub usual_address: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Switch {
    event: String,
    on: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Doubt {
    policy: String,
}

pub(super) async fn show(Shared(web): Shared<Web>, settings: SettingsCaller) -> Answer {
    let view = view(&web, &settings).await?;
    let body = render(&settings.words(&web), &|path| settings.href(path), &view, &FormErrors::none());
    Ok(settings_page(&web, &settings, HREF, body))
}

async fn view(web: &Web, settings: &SettingsCaller) -> Result<TemplatesView> {
    settings.permit::<ManageTemplates>()?;
    let company = settings.company()?;
    web.db
        .read("notifications.templates", move |r| {
            let mut own = BTreeSet::new();
            for event in Event::ALL {
                for lang in Lang::ALL {
                    if Template::of_company(r, company, event, lang)?.is_some() {
                        own.insert((event, lang.code()));
                    }
                }
            }
            Ok(TemplatesView {
                off: policy::switched_off(r, company)?,
                own,
                sender: Sender::of(r, company)?,
                in_doubt: InDoubt::of(r, company)?,
                usual_address: Settings::of(r)?.from.email.to_string(),
            })
        })
        .await
}

pub(super) async fn switch(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Form(given): Form<Switch>,
) -> Answer {
    let permit = settings.permit::<ManageTemplates>()?;
    settings.company()?;
    let event =
        Event::from_code(&given.event).ok_or_else(|| Fault::missing("notifications.event_missing"))?;
    let on = given.on == "1";
    web.db.write("notifications.switch", move |tx| policy::switch(tx, &permit, event, on)).await?;
    Ok(see_other_saying(&settings.href(HREF), "notifications-saved"))
}

pub(super) async fn save_sender(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Form(given): Form<Sender>,
) -> Answer {
    let permit = settings.permit::<ManageTemplates>()?;
    settings.company()?;
    let typed = given.clone();
    match web.db.write("notifications.save_sender", move |tx| given.save(tx, &permit)).await {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "notifications-saved")),
        Err(fault) if fault.kind() == Kind::Invalid => {
            let w = settings.words(&web);
            let view = TemplatesView { sender: typed, ..view(&web, &settings).await? };
            let errors = FormErrors::from_fault(&w, &fault);
            let body = render(&w, &|path| settings.href(path), &view, &errors);
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(super) async fn save_in_doubt(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Form(given): Form<Doubt>,
) -> Answer {
    let permit = settings.permit::<ManageTemplates>()?;
    settings.company()?;
    let policy = InDoubt::from_code(&given.policy)
        .ok_or_else(|| Fault::field("policy", "notifications.policy_unknown"))?;
    web.db.write("notifications.save_in_doubt", move |tx| policy.save(tx, &permit)).await?;
    Ok(see_other_saying(&settings.href(HREF), "notifications-saved"))
}

/// `href` keeps the company of the settings in a path.
pub(super) fn render(
    w: &Words,
    href: &dyn Fn(&str) -> String,
    view: &TemplatesView,
    errors: &FormErrors,
) -> Markup {
    html! {
        (card(w.t("notifications-templates")).note(html! { (w.t("notifications-templates-note")) }).flush()
            .body(table(w, href, view)))
        (card(w.t("notifications-sender")).note(html! { (w.t("notifications-sender-note")) })
            .body(sender_form(w, href, view, errors)))
        (card(w.t("notifications-in-doubt")).note(html! { (w.t("notifications-in-doubt-note")) })
            .body(doubt_form(w, href, view)))
    }
}

fn table(w: &Words, href: &dyn Fn(&str) -> String, view: &TemplatesView) -> Markup {
    let rows = Event::ALL.map(|event| {
        let on = !view.off.contains(&event);
        let (label, next) =
            if on { ("notifications-switch-off", "0") } else { ("notifications-switch-on", "1") };
        let state = if on { ("notifications-on", Tone::Good) } else { ("notifications-off", Tone::Neutral) };
        let switch = post_button(
            &href("/settings/templates/switch"),
            &[("event", event.code()), ("on", next)],
            button(w.t(label)).quiet().small(),
        );
        Row::new([
            html! { span.strong { (words::event(w, event)) } },
            status(w.t(state.0), state.1).render(),
            html! { div.row { @for lang in Lang::ALL { (edit_link(w, href, view, event, lang)) } } },
            html! { (switch) },
        ])
        .id(format!("event-{}", event.code()))
        .dim(!on)
    });
    Table::new(w, w.t("notifications-templates"))
        .columns([
            Column::new(w.t("notifications-event")).leading(),
            Column::new(w.t("notifications-state")).narrow(),
            Column::new(w.t("notifications-texts")).wide(),
            Column::new(w.t("notifications-do")).actions(),
        ])
        .rows(rows)
        .render()
}

fn edit_link(
    w: &Words,
    href: &dyn Fn(&str) -> String,
    view: &TemplatesView,
    event: Event,
    lang: Lang,
) -> Markup {
    let path = format!("{HREF}/{}/{}", event.code(), lang.code());
    html! {
        a href=(href(&path)) { (lang.own_name()) }
        @if view.own.contains(&(event, lang.code())) { (chip(w.t("notifications-own"), Shade::Violet)) }
    }
}

fn sender_form(
    w: &Words,
    href: &dyn Fn(&str) -> String,
    view: &TemplatesView,
    errors: &FormErrors,
) -> Markup {
    let fields = html! {
        (field(w.t("notifications-sender-name"), "name").value(&view.sender.name).half()
            .hint(w.t("notifications-sender-name-hint")).errors(errors))
        (field(w.t("notifications-sender-address"), "address").value(&view.sender.address).email().half()
            .placeholder(&view.usual_address).hint(w.t("notifications-sender-address-hint")).errors(errors))
        (field(w.t("notifications-reply-to"), "reply_to").value(&view.sender.reply_to).email().half()
            .hint(w.t("notifications-reply-to-hint")).errors(errors))
    };
    form(w, href("/settings/templates/sender"))
        .errors(errors)
        .body(fields)
        .actions(button(w.t("notifications-save")).primary().render())
        .render()
}

fn doubt_form(w: &Words, href: &dyn Fn(&str) -> String, view: &TemplatesView) -> Markup {
    let choices = InDoubt::ALL
        .map(|policy| (policy.code().to_owned(), w.t(&format!("notifications-in-doubt-{}", policy.code()))));
    let choice =
        field(w.t("notifications-in-doubt-policy"), "policy").value(view.in_doubt.code()).radios(choices);
    form(w, href("/settings/templates/in-doubt"))
        .body(html! { (choice) })
        .actions(button(w.t("notifications-save")).render())
        .render()
}
