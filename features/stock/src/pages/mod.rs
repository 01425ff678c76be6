//! /stock, /settings/warehouses; stock on the pages of products and orders.

mod form;
mod list;
mod list_sheet;
mod offer;
mod order;
mod samples;
mod then;
mod warehouses;

use axum::{
    Router,
    routing::{get, post},
};
use takt_ui::{Icon, NavItem};
use takt_web::Web;

pub(crate) use offer::{LIST_COLUMN, OFFER_PANEL};
pub(crate) use order::ORDER_PANEL;
pub(crate) use samples::SAMPLES;
pub(crate) use then::THEN;

pub(crate) const WAREHOUSES: &str = "/settings/warehouses";

pub(crate) const NAVIGATION: NavItem =
    NavItem { href: "/stock", label_key: "stock-title", icon: Icon::Warehouse, shortcut: "g w", place: 45 };

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/stock", get(list::show))
        .route("/stock/list.xlsx", get(list_sheet::show))
        .route("/stock/list.csv", get(list_sheet::show))
        .route("/stock/movements", post(form::take))
        .route("/settings/warehouses", get(warehouses::show).post(warehouses::add))
        .route("/settings/warehouses/{warehouse}", post(warehouses::edit))
        .route("/settings/warehouses/{warehouse}/archive", post(warehouses::archive))
        .route("/settings/warehouses/{warehouse}/restore", post(warehouses::restore))
}
