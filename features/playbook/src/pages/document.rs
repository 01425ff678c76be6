//! The text of the playbook: written, checked with what would change, published, and its versions.

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Actor, Kind, Result, Timestamp};
use takt_orders::statuses::{self, Status};
use takt_playbook_language::Known;
use takt_staff::{SettingsCaller, people, see_other_saying, settings_page, settings_refused};
use takt_store::{Query as _, Reader, Tx};
use takt_ui::{
    Column, FormErrors, Row, Table, Tone, Words, button, card, field, form, muted, post_button, status,
};
use takt_web::{Answer, Form, Query, Web};

use super::{HREF, ROLL_BACK_HREF, TEXT_HREF, check::checked, completion, draft, words};
use crate::{
    checked::Checked,
    drafts::{self, DraftId, Listed},
    policy::ManagePlaybook,
    versions::{self, InFlight, Version},
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    text: String,
    note: String,
    instead_of: i64,
    orders: InFlight,
    deed: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Which {
    draft: Option<DraftId>,
}

#[derive(Deserialize)]
pub(super) struct Back {
    to: i64,
    instead_of: i64,
}

struct View {
    number: i64,
    text: String,
    versions: Vec<(Version, Option<String>)>,
    drafts: Vec<Listed>,
    known: Known,
    statuses: Vec<Status>,
    now: Timestamp,
}

pub(super) async fn show(
    State(web): State<Web>,
    settings: SettingsCaller,
    Query(which): Query<Which>,
) -> Answer {
    let view = view(&web, &settings).await?;
    let typed = match which.draft {
        Some(id) => {
            let company = settings.company()?;
            let draft = move |reader: &mut Reader<'_>| drafts::get(reader, company, id);
            let draft = web.db.read("playbook.draft_to_edit", draft).await?;
            let (text, note, instead_of) = (draft.document, draft.note, draft.based_on);
            Typed { text, note, instead_of, ..Typed::default() }
        }
        None => Typed { text: view.text.clone(), instead_of: view.number, ..Typed::default() },
    };
    let body = body(&settings.words(&web), &settings, &view, &typed, html! {}, &FormErrors::none());
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) async fn save(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(typed): Form<Typed>,
) -> Answer {
    let permit = settings.permit::<ManagePlaybook>()?;
    settings.company()?;
    let w = settings.words(&web);
    if typed.deed == "draft" {
        let Typed { text, note, instead_of, .. } = typed;
        let kept = web
            .db
            .write("playbook.keep_draft", move |tx| drafts::keep(tx, &permit, &text, &note, instead_of))
            .await?;
        return Ok(see_other_saying(&settings.href(&draft::href_of(kept)), "playbook-draft-kept"));
    }
    if typed.deed != "publish" {
        let view = view(&web, &settings).await?;
        let told = checked(&w, &view.known, &view.text, &typed.text).await?;
        return Ok(settings_page(
            &web,
            &settings,
            HREF,
            body(&w, &settings, &view, &typed, told, &FormErrors::none()),
        ));
    }
    let (text, note, instead_of, orders) =
        (typed.text.clone(), typed.note.clone(), typed.instead_of, typed.orders);
    let published = match Checked::apart(text).await {
        Ok(text) => {
            let publish =
                move |tx: &mut Tx<'_>| versions::publish(tx, &permit, &text, &note, instead_of, orders);
            web.db.write("playbook.publish", publish).await
        }
        Err(fault) => Err(fault),
    };
    match published {
        Ok(_) => Ok(see_other_saying(&settings.href(TEXT_HREF), "playbook-published")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let view = view(&web, &settings).await?;
            let (told, errors) = if fault.fields().is_empty() {
                (html! {}, FormErrors::from_fault(&w, &fault))
            } else {
                (checked(&w, &view.known, &view.text, &typed.text).await?, FormErrors::none())
            };
            let body = body(&w, &settings, &view, &typed, told, &errors);
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(super) async fn roll_back(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(back): Form<Back>,
) -> Answer {
    let permit = settings.permit::<ManagePlaybook>()?;
    let company = settings.company()?;
    let older = move |reader: &mut Reader<'_>| versions::text(reader, company, back.to);
    let older = Checked::apart(web.db.read("playbook.older_text", older).await?).await?;
    web.db
        .write("playbook.roll_back", move |tx| {
            versions::roll_back(tx, &permit, (back.to, &older), back.instead_of, InFlight::Move)
        })
        .await?;
    Ok(see_other_saying(&settings.href(TEXT_HREF), "playbook-rolled-back"))
}

async fn view(web: &Web, settings: &SettingsCaller) -> Result<View> {
    settings.permit::<ManagePlaybook>()?;
    let company = settings.company()?;
    web.db
        .read("playbook.text", move |reader| {
            let number = versions::current(reader, company)?;
            let listed = versions::list(reader, company)?;
            let who: Vec<_> = listed.iter().filter_map(|version| version.published_by.person()).collect();
            let names = people::names(reader, &who)?;
            let named = |version: Version| {
                let name = match &version.published_by {
                    Actor::Person { person } => names.get(person).cloned(),
                    _ => None,
                };
                (version, name)
            };
            Ok(View {
                number,
                text: versions::text(reader, company, number)?,
                versions: listed.into_iter().map(named).collect(),
                drafts: drafts::latest(reader, company)?,
                known: versions::known(reader, company)?,
                statuses: statuses::all(reader, company)?,
                now: reader.now(),
            })
        })
        .await
}

fn body(
    w: &Words,
    settings: &SettingsCaller,
    view: &View,
    typed: &Typed,
    told: Markup,
    errors: &FormErrors,
) -> Markup {
    let fields = html! {
        input type="hidden" name="instead_of" value=(typed.instead_of);
        (field(w.t("playbook-text"), "text").value(&typed.text).textarea(30).required()
            .attribute("spellcheck", "false").errors(errors))
        (field(w.t("playbook-note-field"), "note").value(&typed.note).hint(w.t("playbook-note-hint")).errors(errors))
        (in_flight(w, typed.orders))
    };
    let actions = html! {
        (button(w.t("playbook-check")).value("deed", "check"))
        (button(w.t("playbook-draft-keep")).value("deed", "draft"))
        (button(w.t("playbook-publish")).primary().value("deed", "publish"))
    };
    let form = form(w, settings.href(TEXT_HREF)).errors(errors).body(fields).actions(actions).render();
    html! {
        (told)
        (card(w.t("playbook-text-title")).note(html! { (w.t("playbook-text-note")) }).body(form))
        (completion::block(w, "text", &view.known.calendars, &view.statuses))
        @if !view.drafts.is_empty() {
            (card(w.t("playbook-drafts")).flush().body(drafts_of(w, settings, view)))
        }
        (words::card_of_words(w, &view.known))
        (card(w.t("playbook-versions")).flush().body(history(w, settings, view)))
    }
}

/// What becomes of the orders in work, to be chosen beside the button that publishes.
pub(super) fn in_flight(w: &Words, chosen: InFlight) -> Markup {
    let code = |orders: InFlight| match orders {
        InFlight::Move => "move",
        InFlight::Stay => "stay",
    };
    let choices = [InFlight::Move, InFlight::Stay].map(|orders| {
        let code = code(orders);
        (code.to_owned(), w.t(&format!("playbook-orders-{code}")))
    });
    field(w.t("playbook-orders-in-work"), "orders").radios(choices).value(code(chosen)).render()
}

fn drafts_of(w: &Words, settings: &SettingsCaller, view: &View) -> Markup {
    let row = |draft: &Listed| {
        let shadow = match draft.shadow_since {
            Some(_) => status(w.t("playbook-shadow"), Tone::Info),
            None => html! {},
        };
        Row::new([
            w.moment(draft.written_at, view.now),
            html! { (draft.note) },
            html! { (draft.based_on) },
            shadow,
        ])
        .href(settings.href(&draft::href_of(draft.id)))
    };
    Table::new(w, w.t("playbook-drafts"))
        .columns([
            Column::new(w.t("playbook-when")).leading(),
            Column::new(w.t("playbook-what")).wide(),
            Column::new(w.t("playbook-draft-based-on")).narrow(),
            Column::new(w.t("playbook-shadow")).narrow(),
        ])
        .rows(view.drafts.iter().map(row))
        .render()
}

fn history(w: &Words, settings: &SettingsCaller, view: &View) -> Markup {
    let back = |number: i64| {
        if number == view.number {
            return status(w.t("playbook-in-force"), Tone::Good);
        }
        let (to, instead_of) = (number.to_string(), view.number.to_string());
        let fields = [("to", to.as_str()), ("instead_of", instead_of.as_str())];
        post_button(&settings.href(ROLL_BACK_HREF), &fields, button(w.t("playbook-roll-back")).small())
    };
    let row = |(version, name): &(Version, Option<String>)| {
        let what = match version.rolls_back_to {
            Some(number) => w.ta("playbook-again", &[("number", number.into())]),
            None => version.note.clone(),
        };
        Row::new([
            html! { (version.number) },
            w.moment(version.published_at, view.now),
            html! { (name.clone().unwrap_or_else(|| w.t("playbook-by-program"))) },
            html! {
                (what)
                @if version.orders_stayed { " " (muted(w.t("playbook-orders-stayed"))) }
            },
            back(version.number),
        ])
    };
    let first =
        Row::new([html! { "0" }, html! {}, html! {}, html! { (w.t("playbook-brought-along")) }, back(0)]);
    Table::new(w, w.t("playbook-versions"))
        .columns([
            Column::new(w.t("playbook-version")).leading(),
            Column::new(w.t("playbook-when")).narrow(),
            Column::new(w.t("playbook-who")),
            Column::new(w.t("playbook-what")).wide(),
            Column::new("").actions(),
        ])
        .rows(view.versions.iter().map(row).chain([first]))
        .render()
}
