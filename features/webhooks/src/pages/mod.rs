//! `/settings/webhooks`: which programs are told, how they fare, what was sent to them and what came of it.

mod list;
mod log;
mod message;
mod samples;
mod show;
mod words;

use axum::{
    Router,
    routing::{get, post},
};
use takt_staff::{SettingsGroup, SettingsPage};
use takt_web::Web;

pub(crate) use samples::SAMPLES;

const HREF: &str = "/settings/webhooks";

pub(crate) const PAGE: SettingsPage = SettingsPage {
    href: HREF,
    label_key: "webhooks-title",
    permission: "webhooks.manage",
    group: SettingsGroup::Programs,
    place: 70,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(HREF, get(list::show).post(list::add))
        .route("/settings/webhooks/{endpoint}", get(show::show).post(show::edit))
        .route("/settings/webhooks/{endpoint}/pause", post(show::pause))
        .route("/settings/webhooks/{endpoint}/resume", post(show::resume))
        .route("/settings/webhooks/{endpoint}/rotate", post(show::rotate))
        .route("/settings/webhooks/{endpoint}/remove", post(show::remove))
        .route("/settings/webhooks/{endpoint}/ping", post(show::ping))
        .route("/settings/webhooks/{endpoint}/replay", post(show::replay))
        .route("/settings/webhooks/{endpoint}/messages/{message}", get(message::show))
        .route("/settings/webhooks/{endpoint}/messages/{message}/replay", post(message::replay))
}
