//! /settings/sources/{connection}: how it is, what it sent, its keys and its name.

use axum::extract::State as Shared;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Kind, Result, Timestamp};
use takt_staff::{SettingsCaller, see_other_saying, settings_page, settings_refused, shops};
use takt_store::Query as _;
use takt_ui::{
    Column, FormErrors, Icon, Pager, Row, Tab, Table, Tone, Words, button, card, copy, crumbs, empty, field,
    form, link_button, notice, pairs, post_button, split, tabs,
};
use takt_web::{Answer, Form, Path, Query, Web, see_other};

use super::{
    HREF, differences,
    list::pause_button,
    words::{self, At},
};
use crate::{
    ConnectionId, Finding, Key, ManageConnections, Standing, connection, health, keys,
    messages::{self, Message, MessageId, State},
    secrets, test,
};

const PAGE_SIZE: usize = 50;
/// What waits for a person stands first.
const TABS: [State; 5] =
    [State::Quarantined, State::Received, State::Refused, State::Applied, State::Dropped];

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    before: Option<MessageId>,
    /// Somebody pressed the button of that name.
    test: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Given {
    /// `pause`, `resume`, `rename`, `rotate`.
    act: String,
    name: String,
    /// The newest key when the page was drawn: sent twice, a form makes one key.
    newest: String,
    listed: String,
}

pub(super) struct View {
    pub standing: Standing,
    pub shop: String,
    pub keys: Vec<Key>,
    pub findings: Option<Vec<Finding>>,
    pub state: State,
    pub counts: Vec<(State, i64)>,
    pub messages: Vec<Message>,
    pub older: Option<MessageId>,
    pub now: Timestamp,
}

pub(super) async fn show(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<ConnectionId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let view = view(&web, &settings, id, asked).await?;
    let body = words::drawn(&web, &settings, |at| render(at, &view, None, &FormErrors::none()));
    Ok(settings_page(&web, &settings, HREF, body))
}

async fn view(web: &Web, settings: &SettingsCaller, id: ConnectionId, asked: Asked) -> Result<View> {
    settings.permit::<ManageConnections>()?;
    let company = settings.company()?;
    let zone = settings.words(web).zone().clone();
    web.db
        .read("connections.show", move |r| {
            let now = r.now();
            let standing = health::standing(r, company, id, words::today(&zone, now))?;
            let shop = shops::get(r, company, standing.connection.shop)?.name;
            let state = State::from_code(&asked.state).unwrap_or(State::Quarantined);
            let limit = i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX);
            let mut found = messages::older(r, company, id, state, asked.before, limit)?;
            let more = found.len() > PAGE_SIZE;
            found.truncate(PAGE_SIZE);
            let mut counts = Vec::new();
            for state in TABS {
                counts.push((state, messages::count(r, company, id, state)?));
            }
            let findings = if asked.test.is_empty() { None } else { Some(test::look(r, &standing)?) };
            Ok(View {
                shop,
                keys: keys::keys_of(r, company, id)?,
                findings,
                state,
                counts,
                older: found.last().map(|last| last.id).filter(|_| more),
                messages: found,
                now,
                standing,
            })
        })
        .await
}

pub(super) async fn change(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<ConnectionId>,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageConnections>()?;
    settings.company()?;
    let here = settings.href(&words::path(id));
    match given.act.as_str() {
        "pause" | "resume" => {
            let pause = given.act == "pause";
            web.db
                .write("connections.pause", move |tx| connection::set_paused(tx, &permit, id, pause))
                .await?;
            let back = if given.listed.is_empty() { here } else { settings.href(HREF) };
            let said = if pause { "connections-paused" } else { "connections-resumed" };
            Ok(see_other_saying(&back, said))
        }
        "rotate" => rotate(&web, &settings, id, given.newest, &here).await,
        "rename" => {
            let name = given.name.clone();
            let renamed = web
                .db
                .write("connections.rename", move |tx| connection::rename(tx, &permit, id, &name))
                .await;
            match renamed {
                Ok(()) => Ok(see_other_saying(&here, "connections-saved")),
                Err(fault) if fault.kind() == Kind::Invalid => {
                    let errors = FormErrors::from_fault(&settings.words(&web), &fault);
                    let mut view = view(&web, &settings, id, Asked::default()).await?;
                    view.standing.connection.name = given.name;
                    let body = words::drawn(&web, &settings, |at| render(at, &view, None, &errors));
                    Ok(settings_refused(&web, &settings, HREF, body))
                }
                Err(fault) => Err(fault.into()),
            }
        }
        _ => {
            let company = settings.company()?;
            web.db.read("connections.get", move |r| connection::get(r, company, id)).await?;
            Ok(see_other(&here))
        }
    }
}

/// The key is the answer itself: it is shown this once and stored nowhere.
async fn rotate(
    web: &Web,
    settings: &SettingsCaller,
    id: ConnectionId,
    newest: String,
    here: &str,
) -> Answer {
    let permit = settings.permit::<ManageConnections>()?;
    let key = web
        .db
        .write("connections.rotate_key", move |tx| {
            crate::get(tx, permit.company(), id)?;
            let known = keys::keys_of(tx, permit.company(), id)?;
            let known = known.first().map_or_else(String::new, |key| key.token.to_string());
            if known == newest { keys::rotate(tx, &permit, id).map(Some) } else { Ok(None) }
        })
        .await?;
    let Some(key) = key else { return Ok(see_other(here)) };
    let view = view(web, settings, id, Asked::default()).await?;
    let body = words::drawn(web, settings, |at| render(at, &view, Some(&key), &FormErrors::none()));
    Ok(settings_page(web, settings, HREF, body))
}

/// A key in the only moment in which it can be seen.
pub(super) fn shown_once(w: &Words, key: &str, replaces: bool) -> Markup {
    let body = html! {
        p { (w.t("connections-key-once")) }
        p { (copy(w, key)) }
        @if replaces { p { (w.t("connections-key-old-works")) } }
    };
    notice(Tone::Good, w.t("connections-key-new")).body(body).render()
}

pub(super) fn render(at: &At<'_>, view: &View, key: Option<&str>, errors: &FormErrors) -> Markup {
    let w = at.w;
    html! {
        (crumbs(&[(&w.t("connections-title"), Some(&at.href(HREF)))]))
        @if let Some(key) = key { (shown_once(w, key, view.keys.len() > 1)) }
        @if let Some(findings) = &view.findings { (tested(w, findings)) }
        (state_card(at, view))
        (messages_card(at, view))
        (split(keys_card(at, view), name_card(at, view, errors)))
    }
}

fn tested(w: &Words, findings: &[Finding]) -> Markup {
    let well = findings.iter().all(|finding| finding.well);
    let title = if well { "connections-test-well" } else { "connections-test-look" };
    let list = html! { ul.stack { @for finding in findings { li { (words::finding(w, finding)) } } } };
    notice(if well { Tone::Good } else { Tone::Warn }, w.t(title)).body(list).render()
}

fn state_card(at: &At<'_>, view: &View) -> Markup {
    let w = at.w;
    let (standing, now) = (&view.standing, view.now);
    let connection = &standing.connection;
    let contact = standing.contact.as_ref();
    let here = at.href(&words::path(connection.id));
    let mut rows = vec![
        (w.t("connections-shop"), html! { (view.shop) }),
        (w.t("connections-system"), html! { (words::system_name(w, at.slots, connection)) }),
        (w.t("connections-last-contact"), words::moment(w, contact.map(|contact| contact.last_at), now)),
        (
            w.t("connections-last-write"),
            words::moment(w, contact.and_then(|contact| contact.last_write_at), now),
        ),
    ];
    if let Some((at, refusal)) =
        contact.and_then(|contact| Some((contact.last_refused_at?, contact.last_refusal.as_deref()?)))
    {
        let told = html! { (w.moment(at, now)) " " span.muted { (words::refusal(w, refusal)) } };
        rows.push((w.t("connections-last-refusal"), told));
    }
    if let Some(seconds) = standing.lag(now) {
        rows.push((w.t("connections-waits"), html! { (w.duration(seconds)) }));
    }
    rows.push((w.t("connections-today"), html! { (words::today_counts(w, standing)) }));
    rows.push((w.t("connections-differences"), differences::count(at, connection.id, standing.differing)));
    let actions = html! {
        (link_button(w.t("connections-test"), format!("{here}&test=1")).small())
        (pause_button(at, standing, false))
    };
    let connect = at.href(&format!("{}/connect", words::path(connection.id)));
    card(&connection.name)
        .live("source", format!("connection/{} orders", connection.id))
        .note(words::health(w, standing, now))
        .actions(actions)
        .body(pairs(rows))
        .foot(html! { a href=(connect) { (w.t("connections-how-to-connect")) } })
        .render()
}

fn messages_card(at: &At<'_>, view: &View) -> Markup {
    let w = at.w;
    let id = view.standing.connection.id;
    let all: Vec<Tab> = view
        .counts
        .iter()
        .map(|(state, count)| Tab {
            label: words::state_name(w, *state),
            href: at.state_href(id, *state),
            active: *state == view.state,
            count: Some(*count),
            tone: if *state == State::Quarantined && *count > 0 { Tone::Warn } else { Tone::Neutral },
        })
        .collect();
    let rows = view.messages.iter().map(|message| message_row(at, view, message));
    let nothing = empty(
        Icon::Inbox,
        w.t("connections-no-messages"),
        w.t(&format!("connections-no-messages-{}", view.state.code())),
        None,
    );
    let table = Table::new(w, w.t("connections-messages"))
        .columns([
            Column::new(w.t("connections-message")).leading(),
            Column::new(w.t("connections-received")).narrow(),
            Column::new(w.t("connections-result")).wide(),
        ])
        .rows(rows)
        .empty(nothing);
    let older = view.older.map(|last| format!("{}&before={last}", at.state_href(id, view.state)));
    let body = html! {
        (tabs(w, &w.t("connections-messages"), &all))
        (table)
        (Pager { words: w, previous: None, next: older, count: None })
    };
    card(w.t("connections-messages")).live("messages", format!("connection/{id} orders")).body(body).render()
}

fn message_row(at: &At<'_>, view: &View, message: &Message) -> Row {
    let w = at.w;
    let result = match (&message.problem, message.notes.len()) {
        (Some(problem), _) => words::problem(w, problem),
        (None, 0) => String::new(),
        (None, notes) => w.ta("connections-left-as-is", &[("count", (notes as i64).into())]),
    };
    Row::new([
        html! {
            span.strong { (message.about.as_deref().unwrap_or(&message.target)) }
            @if message.about.is_some() { span.muted.small-text { (message.target) } }
        },
        w.moment(message.received_at, view.now),
        html! { (result) },
    ])
    .id(format!("message-{}", message.id))
    .href(at.href(&words::message_path(message)))
}

fn keys_card(at: &At<'_>, view: &View) -> Markup {
    let w = at.w;
    let now = view.now;
    let newest = view.keys.first().map_or_else(String::new, |key| key.token.to_string());
    let here = at.href(&words::path(view.standing.connection.id));
    let rows = view.keys.iter().map(|key| {
        let told = match key.retires_at {
            Some(at) => w.ta("connections-key-until", &[("time", w.when(at, now).into())]),
            None => w.ta("connections-key-since", &[("time", w.when(key.issued_at, now).into())]),
        };
        html! { li { code { "…" (key.hint) } " " span.muted { (told) } } }
    });
    let body = html! {
        @if view.keys.is_empty() { p.muted { (w.t("connections-no-keys")) } }
        ul.stack { @for row in rows { (row) } }
        p.muted.small-text { (w.t("connections-rotate-hint")) }
    };
    // What the shop makes up itself is typed where it was typed first.
    let typed = secrets::signed(at.slots, &view.standing.connection.kind) == Some(secrets::Made::There);
    if typed {
        let connect = at.href(&format!("{}/connect", words::path(view.standing.connection.id)));
        let body = html! {
            p.muted { (w.t("connections-typed-hint")) }
            (link_button(w.t("connections-type-anew"), connect).small().icon(Icon::KeyRound))
        };
        return card(w.t("connections-keys")).id("keys").body(html! { div.stack { (body) } }).render();
    }
    let rotate = post_button(
        &here,
        &[("act", "rotate"), ("newest", newest.as_str())],
        button(w.t("connections-rotate")).small().icon(Icon::KeyRound),
    );
    card(w.t("connections-keys")).id("keys").body(html! { div.stack { (body) div { (rotate) } } }).render()
}

fn name_card(at: &At<'_>, view: &View, errors: &FormErrors) -> Markup {
    let w = at.w;
    let connection = &view.standing.connection;
    let name = field(w.t("connections-name"), "name").value(&connection.name).errors(errors);
    let fields = html! { (name) input type="hidden" name="act" value="rename"; };
    let form = form(w, at.href(&words::path(connection.id)))
        .errors(errors)
        .body(fields)
        .actions(button(w.t("connections-save")).small().render());
    card(w.t("connections-name-of")).body(form.render()).render()
}
