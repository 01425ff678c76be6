//! The report of a month, the orders behind its numbers, and the process as it stands now.

mod names;
mod orders;
mod process;
mod process_svg;
mod report;
mod report_parts;
mod report_places;
mod samples;
mod sheets;

use axum::{
    Router,
    routing::{get, post},
};
use takt_ui::{Icon, NavItem};
use takt_web::Web;

pub(crate) use samples::SAMPLES;

pub(crate) const PROCESS: &str = "/process";
pub(crate) const REPORT: &str = "/reports/promises";
const ORDERS: &str = "/reports/promises/orders";

pub(crate) const PROCESS_NAVIGATION: NavItem = NavItem {
    href: PROCESS,
    label_key: "promises-process",
    icon: Icon::ListChecks,
    shortcut: "g f",
    place: 15,
};
pub(crate) const REPORT_NAVIGATION: NavItem =
    NavItem { href: REPORT, label_key: "promises-title", icon: Icon::History, shortcut: "g r", place: 80 };

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(PROCESS, get(process::show))
        .route(REPORT, get(report::show))
        .route("/reports/promises/count", post(report::count))
        .route("/reports/promises/figures.xlsx", get(sheets::figures))
        .route("/reports/promises/figures.csv", get(sheets::figures))
        .route(ORDERS, get(orders::show))
        .route("/reports/promises/orders.xlsx", get(sheets::orders))
        .route("/reports/promises/orders.csv", get(sheets::orders))
}
