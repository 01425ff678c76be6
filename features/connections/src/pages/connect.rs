//! /settings/sources/{connection}/connect: the steps at the shop, the key, and the waiting until its first
//! order is here.

use std::collections::BTreeMap;

use axum::extract::State as Shared;
use http::{HeaderMap, Uri};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{CompanyId, Kind, Result, Timestamp};
use takt_orders::{ListFilter, Order, OrderId, Sort};
use takt_staff::{Scope, SettingsCaller, see_other_saying, settings_page, settings_refused};
use takt_store::Query;
use takt_ui::{
    FormErrors, Icon, Tone, badge, button, card, copy, crumbs, field, form, link_button, notice, post_button,
    status,
};
use takt_web::{Answer, Form, Path, Web, see_other};

use super::{
    HREF,
    message_body::block,
    new::{address, check},
    show::shown_once,
    words::{self, At},
};
use crate::{
    Ask, Connection, ConnectionId, Health, Kept, Key, ManageConnections, Shows, Standing, Step,
    address::Address, asked, health, keys, messages::State, secrets,
};

/// Among so many of the shop's newest orders one of this source is looked for.
const LOOKED_THROUGH: i64 = 50;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Given {
    /// `save`, or nothing for a key.
    act: String,
    /// The newest key when the page was drawn: sent twice, a form makes one key.
    newest: String,
    #[serde(flatten)]
    typed: BTreeMap<String, String>,
}

pub(super) struct View {
    pub standing: Standing,
    pub keys: Vec<Key>,
    /// Its id and number.
    pub order: Option<(OrderId, String)>,
    /// Names of secrets that are set.
    pub secrets: Vec<String>,
    pub now: Timestamp,
}

pub(super) async fn show(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    headers: HeaderMap,
    uri: Uri,
    Path(id): Path<ConnectionId>,
) -> Answer {
    let view = view(&web, &settings, id).await?;
    let address = address(&web, &headers, &uri);
    let body =
        words::drawn(&web, &settings, |at| render(at, &view, address.as_ref(), None, &Typed::default()));
    Ok(settings_page(&web, &settings, HREF, body))
}

async fn view(web: &Web, settings: &SettingsCaller, id: ConnectionId) -> Result<View> {
    settings.permit::<ManageConnections>()?;
    let company = settings.company()?;
    let zone = settings.words(web).zone().clone();
    web.db
        .read("connections.connect", move |r| {
            let now = r.now();
            let standing = health::standing(r, company, id, words::today(&zone, now))?;
            Ok(View {
                keys: keys::keys_of(r, company, id)?,
                secrets: secrets::names(r, company, id)?,
                order: first_order(r, company, &standing.connection)?,
                standing,
                now,
            })
        })
        .await
}

/// An order that came through this connection. Its own day is the shop's word and may lie before the
/// connection; when it was written is ours.
fn first_order(
    db: &mut dyn Query,
    company: CompanyId,
    connection: &Connection,
) -> Result<Option<(OrderId, String)>> {
    let scope = Scope::Company { company, shops: None };
    let filter = ListFilter {
        shop: Some(connection.shop),
        sort: Sort::Newest,
        limit: LOOKED_THROUGH,
        ..ListFilter::default()
    };
    let came = |order: &Order| order.source == connection.kind && order.updated_at >= connection.created_at;
    let found = takt_orders::list(db, &scope, &filter)?.items.into_iter().find(came);
    Ok(found.map(|order| (order.id, order.number)))
}

/// The key is the answer itself: it is shown this once and stored nowhere.
pub(super) async fn issue_key(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    headers: HeaderMap,
    uri: Uri,
    Path(id): Path<ConnectionId>,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageConnections>()?;
    settings.company()?;
    if given.act == "save" {
        let address = address(&web, &headers, &uri);
        return save(&web, &settings, id, given.typed, address.as_ref()).await;
    }
    let key = web
        .db
        .write("connections.issue_key", move |tx| {
            crate::get(tx, permit.company(), id)?;
            let known = keys::keys_of(tx, permit.company(), id)?;
            let known = known.first().map_or_else(String::new, |key| key.token.to_string());
            if known == given.newest { keys::rotate(tx, &permit, id).map(Some) } else { Ok(None) }
        })
        .await?;
    let Some(key) = key else {
        return Ok(see_other(&settings.href(&format!("{}/connect", words::path(id)))));
    };
    let view = view(&web, &settings, id).await?;
    let address = address(&web, &headers, &uri);
    let body = words::drawn(&web, &settings, |at| {
        render(at, &view, address.as_ref(), Some(&key), &Typed::default())
    });
    Ok(settings_page(&web, &settings, HREF, body))
}

/// Keeps what was typed at the steps. Whatever is a secret is never drawn again.
async fn save(
    web: &Web,
    settings: &SettingsCaller,
    id: ConnectionId,
    typed: BTreeMap<String, String>,
    address: Option<&Address>,
) -> Answer {
    let permit = settings.permit::<ManageConnections>()?;
    let given = typed.clone();
    let saved = web
        .db
        .write("connections.typed", move |tx| {
            let connection = crate::get(tx, permit.company(), id)?;
            match words::system_of(&tx.slots(), &connection) {
                Some(system) => asked::keep(tx, &permit, &connection, &system, &given),
                None => Ok(()),
            }
        })
        .await;
    let here = settings.href(&format!("{}/connect", words::path(id)));
    match saved {
        Ok(()) => Ok(see_other_saying(&here, "connections-saved")),
        Err(fault) if fault.kind() == Kind::Invalid => {
            let typed = Typed { values: typed, errors: FormErrors::from_fault(&settings.words(web), &fault) };
            let view = view(web, settings, id).await?;
            let body = words::drawn(web, settings, |at| render(at, &view, address, None, &typed));
            Ok(settings_refused(web, settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// What was typed and refused.
#[derive(Default)]
pub(super) struct Typed {
    values: BTreeMap<String, String>,
    errors: FormErrors,
}

pub(super) fn render(
    at: &At<'_>,
    view: &View,
    address: Option<&Address>,
    key: Option<&str>,
    typed: &Typed,
) -> Markup {
    let w = at.w;
    let connection = &view.standing.connection;
    let system = words::system_of(at.slots, connection);
    html! {
        (crumbs(&[
            (&w.t("connections-title"), Some(&at.href(HREF))),
            (&connection.name, Some(&at.href(&words::path(connection.id)))),
        ]))
        @match system {
            Some(system) => {
                (card(w.t(system.name_key)).body(html! {
                    div.stack {
                        (check(w, &system, address))
                        ol.stack.steps {
                            @for step in system.steps { (one_step(at, view, step, address, key, typed)) }
                        }
                    }
                }))
            }
            None => {
                // Made on the command line, for which no system was chosen.
                (card(w.t("connections-step-key")).body(key_of(at, view, key)))
            }
        }
        (waiting(at, view))
    }
}

fn one_step(
    at: &At<'_>,
    view: &View,
    step: &Step,
    address: Option<&Address>,
    key: Option<&str>,
    typed: &Typed,
) -> Markup {
    let w = at.w;
    let text = address.map(Address::text).unwrap_or_default();
    let host = address.map(|address| address.host.clone()).unwrap_or_default();
    let args = [("address", text.as_str().into()), ("host", host.as_str().into())];
    html! {
        li {
            div.stack {
                div {
                    p.strong { (w.t(step.title_key)) }
                    p { (w.ta(step.text_key, &args)) }
                }
                @match step.shows {
                    Shows::Nothing => {}
                    Shows::Address => { p { (copy(w, &text)) } }
                    Shows::Key => { (key_of(at, view, key)) }
                    Shows::Form(asked) => { (asked_form(at, view, asked, typed)) }
                    Shows::Hook(topics) => {
                        p { (copy(w, &hook(&text, &view.standing.connection))) }
                        ul { @for topic in topics { li { (topic) } } }
                    }
                    Shows::File { path, content } => {
                        p { (copy(w, path)) }
                        (block(path, content, false))
                        p { button.button.small type="button" data-copy=(content) data-done=(w.t("ui-copied")) {
                            (takt_ui::icon(Icon::Copy)) span.button-label { (w.t("ui-copy")) }
                        } }
                    }
                }
            }
        }
    }
}

/// Where the shop sends its messages to this connection.
fn hook(address: &str, connection: &Connection) -> String {
    format!("{address}/hooks/{}/{}", connection.kind, connection.id)
}

fn asked_form(at: &At<'_>, view: &View, asked: &[Ask], typed: &Typed) -> Markup {
    let w = at.w;
    let connection = &view.standing.connection;
    let kept = |name: &str| {
        let kept = connection.settings.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        typed.values.get(name).map_or(kept, String::as_str).to_owned()
    };
    let fields = html! {
        input type="hidden" name="act" value="save";
        @for ask in asked {
            @let field = field(w.t(ask.label_key), ask.name).hint(w.t(ask.hint_key)).errors(&typed.errors);
            @match ask.kept {
                Kept::Setting(_) => { (field.value(kept(ask.name)).required()) }
                Kept::Secret => {
                    @let is_set = view.secrets.iter().any(|name| name == ask.name);
                    @let field = field.password().autocomplete("off");
                    @if is_set { (field.placeholder(w.t("connections-secret-set"))) } @else { (field.required()) }
                }
            }
        }
    };
    form(w, at.href(&format!("{}/connect", words::path(connection.id))))
        .errors(&typed.errors)
        .body(fields)
        .actions(button(w.t("connections-save")).primary().render())
        .render()
}

fn key_of(at: &At<'_>, view: &View, key: Option<&str>) -> Markup {
    let w = at.w;
    if let Some(key) = key {
        return shown_once(w, key, view.keys.len() > 1);
    }
    let here = at.href(&format!("{}/connect", words::path(view.standing.connection.id)));
    let newest = view.keys.first();
    let known = newest.map_or_else(String::new, |key| key.token.to_string());
    let (label, look) = match newest {
        Some(_) => ("connections-rotate", button(w.t("connections-rotate")).small()),
        None => ("connections-show-key", button(w.t("connections-show-key")).primary()),
    };
    html! {
        @if let Some(key) = newest {
            p.muted { (w.ta("connections-key-was-shown", &[("hint", key.hint.as_str().into())])) }
        }
        (post_button(&here, &[("newest", known.as_str())], look.icon(Icon::KeyRound).title(w.t(label))))
    }
}

/// From silence to the first order; refreshed by itself, or by the link where no script runs.
fn waiting(at: &At<'_>, view: &View) -> Markup {
    let w = at.w;
    let (standing, now) = (&view.standing, view.now);
    let connection = &standing.connection;
    let contact = standing.contact.as_ref();
    let done = |done: bool, yes: String, no: String| {
        status(if done { yes } else { no }, if done { Tone::Good } else { Tone::Neutral })
    };
    let heard = contact.map_or_else(String::new, |contact| w.relative(contact.last_at, now));
    let number = view.order.as_ref().map_or_else(String::new, |(_, number)| number.clone());
    let refusal = contact
        .filter(|_| standing.health(now) == Health::Refused)
        .and_then(|contact| contact.last_refusal.as_deref());
    let body = html! {
        div.stack {
            div { (done(
                contact.is_some(),
                w.ta("connections-heard", &[("when", heard.into())]),
                w.t("connections-waiting-contact"),
            )) }
            @if let Some(refusal) = refusal {
                (notice(Tone::Warn, w.t("connections-was-refused")).body(html! { p { (words::refusal(w, refusal)) } }))
            }
            @if standing.quarantined > 0 {
                p {
                    a href=(at.state_href(connection.id, State::Quarantined)) {
                        (badge(w.ta("connections-in-quarantine", &[("count", standing.quarantined.into())]), Tone::Warn))
                    }
                }
            }
            div { (done(
                view.order.is_some(),
                w.ta("connections-order-came", &[("number", number.into())]),
                w.t("connections-waiting-order"),
            )) }
            @match &view.order {
                Some((order, _)) => {
                    p { (w.t("connections-connected")) }
                    div.row {
                        (link_button(w.t("connections-open-order"), format!("/orders/{order}")).primary())
                        (link_button(w.t("connections-to-source"), at.href(&words::path(connection.id))))
                    }
                }
                None => {
                    p.muted { (w.t("connections-waiting-text")) }
                    p {
                        a href=(at.href(&format!("{}/connect", words::path(connection.id)))) {
                            (w.t("connections-refresh"))
                        }
                    }
                }
            }
        }
    };
    card(w.t("connections-waiting"))
        .live("waiting", format!("connection/{} orders", connection.id))
        .body(body)
        .render()
}
