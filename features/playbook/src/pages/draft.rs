//! One draft: what it would change, an order's path by it, past months by it, its shadow, and the way into force.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use jiff::{ToSpan, civil::Date};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result, Timestamp};
use takt_playbook_language::Problem;
use takt_staff::{Permit, SettingsCaller, calendar::date, see_other_saying, settings_page, settings_refused};
use takt_store::{Query as _, Tx};
use takt_ui::{
    Column, FormErrors, Row, Table, Tone, Words, button, card, field, form, link_button, muted, notice,
    post_button, status,
};
use takt_web::{Answer, Form, Path, Query, Web, see_other};

use super::{
    HREF, TEXT_HREF,
    check::{changes, problems},
    document::in_flight,
    path_view::shown,
    trial::differences,
};
use crate::{
    checked::{Checked, apart},
    drafts::{self, Draft, DraftId},
    policy::ManagePlaybook,
    replay::{self, Shadow, Span},
    trials::{self, Trial},
    versions::{self, InFlight},
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    order: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Deed {
    deed: String,
    from: String,
    to: String,
    instead_of: i64,
    orders: InFlight,
}

struct View {
    draft: Draft,
    /// What is wrong with it.
    found: Vec<Problem>,
    running: (i64, String),
    trials: Vec<Trial>,
    path: Option<(String, replay::Path)>,
    shadow: Option<Shadow>,
    now: Timestamp,
}

pub(super) fn href_of(id: DraftId) -> String {
    format!("/settings/playbook/drafts/{id}")
}

pub(super) async fn show(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(id): Path<DraftId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (view, errors) = match view(&web, &settings, id, asked.order.trim().to_owned()).await {
        Ok(view) => (view, FormErrors::none()),
        Err(fault) if fault.kind() == Kind::Invalid => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            (self::view(&web, &settings, id, String::new()).await?, errors)
        }
        Err(fault) => return Err(fault.into()),
    };
    let body = body(&settings.words(&web), &settings, &view, &asked, &Deed::default(), &errors);
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) async fn act(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(id): Path<DraftId>,
    Form(deed): Form<Deed>,
) -> Answer {
    let permit = settings.permit::<ManagePlaybook>()?;
    match done(&web, &settings, permit, id, &deed).await {
        Ok(answer) => Ok(answer),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let w = settings.words(&web);
            let view = view(&web, &settings, id, String::new()).await?;
            let errors = FormErrors::from_fault(&w, &fault);
            let body = body(&w, &settings, &view, &Asked::default(), &deed, &errors);
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn done(
    web: &Web,
    settings: &SettingsCaller,
    permit: Permit<ManagePlaybook>,
    id: DraftId,
    deed: &Deed,
) -> Result<Response> {
    let (company, here) = (settings.company()?, settings.href(&href_of(id)));
    if deed.deed == "light" {
        web.db.write("playbook.light", move |tx| drafts::shadow(tx, &permit, id, None)).await?;
        return Ok(see_other(&here));
    }
    let draft = web.db.read("playbook.draft_text", move |reader| drafts::get(reader, company, id)).await?;
    let (text, note) = (Checked::apart(draft.document).await?, draft.note);
    match deed.deed.as_str() {
        "publish" => {
            let (instead_of, orders) = (deed.instead_of, deed.orders);
            web.db
                .write("playbook.publish_draft", move |tx| {
                    versions::publish(tx, &permit, &text, &note, instead_of, orders)
                })
                .await?;
            Ok(see_other_saying(&settings.href(TEXT_HREF), "playbook-published"))
        }
        "shadow" => {
            web.db.write("playbook.shadow", move |tx| drafts::shadow(tx, &permit, id, Some(&text))).await?;
            Ok(see_other(&here))
        }
        _ => {
            let span = span(&settings.words(web), deed)?;
            let ask = move |tx: &mut Tx<'_>| trials::ask(tx, &permit, (id, &text), span);
            let trial = web.db.write("playbook.ask_trial", ask).await?;
            Ok(see_other(&settings.href(&super::trial::href_of(trial))))
        }
    }
}

/// From the first day to the last, both whole, by the reader's clock.
fn span(w: &Words, deed: &Deed) -> Result<Span> {
    let day = |text: &str, path: &'static str| {
        date(text.trim()).map_err(|fault| Fault::field(path, "playbook.day_unreadable").because(fault))
    };
    let (from, to) = (day(&deed.from, "from")?, day(&deed.to, "to")?);
    let unfit = || Fault::field("to", "playbook.span_unfit");
    let moment = |day: Date| -> Result<Timestamp> {
        day.to_zoned(w.zone().clone()).map(|zoned| zoned.timestamp().into()).map_err(|_out_of_time| unfit())
    };
    let behind = to.checked_add(1.day()).map_err(|_out_of_time| unfit())?;
    Ok(Span { from: moment(from)?, to: moment(behind)? })
}

async fn view(web: &Web, settings: &SettingsCaller, id: DraftId, number: String) -> Result<View> {
    settings.permit::<ManagePlaybook>()?;
    let company = settings.company()?;
    let draft = web.db.read("playbook.draft_text", move |reader| drafts::get(reader, company, id)).await?;
    let given = draft.document.clone();
    let (playbook, found) = match apart(move || versions::check(&given)).await? {
        Ok(playbook) => (Some(Arc::new(playbook)), Vec::new()),
        Err(found) => (None, found),
    };
    web.db
        .read("playbook.draft", move |reader| {
            let running = versions::current(reader, company)?;
            let text = versions::text(reader, company, running)?;
            let path = match &playbook {
                Some(playbook) if !number.is_empty() => {
                    let order = replay::order_by_number(reader, company, &number)?;
                    Some((number, replay::dry_run(reader, company, order, Arc::clone(playbook))?))
                }
                _ => None,
            };
            let shadow = match (&playbook, draft.shadow_since) {
                (Some(playbook), Some(since)) => Some(replay::shadow(reader, company, playbook, since)?),
                _ => None,
            };
            let mut asked = trials::latest(reader, company)?;
            asked.retain(|trial| trial.draft == id);
            Ok(View {
                draft,
                found,
                running: (running, text),
                trials: asked,
                path,
                shadow,
                now: reader.now(),
            })
        })
        .await
}

fn body(
    w: &Words,
    settings: &SettingsCaller,
    view: &View,
    asked: &Asked,
    deed: &Deed,
    errors: &FormErrors,
) -> Markup {
    let draft = &view.draft;
    let here = settings.href(&href_of(draft.id));
    let edit = settings.href(&format!("{TEXT_HREF}?draft={}", draft.id));
    let changed = html! {
        @if !view.found.is_empty() { (problems(w, &view.found)) }
        (changes(w, &view.running.1, &draft.document))
    };
    let head = card(w.ta("playbook-draft-of", &[("at", w.date_time(draft.written_at).into())]))
        .note(html! { (draft.note) })
        .actions(html! { (link_button(w.t("playbook-draft-edit"), edit)) })
        .body(changed);
    html! {
        div.stack {
            (errors.summary(w))
            (head)
            @if view.found.is_empty() {
                (card(w.t("playbook-dry-run")).note(html! { (w.t("playbook-dry-run-note")) })
                    .body(dry_run(w, settings, view, asked, errors)))
                (card(w.t("playbook-backtest")).note(html! { (w.t("playbook-backtest-note")) })
                    .body(backtest(w, &here, view, deed, errors, settings)))
                (card(w.t("playbook-shadow")).note(html! { (w.t("playbook-shadow-note")) }).body(shadow(w, &here, view)))
                (card(w.t("playbook-publish")).body(publish(w, &here, view)))
            }
        }
    }
}

fn dry_run(w: &Words, settings: &SettingsCaller, view: &View, asked: &Asked, errors: &FormErrors) -> Markup {
    let company = settings.id().to_string();
    let number = html! {
        input type="hidden" name="company" value=(company);
        (field(w.t("playbook-order-number"), "order").value(&asked.order).required().half().errors(errors))
    };
    let form = form(w, href_of(view.draft.id))
        .get()
        .body(number)
        .actions(button(w.t("playbook-dry-run-do")).render());
    html! {
        div.stack {
            (form)
            @if let Some((number, path)) = &view.path {
                h3 { (w.ta("playbook-dry-run-of", &[("number", number.as_str().into())])) }
                div { (shown(w, path)) }
            }
        }
    }
}

fn backtest(
    w: &Words,
    here: &str,
    view: &View,
    deed: &Deed,
    errors: &FormErrors,
    settings: &SettingsCaller,
) -> Markup {
    let today = w.zone().to_datetime(view.now.to_jiff()).date();
    let month_ago = today.checked_sub(31.days()).unwrap_or(today);
    let (from, to) = match (deed.from.as_str(), deed.to.as_str()) {
        ("", "") => (month_ago.to_string(), today.to_string()),
        (from, to) => (from.to_owned(), to.to_owned()),
    };
    let fields = html! {
        (field(w.t("playbook-from"), "from").value(&from).date().required().half().errors(errors))
        (field(w.t("playbook-to"), "to").value(&to).date().required().half().errors(errors))
    };
    let form = form(w, here.to_owned())
        .errors(errors)
        .body(fields)
        .actions(button(w.t("playbook-backtest-do")).value("deed", "backtest").render());
    let row = |trial: &Trial| {
        let state = match trial.state(view.now) {
            trials::State::Ended => status(w.t("playbook-trial-ended"), Tone::Good),
            trials::State::BrokeOff => status(w.t("playbook-trial-broke-off"), Tone::Bad),
            trials::State::UnderWay => {
                status(w.ta("playbook-trial-percent", &[("percent", trial.percent.into())]), Tone::Info)
            }
        };
        Row::new([
            html! { (w.date(trial.span.from)) " – " (w.date(trial.span.to.plus_seconds(-1))) },
            html! { (w.number(trial.orders)) },
            state.render(),
        ])
        .href(settings.href(&super::trial::href_of(trial.id)))
    };
    html! {
        (form)
        @if !view.trials.is_empty() {
            (Table::new(w, w.t("playbook-trials"))
                .columns([
                    Column::new(w.t("playbook-trial-span")).leading(),
                    Column::new(w.t("playbook-trial-orders")).numeric(),
                    Column::new(w.t("playbook-trial-state")).narrow(),
                ])
                .rows(view.trials.iter().map(row)))
        }
    }
}

fn shadow(w: &Words, here: &str, view: &View) -> Markup {
    let button = |deed: &str, label: &str| post_button(here, &[("deed", deed)], button(w.t(label)));
    match (&view.shadow, view.draft.shadow_since) {
        (Some(shadow), Some(since)) => html! {
            div.stack {
                p { (w.ta("playbook-shadow-since", &[
                    ("at", w.date_time(since).into()), ("orders", super::path_view::count(shadow.orders).into()),
                ])) }
                @if shadow.differences.is_empty() { (muted(w.t("playbook-shadow-same"))) }
                @else { (differences(w, &shadow.differences)) }
                (button("light", "playbook-shadow-end"))
            }
        },
        _ => button("shadow", "playbook-shadow-begin"),
    }
}

fn publish(w: &Words, here: &str, view: &View) -> Markup {
    let (running, text) = (view.running.0, &view.running.1);
    if *text == view.draft.document {
        return notice(Tone::Good, w.t("playbook-no-changes")).render();
    }
    let choice = html! {
        input type="hidden" name="instead_of" value=(running);
        (in_flight(w, InFlight::default()))
    };
    let form = form(w, here.to_owned())
        .body(choice)
        .actions(button(w.t("playbook-publish")).primary().value("deed", "publish").render());
    html! {
        div.stack {
            @if view.draft.based_on != running {
                (notice(Tone::Warn, w.ta("playbook-draft-older", &[("number", running.into())])))
            }
            p { (muted(w.t("playbook-publish-note"))) }
            (form)
        }
    }
}
