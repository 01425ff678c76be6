//! The "money in" screens.

mod accounts;
mod bank_door;
mod books;
mod by_hand;
mod channels;
mod claims;
mod entities;
mod files;
mod head;
mod invoice;
mod line;
mod line_choice;
mod lines;
mod lines_sheet;
mod policy;
mod proofs;
mod refunds;
mod words;

pub(crate) use proofs::silent_banks;
pub(crate) use refunds::mark as refund_mark;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use takt_web::Web;

pub(crate) use policy::PAGE as RULES_PAGE;

use crate::channels::push::LARGEST_BODY;

const UPLOAD_BYTES: usize = 65 << 20;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/money", get(lines::show))
        .route("/money/list.xlsx", get(lines_sheet::show))
        .route("/money/list.csv", get(lines_sheet::show))
        .route("/money/lines/{line}", get(line::show))
        .route("/money/lines/{line}/accept", post(line::accept))
        .route("/money/lines/{line}/set-aside", post(line::set_aside))
        .route("/money/lines/{line}/undo", post(line::undo))
        .route("/money/lines/{line}/count-apart", post(line::count_apart))
        .route("/money/lines/{line}/keep", post(line::keep))
        .route("/money/lines/{line}/reverse", post(line::reverse))
        .route("/money/books", get(books::show))
        .route("/money/books/account", get(books::account))
        .route("/money/refunds", get(refunds::list))
        .route("/money/refunds/{refund}", get(refunds::show))
        .route("/money/refunds/{refund}/order", post(refunds::step))
        .route("/money/refunds/{refund}/approve", post(refunds::step))
        .route("/money/refunds/{refund}/take-back", post(refunds::step))
        .route("/money/refunds/{refund}/sent", post(refunds::step))
        .route("/money/refunds/{refund}/keep", post(refunds::step))
        .route("/money/refunds/{refund}/confirm", post(refunds::step))
        .route("/money/orders/{order}/claim", post(refunds::claim))
        .route("/money/orders/{order}/use-credit", post(refunds::use_credit))
        .route("/money/orders/{order}/accept-return", post(refunds::accept_return))
        .route("/money/customers/{customer}/claim-credit", post(refunds::claim_credit))
        .route("/settings/legal-entities", get(entities::show).post(entities::save))
        .route("/settings/legal-entities/owners", post(entities::own))
        .route("/settings/legal-entities/refunds", post(entities::limit_refunds))
        .route("/settings/legal-entities/rates", post(entities::set_rates))
        .route("/settings/legal-entities/validity", post(entities::set_validity))
        .route("/money/claims", get(claims::show))
        .route("/money/claims/{claim}/close", post(claims::close))
        .route("/money/invoices/{invoice}", get(invoice::show))
        .route("/money/files", get(files::list))
        .route("/money/files/{import}", get(files::show))
        .route("/money/proofs", get(proofs::show))
        .route("/money/by-hand", get(by_hand::list).post(by_hand::claim))
        .route("/money/by-hand/{receipt}/confirm", post(by_hand::confirm))
        .route("/money/by-hand/{receipt}/withdraw", post(by_hand::withdraw))
        .route("/settings/bank-accounts", get(accounts::show).post(accounts::open))
        .route("/settings/bank-accounts/folders/{folder}/release", post(accounts::release))
        .merge(policy::routes())
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
