//! /customers and /customers/{id}.

mod card;
mod duplicates;
mod erase;
mod list;
mod list_sheet;
mod panels;
mod samples;

use axum::{
    Router,
    routing::{get, post},
};
use takt_ui::{Icon, NavItem};
use takt_web::Web;

pub use panels::{CARD_PANELS, CardPanel, PanelContext};
pub(crate) use samples::SAMPLES;

pub(crate) const NAVIGATION: NavItem = NavItem {
    href: "/customers",
    label_key: "customers-title",
    icon: Icon::Users,
    shortcut: "g c",
    place: 50,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/customers", get(list::show))
        .route("/customers/list.xlsx", get(list_sheet::show))
        .route("/customers/list.csv", get(list_sheet::show))
        .route("/customers/duplicates", get(duplicates::show))
        .route("/customers/duplicates/look", post(duplicates::look))
        .route("/customers/{id}/apart", post(duplicates::tell_apart))
        .route("/customers/{id}", get(card::show).post(card::save))
        .route("/customers/{id}/merge", post(card::merge))
        .route("/customers/{id}/dismiss", post(card::dismiss))
        .route("/customers/{id}/separate", post(card::separate))
        .route("/customers/{id}/erase", post(erase::erase))
}
