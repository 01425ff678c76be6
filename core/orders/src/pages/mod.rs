//! The desk's list, the order card, its form, and the settings of statuses.

mod at;
mod buyer_kin;
mod card;
mod card_clock;
mod card_kin;
mod card_parts;
mod card_verbs;
mod customer_panel;
mod deeds;
mod edit;
mod history;
mod list;
mod list_asked;
mod list_columns;
mod list_filter;
mod list_rail;
mod list_sheet;
mod list_views;
mod many;
mod marks;
mod names;
mod promises;
mod promises_form;
mod quick;
mod remake;
mod samples;
mod settings;

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use takt_staff::Caller;
use takt_ui::{Icon, NavItem};
use takt_web::{Web, see_other};

pub(crate) use marks::buyer_name;
pub use marks::{holder_name, shade_of};

pub(crate) use buyer_kin::BUYER_KIN;
pub(crate) use customer_panel::PANEL as CUSTOMER_PANEL;
pub(crate) use promises::PROMISES;
pub(crate) use samples::SAMPLES;
pub(crate) use settings::SETTINGS;

pub(crate) const NAVIGATION: NavItem =
    NavItem { href: "/orders", label_key: "orders-title", icon: Icon::Inbox, shortcut: "g o", place: 10 };

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(start))
        .route("/orders", get(list::show))
        .route("/orders/list.xlsx", get(list_sheet::show))
        .route("/orders/list.csv", get(list_sheet::show))
        .route("/orders/views", post(list_views::save))
        .route("/orders/views/shared", post(list_views::save_for_all))
        .route("/orders/views/{id}", post(list_views::change))
        .route("/orders/columns", post(list_views::choose_columns))
        .route("/orders/many", post(many::perform))
        .route("/orders/undo/{id}", post(deeds::undo))
        .route("/orders/{id}", get(card::show))
        .route("/orders/{id}/quick", get(quick::show).post(quick::save))
        .route("/orders/{id}/at", get(at::show))
        .route("/orders/{id}/edit", get(edit::show).post(edit::save))
        .route("/orders/{id}/status", post(card_verbs::set_status))
        .route("/orders/{id}/confirm", post(card_verbs::confirm))
        .route("/orders/{id}/cancel", post(card_verbs::cancel))
        .route("/orders/{id}/leave-out", post(card_verbs::leave_out))
        .route("/orders/{id}/comment", post(card_verbs::comment))
        .route("/orders/{id}/defer", post(card_verbs::defer))
        .route("/orders/{id}/wake", post(card_verbs::wake))
        .route("/orders/{id}/pause", post(card_verbs::pause))
        .route("/orders/{id}/resume", post(card_verbs::resume))
        .route("/orders/{id}/urgent", post(card_verbs::urgent))
        .route("/orders/{id}/copy", post(remake::copy))
        .route("/orders/{id}/split", get(remake::split_form).post(remake::split))
        .route("/orders/{id}/merge", get(remake::merge_form).post(remake::merge))
        .route("/orders/{id}/twins/{other}/dismiss", post(remake::dismiss_twin))
        .route("/settings/promises", get(promises::show).post(promises::save))
        .route("/settings/statuses", get(settings::show).post(settings::save))
        .route("/settings/statuses/moves", post(settings::allow))
        .route("/settings/statuses/moves/remove", post(settings::forbid))
}

/// Whoever has no other place to begin at begins at the desk.
async fn start(caller: Option<Caller>, State(web): State<Web>) -> Response {
    see_other(caller.and_then(|caller| caller.landing(&web)).unwrap_or(NAVIGATION.href))
}
