//! One endpoint: how it fares, what was sent to it, and what can be changed.

use axum::extract::State as Shared;
use jiff::civil::DateTime;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result, Timestamp};
use takt_staff::{
    Permit, SettingsCaller, see_other_saying, settings_page, settings_refused,
    shops::{self, Shop},
};
use takt_store::{Query as _, Tx};
use takt_ui::{FormErrors, Icon, Tone, Words, button, card, crumbs, form, notice, pairs, post_button};
use takt_web::{Answer, Form, Path, Query, Web};

use super::{
    HREF, log,
    words::{self, Typed},
};
use crate::{
    commands,
    endpoint::{self, Endpoint, EndpointId},
    message::{Message, MessageId, MessageState},
    queries::{self, Health},
    replay::{self, Which},
    rights::ManageWebhooks,
};

const PAGE_SIZE: usize = 50;

#[derive(Clone, Debug, Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    before: Option<MessageId>,
}

pub(super) struct EndpointView {
    pub endpoint: Endpoint,
    pub health: Health,
    pub shops: Vec<Shop>,
    pub state: Option<MessageState>,
    pub messages: Vec<Message>,
    pub more: bool,
    pub now: Timestamp,
}

/// What a person did not get right.
#[derive(Default)]
struct Refused {
    typed: Option<Typed>,
    errors: FormErrors,
    why: Option<Markup>,
}

pub(super) async fn show(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<EndpointId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let body = body(&web, &settings, id, asked, Refused::default()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) async fn edit(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<EndpointId>,
    Form(typed): Form<Typed>,
) -> Answer {
    let permit = settings.permit::<ManageWebhooks>()?;
    settings.company()?;
    let edited = match typed.given() {
        Ok(given) => web.db.write("webhooks.edit", move |tx| commands::edit(tx, &permit, id, &given)).await,
        Err(fault) => Err(fault),
    };
    match edited {
        Ok(()) => Ok(see_other_saying(&settings.href(&format!("{HREF}/{id}")), "webhooks-saved")),
        Err(fault) => {
            let errors = words::form_errors(&settings.words(&web), fault)?;
            let refused = Refused { typed: Some(typed), errors, why: None };
            let body = body(&web, &settings, id, Asked::default(), refused).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
    }
}

pub(super) async fn pause(web: Shared<Web>, settings: SettingsCaller, id: Path<EndpointId>) -> Answer {
    change(web, settings, id, "webhooks.pause", "webhooks-is-paused-now", commands::pause).await
}

pub(super) async fn resume(web: Shared<Web>, settings: SettingsCaller, id: Path<EndpointId>) -> Answer {
    change(web, settings, id, "webhooks.resume", "webhooks-is-resumed-now", commands::resume).await
}

pub(super) async fn ping(web: Shared<Web>, settings: SettingsCaller, id: Path<EndpointId>) -> Answer {
    let ping =
        |tx: &mut Tx<'_>, permit: &Permit<ManageWebhooks>, id| commands::ping(tx, permit, id).map(|_| ());
    change(web, settings, id, "webhooks.ping", "webhooks-pinged", ping).await
}

pub(super) async fn remove(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<EndpointId>,
) -> Answer {
    let permit = settings.permit::<ManageWebhooks>()?;
    settings.company()?;
    web.db.write("webhooks.remove", move |tx| commands::remove(tx, &permit, id)).await?;
    Ok(see_other_saying(&settings.href(HREF), "webhooks-removed"))
}

/// The key is the answer itself: it is shown this once.
pub(super) async fn rotate(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<EndpointId>,
) -> Answer {
    let permit = settings.permit::<ManageWebhooks>()?;
    settings.company()?;
    let rotated = web.db.write("webhooks.rotate", move |tx| commands::rotate(tx, &permit, id)).await?;
    let told = words::shown_once(&settings.words(&web), "webhooks-rotated", &rotated);
    let below = body(&web, &settings, id, Asked::default(), Refused::default()).await?;
    Ok(settings_page(&web, &settings, HREF, html! { (told) (below) }))
}

#[derive(Clone, Debug, Deserialize, Default)]
#[serde(default)]
pub(super) struct Replay {
    which: String,
    since: String,
}

pub(super) async fn replay(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<EndpointId>,
    Form(given): Form<Replay>,
) -> Answer {
    let permit = settings.permit::<ManageWebhooks>()?;
    settings.company()?;
    let which = match which(&settings, &given) {
        Ok(which) => which,
        Err(fault) => {
            let errors = words::form_errors(&settings.words(&web), fault)?;
            let refused = Refused { errors, ..Refused::default() };
            let body = body(&web, &settings, id, Asked::default(), refused).await?;
            return Ok(settings_refused(&web, &settings, HREF, body));
        }
    };
    web.db.write("webhooks.replay_all", move |tx| replay::replay_all(tx, &permit, id, which)).await?;
    Ok(see_other_saying(&settings.href(&format!("{HREF}/{id}")), "webhooks-replayed"))
}

/// A moment as the clock on the wall of the workplace shows it.
fn which(settings: &SettingsCaller, given: &Replay) -> Result<Which> {
    if given.which == "failed" {
        return Ok(Which::Failed);
    }
    let wrong = || Fault::field("since", "webhooks.since_wrong");
    let moment: DateTime = given.since.trim().parse().map_err(|_| wrong())?;
    let moment = moment.to_zoned(settings.caller.zone.clone()).map_err(|_| wrong())?;
    Ok(Which::Since(moment.timestamp().into()))
}

async fn change(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<EndpointId>,
    name: &'static str,
    said: &str,
    verb: fn(&mut Tx<'_>, &Permit<ManageWebhooks>, EndpointId) -> Result<()>,
) -> Answer {
    let permit = settings.permit::<ManageWebhooks>()?;
    settings.company()?;
    match web.db.write(name, move |tx| verb(tx, &permit, id)).await {
        Ok(()) => Ok(see_other_saying(&settings.href(&format!("{HREF}/{id}")), said)),
        Err(fault) if fault.kind() == Kind::Conflict => {
            let why = notice(Tone::Bad, settings.words(&web).fault(&fault)).render();
            let refused = Refused { why: Some(why), ..Refused::default() };
            let body = body(&web, &settings, id, Asked::default(), refused).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn body(
    web: &Web,
    settings: &SettingsCaller,
    id: EndpointId,
    asked: Asked,
    refused: Refused,
) -> Result<Markup> {
    settings.permit::<ManageWebhooks>()?;
    let company = settings.company()?;
    let view = web
        .db
        .read("webhooks.show", move |reader| {
            let endpoint = endpoint::get(reader, company, id)?;
            let state = MessageState::from_code(&asked.state);
            let limit = i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX);
            let mut messages = queries::messages(reader, company, id, state, asked.before, limit)?;
            let more = messages.len() > PAGE_SIZE;
            messages.truncate(PAGE_SIZE);
            Ok(EndpointView {
                health: queries::health(reader, company, id)?,
                shops: shops::list(reader, company)?,
                now: reader.now(),
                endpoint,
                state,
                messages,
                more,
            })
        })
        .await?;
    let typed = refused.typed.unwrap_or_else(|| Typed::of(&view.endpoint));
    let shown = render(&settings.words(web), &|path| settings.href(path), &view, &typed, &refused.errors);
    Ok(html! { @if let Some(why) = refused.why { (why) } (shown) })
}

pub(super) fn render(
    w: &Words,
    href: &dyn Fn(&str) -> String,
    view: &EndpointView,
    typed: &Typed,
    errors: &FormErrors,
) -> Markup {
    let own = format!("{HREF}/{}", view.endpoint.id);
    let none = FormErrors::none();
    // Two forms stand on the page; one of them was refused.
    let (of_edit, of_replay) = if errors.of("since").is_some() { (&none, errors) } else { (errors, &none) };
    let editing = form(w, href(&own))
        .errors(of_edit)
        .body(words::fields(w, &view.shops, typed, of_edit))
        .actions(button(w.t("webhooks-save")).primary().render())
        .render();
    html! {
        (crumbs(&[(&w.t("webhooks-title"), Some(&href(HREF))), (&view.endpoint.name, None)]))
        (about(w, href, &own, view))
        (card(w.t("webhooks-log")).note(html! { (w.t("webhooks-log-note")) }).flush().body(log::render(w, href, &own, view)))
        (words::titled(w.t("webhooks-replay"), w.t("webhooks-replay-note"), log::replaying(w, href, &own, of_replay)))
        (card(w.t("webhooks-edit")).body(html! { div.stack { (editing) (words::known_kinds(w)) } }))
    }
}

fn about(w: &Words, href: &dyn Fn(&str) -> String, own: &str, view: &EndpointView) -> Markup {
    let (endpoint, health) = (&view.endpoint, &view.health);
    let mut rows = vec![
        (w.t("webhooks-state"), words::state(w, endpoint)),
        (w.t("webhooks-url"), html! { code { (endpoint.url) } }),
        (w.t("webhooks-kinds"), words::kinds_of(w, endpoint)),
        (
            w.t("webhooks-last-delivery"),
            html! { @if let Some(at) = health.last_delivered_at { (w.moment(at, view.now)) } @else { "—" } },
        ),
        (w.t("webhooks-waiting"), html! { (words::count(w, health.waiting)) }),
        (w.t("webhooks-failed"), html! { (words::count(w, health.failed)) }),
    ];
    if let Some(last) = &health.last {
        let said = html! { (words::outcome(w, last)) " " (w.moment(last.at, view.now)) };
        rows.insert(3, (w.t("webhooks-last-attempt"), said));
    }
    if let Some(until) = endpoint.old_key_until(view.now) {
        rows.push((w.t("webhooks-old-key-until"), html! { (w.date_time(until)) }));
    }
    let act = |verb: &str, look| post_button(&href(&format!("{own}/{verb}")), &[], look);
    let actions = html! {
        div.row {
            @if endpoint.is_active() {
                (act("ping", button(w.t("webhooks-ping")).icon(Icon::Bell)))
                (act("pause", button(w.t("webhooks-pause")).icon(Icon::Pause)))
            } @else {
                (act("resume", button(w.t("webhooks-resume")).primary().icon(Icon::Play)))
            }
            (act("rotate", button(w.t("webhooks-rotate")).icon(Icon::KeyRound)))
            (act("remove", button(w.t("webhooks-remove")).danger().icon(Icon::Trash2)))
        }
    };
    card(&endpoint.name).body(pairs(rows)).foot(actions).render()
}
