//! The promise page: what the buyer of one order sees behind a signed link, without an account.
//!
//! Owns the links (a key for each company, a round for each order whose link was revoked) and the page:
//! the way of the order out of its facts, who holds it now, what is promised next. Does not know payments
//! or shipments: what they show the buyer, and what they let him do, comes through the slots of
//! `takt_orders::buyer`.
//!
//! Says `promise_page.link_renewed`, `promise_page.asked`; hears nothing. Invariants: a link opens one
//! order and tells nothing of any other; whatever is wrong with a link, the answer is the same; nothing a
//! buyer asks for moves money or goods. Start reading at [`link`], then [`way`].

mod card;
mod deeds;
mod erased;
mod facts;
mod link;
mod page;
mod policy;
mod routes;
mod sections;
mod settings;
mod site;
mod view;
mod way;

pub use link::{Named, PageLink, address_of, renew};
pub use site::Site;

use takt_feature::{Feature, Tier};
use takt_orders::{buyer, panels, steps};
use takt_store::Migration;

const MIGRATIONS: &[Migration] = &[Migration {
    number: 1,
    name: "promise page",
    sql: include_str!("../migrations/0001_promise_page.sql"),
}];

pub fn feature(site: Site) -> Feature {
    Feature::new("promise_page", Tier::Feature)
        .says(facts::SAYS)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&site::SITE, "the address of this installation", site)
        .fill(&steps::PLACED, "have a key that signs links", link::KEY_AT_PLACING)
        .fill(&buyer::BUYER_PAGE, "the signed link", link::address_of as buyer::BuyerPage)
        .fill(&buyer::BUYER_DEED, "call me", deeds::CALL)
        .fill(&buyer::BUYER_DEED, "change the slot", deeds::SLOT)
        .fill(&panels::API_PARTS, "the buyer's page", card::api_parts as panels::ApiPart)
        .fill(&panels::API_PARTS_ASKED, "the buyer's page", card::api_parts_asked as panels::ApiPartsAsked)
        .fill(&panels::CARD_PANEL, "the buyer's page", card::PANEL)
        .fill(&takt_staff::SETTINGS_PAGES, "the buyers' page", settings::PAGE)
        .fill(&takt_customers::ERASED, "links", erased::erase_of_person as takt_customers::EraseStep)
        .routes(settings::routes())
        .routes(routes::routes())
}
