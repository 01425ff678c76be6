//! Customers: who orders, over all shops of one company.
//!
//! Owns identities (a phone, an e-mail) that point to a customer, the reading of phones and e-mail
//! addresses, suggestions that two cards are one person, and merges, which are pointers that can be
//! taken back. Knows nothing of orders: they fill [`CARD_PANELS`].
//!
//! A person can be erased ([`erase`]): whoever holds something of them fills [`ERASED`].
//!
//! Invariant: one (company, kind, value) belongs to one customer, and a customer is never merged
//! except by a person. Start reading at [`recognise`].

mod api;
mod checks;
mod commands;
mod contact;
mod email;
mod erased;
pub mod facts;
mod finder;
mod likeness;
pub mod pages;
mod phone;
mod queries;
mod rights;
mod rows;
mod settings;

pub use commands::{
    Edit, SEPARATED, SeparateStep, Separating, dismiss, edit, erase, merge, recognise, recognise_asked,
    separate,
};
pub use contact::{Contact, Identity, IdentityKind};
pub use email::Email;
pub use erased::{
    ERASED, EraseStep, Erasing, Found, Kept, Reason, Sought, TRACES, TRAILS, Traces, TracesOf, Trail,
    TrailPart,
};
pub use likeness::{Evidence, Pair, pairs, tell_apart};
pub use phone::{Phone, shown};
pub use queries::{Customer, Filter, Listed, Page, briefs, get, known_by, list, of_one_person, suggestions};
pub use rights::{EditCustomers, EraseCustomers, SeeCustomers};
pub use settings::{PHONE_REGION, default_region};

use takt_feature::{Feature, Tier};
use takt_staff::{LivePermission, SectionPermission};
use takt_store::Migration;

pub enum CustomerTag {}
pub type CustomerId = takt_kernel::Id<CustomerTag>;

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "customers", sql: include_str!("../migrations/0001_customers.sql") },
    Migration { number: 2, name: "erased", sql: include_str!("../migrations/0002_erased.sql") },
    Migration { number: 3, name: "likeness", sql: include_str!("../migrations/0003_likeness.sql") },
];

pub fn feature() -> Feature {
    Feature::new("customers", Tier::Core)
        .says(facts::SAID)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&takt_store::CHECKS, "customers", checks::CHECKS)
        .fill(&takt_staff::PERMISSIONS, "customers", rights::RIGHTS)
        .fill(
            &takt_staff::SECTION_PERMISSIONS,
            "customers",
            SectionPermission { href: "/customers", permission: "customers.see" },
        )
        .fill(
            &takt_staff::LIVE_PERMISSIONS,
            "customers",
            LivePermission { subject_kind: "customer", permission: "customers.see" },
        )
        .fill(&takt_staff::finds::FINDERS, "customers", finder::FINDER)
        .job(likeness::job())
        .routes(pages::routes())
        .routes(api::routes())
        .api(<api::Api as utoipa::OpenApi>::openapi)
        .navigation(pages::NAVIGATION)
        .samples(pages::SAMPLES.to_vec())
}
