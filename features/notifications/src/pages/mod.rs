//! The outbox, the templates, and what was told about an order on its card.

mod outbox;
mod panel;
mod samples;
mod show;
mod template;
mod templates;
mod words;

use axum::{
    Router,
    routing::{get, post},
};
use takt_staff::{SettingsGroup, SettingsPage};
use takt_ui::{Icon, NavItem};
use takt_web::Web;

pub(crate) use panel::PANEL;
pub(crate) use samples::SAMPLES;

pub(crate) const HREF: &str = "/notifications";

pub(crate) const NAVIGATION: NavItem =
    NavItem { href: HREF, label_key: "notifications-title", icon: Icon::Mail, shortcut: "g n", place: 70 };

pub(crate) const SETTINGS: SettingsPage = SettingsPage {
    href: templates::HREF,
    label_key: "notifications-templates",
    permission: "notifications.manage_templates",
    group: SettingsGroup::Buyers,
    place: 80,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(HREF, get(outbox::show))
        .route("/notifications/{notice}", get(show::show))
        .route("/notifications/{notice}/resend", post(show::resend))
        .route("/notifications/{notice}/mark-sent", post(show::mark_sent))
        .route(templates::HREF, get(templates::show))
        .route("/settings/templates/switch", post(templates::switch))
        .route("/settings/templates/sender", post(templates::save_sender))
        .route("/settings/templates/in-doubt", post(templates::save_in_doubt))
        .route("/settings/templates/{event}/{lang}", get(template::show).post(template::change))
}
