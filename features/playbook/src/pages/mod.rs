//! The settings of the playbook, and how a call ended on the card of its order.

mod call;
mod settings;

use axum::{Router, routing::get};
use takt_web::Web;

pub(crate) use call::CALL_ENDED;
pub(crate) use settings::SETTINGS;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/settings/playbook", get(settings::show).post(settings::save))
}
