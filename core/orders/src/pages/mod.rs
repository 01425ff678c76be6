//! The desk's list, the order card, its form, and the settings of statuses.

mod at;
mod card;
mod card_clock;
mod card_parts;
mod card_verbs;
mod customer_panel;
mod edit;
mod history;
mod list;
mod list_rail;
mod marks;
mod names;
mod promises;
mod promises_form;
mod samples;
mod settings;

use axum::{
    Router,
    routing::{get, post},
};
use takt_ui::{Icon, NavItem};
use takt_web::{Web, see_other};

pub use marks::{holder_name, shade_of};

pub(crate) use customer_panel::PANEL as CUSTOMER_PANEL;
pub(crate) use promises::PROMISES;
pub(crate) use samples::SAMPLES;
pub(crate) use settings::SETTINGS;

pub(crate) const NAVIGATION: NavItem =
    NavItem { href: "/orders", label_key: "orders-title", icon: Icon::Inbox, shortcut: "g o", place: 10 };

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(async || see_other("/orders")))
        .route("/orders", get(list::show))
        .route("/orders/{id}", get(card::show))
        .route("/orders/{id}/at", get(at::show))
        .route("/orders/{id}/edit", get(edit::show).post(edit::save))
        .route("/orders/{id}/status", post(card_verbs::set_status))
        .route("/orders/{id}/confirm", post(card_verbs::confirm))
        .route("/orders/{id}/cancel", post(card_verbs::cancel))
        .route("/orders/{id}/comment", post(card_verbs::comment))
        .route("/orders/{id}/defer", post(card_verbs::defer))
        .route("/orders/{id}/wake", post(card_verbs::wake))
        .route("/orders/{id}/pause", post(card_verbs::pause))
        .route("/orders/{id}/resume", post(card_verbs::resume))
        .route("/orders/{id}/urgent", post(card_verbs::urgent))
        .route("/settings/promises", get(promises::show).post(promises::save))
        .route("/settings/statuses", get(settings::show).post(settings::save))
        .route("/settings/statuses/moves", post(settings::allow))
        .route("/settings/statuses/moves/remove", post(settings::forbid))
}
