//! /products, /products/new and /products/{offer}.

mod card;
mod form;
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

pub use panels::{Cells, LIST_COLUMNS, ListColumn, OFFER_PANELS, OfferPanel, PanelContext};
pub(crate) use samples::SAMPLES;

pub(crate) const NAVIGATION: NavItem =
    NavItem { href: "/products", label_key: "catalog-title", icon: Icon::Tag, shortcut: "g p", place: 40 };

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/products", get(list::show))
        .route("/products/list.xlsx", get(list_sheet::show))
        .route("/products/list.csv", get(list_sheet::show))
        .route("/products/new", get(card::new).post(card::add))
        .route("/products/{offer}", get(card::show).post(card::save))
        .route("/products/{offer}/archive", post(card::archive))
        .route("/products/{offer}/restore", post(card::restore))
}
