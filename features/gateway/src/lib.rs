//! Where orders come in: a shop's program by the API, an operator by the form of a phone order.
//!
//! Owns the way in: whose order it is is asked of customers, what it is is read and checked by
//! orders, and both happen in one transaction with what others do when an order is placed. Keeps
//! nothing of an order itself, only the keys by which a repeated request is known ([`RequestKey`])
//! and the payment terms of orders that name none.
//!
//! Invariant: however often and from however many nodes a request is sent, it places one order.
//! Start reading at [`accept`].

mod accept;
mod api;
mod checks;
mod drafts;
mod erased;
mod phone;
mod request_key;
mod rights;
mod settings;
mod terms;
mod usual;

pub use accept::{Report, accept};
pub use api::RATE;
pub use drafts::{DraftId, RATE as DRAFT_RATE};
pub use request_key::RequestKey;
pub use rights::ManageIntake;
pub use terms::{DefaultTerms, UsualTerms};
pub use usual::Usual;

use takt_feature::{Feature, Tier};
use takt_store::Migration;

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "gateway", sql: include_str!("../migrations/0001_gateway.sql") },
    Migration { number: 2, name: "drafts", sql: include_str!("../migrations/0002_drafts.sql") },
];

pub fn feature() -> Feature {
    Feature::new("gateway", Tier::Feature)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&takt_store::CHECKS, "gateway", checks::CHECKS)
        .listener(request_key::LISTENER)
        .timer(request_key::TIMER)
        .timer(drafts::TIMER)
        .fill(&takt_staff::PERMISSIONS, "gateway", rights::RIGHTS)
        .fill(&takt_staff::SETTINGS_PAGES, "payment terms of new orders", settings::PAGE)
        .fill(
            &takt_orders::TERMS_OF_SHOP,
            "payment terms of new orders",
            terms::of_shop as takt_orders::TermsOfShop,
        )
        .fill(&takt_customers::ERASED, "drafts", erased::erase_of_person as takt_customers::EraseStep)
        .routes(api::routes())
        .routes(drafts::routes())
        .routes(phone::routes())
        .routes(settings::routes())
        .api(<api::GatewayApi as utoipa::OpenApi>::openapi)
        .api(<drafts::DraftsApi as utoipa::OpenApi>::openapi)
}
