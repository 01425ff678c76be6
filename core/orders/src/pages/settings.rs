//! /settings/statuses: the company's statuses and who may move orders from which to which.

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Kind, Result};
use takt_staff::{
    Role, SettingsCaller, SettingsGroup, SettingsPage, see_other_saying, settings_page, settings_refused,
};
use takt_ui::{
    Column, FormErrors, Icon, Row, Table, Words, badge, button, card, details, empty, field, form,
    link_button, pairs, post_button, status,
};
use takt_web::{Answer, Form, Query, Web};

use super::{marks::stage_name, names::tone_of};
use crate::{
    ManageStatuses, Stage,
    statuses::{self, Move, Status, StatusForm, TONES},
};

const HREF: &str = "/settings/statuses";

pub(crate) const SETTINGS: SettingsPage = SettingsPage {
    href: HREF,
    label_key: "orders-statuses",
    permission: "orders.manage_statuses",
    group: SettingsGroup::Orders,
    place: 60,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MoveForm {
    from: String,
    to: String,
    role: String,
}

/// The status that is changed; none: a new one may be added.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    status: String,
}

pub(super) async fn show(
    State(web): State<Web>,
    settings: SettingsCaller,
    Query(asked): Query<Asked>,
) -> Answer {
    let changes = if asked.status.is_empty() { "" } else { "on" }.to_owned();
    let given = StatusForm { code: asked.status, changes, ..StatusForm::default() };
    let body = body(&web, &settings, &given, &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) async fn save(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<StatusForm>,
) -> Answer {
    let permit = settings.permit::<ManageStatuses>()?;
    let typed = given.clone();
    let saved =
        web.db.write("orders.save_status", move |tx| statuses::save_status(tx, &permit, &given)).await;
    match saved {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "orders-saved")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            let body = body(&web, &settings, &typed, &errors).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(super) async fn allow(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<MoveForm>,
) -> Answer {
    let permit = settings.permit::<ManageStatuses>()?;
    let role: Role = given.role.parse()?;
    web.db
        .write("orders.allow_move", move |tx| statuses::allow_move(tx, &permit, &given.from, &given.to, role))
        .await?;
    Ok(see_other_saying(&settings.href(HREF), "orders-saved"))
}

pub(super) async fn forbid(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<MoveForm>,
) -> Answer {
    let permit = settings.permit::<ManageStatuses>()?;
    let role: Role = given.role.parse()?;
    web.db
        .write("orders.forbid_move", move |tx| {
            statuses::forbid_move(tx, &permit, &given.from, &given.to, role)
        })
        .await?;
    Ok(see_other_saying(&settings.href(HREF), "orders-saved"))
}

async fn body(
    web: &Web,
    settings: &SettingsCaller,
    given: &StatusForm,
    errors: &FormErrors,
) -> Result<Markup> {
    settings.permit::<ManageStatuses>()?;
    let w = settings.words(web);
    let company = match settings.company() {
        Ok(company) => company,
        Err(fault) => return Ok(empty(Icon::Tag, w.t("orders-statuses"), w.fault(&fault), None)),
    };
    let (all, moves) = web
        .db
        .read("orders.statuses", move |reader| {
            Ok((statuses::all(reader, company)?, statuses::moves(reader, company)?))
        })
        .await?;
    let changed = all.iter().find(|one| one.code == given.code && !given.changes.is_empty());
    Ok(html! {
        @if let Some(one) = changed {
            (card(w.ta("orders-status-change", &[("name", one.name(w.lang()).into())]))
                .body(change_form(&w, settings, one, given, errors)))
        }
        (card(w.t("orders-statuses")).flush().body(list(&w, settings, &all, &moves)))
        @if changed.is_none() {
            (card(w.t("orders-status-add")).body(add_form(&w, settings, given, errors)))
        }
        (card(w.t("orders-move-allow")).body(move_form(&w, settings, &all)))
    })
}

fn list(w: &Words, settings: &SettingsCaller, all: &[Status], moves: &[Move]) -> Markup {
    let rows = all.iter().map(|one| {
        Row::new([
            html! {
                a href=(settings.href(&format!("{HREF}?status={}", one.code))) title=(w.t("orders-status-open")) {
                    (status(one.name(w.lang()), tone_of(&one.tone)))
                }
                @if one.archived { " " (badge(w.t("orders-status-archived"), takt_ui::Tone::Neutral)) }
            },
            html! { (stage_name(w, one.stage)) },
            html! { (details(w.ta("orders-moves-count", &[("count", leaving(one, moves).count().into())]), false,
                moves_of(w, settings, all, one, moves))) },
        ])
        .id(format!("status-{}", one.code))
        .dim(one.archived)
    });
    let table = Table::new(w, w.t("orders-statuses"))
        .columns([
            Column::new(w.t("orders-status")).leading(),
            Column::new(w.t("orders-stage")),
            Column::new(w.t("orders-moves")).wide(),
        ])
        .rows(rows);
    html! { (table) }
}

fn leaving<'m>(status: &'m Status, moves: &'m [Move]) -> impl Iterator<Item = &'m Move> {
    moves.iter().filter(move |one| one.from == status.code)
}

fn moves_of(w: &Words, settings: &SettingsCaller, all: &[Status], from: &Status, moves: &[Move]) -> Markup {
    let name = |code: &str| {
        all.iter()
            .find(|one| one.code == code)
            .map_or_else(|| code.to_owned(), |one| one.name(w.lang()).to_owned())
    };
    html! {
        @for one in leaving(from, moves) {
            div.row {
                span { (name(&one.to)) " · " (w.t(&format!("staff-role-{}", one.role))) }
                (post_button(
                    &settings.href("/settings/statuses/moves/remove"),
                    &[("from", &one.from), ("to", &one.to), ("role", one.role.code())],
                    button(w.t("orders-move-forbid")).small().quiet().icon(Icon::X).icon_only(),
                ))
            }
        }
    }
}

fn add_form(w: &Words, settings: &SettingsCaller, given: &StatusForm, errors: &FormErrors) -> Markup {
    let stages = Stage::ALL.iter().map(|stage| (stage.code().to_owned(), stage_name(w, *stage)));
    let fields = html! {
        (field(w.t("orders-stage"), "stage").select(stages).value(&given.stage).half().errors(errors))
        (field(w.t("orders-status-code"), "code").value(&given.code).required().half()
            .hint(w.t("orders-status-code-hint")).errors(errors))
        (looks(w, given, errors))
    };
    form(w, settings.href(HREF))
        .errors(errors)
        .body(fields)
        .actions(html! { (button(w.t("orders-status-add")).primary()) })
        .render()
}

/// What programs know it by and the stage that orders stand in stay as they are.
fn change_form(
    w: &Words,
    settings: &SettingsCaller,
    one: &Status,
    given: &StatusForm,
    errors: &FormErrors,
) -> Markup {
    let stands = StatusForm::of(one);
    let given = if given.name_ru.is_empty() && errors.is_empty() { &stands } else { given };
    let fixed = [
        (w.t("orders-stage"), html! { (stage_name(w, one.stage)) }),
        (w.t("orders-status-code"), html! { code { (one.code) } }),
    ];
    let fields = html! {
        input type="hidden" name="changes" value="on";
        input type="hidden" name="code" value=(one.code);
        input type="hidden" name="stage" value=(one.stage.code());
        div.field { (pairs(fixed)) }
        (looks(w, given, errors))
        (field(w.t("orders-status-archived"), "archived").checkbox(!given.archived.is_empty()))
    };
    form(w, settings.href(HREF))
        .errors(errors)
        .body(fields)
        .actions(html! {
            (button(w.t("orders-save")).primary())
            (link_button(w.t("orders-back"), settings.href(HREF)).quiet())
        })
        .render()
}

fn looks(w: &Words, given: &StatusForm, errors: &FormErrors) -> Markup {
    let tones = TONES.iter().map(|tone| ((*tone).to_owned(), w.t(&format!("orders-tone-{tone}"))));
    html! {
        (field(w.t("orders-status-name-ru"), "name_ru").value(&given.name_ru).required().half().errors(errors))
        (field(w.t("orders-status-name-en"), "name_en").value(&given.name_en).required().half().errors(errors))
        (field(w.t("orders-status-tone"), "tone").select(tones).value(&given.tone).half().errors(errors))
        (field(w.t("orders-status-place"), "place").value(&given.place).number().required().half()
            .hint(w.t("orders-status-place-hint")).errors(errors))
    }
}

fn move_form(w: &Words, settings: &SettingsCaller, all: &[Status]) -> Markup {
    let options = || all.iter().map(|one| (one.code.clone(), one.name(w.lang()).to_owned()));
    let roles = Role::ALL.iter().map(|role| (role.code().to_owned(), w.t(&format!("staff-role-{role}"))));
    let fields = html! {
        (field(w.t("orders-move-from"), "from").select(options()).half())
        (field(w.t("orders-move-to"), "to").select(options()).half())
        (field(w.t("orders-move-role"), "role").select(roles).half())
    };
    html! {
        (form(w, settings.href("/settings/statuses/moves"))
            .body(fields)
            .actions(html! { (button(w.t("orders-move-allow"))) }))
    }
}
