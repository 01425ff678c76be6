//! Orders: what was ordered, what it comes to, what is true of it now, and who it waits for.
//!
//! Owns the order, its verbs and their guards, the company's statuses, the proof type of money and
//! the promise clock. Does not know how money is matched, where stock lies, what parcels there are or
//! whom a task is given: what it has to know of those it holds as sums, which they write by verbs.
//! Others take part in a verb by a step ([`steps`]), hear its fact ([`facts`]), and stand on its
//! pages by panels ([`panels`]).
//!
//! Invariants: an order always adds up; only a [`receipt::VerifiedReceipt`] makes anything paid, and
//! its uses never exceed it; every change raises the version and says a fact; no fact holds personal
//! data. Start reading at [`place`], then [`Order`] and [`standing`].

pub mod api;
mod checks;
mod city;
mod coded;
mod commands;
mod content;
mod counts;
mod deeds;
mod finder;
mod holder;
pub mod kin;
mod new_order;
mod order;
mod pages;
mod pause;
mod promised_anew;
mod queries;
mod reactions;
mod rows;
mod search;
mod stage;
mod terms;

pub mod buyer;
pub mod clock;
pub mod facts;
pub mod input;
pub mod panels;
pub mod past;
pub mod permissions;
pub mod proof;
pub mod receipt;
mod returned;
pub mod standing;
pub mod statuses;
pub mod steps;
pub mod totals;
mod vat_rates;
mod views;

pub use city::city_of;
pub use commands::{
    Created, Merge, Outcome, Parted, Patch, PatchLine, Placed, Prices, cancel, comment, comment_once,
    comment_to, confirm, copy, defer, edit, give, hold, identify, is_closed, is_of_erased_person, leave_out,
    let_go, merge, of_customers, pause, place, place_asked, recognise_buyer, record_delivered,
    record_given_back, record_money_dated, record_paid, record_past, record_paused, record_ready,
    record_reserved, record_resumed, record_returned, record_shipped, record_taken, record_unpaid, resume,
    set_status, set_urgent, split, uncomment, wake,
};
pub use counts::{Count, counts, fold};
pub use holder::{Holder, Milestone};
pub use input::{Intake, read_new_order, read_patch};
pub use new_order::{Delivery, MOST_LINES, NewLine, NewOrder, PICKUP};
pub use order::{CommentId, Line, LineId, Order, OrderContact, OrderId, may_pack};
pub use pages::{holder_name, shade_of};
pub use pause::Pause;
pub use permissions::{
    CancelOrders, CommentOrders, ConfirmOrders, EditOrders, HoldOrders, ManageStatuses, PlaceOrders,
    SeeOrders, SetStatus, ShareViews, VouchForMoney,
};
pub use queries::{
    Comment, Fields, InProcess, LastPurchase, ListFilter, Mark, Narrowed, Numbered, Page, Payment, Purchases,
    Sort, TakenBy, Total, briefs, briefs_asked, by_external_id, by_number, comments, get, in_work_after,
    list, newest_in_work, numbered, process, purchases, read_briefs, these_comments, totals,
};
pub use returned::{ReturnedPart, Unfit};
pub use rows::{lines, lines_of, lines_of_known_asked, load, read_lines_of_known};
pub use search::{index_all, search_anew};
pub use stage::{Reserved, Shipped, Stage};
pub use terms::{TERMS_OF_SHOP, Terms, TermsOfShop};
pub use vat_rates::{set_vat_rates, vat_rates};

use takt_customers::pages::CARD_PANELS;
use takt_feature::{Feature, Tier};
use takt_staff::{LivePermission, SectionPermission};
use takt_store::Migration;

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "orders", sql: include_str!("../migrations/0001_orders.sql") },
    Migration { number: 2, name: "search", sql: include_str!("../migrations/0002_search.sql") },
    Migration { number: 3, name: "lists", sql: include_str!("../migrations/0003_lists.sql") },
    Migration { number: 4, name: "seldom", sql: include_str!("../migrations/0004_seldom.sql") },
    Migration { number: 5, name: "proof", sql: include_str!("../migrations/0005_proof.sql") },
    Migration { number: 6, name: "clock", sql: include_str!("../migrations/0006_clock.sql") },
    Migration { number: 7, name: "found by more", sql: include_str!("../migrations/0007_found_by_more.sql") },
    Migration { number: 8, name: "desk", sql: include_str!("../migrations/0008_desk.sql") },
    Migration { number: 9, name: "kin", sql: include_str!("../migrations/0009_kin.sql") },
    Migration { number: 10, name: "noted once", sql: include_str!("../migrations/0010_noted_once.sql") },
    Migration { number: 11, name: "in work", sql: include_str!("../migrations/0011_in_work.sql") },
    Migration { number: 12, name: "copied once", sql: include_str!("../migrations/0012_copied_once.sql") },
];

pub fn feature() -> Feature {
    let see = permissions::RIGHTS[0].code;
    let mut feature = Feature::new("orders", Tier::Core)
        .says(facts::ALL)
        .says(&["orders.statuses_changed"])
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&takt_store::CHECKS, "orders", checks::CHECKS)
        .fill(&takt_work::FORESEEN, "the order", reactions::foreseen as takt_work::Foreseen)
        .timer(commands::wake_timer())
        .timer(commands::resume_timer())
        .timer(search::TIMER)
        .timer(city::TIMER)
        .timer(promised_anew::TIMER)
        .fill(&takt_staff::PERMISSIONS, "orders", permissions::RIGHTS)
        .fill(
            &takt_staff::SECTION_PERMISSIONS,
            "orders",
            SectionPermission { href: "/orders", permission: see },
        )
        .fill(
            &takt_staff::LIVE_PERMISSIONS,
            "orders",
            LivePermission { subject_kind: "order", permission: see },
        )
        .fill(&takt_staff::finds::FINDERS, "orders", finder::FINDER)
        .fill(
            &takt_staff::LOOKED_AT,
            "orders",
            takt_staff::LookedAt {
                subject_kind: facts::SUBJECT,
                permission: see,
                company_of: finder::company_of,
            },
        )
        .fill(&takt_staff::SETTINGS_PAGES, "statuses", pages::SETTINGS)
        .fill(&takt_staff::SETTINGS_PAGES, "promises", pages::PROMISES)
        .fill(&CARD_PANELS, "the customer's orders", pages::CUSTOMER_PANEL)
        .fill(&buyer::BUYER_PANEL, "orders that were split and merged", pages::BUYER_KIN)
        .fill(
            &takt_customers::SEPARATED,
            "orders that came meanwhile",
            commands::give_back as takt_customers::SeparateStep,
        )
        .fill(&takt_customers::TRACES, "contacts of orders", commands::traces_of as takt_customers::TracesOf)
        .fill(
            &takt_customers::ERASED,
            "whose the orders were",
            commands::erase_of_person as takt_customers::EraseStep,
        )
        .routes(pages::routes())
        .routes(api::routes())
        .navigation(pages::NAVIGATION)
        .samples(pages::SAMPLES.to_vec())
        .api(<api::OrdersApi as utoipa::OpenApi>::openapi);
    for listener in reactions::LISTENERS {
        feature = feature.listener(*listener);
    }
    feature
}
