//! All endpoints with their health, and the form of a new one.

use axum::extract::State;
use maud::{Markup, Render, html};
use takt_kernel::{Result, Timestamp};
use takt_staff::{
    SettingsCaller, settings_page, settings_refused,
    shops::{self, Shop},
};
use takt_store::Query as _;
use takt_ui::{Column, FormErrors, Icon, Row, Table, Tone, Words, button, card, empty, form};
use takt_web::{Answer, Form, Web};

use super::{
    HREF,
    words::{self, Typed},
};
use crate::{
    commands,
    endpoint::{self, Endpoint},
    queries::{self, Health},
    rights::ManageWebhooks,
};

pub(super) struct ListView {
    pub endpoints: Vec<(Endpoint, Health)>,
    pub shops: Vec<Shop>,
    pub now: Timestamp,
}

pub(super) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    let body = body(&web, &settings, &Typed::default(), &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

/// The key is the answer itself: it is shown this once.
pub(super) async fn add(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(typed): Form<Typed>,
) -> Answer {
    let permit = settings.permit::<ManageWebhooks>()?;
    settings.company()?;
    let w = settings.words(&web);
    let added = match typed.given() {
        Ok(given) => web.db.write("webhooks.add", move |tx| commands::add(tx, &permit, &given)).await,
        Err(fault) => Err(fault),
    };
    match added {
        Ok(rotated) => {
            let told = words::shown_once(&w, "webhooks-added", &rotated);
            let below = body(&web, &settings, &Typed::default(), &FormErrors::none()).await?;
            Ok(settings_page(&web, &settings, HREF, html! { (told) (below) }))
        }
        Err(fault) => {
            let errors = words::form_errors(&w, fault)?;
            let body = body(&web, &settings, &typed, &errors).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
    }
}

async fn body(web: &Web, settings: &SettingsCaller, typed: &Typed, errors: &FormErrors) -> Result<Markup> {
    settings.permit::<ManageWebhooks>()?;
    let company = settings.company()?;
    let view = web
        .db
        .read("webhooks.list", move |reader| {
            let mut endpoints = Vec::new();
            for endpoint in endpoint::of_company(reader, company)? {
                let health = queries::health(reader, company, endpoint.id)?;
                endpoints.push((endpoint, health));
            }
            Ok(ListView { endpoints, shops: shops::list(reader, company)?, now: reader.now() })
        })
        .await?;
    Ok(render(&settings.words(web), &|path| settings.href(path), &view, typed, errors))
}

pub(super) fn render(
    w: &Words,
    href: &dyn Fn(&str) -> String,
    view: &ListView,
    typed: &Typed,
    errors: &FormErrors,
) -> Markup {
    let actions = html! { (button(w.t("webhooks-add")).primary().icon(Icon::Plus)) };
    let new = form(w, href(HREF))
        .errors(errors)
        .body(words::fields(w, &view.shops, typed, errors))
        .actions(actions)
        .render();
    html! {
        (card(w.t("webhooks-title")).note(html! { (w.t("webhooks-note")) }).flush().body(table(w, href, view)))
        (words::titled(w.t("webhooks-new"), w.t("webhooks-new-note"), html! { div.stack { (new) (words::known_kinds(w)) } }))
    }
}

fn table(w: &Words, href: &dyn Fn(&str) -> String, view: &ListView) -> Markup {
    let rows = view.endpoints.iter().map(|(endpoint, health)| row(w, href, view, endpoint, health));
    let nothing = empty(Icon::Link, w.t("webhooks-none"), w.t("webhooks-none-text"), None);
    Table::new(w, w.t("webhooks-title"))
        .columns([
            Column::new(w.t("webhooks-name")).leading().wide(),
            Column::new(w.t("webhooks-shop")),
            Column::new(w.t("webhooks-state")),
            Column::new(w.t("webhooks-last-delivery")).narrow(),
            Column::new(w.t("webhooks-waiting")).numeric(),
            Column::new(w.t("webhooks-failed")).numeric(),
        ])
        .rows(rows)
        .empty(nothing)
        .render()
}

fn row(
    w: &Words,
    href: &dyn Fn(&str) -> String,
    view: &ListView,
    endpoint: &Endpoint,
    health: &Health,
) -> Row {
    let shop = endpoint.shop.and_then(|id| view.shops.iter().find(|shop| shop.id == id));
    Row::new([
        html! {
            span.strong { (endpoint.name) }
            div.small-text.muted { code { (endpoint.url) } }
            div.small-text { (words::kinds_of(w, endpoint)) }
        },
        html! { @if let Some(shop) = shop { (shop.name) } @else { (w.t("webhooks-whole-company")) } },
        html! {
            (words::state(w, endpoint))
            @if let Some(last) = health.last.as_ref().filter(|last| !matches!(last.status, Some(200..=299))) {
                div { (words::outcome(w, last)) }
            }
        },
        html! { @if let Some(at) = health.last_delivered_at { (w.moment(at, view.now)) } @else { "—" } },
        html! { (words::count(w, health.waiting)) },
        html! { (words::count(w, health.failed)) },
    ])
    .id(format!("endpoint-{}", endpoint.id))
    .href(href(&format!("{HREF}/{}", endpoint.id)))
    .dim(!endpoint.is_active())
    .tone(if health.failed > 0 { Tone::Bad } else { Tone::Neutral })
}
