//! One template of a shop: edited, tried on a made-up order, put back to the house's own.

use axum::extract::State as Shared;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result};
use takt_staff::{SettingsCaller, see_other_saying, settings_page, settings_refused};
use takt_ui::{FormErrors, Icon, Lang, Words, button, card, crumbs, details, field, form};
use takt_web::{Answer, Form, Path, Web};

use super::{show::text, templates::HREF, words};
use crate::{
    event::Event,
    rights::ManageTemplates,
    templates::{Template, Written},
};

/// What templates may name; each has an explanation of that key.
const VARIABLES: [&str; 26] = [
    "order.number",
    "order.external_id",
    "order.lines",
    "order.total",
    "order.paid",
    "order.discount",
    "order.delivery.method",
    "order.delivery.address",
    "order.delivery.price",
    "order.page",
    "order.pickup",
    "order.terms",
    "customer.name",
    "shop.name",
    "company.name",
    "payment.reference",
    "payment.purpose",
    "payment.amount",
    "payment.due",
    "payment.on_receipt",
    "payment.account",
    "shipment.carrier",
    "shipment.tracking",
    "shipment.tracking_url",
    "shipment.in_part",
    "shipment.lines",
];

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Given {
    subject: String,
    body: String,
    /// `save`, `preview`, `restore`.
    act: String,
}

pub(super) struct TemplateView {
    pub event: Event,
    pub lang: Lang,
    pub template: Template,
    pub preview: Option<Written>,
}

type Which = Path<(String, String)>;

fn named(event: &str, lang: &str) -> Result<(Event, Lang)> {
    let missing = || Fault::missing("notifications.event_missing");
    let lang = Lang::ALL.into_iter().find(|known| known.code() == lang).ok_or_else(missing)?;
    Ok((Event::from_code(event).ok_or_else(missing)?, lang))
}

pub(super) async fn show(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path((event, lang)): Which,
) -> Answer {
    settings.permit::<ManageTemplates>()?;
    let (event, lang) = named(&event, &lang)?;
    let company = settings.company()?;
    let own =
        web.db.read("notifications.template", move |r| Template::of_company(r, company, event, lang)).await?;
    let template = own.unwrap_or_else(|| Template::of_house(event, lang));
    let preview = template.check(event, lang).ok();
    let view = TemplateView { event, lang, template, preview };
    Ok(settings_page(&web, &settings, HREF, page(&web, &settings, &view, &FormErrors::none())))
}

pub(super) async fn change(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path((event, lang)): Which,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageTemplates>()?;
    settings.company()?;
    let (event, lang) = named(&event, &lang)?;
    let template = Template { subject: given.subject.trim().to_owned(), body: unix(&given.body) };
    let changed = match given.act.as_str() {
        "restore" => {
            let name = "notifications.restore_template";
            web.db.write(name, move |tx| Template::restore(tx, &permit, event, lang)).await
        }
        "preview" => match template.check(event, lang) {
            Ok(written) => {
                let view = TemplateView { event, lang, template, preview: Some(written) };
                let body = page(&web, &settings, &view, &FormErrors::none());
                return Ok(settings_page(&web, &settings, HREF, body));
            }
            Err(fault) => Err(fault),
        },
        _ => {
            let saved = template.clone();
            let name = "notifications.save_template";
            web.db.write(name, move |tx| saved.save(tx, &permit, event, lang)).await
        }
    };
    match changed {
        Ok(()) => {
            let path = format!("{HREF}/{}/{}", event.code(), lang.code());
            Ok(see_other_saying(&settings.href(&path), "notifications-saved"))
        }
        Err(fault) if fault.kind() == Kind::Invalid => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            let view = TemplateView { event, lang, template, preview: None };
            Ok(settings_refused(&web, &settings, HREF, page(&web, &settings, &view, &errors)))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Browsers send the lines of a text area with both signs of a line end.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

fn page(web: &Web, settings: &SettingsCaller, view: &TemplateView, errors: &FormErrors) -> Markup {
    render(&settings.words(web), &|path| settings.href(path), view, errors)
}

pub(super) fn render(
    w: &Words,
    href: &dyn Fn(&str) -> String,
    view: &TemplateView,
    errors: &FormErrors,
) -> Markup {
    let title = format!("{} · {}", words::event(w, view.event), view.lang.own_name());
    let action = href(&format!("{HREF}/{}/{}", view.event.code(), view.lang.code()));
    let fields = html! {
        (field(w.t("notifications-subject"), "subject").value(&view.template.subject).required().errors(errors))
        (field(w.t("notifications-body"), "body").value(&view.template.body).textarea(18).required().errors(errors)
            .hint(w.t("notifications-body-hint")))
    };
    let actions = html! {
        (button(w.t("notifications-save")).primary().value("act", "save"))
        (button(w.t("notifications-preview")).icon(Icon::Eye).value("act", "preview"))
        (button(w.t("notifications-restore")).quiet().icon(Icon::Undo2).value("act", "restore"))
    };
    html! {
        (crumbs(&[(&w.t("notifications-templates"), Some(&href(HREF)))]))
        (card(title).body(form(w, action).errors(errors).body(fields).actions(actions).render()))
        @if let Some(written) = &view.preview {
            (card(w.t("notifications-preview")).note(html! { (w.t("notifications-preview-note")) }).id("preview")
                .body(html! { div.stack { p.strong { (written.subject) } (text(&written.body)) } }))
        }
        (details(w.t("notifications-variables"), false, variables(w)))
    }
}

fn variables(w: &Words) -> Markup {
    html! {
        p { (w.t("notifications-variables-text")) }
        ul {
            @for name in VARIABLES {
                li { code { (name) } " — " (w.t(&format!("notifications-variable-{}", name.replace('.', "-")))) }
            }
        }
    }
}
