//! Shipments: what was packed, with whom it went, and whether it arrived.
//!
//! Owns carriers and their services, parcels, the pick list and the reminder of what is not delivered.
//! Tells the order by `record_ready`, `record_shipped` and `record_delivered`, which guard it: nothing
//! ships that may not be packed. Knows nothing of stock: that leaves in a step of the order's own verb,
//! and where goods lie comes through the slot `orders::panels::GOODS_PLACES`.
//!
//! Invariants: a line is never packed or shipped beyond what was ordered; what is handed over has a
//! timer until it is delivered, returned or reported late. Locks go order first, then its shipments.
//! Start reading at [`Shipment`], then [`commands`](dispatch).

mod api;
pub mod carriers;
mod checks;
mod commands;
pub mod facts;
mod overdue;
pub mod pages;
pub mod picking;
mod queries;
mod rights;
mod shipment;

pub use commands::{Dispatch, Edit, Parcel, deliver, dispatch, edit, mark_returned, pack};
pub use queries::{Filter, Page, get, list, of_order, read_tracking, tracking};
pub use rights::{DispatchOrders, ManageCarriers, PackOrders, SeeShipments};
pub use shipment::{Content, Shipment, State, Via};

use takt_feature::{Feature, Tier};
use takt_staff::{Landing, LivePermission, Role, SectionPermission, SettingsGroup, SettingsPage};
use takt_store::Migration;

pub enum ShipmentTag {}
pub enum CarrierTag {}
pub enum ServiceTag {}
pub type ShipmentId = takt_kernel::Id<ShipmentTag>;
pub type CarrierId = takt_kernel::Id<CarrierTag>;
pub type ServiceId = takt_kernel::Id<ServiceTag>;

/// The kind of task that opens a pick list; the playbook opens it.
pub const PICK: &str = "pick";

const MIGRATIONS: &[Migration] =
    &[Migration { number: 1, name: "shipments", sql: include_str!("../migrations/0001_shipments.sql") }];

pub fn feature() -> Feature {
    Feature::new("shipments", Tier::Feature)
        .says(facts::SAID)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&takt_store::CHECKS, "shipments", checks::CHECKS)
        .timer(overdue::TIMER)
        .fill(&takt_orders::steps::CANCELLED, "unpack", commands::UNPACK)
        .fill(&takt_orders::steps::LINES_CHANGED, "unpack", commands::UNPACK)
        .fill(&takt_orders::steps::RETURNED, "all that he gets has arrived", commands::ARRIVED)
        .fill(
            &takt_orders::panels::FOUND_BY,
            "tracking numbers",
            queries::found_by as takt_orders::panels::FoundBy,
        )
        .fill(
            &takt_orders::steps::MAY_REMAKE,
            "parcels",
            commands::NO_PARCEL as takt_orders::steps::RemakeGuard,
        )
        .fill(&takt_orders::panels::CARD_PANEL, "parcels", pages::PANEL)
        .fill(&takt_orders::buyer::BUYER_PANEL, "where the parcels are", pages::BUYER_PANEL)
        .fill(&takt_staff::PERMISSIONS, "shipments", rights::RIGHTS)
        .fill(
            &takt_staff::SECTION_PERMISSIONS,
            "shipments",
            SectionPermission { href: "/shipments", permission: "shipments.see" },
        )
        .fill(
            &takt_staff::SECTION_PERMISSIONS,
            "pick list",
            SectionPermission { href: "/pick", permission: "shipments.pack" },
        )
        .fill(&takt_staff::LANDING, "the pick list", Landing { href: "/pick", roles: &[Role::Warehouse] })
        .fill(
            &takt_staff::LIVE_PERMISSIONS,
            "shipments",
            LivePermission { subject_kind: "carrier", permission: "shipments.see" },
        )
        .fill(
            &takt_staff::SETTINGS_PAGES,
            "carriers",
            SettingsPage {
                href: pages::CARRIERS,
                label_key: "shipments-carriers",
                permission: "shipments.see",
                group: SettingsGroup::Goods,
                place: 210,
            },
        )
        .routes(pages::routes())
        .routes(api::routes())
        .navigation(pages::NAVIGATION)
        .navigation(pages::PICK_NAVIGATION)
        .api(<api::Api as utoipa::OpenApi>::openapi)
        .samples(pages::SAMPLES.to_vec())
}
