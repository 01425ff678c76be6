//! The "money in" screens.

mod accounts;
mod bank_door;
mod channels;
mod files;
mod line;
mod lines;
mod words;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use takt_web::Web;

use crate::channels::push::LARGEST_BODY;

const UPLOAD_BYTES: usize = 65 << 20;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/money", get(lines::show))
        .route("/money/lines/{line}", get(line::show))
        .route("/money/lines/{line}/accept", post(line::accept))
        .route("/money/lines/{line}/set-aside", post(line::set_aside))
        .route("/money/lines/{line}/undo", post(line::undo))
        .route("/money/lines/{line}/count-apart", post(line::count_apart))
        .route("/money/files", get(files::list))
        .route("/money/files/{import}", get(files::show))
        .route("/settings/bank-accounts", get(accounts::show).post(accounts::open))
        .route("/settings/bank-accounts/folders/{folder}/release", post(accounts::release))
        .route("/settings/bank-channels", get(channels::list).post(channels::create))
        .route("/settings/bank-channels/{channel}", get(channels::show).post(channels::change))
        .route("/settings/bank-channels/{channel}/messages/{message}", get(channels::message))
        .merge(
            Router::new()
                .route("/bank/v1/{channel}", post(bank_door::take))
                .layer(DefaultBodyLimit::max(LARGEST_BODY)),
        )
        .merge(
            Router::new()
                .route("/money/upload", post(files::upload))
                .layer(DefaultBodyLimit::max(UPLOAD_BYTES)),
        )
}
