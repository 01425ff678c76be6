//! /tasks and what its buttons do; the panel "tasks" on an order's card.

mod list;
mod panel;
mod row;
mod samples;
mod verbs;

use axum::{
    Router,
    routing::{get, post},
};
use takt_ui::{Icon, NavItem};
use takt_web::Web;

pub(crate) use panel::PANEL;
pub(crate) use samples::SAMPLES;

pub(crate) const NAVIGATION: NavItem =
    NavItem { href: "/tasks", label_key: "tasks-title", icon: Icon::ListChecks, shortcut: "g t", place: 20 };

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/tasks", get(list::show))
        .route("/tasks/{id}/take", post(verbs::take))
        .route("/tasks/{id}/release", post(verbs::release))
        .route("/tasks/{id}/close", post(verbs::close))
}
