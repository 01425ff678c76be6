//! The report, the orders behind its numbers, what people did, and files of all three.

mod asked;
mod asking;
mod chart;
mod done;
mod names;
mod numbers;
mod orders;
mod report;
mod report_parts;
mod samples;
mod saving;
mod sheets;
mod table;
mod work;

use axum::{
    Router,
    routing::{get, post},
};
use takt_ui::{Icon, NavItem};
use takt_web::Web;

pub(crate) use samples::SAMPLES;

pub(crate) const REPORT: &str = "/reports/slices";
const ORDERS: &str = "/reports/slices/orders";
const PEOPLE: &str = "/reports/slices/people";
const DONE: &str = "/reports/slices/people/done";

pub(crate) const NAVIGATION: NavItem =
    NavItem { href: REPORT, label_key: "slices-title", icon: Icon::FileText, shortcut: "g y", place: 79 };

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(REPORT, get(report::show))
        .route("/reports/slices/count", post(report::count))
        .route("/reports/slices/list.xlsx", get(sheets::report))
        .route("/reports/slices/list.csv", get(sheets::report))
        .route(ORDERS, get(orders::show))
        .route("/reports/slices/orders.xlsx", get(sheets::orders))
        .route("/reports/slices/orders.csv", get(sheets::orders))
        .route(PEOPLE, get(work::show))
        .route(DONE, get(done::show))
        .route("/reports/slices/people.xlsx", get(sheets::people))
        .route("/reports/slices/people.csv", get(sheets::people))
        .route("/reports/slices/anew", post(saving::anew))
        .route("/reports/slices/saved", post(saving::save))
        .route("/reports/slices/saved/{saved}/forget", post(saving::forget))
}
