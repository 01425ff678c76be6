//! One message of a bank: what became of it, and its bytes. They hold no secret: keys here are public ones.

use axum::extract::State;
use maud::{Markup, Render, html};
use takt_kernel::Fault;
use takt_staff::{SettingsCaller, settings_page};
use takt_ui::{Words, card, crumbs, pairs};
use takt_web::{Answer, Path, Web};

use super::{
    HREF,
    show::{state, why},
};
use crate::{
    channels::{
        self, ChannelId,
        messages::{self, BankMessage, MessageId},
    },
    rights::SeeMoney,
};

const LONGEST_SHOWN: usize = 20_000;

pub(in crate::pages) async fn show(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path((id, message)): Path<(ChannelId, MessageId)>,
) -> Answer {
    settings.permit::<SeeMoney>()?;
    let company = settings.company()?;
    let (channel, message) = web
        .db
        .read("payments.bank_message", move |r| {
            let found = messages::get(r, company, message)?;
            if found.channel != id {
                return Err(Fault::missing("payments.message_missing"));
            }
            Ok((channels::get(r, company, id)?, found))
        })
        .await?;
    let w = settings.words(&web);
    let up = [settings.href(HREF), settings.href(&format!("{HREF}/{id}"))];
    let body = html! {
        (crumbs(&[
            (&w.t("payments-channels"), Some(&up[0])),
            (&channel.name, Some(&up[1])),
            (&w.t("payments-message"), None),
        ]))
        (about(&w, &message))
        (card(w.t("payments-message-body")).body(raw(&w.t("payments-message-body"), &message.body)))
        @for (name, value) in message.headers.iter().filter(|(name, _)| *name == "signature") {
            (card(w.t("payments-message-signature")).body(raw(name, value.as_bytes())))
        }
    };
    Ok(settings_page(&web, &settings, HREF, body))
}

fn about(w: &Words, message: &BankMessage) -> Markup {
    let mut facts = vec![
        (w.t("payments-came"), html! { (w.date_time(message.received_at)) }),
        (w.t("payments-message-account"), html! { (message.account.as_deref().unwrap_or("—")) }),
        (w.t("payments-message-line"), html! { (message.line.as_deref().unwrap_or("—")) }),
        (
            w.t("payments-message-print"),
            html! { span.numbers { (message.sha256.chars().take(16).collect::<String>()) } },
        ),
    ];
    if let Some(import) = message.import {
        let link = html! { a href={ "/money/files/" (import) } { (w.t("payments-message-lines")) } };
        facts.push((w.t("payments-what-happened"), link));
    }
    card(w.t("payments-message"))
        .body(html! { p.row { (state(w, message.state)) span { (why(w, message)) } } (pairs(facts)) })
        .render()
}

/// A text of a program. What scrolls must be reached by keys, too.
fn raw(label: &str, bytes: &[u8]) -> Markup {
    let shown = bytes.get(..LONGEST_SHOWN).unwrap_or(bytes);
    html! { pre.raw tabindex="0" role="region" aria-label=(label) { (String::from_utf8_lossy(shown)) } }
}
