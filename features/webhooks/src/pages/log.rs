//! What was sent to an endpoint, and sending it again.

use maud::{Markup, html};
use takt_ui::{
    Column, FormErrors, Icon, Pager, Row, Tab, Table, Tone, Words, button, empty, field, form, post_button,
    tabs,
};

use super::{show::EndpointView, words};
use crate::message::{MessageId, MessageState};

const TABS: [Option<MessageState>; 4] =
    [None, Some(MessageState::Waiting), Some(MessageState::Failed), Some(MessageState::Delivered)];

pub(super) fn render(w: &Words, href: &dyn Fn(&str) -> String, own: &str, view: &EndpointView) -> Markup {
    let address = |state: Option<MessageState>, before: Option<MessageId>| {
        let mut address = href(own);
        if let Some(state) = state {
            address.push_str(&format!("&state={}", state.code()));
        }
        if let Some(before) = before {
            address.push_str(&format!("&before={before}"));
        }
        address
    };
    let shown: Vec<Tab> = TABS
        .into_iter()
        .map(|state| Tab {
            label: match state {
                None => w.t("webhooks-all-messages"),
                Some(state) => w.t(&format!("webhooks-message-{}", state.code())),
            },
            href: address(state, None),
            active: state == view.state,
            count: None,
            tone: Tone::Neutral,
        })
        .collect();
    let rows = view.messages.iter().map(|message| {
        Row::new([
            html! { code { (message.kind) } },
            html! { (message.subject_kind) " " (message.subject_id) },
            html! {
                (words::message_state(w, message.state))
                @if let Some(next) = message.next_at.filter(|_| message.attempts > 0) {
                    div.small-text { (w.t("webhooks-next")) " " (w.moment(next, view.now)) }
                }
            },
            html! { (w.number(message.attempts)) },
            html! { (w.moment(message.created_at, view.now)) },
        ])
        .id(format!("message-{}", message.id))
        .href(href(&format!("{own}/messages/{}", message.id)))
    });
    let table = Table::new(w, w.t("webhooks-log"))
        .columns([
            Column::new(w.t("webhooks-kind")).leading(),
            Column::new(w.t("webhooks-subject")),
            Column::new(w.t("webhooks-state")).wide(),
            Column::new(w.t("webhooks-attempts")).numeric(),
            Column::new(w.t("webhooks-when")).narrow(),
        ])
        .rows(rows)
        .empty(empty(Icon::Inbox, w.t("webhooks-log-empty"), w.t("webhooks-log-empty-text"), None));
    let next = view.messages.last().filter(|_| view.more).map(|last| address(view.state, Some(last.id)));
    html! {
        (tabs(w, &w.t("webhooks-log"), &shown))
        (table)
        (Pager { words: w, previous: None, next, count: None })
    }
}

pub(super) fn replaying(w: &Words, href: &dyn Fn(&str) -> String, own: &str, errors: &FormErrors) -> Markup {
    let action = href(&format!("{own}/replay"));
    let since = field(w.t("webhooks-since"), "since").date_time().required().half().errors(errors);
    let failed = button(w.t("webhooks-replay-failed")).icon(Icon::RefreshCw);
    let look = button(w.t("webhooks-replay-since")).value("which", "since").icon(Icon::History);
    html! {
        div.stack {
            (post_button(&action, &[("which", "failed")], failed))
            (form(w, action.clone()).errors(errors).body(html! { (since) }).actions(html! { (look) }))
        }
    }
}
