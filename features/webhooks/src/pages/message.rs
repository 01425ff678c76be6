//! One message: what was sent, each attempt, and sending it again.

use axum::extract::State as Shared;
use maud::{Markup, Render, html};
use takt_kernel::{Fault, Kind, Result, Timestamp};
use takt_staff::{SettingsCaller, see_other_saying, settings_page, settings_refused};
use takt_store::Query as _;
use takt_ui::{
    Column, Icon, Row, Table, Tone, Words, button, card, crumbs, empty, notice, pairs, post_button,
};
use takt_web::{Answer, Path, Web};

use super::{HREF, words};
use crate::{
    endpoint::{self, Endpoint, EndpointId},
    message::{self, Attempt, Message, MessageId, MessageState},
    queries, replay as replaying,
    rights::ManageWebhooks,
};

pub(super) struct MessageView {
    pub endpoint: Endpoint,
    pub message: Message,
    pub attempts: Vec<Attempt>,
    pub now: Timestamp,
}

type Ids = (EndpointId, MessageId);

pub(super) async fn show(Shared(web): Shared<Web>, settings: SettingsCaller, Path(ids): Path<Ids>) -> Answer {
    let body = body(&web, &settings, ids).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) async fn replay(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(ids): Path<Ids>,
) -> Answer {
    let permit = settings.permit::<ManageWebhooks>()?;
    settings.company()?;
    let (endpoint, id) = ids;
    let again = move |tx: &mut takt_store::Tx<'_>| replaying::replay_one(tx, &permit, endpoint, id);
    match web.db.write("webhooks.replay_one", again).await {
        Ok(()) => {
            let path = settings.href(&format!("{HREF}/{endpoint}/messages/{id}"));
            Ok(see_other_saying(&path, "webhooks-replayed"))
        }
        Err(fault) if fault.kind() == Kind::Conflict => {
            let why = notice(Tone::Bad, settings.words(&web).fault(&fault)).render();
            let body = body(&web, &settings, ids).await?;
            Ok(settings_refused(&web, &settings, HREF, html! { (why) (body) }))
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn body(web: &Web, settings: &SettingsCaller, (endpoint, id): Ids) -> Result<Markup> {
    settings.permit::<ManageWebhooks>()?;
    let company = settings.company()?;
    let view = web
        .db
        .read("webhooks.message", move |reader| {
            let endpoint = endpoint::get(reader, company, endpoint)?;
            let message =
                message::get(reader, company, id)?.filter(|message| message.endpoint == endpoint.id);
            let message = message.ok_or_else(|| Fault::missing("webhooks.message_missing").arg("id", id))?;
            let attempts = queries::attempts(reader, company, id)?;
            Ok(MessageView { endpoint, message, attempts, now: reader.now() })
        })
        .await?;
    Ok(render(&settings.words(web), &|path| settings.href(path), &view))
}

pub(super) fn render(w: &Words, href: &dyn Fn(&str) -> String, view: &MessageView) -> Markup {
    let message = &view.message;
    let own = format!("{HREF}/{}", view.endpoint.id);
    let steps = [
        (&*w.t("webhooks-title"), Some(&*href(HREF))),
        (&*view.endpoint.name, Some(&*href(&own))),
        (&*message.kind, None),
    ];
    let mut rows = vec![
        (w.t("webhooks-state"), words::message_state(w, message.state)),
        (w.t("webhooks-webhook-id"), html! { code { (message.webhook_id()) } }),
        (w.t("webhooks-subject"), html! { (message.subject_kind) " " (message.subject_id) }),
        (w.t("webhooks-when"), w.moment(message.created_at, view.now)),
    ];
    if let Some(next) = message.next_at {
        rows.push((w.t("webhooks-next"), w.moment(next, view.now)));
    }
    let mut head = card(&message.kind).body(pairs(rows));
    if message.state != MessageState::Waiting {
        let again = href(&format!("{own}/messages/{}/replay", message.id));
        let look = button(w.t("webhooks-replay-one")).icon(Icon::RefreshCw);
        head = head.foot(post_button(&again, &[], look));
    }
    html! {
        (crumbs(&steps))
        (head)
        (card(w.t("webhooks-attempts")).flush().body(attempts(w, view)))
        (card(w.t("webhooks-body")).body(html! { pre.small-text { code { (pretty(&message.body)) } } }))
    }
}

fn attempts(w: &Words, view: &MessageView) -> Markup {
    let rows = view.attempts.iter().map(|attempt| {
        Row::new([
            w.moment(attempt.at, view.now),
            words::outcome(w, attempt),
            html! { (words::milliseconds(w, attempt.micros)) },
            html! { @if attempt.reply.is_empty() { "—" } @else { code.small-text { (attempt.reply) } } },
        ])
    });
    Table::new(w, w.t("webhooks-attempts"))
        .columns([
            Column::new(w.t("webhooks-when")).leading().narrow(),
            Column::new(w.t("webhooks-answer")),
            Column::new(w.t("webhooks-took")).numeric(),
            Column::new(w.t("webhooks-reply")).wide(),
        ])
        .rows(rows)
        .empty(empty(Icon::Clock, w.t("webhooks-no-attempts"), w.t("webhooks-no-attempts-text"), None))
        .render()
}

/// As it is sent it has no spaces; people read it with some.
fn pretty(body: &str) -> String {
    let value: Option<serde_json::Value> = serde_json::from_str(body).ok();
    value.and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| body.to_owned())
}
