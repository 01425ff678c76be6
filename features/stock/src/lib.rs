//! Stock: what lies where, what of it is held for whom, and who waits for more.
//!
//! Owns warehouses, the ledger of movements, levels and reservations. Takes part in an order by the
//! steps in [`steps`] and tells it by `orders::record_reserved` how much is held; gives what arrives
//! or is let go to those who wait ([`reactions`]). Knows nothing of parcels and purchasing.
//!
//! Invariants: `on_hand` is the sum of the movements; `held` is the sum of the reservations and never
//! exceeds `on_hand`; nothing is held for a SKU the catalogue does not know. Locks go order by order
//! id, then level by (offer, warehouse). Start reading at [`plan`], then [`steps`].

mod api;
mod book;
mod checks;
mod commands;
pub mod facts;
mod ledger;
mod levels;
pub mod pages;
mod plan;
mod queries;
mod reactions;
mod reservations;
mod returns;
mod rights;
mod steps;
pub mod warehouses;

pub use commands::{Arrival, Correction, Incoming, SetMany, correct, receive, set_many, set_shelf};
pub use ledger::MovementKind;
pub use levels::{Level, of_offers as levels_of_offers};
pub use queries::{
    Cursor, Filter, HeldFor, Movement, Page, Shortage, held_for, levels_of_offer, list, movements, offer_of,
    shortages,
};
pub use rights::{ManageWarehouses, MoveStock, SeeStock};
pub use warehouses::Warehouse;

use takt_feature::{Feature, Tier};
use takt_staff::{LivePermission, SectionPermission, SettingsGroup, SettingsPage};
use takt_store::Migration;

pub enum WarehouseTag {}
pub enum MovementTag {}
pub type WarehouseId = takt_kernel::Id<WarehouseTag>;
pub type MovementId = takt_kernel::Id<MovementTag>;

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "stock", sql: include_str!("../migrations/0001_stock.sql") },
    Migration { number: 2, name: "returns", sql: include_str!("../migrations/0002_returns.sql") },
];

pub fn feature() -> Feature {
    let [on_stock, on_promise] = reactions::LISTENERS;
    Feature::new("stock", Tier::Feature)
        .says(facts::SAID)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&takt_store::CHECKS, "stock", checks::CHECKS)
        .fill(&takt_catalog::COUNTED, "how much lies there", commands::counted as takt_catalog::Counted)
        .fill(&takt_orders::steps::HELD, "hold stock", steps::HELD)
        .fill(&takt_orders::steps::LINES_CHANGED, "hold stock anew", steps::LINES_CHANGED)
        .fill(&takt_orders::steps::SHIPPED, "issue the goods", steps::SHIPPED)
        .fill(&takt_orders::steps::CANCELLED, "let the stock go", steps::CANCELLED)
        .fill(&takt_orders::steps::RETURNED, "put back what came back", steps::RETURNED)
        .fill(&takt_orders::panels::GOODS_PLACES, "warehouse and shelf", queries::GOODS_PLACES)
        .fill(&takt_orders::panels::CARD_PANEL, "stock", pages::ORDER_PANEL)
        .fill(&takt_orders::panels::PAST_PANEL, "stock", pages::THEN)
        .fill(&takt_catalog::pages::LIST_COLUMNS, "stock", pages::LIST_COLUMN)
        .fill(&takt_catalog::pages::OFFER_PANELS, "stock", pages::OFFER_PANEL)
        .fill(&takt_staff::PERMISSIONS, "stock", rights::RIGHTS)
        .fill(
            &takt_staff::SECTION_PERMISSIONS,
            "stock",
            SectionPermission { href: "/stock", permission: "stock.see" },
        )
        .fill(
            &takt_staff::LIVE_PERMISSIONS,
            "stock",
            LivePermission { subject_kind: "warehouse", permission: "stock.see" },
        )
        .fill(
            &takt_staff::SETTINGS_PAGES,
            "warehouses",
            SettingsPage {
                href: pages::WAREHOUSES,
                label_key: "stock-warehouses",
                permission: "stock.see",
                group: SettingsGroup::Goods,
                place: 200,
            },
        )
        .listener(on_stock)
        .listener(on_promise)
        .timer(reactions::ALLOT_TIMER)
        .routes(pages::routes())
        .routes(api::routes())
        .navigation(pages::NAVIGATION)
        .api(<api::Api as utoipa::OpenApi>::openapi)
        .samples(pages::SAMPLES.to_vec())
}
