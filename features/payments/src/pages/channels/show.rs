//! One channel: how it is, the bank's keys, what it sent, and what can be done.

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result, Timestamp};
use takt_staff::{SettingsCaller, see_other_saying, settings_page, settings_refused};
use takt_store::Query as _;
use takt_ui::{
    Column, FormErrors, Icon, Pager, Row, Table, Tone, Words, button, card, crumbs, empty, field, form,
    pairs, post_button, status,
};
use takt_web::{Answer, Form, Path, Query, Web};

use super::{HREF, kind_name, last_problem};
use crate::{
    channels::{
        self, ChannelId, Standing,
        keys::{self, BankKey, NewKey},
        messages::{self, BankMessage, MessageId, MessageState},
        push::audience_of,
    },
    import::Outcome,
    pages::words,
    rights::{ManageBankChannels, SeeMoney},
};

const PAGE_SIZE: i64 = 50;
/// So long the keys before a new one go on.
const OVERLAP_HOURS: i64 = 24;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    before: Option<MessageId>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::pages) struct Given {
    /// `pause`, `resume`, `key` or `revoke`.
    does: String,
    kid: String,
    key: String,
}

pub(in crate::pages) async fn show(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(id): Path<ChannelId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let body = body(&web, &settings, id, asked.before, &Given::default(), &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

/// All that can be changed of a channel, each by a form of its own.
pub(in crate::pages) async fn change(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(id): Path<ChannelId>,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageBankChannels>()?;
    let (does, kid, key) = (given.does.clone(), given.kid.trim().to_owned(), given.key.clone());
    let done = web
        .db
        .write("payments.change_channel", move |tx| match does.as_str() {
            "pause" => channels::pause(tx, &permit, id).map(|()| "payments-channel-now-paused"),
            "resume" => channels::resume(tx, &permit, id).map(|()| "payments-channel-now-on"),
            "revoke" => keys::revoke(tx, &permit, id, &kid).map(|()| "payments-key-now-revoked"),
            "key" => {
                let kid = Some(kid.clone()).filter(|kid| !kid.is_empty());
                let new =
                    NewKey { kid, algorithm: None, text: key.clone(), not_before: None, not_after: None };
                keys::rotate(tx, &permit, id, &new, OVERLAP_HOURS).map(|_| "payments-key-now-added")
            }
            _ => Err(Fault::invalid("payments.change_unknown")),
        })
        .await;
    match done {
        Ok(said) => Ok(see_other_saying(&settings.href(&format!("{HREF}/{id}")), said)),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            let body = body(&web, &settings, id, None, &given, &errors).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn body(
    web: &Web,
    settings: &SettingsCaller,
    id: ChannelId,
    before: Option<MessageId>,
    given: &Given,
    errors: &FormErrors,
) -> Result<Markup> {
    settings.permit::<SeeMoney>()?;
    let company = settings.company()?;
    let (standing, sent, now) = web
        .db
        .read("payments.channel", move |r| {
            let channel = channels::get(r, company, id)?;
            let standing = channels::standing(r, channel)?;
            Ok((standing, messages::newest(r, company, id, before, PAGE_SIZE)?, r.now()))
        })
        .await?;
    let w = settings.words(web);
    let may = settings.may::<ManageBankChannels>();
    let here = settings.href(&format!("{HREF}/{id}"));
    let full = i64::try_from(sent.len()).unwrap_or_default() == PAGE_SIZE;
    let next = sent.last().filter(|_| full).map(|last| format!("{here}&before={}", last.id));
    let trail =
        [(&w.t("payments-channels") as &str, Some(settings.href(HREF))), (&standing.channel.name, None)];
    let trail: Vec<(&str, Option<&str>)> =
        trail.iter().map(|(label, href)| (*label, href.as_deref())).collect();
    Ok(html! {
        (crumbs(&trail))
        (last_problem(&w, &standing, now))
        (about(&w, web, &standing, &here, may, now))
        (key_table(&w, &standing.keys, &here, may, now))
        @if may { (key_form(&w, &here, given, errors)) }
        (message_table(&w, settings, &standing, &sent, now))
        (Pager { words: &w, previous: None, next, count: None })
    })
}

fn about(w: &Words, web: &Web, standing: &Standing, here: &str, may: bool, now: Timestamp) -> Markup {
    let channel = &standing.channel;
    let moment = |at: Option<Timestamp>| match at {
        Some(at) => w.moment(at, now),
        None => html! { (w.t("payments-channel-never")) },
    };
    let facts = [
        (w.t("payments-channel-kind"), html! { (kind_name(w, web, &channel.kind)) }),
        (w.t("payments-channel-address"), html! { span.numbers { "/bank/v1/" (channel.id) } }),
        (w.t("payments-channel-audience"), html! { (audience_of(channel)) }),
        (w.t("payments-channel-issuer"), html! { (channel.text("issuer").unwrap_or("—")) }),
        (w.t("payments-channel-last-good"), moment(standing.contact.last_good_at)),
        (w.t("payments-channel-last-contact"), moment(standing.contact.last_at)),
        (w.t("payments-channel-held"), html! { (w.number(standing.held)) }),
    ];
    let (does, label) = if channel.paused {
        ("resume", "payments-channel-resume")
    } else {
        ("pause", "payments-channel-pause")
    };
    card(channel.name.clone())
        .body(html! { (pairs(facts)) })
        .actions(html! { @if may { (post_button(here, &[("does", does)], button(w.t(label)).small())) } })
        .render()
}

fn key_table(w: &Words, keys: &[BankKey], here: &str, may: bool, now: Timestamp) -> Markup {
    let rows = keys.iter().map(|key| {
        let (tone, state) = match () {
            () if key.revoked_at.is_some() => (Tone::Bad, "payments-key-revoked"),
            () if key.counts_at(now) => (Tone::Good, "payments-key-counts"),
            () => (Tone::Neutral, "payments-key-over"),
        };
        let revoke = post_button(
            here,
            &[("does", "revoke"), ("kid", &key.kid)],
            button(w.t("payments-key-revoke")).quiet().small(),
        );
        Row::new([
            html! { (key.kid) },
            html! { (key.algorithm.code()) },
            html! { span.numbers { (key.fingerprint.chars().take(16).collect::<String>()) } },
            html! { (status(w.t(state), tone)) },
            html! { @if let Some(end) = key.not_after { (w.date_time(end)) } @else { "—" } },
            html! { @if may && key.revoked_at.is_none() { (revoke) } },
        ])
    });
    Table::new(w, w.t("payments-keys"))
        .columns([
            Column::new(w.t("payments-key")).leading(),
            Column::new(w.t("payments-key-algorithm-name")),
            Column::new(w.t("payments-key-fingerprint")),
            Column::new(w.t("payments-key-state")),
            Column::new(w.t("payments-key-until")),
            Column::new("").actions(),
        ])
        .rows(rows)
        .empty(empty(Icon::Inbox, w.t("payments-no-keys"), w.t("payments-no-keys-text"), None))
        .render()
}

fn key_form(w: &Words, here: &str, given: &Given, errors: &FormErrors) -> Markup {
    let fields = html! {
        input type="hidden" name="does" value="key";
        (field(w.t("payments-key-text"), "key").value(&given.key).textarea(6).required().errors(errors)
            .hint(w.t("payments-key-text-hint")))
        (field(w.t("payments-key-name"), "kid").value(&given.kid).half().errors(errors)
            .hint(w.t("payments-key-name-hint")))
    };
    let form =
        form(w, here).errors(errors).body(fields).actions(button(w.t("payments-key-add")).primary().render());
    card(w.t("payments-new-key")).body(form.render()).render()
}

fn message_table(
    w: &Words,
    settings: &SettingsCaller,
    standing: &Standing,
    sent: &[BankMessage],
    now: Timestamp,
) -> Markup {
    let rows = sent.iter().map(|message| {
        Row::new([
            html! { (w.moment(message.received_at, now)) },
            html! { (state(w, message.state)) },
            html! { (why(w, message)) },
            html! { (message.line.as_deref().unwrap_or("—")) },
        ])
        .id(format!("message-{}", message.id))
        .href(settings.href(&format!("{HREF}/{}/messages/{}", standing.channel.id, message.id)))
    });
    Table::new(w, w.t("payments-messages"))
        .columns([
            Column::new(w.t("payments-came")).leading(),
            Column::new(w.t("payments-message-state")),
            Column::new(w.t("payments-what-happened")).wide(),
            Column::new(w.t("payments-message-line")),
        ])
        .rows(rows)
        .live("messages", "bank_channels")
        .empty(empty(Icon::Inbox, w.t("payments-no-messages"), w.t("payments-no-messages-text"), None))
        .render()
}

pub(super) fn state(w: &Words, state: MessageState) -> Markup {
    let tone = match state {
        MessageState::Kept => Tone::Accent,
        MessageState::Applied | MessageState::Confirmed => Tone::Good,
        MessageState::Refused => Tone::Bad,
        MessageState::Held => Tone::Warn,
    };
    status(w.t(&format!("payments-message-{}", state.code())), tone).render()
}

/// One sentence: what happened to a message and why.
pub(super) fn why(w: &Words, message: &BankMessage) -> String {
    let outcome = Outcome {
        state: crate::import::LineState::Held,
        code: message.outcome.clone(),
        args: message.outcome_args.clone(),
    };
    words::outcome(w, &outcome)
}
