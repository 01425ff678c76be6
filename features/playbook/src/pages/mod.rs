//! The settings of the playbook, its text with its versions, how a call ended, what to say and
//! what to tick off on the card of its order.

mod call;
mod check;
mod completion;
mod document;
mod draft;
mod guide;
mod path_view;
mod settings;
mod steps;
mod then;
mod trial;
mod why;
mod words;

use axum::{
    Router,
    routing::{get, post},
};
use takt_web::Web;

pub(crate) use call::CALL_ENDED;
pub(crate) use guide::GUIDE;
pub(crate) use settings::SETTINGS;
pub(crate) use then::THEN;
pub(crate) use why::WHY;

const HREF: &str = "/settings/playbook";
pub(crate) const TEXT_HREF: &str = "/settings/playbook/text";
const ROLL_BACK_HREF: &str = "/settings/playbook/roll-back";

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(HREF, get(settings::show).post(settings::save))
        .route(TEXT_HREF, get(document::show).post(document::save))
        .route("/orders/{id}/steps", post(steps::tick))
        .route(ROLL_BACK_HREF, post(document::roll_back))
        .route("/settings/playbook/drafts/{draft}", get(draft::show).post(draft::act))
        .route("/settings/playbook/trials/{trial}", get(trial::show))
        .route("/orders/{id}/why", get(why::show))
}
