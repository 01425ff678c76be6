//! /settings/sources: everything that is connected, and how it is.

use axum::extract::State as Shared;
use maud::{Markup, Render, html};
use takt_kernel::Timestamp;
use takt_staff::{SettingsCaller, settings_page, shops, shops::Shop};
use takt_store::Query as _;
use takt_ui::{Column, Icon, Row, Table, Tone, badge, button, card, empty, link_button, post_button};
use takt_web::{Answer, Web};

use super::{
    HREF, differences,
    words::{self, At},
};
use crate::{ManageConnections, Standing, health, messages::State};

pub(super) async fn show(Shared(web): Shared<Web>, settings: SettingsCaller) -> Answer {
    settings.permit::<ManageConnections>()?;
    let w = settings.words(&web);
    let Ok(company) = settings.company() else {
        let nothing = empty(Icon::Store, w.t("connections-title"), w.t("staff-only-companies"), None);
        return Ok(settings_page(&web, &settings, HREF, nothing));
    };
    let zone = w.zone().clone();
    let (standings, shops, now) = web
        .db
        .read("connections.list", move |r| {
            let now = r.now();
            let standings = health::standings(r, company, words::today(&zone, now))?;
            Ok((standings, shops::list(r, company)?, now))
        })
        .await?;
    let body = words::drawn(&web, &settings, |at| render(at, &standings, &shops, now));
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) fn render(at: &At<'_>, standings: &[Standing], shops: &[Shop], now: Timestamp) -> Markup {
    let w = at.w;
    let new =
        || link_button(w.t("connections-new"), at.href("/settings/sources/new")).icon(Icon::Plus).primary();
    let nothing =
        empty(Icon::Store, w.t("connections-none"), w.t("connections-none-text"), Some(new().render()));
    let table = Table::new(w, w.t("connections-title"))
        .columns([
            Column::new(w.t("connections-source")).leading(),
            Column::new(w.t("connections-health")),
            Column::new(w.t("connections-contact")),
            Column::new(w.t("connections-write")),
            Column::new(w.t("connections-waits")),
            Column::new(w.t("connections-today")),
            Column::new(w.t("connections-quarantine")),
            Column::new(w.t("connections-differences")),
            Column::new(w.t("connections-do")).actions(),
        ])
        .rows(standings.iter().map(|standing| row(at, standing, shops, now)))
        // Orders come through connections: what they bring is news of their sources, too.
        .live("sources", "connections orders")
        .empty(nothing);
    card(w.t("connections-title"))
        .actions(html! { @if !standings.is_empty() { (new()) } })
        .flush()
        .body(table.render())
        .render()
}

fn row(at: &At<'_>, standing: &Standing, shops: &[Shop], now: Timestamp) -> Row {
    let w = at.w;
    let connection = &standing.connection;
    let contact = standing.contact.as_ref();
    let shop = words::shop_name(shops, connection.shop);
    let quarantine = at.state_href(connection.id, State::Quarantined);
    Row::new([
        html! {
            span.strong { (connection.name) }
            span.muted.small-text {
                (words::system_name(w, at.slots, connection))
                @if shop != connection.name { " · " (shop) }
            }
        },
        words::health(w, standing, now),
        words::moment(w, contact.map(|contact| contact.last_at), now),
        words::moment(w, contact.and_then(|contact| contact.last_write_at), now),
        html! {
            @match standing.lag(now) {
                Some(seconds) => { span.numbers { (w.duration(seconds)) } }
                None => { span.muted { "—" } }
            }
        },
        html! { (words::today_counts(w, standing)) },
        html! {
            @if standing.quarantined > 0 {
                a href=(quarantine) { (badge(words::count(w, standing.quarantined), Tone::Warn)) }
            } @else { span.muted { "—" } }
        },
        differences::count(at, connection.id, standing.differing),
        pause_button(at, standing, true),
    ])
    .id(format!("source-{}", connection.id))
    .href(at.href(&words::path(connection.id)))
    .tone(if standing.needs_somebody(now) { Tone::Warn } else { Tone::Neutral })
    .dim(connection.paused)
}

/// `listed`: the answer leads back to the list.
pub(super) fn pause_button(at: &At<'_>, standing: &Standing, listed: bool) -> Markup {
    let w = at.w;
    let connection = &standing.connection;
    let (act, label, icon) = if connection.paused {
        ("resume", "connections-resume", Icon::Play)
    } else {
        ("pause", "connections-pause", Icon::Pause)
    };
    let fields = [("act", act), ("listed", if listed { "1" } else { "" })];
    let fields = if listed { &fields[..] } else { &fields[..1] };
    let look = button(w.t(label)).small().icon(icon);
    let look = if listed { look.quiet().icon_only() } else { look };
    post_button(&at.href(&words::path(connection.id)), fields, look)
}
