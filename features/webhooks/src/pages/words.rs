//! How endpoints and messages are said, and the form of an endpoint.

use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Kind, Result};
use takt_staff::shops::Shop;
use takt_ui::{FormErrors, Tone, Words, card, copy, field, notice, status};
use takt_web::Failure;

use crate::{
    commands::{Given, Rotated},
    endpoint::{Endpoint, State, Why},
    kinds,
    message::{Attempt, MessageState},
    queries::MOST_COUNTED,
};

/// As a form sends it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    pub name: String,
    pub url: String,
    pub shop: String,
    pub kinds: String,
}

impl Typed {
    pub fn of(endpoint: &Endpoint) -> Self {
        Self {
            name: endpoint.name.clone(),
            url: endpoint.url.clone(),
            shop: endpoint.shop.map(|shop| shop.to_string()).unwrap_or_default(),
            kinds: endpoint.kinds.to_string(),
        }
    }

    /// # Errors
    /// At the field `shop`, when there is none by this id.
    pub fn given(&self) -> Result<Given> {
        let shop = match self.shop.trim() {
            "" => None,
            shop => match shop.parse() {
                Ok(shop) => Some(shop),
                Err(_) => return Err(takt_kernel::Fault::field("shop", "webhooks.shop_missing")),
            },
        };
        Ok(Given { name: self.name.clone(), url: self.url.clone(), shop, kinds: self.kinds.clone() })
    }
}

/// What a form shows of a refusal; anything that is not the person's to mend goes on as a failure.
pub(super) fn form_errors(w: &Words, fault: takt_kernel::Fault) -> Result<FormErrors, Failure> {
    match fault.kind() {
        Kind::Invalid | Kind::Conflict => Ok(FormErrors::from_fault(w, &fault)),
        Kind::Missing | Kind::Denied | Kind::Unavailable | Kind::Broken => Err(fault.into()),
    }
}

pub(super) fn fields(w: &Words, shops: &[Shop], typed: &Typed, errors: &FormErrors) -> Markup {
    let choices = std::iter::once((String::new(), w.t("webhooks-whole-company")))
        .chain(shops.iter().map(|shop| (shop.id.to_string(), shop.name.clone())));
    html! {
        (field(w.t("webhooks-name"), "name").value(&typed.name).required().half()
            .hint(w.t("webhooks-name-hint")).errors(errors))
        (field(w.t("webhooks-shop"), "shop").select(choices).value(&typed.shop).half().errors(errors))
        (field(w.t("webhooks-url"), "url").value(&typed.url).required()
            .placeholder("https://example.org/hooks/takt").hint(w.t("webhooks-url-hint")).errors(errors))
        (field(w.t("webhooks-kinds"), "kinds").value(&typed.kinds).textarea(2)
            .placeholder("orders.* stock.corrected").hint(w.t("webhooks-kinds-hint")).errors(errors))
    }
}

/// The kinds that can be chosen, for whoever has to write them down.
pub(super) fn known_kinds(w: &Words) -> Markup {
    let mut areas: Vec<(&str, Vec<&str>)> = Vec::new();
    for published in &kinds::PUBLISHED {
        let area = published.kind.split('.').next().unwrap_or_default();
        match areas.iter_mut().find(|(there, _)| *there == area) {
            Some((_, kinds)) => kinds.push(published.kind),
            None => areas.push((area, vec![published.kind])),
        }
    }
    let list = html! {
        p { (w.t("webhooks-kinds-text")) }
        ul {
            @for (area, kinds) in areas {
                li { code { (area) ".*" } ": " @for (place, kind) in kinds.iter().enumerate() {
                    @if place > 0 { ", " } code { (kind) }
                } }
            }
        }
    };
    takt_ui::details(w.t("webhooks-kinds-known"), false, list)
}

/// The key, this once.
pub(super) fn shown_once(w: &Words, title: &str, rotated: &Rotated) -> Markup {
    let text = html! { p { (w.t("webhooks-secret-once")) } p { (copy(w, &rotated.secret)) } };
    notice(Tone::Good, w.t(title)).body(text).render()
}

pub(super) fn state(w: &Words, endpoint: &Endpoint) -> Markup {
    let (key, tone) = match endpoint.state {
        State::Active => ("webhooks-state-active", Tone::Good),
        State::Paused { why: Why::Person, .. } => ("webhooks-state-paused", Tone::Neutral),
        State::Paused { why: Why::Gone, .. } => ("webhooks-state-gone", Tone::Bad),
    };
    status(w.t(key), tone).render()
}

pub(super) fn kinds_of(w: &Words, endpoint: &Endpoint) -> Markup {
    html! {
        @if endpoint.kinds.is_all() { (w.t("webhooks-all-kinds")) } @else { code { (endpoint.kinds) } }
    }
}

pub(super) fn count(w: &Words, count: i64) -> String {
    let shown = w.number(count);
    if count >= MOST_COUNTED { format!("{shown}+") } else { shown }
}

pub(super) fn message_state(w: &Words, state: MessageState) -> Markup {
    let tone = match state {
        MessageState::Waiting => Tone::Info,
        MessageState::Delivered => Tone::Good,
        MessageState::Failed => Tone::Bad,
    };
    status(w.t(&format!("webhooks-message-{}", state.code())), tone).render()
}

/// `200`, or why there was no answer.
pub(super) fn outcome(w: &Words, attempt: &Attempt) -> Markup {
    let tone = match attempt.status {
        Some(200..=299) => Tone::Good,
        _ => Tone::Bad,
    };
    let said = match (attempt.status, &attempt.problem) {
        (Some(status), _) => w.ta("webhooks-answered", &[("status", status.to_string().as_str().into())]),
        (None, Some(problem)) => w.t(&problem.replace('.', "-")),
        (None, None) => w.t("webhooks-unreachable"),
    };
    status(said, tone).render()
}

pub(super) fn milliseconds(w: &Words, micros: i64) -> String {
    let shown = w.number((micros + 500) / 1_000);
    w.ta("webhooks-milliseconds", &[("count", shown.as_str().into())])
}

pub(super) fn titled(title: String, note: String, body: Markup) -> Markup {
    card(title).note(html! { (note) }).body(body).render()
}
