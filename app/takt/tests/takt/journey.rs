//! One order, all the way: from the shop's program to the buyer's door, through the real routes.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use takt_kernel::{Clock, Timestamp};
use takt_orders::{OrderId, clock};
use takt_staff::{Calendar, Role};
use takt_store::facts;
use takt_testing::on_both_engines;

use crate::desk::{Desk, tea};

on_both_engines! {
    async fn an_order_goes_from_the_shop_to_the_door(place: Place) {
        let desk = Desk::open(place).await;
        desk.shelve("TEA-100", "10").await;

        let (status, order) = desk.place(&tea("1001")).await;
        assert_eq!(status, StatusCode::CREATED, "{order}");
        for (field, expected) in [
            ("external_id", json!("1001")),
            ("stage", json!("new")),
            ("total", json!("699.00")),
            ("paid", json!("0.00")),
            ("reserved", json!("all")),
        ] {
            assert_eq!(order[field], expected, "{field} of {order}");
        }
        let id = &order["id"];
        let reference = order["invoice"]["number"].as_str().expect("an invoice").to_owned();
        assert!(order["number"].is_string() && order["status"].is_string() && order["created_at"].is_string());
        desk.app.drain().await;
        assert!(desk.tasks(id).await.is_empty(), "nobody has to do anything before the money");

        desk.app.advance(3600).await;
        desk.bank_reports("699.00", &format!("Оплата по счету {reference}")).await;
        let paid_at = desk.app.now();
        let order = desk.order(id).await;
        assert_eq!((&order["paid"], &order["stage"]), (&json!("699.00"), &json!("assembling")), "{order}");

        let tasks = desk.tasks(id).await;
        let mut kinds: Vec<&str> = tasks.iter().map(|task| task["kind"].as_str().expect("a kind")).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["call", "pick"], "{tasks:?}");
        for task in &tasks {
            let due: Timestamp = task["due_at"].as_str().expect("a deadline").parse().expect("a moment");
            assert_eq!(due, paid_at.plus_seconds(15 * 60), "{task}");
        }
        assert_eq!(desk.app.facts_named("orders.confirmed").await, 1, "two units, all held: confirmed at once");

        desk.app.advance(600).await;
        pick_and_hand_over(&desk, id).await;
        let order = desk.order(id).await;
        assert_eq!(order["stage"], json!("delivery"), "{order}");
        assert!(desk.tasks(id).await.iter().filter(|task| task["kind"] == "pick").all(|task| task["state"] == "closed"));

        desk.app.advance(7200).await;
        deliver(&desk, id).await;
        let order = desk.order(id).await;
        assert_eq!(order["stage"], json!("complete"), "{order}");
        the_clock_adds_up(&desk, id).await;
        the_screens_tell_it(&desk, id).await;
    }

    async fn the_same_order_again_is_the_same_order_and_another_one_is_refused(place: Place) {
        let desk = Desk::open(place).await;
        let (created, first) = desk.place(&tea("1001")).await;
        let (again, second) = desk.place(&tea("1001")).await;
        assert_eq!((created, again), (StatusCode::CREATED, StatusCode::OK));
        assert_eq!(first["id"], second["id"]);
        assert_eq!(first["reserved"], json!("none"), "the catalogue does not know it yet");
        let mut other = tea("1001");
        other["lines"][0]["quantity"] = json!("3");
        let (refused, problem) = desk.place(&other).await;
        assert_eq!(refused, StatusCode::CONFLICT);
        assert!(problem["errors"].to_string().contains("lines[0].quantity"), "{problem}");
    }

    async fn cash_on_delivery_ships_before_it_is_paid(place: Place) {
        let desk = Desk::open(place).await;
        desk.shelve("TEA-100", "10").await;
        let mut order = tea("1001");
        order["terms"] = json!("on_delivery");
        let (_, order) = desk.place(&order).await;
        let id = &order["id"];
        desk.app.drain().await;
        assert_eq!(desk.tasks(id).await.len(), 2);
        pick_and_hand_over(&desk, id).await;
        assert_eq!(desk.order(id).await["stage"], json!("delivery"));
    }

    async fn an_unpaid_prepaid_order_does_not_leave(place: Place) {
        let desk = Desk::open(place).await;
        desk.shelve("TEA-100", "10").await;
        let (_, order) = desk.place(&tea("1001")).await;
        desk.app.drain().await;
        let storekeeper = desk.signed_in(Role::Warehouse).await;
        storekeeper.post_form(&format!("/pick/{}/finish", order["id"]), &[]).await.expect_status(422);
        assert_eq!(desk.app.facts_named("orders.ready").await, 0);
    }

    async fn every_section_opens_for_whom_it_is_meant_in_both_languages(place: Place) {
        let desk = Desk::open(place).await;
        desk.shelve("TEA-100", "1").await;
        desk.place(&tea("1001")).await;
        desk.place(&tea("1002")).await;
        desk.app.drain().await;
        let owner = desk.signed_in(Role::Owner).await;
        for language in ["ru", "en"] {
            owner.post_form("/preferences", &[("lang", language), ("back", "/")]).await;
            let reader = owner.ask(Method::GET, "/orders").header("accept-language", language).send().await;
            for path in sections(&reader.text()) {
                let page = owner.ask(Method::GET, &path).header("accept-language", language).send().await;
                assert!(page.status.is_success() || page.status.is_redirection(), "{path}: {}", page.status);
                assert_eq!(takt_ui::Texts::missing_in(&page.text()), Vec::<String>::new(), "{path} in {language}");
            }
        }
        let stranger = desk.app.get("/orders").await;
        assert!(stranger.location().starts_with("/sign-in"), "{}", stranger.location());
    }
}

/// The sections in the navigation, and the settings.
fn sections(page: &str) -> Vec<String> {
    let mut found: Vec<String> = page
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|href| {
            href.starts_with('/') && !href.contains(['?', '#', '.']) && !href.starts_with("/assets")
        })
        .map(str::to_owned)
        .collect();
    for settings in [
        "companies",
        "shops",
        "people",
        "statuses",
        "calendars",
        "templates",
        "tokens",
        "bank-accounts",
        "warehouses",
    ] {
        found.push(format!("/settings/{settings}"));
    }
    found.sort();
    found.dedup();
    assert!(found.len() > 15, "{found:?}");
    found
}

async fn pick_and_hand_over(desk: &Desk, id: &Value) {
    let storekeeper = desk.signed_in(Role::Warehouse).await;
    storekeeper.post_form(&format!("/pick/{id}/start"), &[]).await.expect_status(303);
    storekeeper.post_form(&format!("/pick/{id}/take"), &[]).await.expect_status(303);
    storekeeper.post_form(&format!("/pick/{id}/finish"), &[]).await.expect_status(303);
    desk.app.drain().await;
    let parcel = [("tracking", "RA123456785RU"), ("places", "1")];
    storekeeper.post_form(&format!("/shipments/of/{id}"), &parcel).await.expect_status(303);
    desk.app.drain().await;
}

async fn deliver(desk: &Desk, id: &Value) {
    let operator = desk.signed_in(Role::Operator).await;
    let shipments = operator.get(&format!("/orders/{id}")).await.text();
    let deliver = shipments
        .split("action=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .find(|action| action.starts_with("/shipments/") && action.ends_with("/deliver"))
        .expect("a button")
        .to_owned();
    operator.post_form(&deliver, &[]).await.expect_status(303);
    desk.app.drain().await;
}

async fn the_clock_adds_up(desk: &Desk, id: &Value) {
    let (company, order) = (desk.company, OrderId::new(id.as_i64().expect("an id")));
    let until = desk.app.clock.now();
    let (split, from) = desk
        .app
        .read(move |r| {
            let facts = facts::of_subject(r, company, "order", order.get(), 0, 1000)?;
            let from = facts.first().expect("facts").at;
            Ok((clock::split(&facts, &Calendar::of(r, company)?, until), from))
        })
        .await;
    let whole: i64 = split.segments.iter().map(|part| part.to.micros_since(part.from)).sum();
    let ends = split.segments.last().expect("segments").to;
    assert_eq!(whole, ends.micros_since(from), "{:?}", split.segments);
    assert!(split.segments.len() >= 4, "{:?}", split.segments);
}

async fn the_screens_tell_it(desk: &Desk, id: &Value) {
    let owner = desk.signed_in(Role::Owner).await;
    let card = owner.get(&format!("/orders/{id}")).await.text();
    assert_eq!(takt_ui::Texts::missing_in(&card), Vec::<String>::new());
    for shown in ["RA123456785RU", "699", "TEA-100"] {
        assert!(card.contains(shown), "{shown} is not on the card");
    }
    assert!(desk.app.facts_named("notifications.queued").await >= 3, "the buyer heard of it");
}
