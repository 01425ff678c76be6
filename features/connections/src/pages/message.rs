//! /settings/sources/{connection}/messages/{message}: what was sent, why it was not applied, and the means
//! to mend it.

use axum::extract::State as Shared;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Kind, Result, Timestamp};
use takt_staff::{SettingsCaller, see_other_saying, settings_page, settings_refused};
use takt_store::Query as _;
use takt_ui::{
    FormErrors, Icon, Tone, Words, button, card, crumbs, dialog, dialog_button, form, link_button, notice,
    pairs, post_button,
};
use takt_web::{Answer, Form, Path, Web};

use super::{
    HREF,
    message_body::{block, message_of, raw},
    words::{self, At},
};
use crate::{
    Connection, ConnectionId, ManageConnections,
    body::Readable,
    messages::{self, Message, MessageId, State},
};

const DROP: &str = "drop";

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub(super) struct Given {
    /// `apply`, `drop`.
    act: String,
    /// Which fields the values are of, by their place in the body.
    places: Vec<usize>,
    values: Vec<String>,
}

pub(super) struct View {
    pub connection: Connection,
    pub message: Message,
    pub readable: Option<Readable>,
    /// What stands in the fields instead of what was sent.
    pub typed: Vec<(usize, String)>,
    pub now: Timestamp,
}

type Which = Path<(ConnectionId, MessageId)>;

pub(super) async fn show(Shared(web): Shared<Web>, settings: SettingsCaller, Path(which): Which) -> Answer {
    let view = view(&web, &settings, which).await?;
    let body = words::drawn(&web, &settings, |at| render(at, &view, &FormErrors::none()));
    Ok(settings_page(&web, &settings, HREF, body))
}

async fn view(web: &Web, settings: &SettingsCaller, which: (ConnectionId, MessageId)) -> Result<View> {
    settings.permit::<ManageConnections>()?;
    let company = settings.company()?;
    web.db
        .read("connections.message", move |r| {
            let message = message_of(r, company, which.0, which.1)?;
            Ok(View {
                connection: crate::get(r, company, which.0)?,
                readable: Readable::of(&message.media, &message.body),
                message,
                typed: Vec::new(),
                now: r.now(),
            })
        })
        .await
}

pub(super) async fn decide(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(which): Which,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageConnections>()?;
    let mut view = view(&web, &settings, which).await?;
    let id = which.1;
    let (outcome, said) = if given.act == DROP {
        let dropped = web.db.write("connections.drop", move |tx| messages::drop_it(tx, &permit, id)).await;
        (dropped, "connections-dropped")
    } else {
        view.typed = given.places.into_iter().zip(given.values).collect();
        let mended = match &view.readable {
            Some(readable) => readable.mended(&view.message.body, &view.typed).map(Some),
            None => Ok(None),
        };
        let applied = match mended {
            Ok(mended) => {
                web.db
                    .write("connections.apply_again", move |tx| {
                        messages::apply_again(tx, &permit, id, mended.clone())
                    })
                    .await
            }
            Err(fault) => Err(fault),
        };
        (applied, "connections-applied")
    };
    match outcome {
        Ok(()) => Ok(see_other_saying(&settings.href(&words::path(which.0)), said)),
        // Whatever its connector says of it: what was typed is kept, and said what is wrong with it.
        Err(fault) if fault.kind() != Kind::Broken => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            let body = words::drawn(&web, &settings, |at| render(at, &view, &errors));
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(super) fn render(at: &At<'_>, view: &View, errors: &FormErrors) -> Markup {
    let w = at.w;
    let message = &view.message;
    let connection = at.href(&words::path(view.connection.id));
    html! {
        (crumbs(&[
            (&w.t("connections-title"), Some(&at.href(HREF))),
            (&view.connection.name, Some(&connection)),
        ]))
        (card(message.about.as_deref().unwrap_or(&message.target))
            .note(words::state(w, message.state))
            .body(html! { div.stack { (facts(w, view)) (problem(w, message)) } }))
        @if message.state == State::Quarantined { (decisions(at, view, errors)) }
        @else {
            // A decision came from elsewhere meanwhile.
            (errors.summary(w))
            (card(w.t("connections-content")).body(html! { div.stack { (content(w, view)) } }))
        }
        (card("").body(html! {
            div.stack { (raw(w, message, view.readable.is_none())) div.row { (download(at, message)) } }
        }))
    }
}

fn facts(w: &Words, view: &View) -> Markup {
    let message = &view.message;
    let mut rows = vec![
        (w.t("connections-target"), html! { code { (message.target) } }),
        (w.t("connections-received"), w.moment(message.received_at, view.now)),
        (w.t("connections-size"), html! { (size(w, message.body.len())) }),
    ];
    if message.attempts > 1 {
        rows.push((w.t("connections-attempts"), html! { (w.number(message.attempts)) }));
    }
    if let Some(done) = message.done_at.filter(|_| message.state != State::Quarantined) {
        rows.push((w.t("connections-done"), w.moment(done, view.now)));
    }
    if !message.notes.is_empty() {
        let notes = html! { @for note in &message.notes { code { (note) } " " } };
        rows.push((w.t("connections-left"), notes));
    }
    pairs(rows)
}

fn size(w: &Words, bytes: usize) -> String {
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    w.ta("connections-bytes", &[("count", bytes.into())])
}

/// Why it was refused, in the reader's language; each field by its name in the message.
fn problem(w: &Words, message: &Message) -> Markup {
    let Some(problem) = &message.problem else { return html! {} };
    let fault = messages::fault_of(problem);
    let list = html! {
        @if !fault.fields().is_empty() {
            ul.stack {
                @for field in fault.fields() {
                    li { code { (field.path) } " — " (w.field_fault(field)) }
                }
            }
        }
        p.muted.small-text { code { (fault.code()) } }
    };
    let tone = if message.state == State::Quarantined { Tone::Warn } else { Tone::Info };
    notice(tone, w.fault(&fault)).body(list).render()
}

fn decisions(at: &At<'_>, view: &View, errors: &FormErrors) -> Markup {
    let w = at.w;
    let here = at.href(&words::message_path(&view.message));
    let drop = html! {
        p { (w.t("connections-drop-text")) }
        (post_button(&here, &[("act", DROP)], button(w.t("connections-drop")).danger()))
    };
    let label = if view.readable.is_some() { "connections-apply" } else { "connections-apply-as-is" };
    let actions = html! {
        (button(w.t(label)).primary().value("act", "apply"))
        (dialog_button("drop", button(w.t("connections-drop")).quiet().icon(Icon::Trash2)))
    };
    let fields = html! {
        @match &view.readable {
            Some(_) => { p.muted { (w.t("connections-mend-hint")) } (editors(w, view, errors)) }
            None => { p.muted { (w.t("connections-mend-not")) } }
        }
    };
    html! {
        (card(w.t("connections-mend")).body(form(w, &*here).errors(errors).body(fields).actions(actions).render()))
        (dialog(w, "drop", &w.t("connections-drop-title"), drop))
    }
}

/// A text area for each field. Unlike other forms of ours it leaves no draft in the browser: a stranger's
/// order stands in it.
fn editors(w: &Words, view: &View, errors: &FormErrors) -> Markup {
    let fields = view.readable.as_ref().map_or(&[][..], |readable| &readable.fields);
    html! {
        @for (index, field) in fields.iter().enumerate() {
            @let name = format!("value-{index}");
            @let id = takt_ui::Field::id(&name);
            @let typed = view.typed.iter().find(|(place, _)| *place == index).map(|(_, text)| text);
            div.field.wrong[errors.of(&name).is_some()] {
                label.field-label for=(id) { (field_name(w, &field.name)) }
                @match typed.or(field.text.as_ref()) {
                    Some(text) => {
                        input type="hidden" name="places" value=(index);
                        textarea.control.raw id=(id) name="values" rows=(rows(text)) spellcheck="false"
                            autocapitalize="off" autocomplete="off" aria-invalid=[errors.of(&name).map(|_| "true")] {
                            // The first line break inside is the element's own.
                            "\n" (text)
                        }
                    }
                    None => { p.muted id=(id) tabindex="-1" { (w.t("connections-no-text")) " " (size(w, field.size)) } }
                }
                @if let Some(error) = errors.of(&name) { p.field-error { (error) } }
            }
        }
    }
}

fn rows(text: &str) -> usize {
    text.lines().count().clamp(2, 24)
}

fn field_name(w: &Words, name: &str) -> String {
    if name.is_empty() { w.t("connections-content") } else { name.to_owned() }
}

/// Each field as people read it.
fn content(w: &Words, view: &View) -> Markup {
    let fields = view.readable.as_ref().map_or(&[][..], |readable| &readable.fields);
    html! {
        @if fields.is_empty() { p.muted { (w.t("connections-content-below")) } }
        @for field in fields {
            @let name = field_name(w, &field.name);
            div {
                p.field-label { (name) }
                @match &field.text {
                    Some(text) => { (block(&name, text, false)) }
                    None => { p.muted { (w.t("connections-no-text")) " " (size(w, field.size)) } }
                }
            }
        }
    }
}

fn download(at: &At<'_>, message: &Message) -> Markup {
    let href = at.href(&format!("{}/body", words::message_path(message)));
    link_button(at.w.t("connections-download"), href).small().icon(Icon::Download).render()
}
