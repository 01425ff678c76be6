//! /tasks and what its buttons do, the next thing to do, and their settings; the panel "tasks" on an order's card.

mod list;
mod list_sheet;
mod next;
mod panel;
mod people;
mod row;
mod samples;
mod settings;
mod verbs;

use axum::{
    Router,
    routing::{get, post},
};
use takt_ui::{Icon, NavItem};
use takt_web::Web;

pub(crate) use next::{CARD_ACTION, LIST_ACTION};
pub(crate) use panel::PANEL;
pub(crate) use row::kind_name;
pub(crate) use samples::SAMPLES;
pub(crate) use settings::SETTINGS;

pub(crate) const NAVIGATION: NavItem =
    NavItem { href: "/tasks", label_key: "tasks-title", icon: Icon::ListChecks, shortcut: "g t", place: 20 };

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/tasks", get(list::show))
        .route("/tasks/list.xlsx", get(list_sheet::show))
        .route("/tasks/list.csv", get(list_sheet::show))
        .route("/tasks/people", get(people::show))
        .route("/tasks/next", post(next::take))
        .route(settings::HREF, get(settings::show).post(settings::save))
        .route("/tasks/{id}/take", post(verbs::take))
        .route("/tasks/{id}/release", post(verbs::release))
        .route("/tasks/{id}/close", post(verbs::close))
}
