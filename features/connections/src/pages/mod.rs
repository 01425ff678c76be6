//! The sources: what is connected and how it is, one connection, one message, and the way from a shop's
//! system to its first order. All of it is for whoever may connect.

mod connect;
mod differences;
mod list;
mod message;
mod message_body;
mod new;
mod samples;
mod show;
mod words;

use axum::{
    Router,
    routing::{get, post},
};
use takt_orders::panels::Burning;
use takt_staff::{SectionCount, SettingsGroup, SettingsPage};
use takt_web::Web;

use crate::health;

pub(crate) use samples::SAMPLES;

pub(crate) const HREF: &str = "/settings/sources";
const RIGHT: &str = "connections.manage";

pub(crate) const SETTINGS: SettingsPage = SettingsPage {
    href: HREF,
    label_key: "connections-title",
    permission: RIGHT,
    group: SettingsGroup::Shops,
    place: 62,
};

pub(crate) const COUNT: SectionCount =
    SectionCount { href: HREF, permission: RIGHT, topic: "connections", count: health::needing };

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(HREF, get(list::show))
        .route("/settings/sources/new", get(new::show).post(new::create))
        .route(differences::DIFFERENCES, get(differences::show))
        .route("/settings/sources/differences/{difference}", post(differences::decide))
        .route("/settings/sources/{connection}", get(show::show).post(show::change))
        .route("/settings/sources/{connection}/connect", get(connect::show).post(connect::issue_key))
        .route("/settings/sources/{connection}/messages/{message}", get(message::show).post(message::decide))
        .route("/settings/sources/{connection}/messages/{message}/body", get(message_body::download))
}

/// What a source brought to nobody, or nothing for long.
pub(crate) const BURNING: Burning = Burning {
    label_key: "connections-burning",
    place: 40,
    permission: RIGHT,
    topic: "connections",
    href: |company| company.map_or_else(|| HREF.to_owned(), |company| format!("{HREF}?company={company}")),
    count: |db, companies| Ok(health::needing(db, companies)?.iter().map(|(_, found)| found).sum()),
};
