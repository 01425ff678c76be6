//! `GET /api/v1/facts`.

use std::{collections::BTreeSet, time::Duration};

use http::Method;
use serde_json::Value;
use takt_testing::on_both_engines;

use crate::desk::{Corrected, Desk, all_facts, facts_of, tea};

const WRITERS: usize = 8;
const ORDERS: usize = 12;

fn kinds(facts: &[Value]) -> Vec<&str> {
    facts.iter().map(|fact| fact["type"].as_str().unwrap_or_default()).collect()
}

on_both_engines! {
    async fn a_cursor_misses_nothing_and_tells_nothing_twice_while_many_write(place: Place) {
        let clock = std::sync::Arc::new(takt_kernel::ManualClock::at(takt_kernel::Timestamp::from_micros(0)));
        let settings = takt_webhooks::Settings::new(true);
        let features = crate::desk::features(settings);
        let app = takt_testing::TestApp::open_at(place, features, clock, true).await;
        let desk = Desk::settle(app).await;
        let program = desk.program(desk.shop, "orders:read").await;
        let (company, shops) = (desk.company, [desk.shop, desk.other_shop]);
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..WRITERS {
            let db = desk.app.db.clone();
            writers.spawn(async move {
                let mut placed = Vec::new();
                for _ in 0..ORDERS {
                    let shop = shops[writer % 2];
                    let order = db.write("test.place", move |tx| tea(tx, company, shop)).await.expect("an order");
                    placed.push(order.get());
                }
                if writer % 2 == 0 { placed } else { Vec::new() }
            });
        }
        let (mut after, mut seen, mut expected) = (0, Vec::new(), BTreeSet::new());
        let mut writing = true;
        loop {
            while let Some(placed) = writers.try_join_next() {
                expected.extend(placed.expect("a writer"));
            }
            let is_last = writers.is_empty() && !writing;
            writing = !writers.is_empty();
            let page = facts_of(&program, &format!("after={after}&limit=7&kinds=orders.placed&wait=1")).await;
            let items = page["items"].as_array().expect("items");
            seen.extend(items.iter().map(|fact| (fact["position"].as_i64(), fact["subject"]["id"].as_i64())));
            after = page["next"].as_i64().expect("a position");
            if items.is_empty() && page["more"] == false && is_last {
                break;
            }
        }
        assert_eq!(seen.len(), WRITERS / 2 * ORDERS);
        assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0), "in order");
        let orders: BTreeSet<i64> = seen.iter().filter_map(|(_, order)| *order).collect();
        assert_eq!(orders, expected, "each once, and none of the other shop");
    }

    async fn a_program_sees_what_its_scopes_open_in_its_shop_and_its_company(place: Place) {
        let desk = Desk::open(place).await;
        let stranger = crate::desk::company(&desk.app, "Чужие").await;
        let strange_shop = crate::desk::shop(&desk.app, stranger, "Чужие").await;
        desk.order().await;
        let other = desk.place(desk.other_shop).await;
        desk.add_offer("TEA-100").await;
        desk.say(desk.company, takt_store::Subject::new("offer", 77), Corrected { on_hand: "3" }).await;
        desk.say(stranger, takt_store::Subject::new("offer", 78), Corrected { on_hand: "4" }).await;
        desk.signed_in(desk.company, "owner").await;
        desk.app.drain().await;
        let areas = |facts: &[Value]| {
            let areas: BTreeSet<String> =
                kinds(facts).iter().map(|kind| kind.split('.').next().unwrap_or_default().to_owned()).collect();
            areas.into_iter().collect::<Vec<_>>().join(" ")
        };
        for (scopes, seen) in [
            ("orders:read", "orders"),
            ("orders:read,stock:read", "orders stock"),
            ("orders:read,stock:read,catalog:read,orders:write", "catalog orders stock"),
        ] {
            let program = desk.program(desk.shop, scopes).await;
            assert_eq!(areas(&all_facts(&program, 200).await), seen, "{scopes}");
        }
        let program = desk.program(desk.shop, "orders:read").await;
        assert!(all_facts(&program, 200).await.iter().all(|fact| fact["subject"]["id"] != other.get()));
        let elsewhere = crate::desk::program(&desk.app, stranger, strange_shop, "orders:read,stock:read").await;
        let facts = all_facts(&elsewhere, 200).await;
        assert_eq!(facts.iter().map(|fact| fact["subject"]["id"].clone()).filter(|id| *id == 77).count(), 0);
        assert_eq!(kinds(&facts).iter().filter(|kind| **kind == "stock.corrected").count(), 1);
        for scopes in ["stock:read", "orders:write"] {
            let program = desk.program(desk.shop, scopes).await;
            program.get("/api/v1/facts").await.expect_status(403);
        }
        desk.app.get("/api/v1/facts").await.expect_status(401);
        let log = desk.app.get("/api/v1/facts").await.text();
        assert!(!log.contains("Анна") && !log.contains("Казань") && !log.contains("89123456789"));
    }

    async fn the_log_is_asked_by_kind_and_page_and_nonsense_is_named(place: Place) {
        let desk = Desk::open(place).await;
        let program = desk.program(desk.shop, "orders:read,catalog:read").await;
        for _ in 0..5 {
            desk.order().await;
        }
        desk.add_offer("TEA-100").await;
        desk.app.drain().await;
        let all = all_facts(&program, 200).await;
        for limit in [1, 2, 3, 7] {
            assert_eq!(all_facts(&program, limit).await, all, "pages of {limit}");
        }
        let placed = facts_of(&program, "kinds=orders.placed,catalog.*&limit=200").await;
        assert_eq!(placed["items"].as_array().map(Vec::len), Some(6));
        let last = all.last().expect("a fact")["position"].clone();
        assert!(facts_of(&program, &format!("after={last}")).await["items"].as_array().is_some_and(Vec::is_empty));
        for (query, field) in [
            ("after=-1", "after"),
            ("limit=0", "limit"),
            ("limit=201", "limit"),
            ("wait=31", "wait"),
            ("wait=-1", "wait"),
            ("kinds=staff.*", "kinds"),
            ("kinds=orders.plac*", "kinds"),
        ] {
            let problem: Value = program.get(&format!("/api/v1/facts?{query}")).await.expect_status(422).json();
            assert_eq!(problem["errors"][0]["field"], field, "{query}: {problem}");
        }
    }

    async fn who_waits_is_answered_when_something_happens_and_not_by_what_is_of_others(place: Place) {
        let desk = Desk::open(place).await;
        let program = std::sync::Arc::new(desk.program(desk.shop, "orders:read").await);
        let end = facts_of(&program, "limit=200").await["next"].as_i64().expect("a position");
        let asking = program.clone();
        let waiting = tokio::spawn(async move { facts_of(&asking, &format!("after={end}&wait=30")).await });
        desk.place(desk.other_shop).await;
        desk.app.db.number_facts().await.expect("numbers");
        let order = desk.place(desk.shop).await;
        desk.app.db.number_facts().await.expect("numbers");
        let page = tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("in time").expect("an answer");
        assert_eq!(page["items"][0]["subject"]["id"], order.get());
        let end = page["next"].as_i64().expect("a position");
        let asking = program.clone();
        let waiting = tokio::spawn(async move { facts_of(&asking, &format!("after={end}&kinds=orders.paid&wait=30")).await });
        tokio::task::yield_now().await;
        desk.app.web.live.close();
        let page = tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("in time").expect("an answer");
        assert!(page["items"].as_array().is_some_and(Vec::is_empty), "a server that stops keeps nobody waiting");
    }

    async fn the_stream_goes_on_where_it_ended(place: Place) {
        let desk = Desk::open(place).await;
        let program = desk.program(desk.shop, "orders:read").await;
        let first = desk.order().await;
        let stream = |last: i64| {
            program
                .ask(Method::GET, "/api/v1/facts?kinds=orders.placed&after=0")
                .header("accept", "text/event-stream")
                .header("last-event-id", &last.to_string())
        };
        let mut events = stream(0).open().await;
        assert_eq!(events.status, 200);
        let told = events.next().await.expect("an event");
        let (id, data) = event(&told);
        assert_eq!(data["subject"]["id"], first.get());
        drop(events);
        let second = desk.order().await;
        let mut events = stream(id).open().await;
        let told = events.next().await.expect("an event");
        assert_eq!(event(&told).1["subject"]["id"], second.get());
        let third = desk.order().await;
        let told = events.next().await.expect("an event");
        assert_eq!(event(&told).1["subject"]["id"], third.get());
        desk.app.web.live.close();
        assert_eq!(events.next().await, None, "it ends with the server");
    }

    async fn a_token_that_is_taken_away_ends_its_stream(place: Place) {
        let desk = Desk::open(place).await;
        let program = desk.program(desk.shop, "orders:read").await;
        desk.order().await;
        let asking = program.ask(Method::GET, "/api/v1/facts?kinds=orders.placed");
        let mut events = asking.header("accept", "text/event-stream").open().await;
        events.next().await.expect("an event");
        let company = desk.company;
        desk.app
            .write(move |tx| {
                for token in takt_staff::tokens::list(tx, company)? {
                    takt_staff::tokens::revoke(tx, &crate::desk::permit(company), token.id)?;
                }
                Ok(())
            })
            .await;
        desk.app.db.number_facts().await.expect("numbers");
        let ended = tokio::time::timeout(Duration::from_secs(10), events.next()).await.expect("in time");
        assert_eq!(ended, None);
    }

    async fn only_so_many_of_one_program_may_wait(place: Place) {
        let desk = Desk::open(place).await;
        let program = desk.program(desk.shop, "orders:read").await;
        let mut open = Vec::new();
        for _ in 0..8 {
            let asking = program.ask(Method::GET, "/api/v1/facts?after=100000");
            open.push(asking.header("accept", "text/event-stream").open().await);
        }
        let refused = program.get("/api/v1/facts?after=100000&wait=30").await.expect_status(429);
        assert_eq!(refused.header("retry-after"), Some("5"));
        facts_of(&program, "after=100000").await;
        open.clear();
        let asking = program.ask(Method::GET, "/api/v1/facts?after=100000");
        assert_eq!(asking.header("accept", "text/event-stream").open().await.status, 200);
    }
}

/// The id and the data of an event as it goes over the wire.
fn event(text: &str) -> (i64, Value) {
    let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
    let id = line("id:").parse().unwrap_or_default();
    (id, serde_json::from_str(line("data:")).expect("JSON"))
}
