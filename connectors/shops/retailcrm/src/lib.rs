//! Shops whose module speaks the RetailCRM API v5: they point it at Takt, and orders, customers, stock, prices
//! and statuses go both ways.
//!
//! A connector: it translates to the verbs and facts that the desk uses, and shares every guard with it.
//! Stores what a module sends before it reads it ([`takt_connections::messages`]); its modules never send
//! anything twice. Start reading at [`endpoints`], then `wire/door.rs`.

mod account;
mod carts;
mod corporate;
mod customers;
mod differences;
mod endpoints;
mod erased;
mod goods;
mod history;
mod lists;
mod model;
mod notes;
mod orders;
mod people;
mod prices;
mod references;
mod settings;
mod shown;
mod site;
mod stock;
mod wire;
mod words;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    routing::{MethodFilter, MethodRouter, get, on},
};
use takt_connections::{KINDS, Kind, RETAILCRM_SYSTEMS, differences::RECONCILERS};
use takt_feature::{Feature, Tier};
use takt_staff::LivePermission;
use takt_store::Migration;
use takt_web::Web;

use wire::{
    door,
    endpoint::{Deed, Endpoint},
};

pub(crate) const KIND: &str = "retailcrm";

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "retailcrm", sql: include_str!("../migrations/0001_retailcrm.sql") },
    Migration { number: 2, name: "corporate", sql: include_str!("../migrations/0002_corporate.sql") },
    Migration { number: 3, name: "listed", sql: include_str!("../migrations/0003_listed.sql") },
    Migration { number: 4, name: "prices", sql: include_str!("../migrations/0004_prices.sql") },
    Migration { number: 5, name: "words", sql: include_str!("../migrations/0005_words.sql") },
    Migration { number: 6, name: "erased", sql: include_str!("../migrations/0006_erased.sql") },
    Migration { number: 7, name: "fields", sql: include_str!("../migrations/0007_fields.sql") },
];

const SCOPES: &str = "orders:read,orders:write,customers:read,customers:write,catalog:read,catalog:write,\
                      stock:read,stock:write,shipments:read";

pub fn feature() -> Feature {
    let kind = Kind {
        code: KIND,
        name_key: "retailcrm-kind",
        scopes: SCOPES,
        systems: RETAILCRM_SYSTEMS,
        again: door::again,
        test: None,
    };
    Feature::new("retailcrm", Tier::Connector)
        .says(corporate::told::SAID)
        .listener(site::LISTENER)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&KINDS, KIND, kind)
        .fill(&RECONCILERS, KIND, differences::RECONCILER)
        .fill(&history::PROGRESS, KIND, history::Progress::default())
        .fill(&takt_orders::panels::CARD_PANEL, "the firm that an order is for", corporate::panel::PANEL)
        .fill(&takt_orders::panels::CARD_PANEL, "what the shop says was paid", orders::panel::PANEL)
        .fill(&takt_customers::pages::CARD_PANELS, "notes of shops", notes::PANEL)
        .fill(
            &takt_customers::ERASED,
            "what modules told",
            erased::erase_of_person as takt_customers::EraseStep,
        )
        .fill(
            &takt_staff::LIVE_PERMISSIONS,
            KIND,
            LivePermission { subject_kind: corporate::told::SUBJECT, permission: "customers.see" },
        )
        .routes(routes())
}

fn routes() -> Router<Web> {
    let mut router = Router::new();
    for endpoint in endpoints::all().copied() {
        let serve = move |State(web): State<Web>, request: Request| door::serve(web, endpoint, request);
        router =
            router.route(endpoint.path, on(filter(endpoint), serve).fallback(door::method_not_allowed_here));
    }
    router
        // Two orders are never made one here; without this the path would be an order named "combine".
        .route("/api/v5/orders/combine", nothing_there())
        .route("/api/v5/{*method}", nothing_there())
        // Modules of older versions are told so in words that they know.
        .route("/api/v3/{*method}", nothing_there())
        .route("/api/v4/{*method}", nothing_there())
        .layer(DefaultBodyLimit::max(door::LARGEST_BODY))
}

fn nothing_there() -> MethodRouter<Web> {
    get(door::no_such_method_here).post(door::no_such_method_here).fallback(door::method_not_allowed_here)
}

fn filter(endpoint: Endpoint) -> MethodFilter {
    match endpoint.deed {
        Deed::Read(_) => MethodFilter::GET,
        Deed::Write(_) => MethodFilter::POST,
    }
}
