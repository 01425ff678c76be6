//! Banks that speak to us by themselves: whether they are well, and connecting one.

mod message;
mod show;

pub(super) use message::show as message;
pub(super) use show::{change, show};

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use serde_json::{Map, Value};
use takt_kernel::{Kind, Result, Timestamp};
use takt_staff::{SettingsCaller, see_other_saying, settings_page, settings_refused};
use takt_store::Query as _;
use takt_ui::{
    Column, FormErrors, Icon, Row, Table, Tone, Words, button, card, empty, field, form, notice, status,
};
use takt_web::{Answer, Form, Web};

use crate::{
    channels::{self, NewChannel, Standing, standings},
    readers::CHANNEL_KINDS,
    rights::{ManageBankChannels, SeeMoney},
};

pub(super) const HREF: &str = "/settings/bank-channels";

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Given {
    kind: String,
    name: String,
    issuer: String,
    audience: String,
    peer: String,
}

pub(super) async fn list(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    let body = body(&web, &settings, &Given::default(), &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) async fn create(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageBankChannels>()?;
    let new = NewChannel { kind: given.kind.clone(), name: given.name.clone(), settings: wanted(&given) };
    let made = web.db.write("payments.create_channel", move |tx| channels::create(tx, &permit, &new)).await;
    match made {
        Ok(id) => Ok(see_other_saying(&settings.href(&format!("{HREF}/{id}")), "payments-channel-connected")),
        Err(fault) if fault.kind() == Kind::Invalid => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            let body = body(&web, &settings, &given, &errors).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn wanted(given: &Given) -> Map<String, Value> {
    let mut settings = Map::new();
    for (name, value) in [("issuer", &given.issuer), ("audience", &given.audience)] {
        if !value.trim().is_empty() {
            settings.insert(name.to_owned(), value.trim().into());
        }
    }
    let peers: Vec<&str> = given.peer.split_whitespace().collect();
    if !peers.is_empty() {
        settings.insert("peers".to_owned(), peers.into());
    }
    settings
}

async fn body(web: &Web, settings: &SettingsCaller, given: &Given, errors: &FormErrors) -> Result<Markup> {
    settings.permit::<SeeMoney>()?;
    let company = settings.company()?;
    let (all, now) = web.db.read("payments.channels", move |r| Ok((standings(r, company)?, r.now()))).await?;
    let w = settings.words(web);
    Ok(html! {
        (table(&w, settings, web, &all, now))
        @if settings.may::<ManageBankChannels>() { (new_form(&w, settings, web, given, errors)) }
    })
}

fn table(w: &Words, settings: &SettingsCaller, web: &Web, all: &[Standing], now: Timestamp) -> Markup {
    let rows = all.iter().map(|standing| {
        let (tone, key) = health(standing);
        Row::new([
            html! { (standing.channel.name) },
            html! { (kind_name(w, web, &standing.channel.kind)) },
            html! { (status(w.t(key), tone)) },
            html! {
                @match standing.contact.last_good_at {
                    Some(at) => (w.moment(at, now)),
                    None => (w.t("payments-channel-never")),
                }
            },
            html! { (w.number(standing.held)) },
        ])
        .id(format!("channel-{}", standing.channel.id))
        .href(settings.href(&format!("{HREF}/{}", standing.channel.id)))
    });
    Table::new(w, w.t("payments-channels"))
        .columns([
            Column::new(w.t("payments-channel")).leading(),
            Column::new(w.t("payments-channel-kind")),
            Column::new(w.t("payments-channel-health")),
            Column::new(w.t("payments-channel-last-good")).wide(),
            Column::new(w.t("payments-channel-held")).numeric(),
        ])
        .rows(rows)
        .live("channels", "bank_channels")
        .empty(empty(Icon::Banknote, w.t("payments-no-channels"), w.t("payments-no-channels-text"), None))
        .render()
}

fn new_form(w: &Words, settings: &SettingsCaller, web: &Web, given: &Given, errors: &FormErrors) -> Markup {
    let slots = web.db.shared_slots();
    let kinds = slots.of(&CHANNEL_KINDS).map(|kind| (kind.code.to_owned(), w.t(kind.name_key)));
    let fields = html! {
        (field(w.t("payments-channel-kind"), "kind").value(&given.kind).select(kinds).half().errors(errors))
        (field(w.t("payments-channel-name"), "name").value(&given.name).required().half().errors(errors))
        (field(w.t("payments-channel-issuer"), "issuer").value(&given.issuer).half()
            .hint(w.t("payments-channel-issuer-hint")))
        (field(w.t("payments-channel-audience"), "audience").value(&given.audience).half()
            .hint(w.t("payments-channel-audience-hint")))
        (field(w.t("payments-channel-peer"), "peer").value(&given.peer).hint(w.t("payments-channel-peer-hint")))
    };
    let form = form(w, settings.href(HREF))
        .errors(errors)
        .body(fields)
        .actions(button(w.t("payments-connect-bank")).primary().render());
    card(w.t("payments-new-channel")).body(form.render()).render()
}

pub(super) fn kind_name(w: &Words, web: &Web, code: &str) -> String {
    let slots = web.db.shared_slots();
    let found = slots.of(&CHANNEL_KINDS).find(|kind| kind.code == code);
    found.map_or_else(|| code.to_owned(), |kind| w.t(kind.name_key))
}

/// How a channel is, in one word.
fn health(standing: &Standing) -> (Tone, &'static str) {
    let contact = &standing.contact;
    match () {
        () if standing.channel.paused => (Tone::Neutral, "payments-channel-paused"),
        () if contact.silent_since.is_some() => (Tone::Bad, "payments-channel-silent"),
        () if contact.last_problem_at > contact.last_good_at => (Tone::Warn, "payments-channel-refusing"),
        () if contact.last_good_at.is_none() => (Tone::Neutral, "payments-channel-new"),
        () => (Tone::Good, "payments-channel-well"),
    }
}

/// That something was refused lately; why stands beside each message.
pub(super) fn last_problem(w: &Words, standing: &Standing, now: Timestamp) -> Markup {
    let Some(at) = standing.contact.last_problem_at else { return html! {} };
    let refused = w.ta("payments-channel-refused", &[("count", standing.contact.refused.into())]);
    let body = html! { p { (refused) " " (w.moment(at, now)) } };
    notice(Tone::Warn, w.t("payments-channel-last-problem")).body(body).render()
}
