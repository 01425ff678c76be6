//! The page of the settings on which files are brought, mapped, looked at and taken in.

mod bring;
mod csv;
mod list;
mod parts;
mod samples;
mod show;

pub(crate) use samples::SAMPLES;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use takt_staff::{SettingsGroup, SettingsPage};
use takt_web::Web;

use crate::sheet::LARGEST_FILE;

pub(crate) const HREF: &str = "/settings/imports";
/// The file, and what the form says beside it.
const LARGEST_UPLOAD: usize = LARGEST_FILE + 64 * 1024;

pub(crate) const SETTINGS: SettingsPage = SettingsPage {
    href: HREF,
    label_key: "imports-title",
    permission: "imports.bring",
    group: SettingsGroup::Shops,
    place: 27,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(HREF, get(list::show).post(bring::bring).layer(DefaultBodyLimit::max(LARGEST_UPLOAD)))
        .route("/settings/imports/{import}", get(show::show))
        .route("/settings/imports/{import}/look", post(show::look))
        .route("/settings/imports/{import}/take-in", post(show::take_in))
        .route("/settings/imports/{import}/remove", post(show::remove))
        .route("/settings/imports/{import}/refused.csv", get(csv::refused))
}
