//! The catalogue: products and their offers (one SKU, one price).
//!
//! Owns what can be ordered and at what price. Knows nothing of stock: whoever does fills
//! [`LIST_COLUMNS`] and [`OFFER_PANELS`]. Orders copy what they need when they are placed.
//!
//! Invariant: a SKU names one offer of a company, for ever; nothing is deleted, only archived.
//! Start reading at [`Offer`].

mod api;
mod commands;
mod details;
pub mod facts;
mod finder;
mod numbered;
mod offer;
pub mod pages;
mod queries;
mod rights;

pub use commands::{
    COUNTED, Counted, Group, Incoming, Outcome, Taken, Upserted, add_offer, archive, archive_many, edit,
    restore, take_in, upsert,
};
pub use details::Details;
pub use numbered::{Numbered, Product, ProductsNumbered, offers_numbered, products_numbered};
pub use offer::{Offer, OfferInput, OfferTexts};
pub use queries::{Filter, Page, get, list, numbered, offers_asked, offers_by_id, offers_by_sku, product};
pub use rights::{EditCatalog, SeeCatalog};

use takt_feature::{Feature, Tier};
use takt_staff::{LivePermission, SectionPermission};
use takt_store::Migration;

pub enum ProductTag {}
pub enum OfferTag {}
pub type ProductId = takt_kernel::Id<ProductTag>;
pub type OfferId = takt_kernel::Id<OfferTag>;

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "catalog", sql: include_str!("../migrations/0001_catalog.sql") },
    Migration { number: 2, name: "outside", sql: include_str!("../migrations/0002_outside.sql") },
];

pub fn feature() -> Feature {
    Feature::new("catalog", Tier::Core)
        .says(facts::SAID)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&takt_staff::PERMISSIONS, "catalog", rights::RIGHTS)
        .fill(
            &takt_staff::SECTION_PERMISSIONS,
            "catalog",
            SectionPermission { href: "/products", permission: "catalog.see" },
        )
        .fill(
            &takt_staff::LIVE_PERMISSIONS,
            "catalog",
            LivePermission { subject_kind: "offer", permission: "catalog.see" },
        )
        .fill(&takt_staff::finds::FINDERS, "goods", finder::FINDER)
        .routes(pages::routes())
        .routes(api::routes())
        .navigation(pages::NAVIGATION)
        .api(<api::Api as utoipa::OpenApi>::openapi)
        .samples(pages::SAMPLES.to_vec())
}
