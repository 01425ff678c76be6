//! Nothing is lost and nothing doubled, whatever the line between a shop and us does.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::{Value, json};
use takt_testing::on_both_engines;

use super::shop::{Desk, order};

const ORDERS: usize = 8;
const SEEDS: [u64; 3] = [20_261_122, 7, 42];

/// What a shop sends of one order, in the order in which it means it: born, then changed twice.
fn life(number: usize) -> Vec<(bool, Value)> {
    let mut order = order(&number.to_string());
    order["customer"] = json!({ "externalId": format!("c{number}") });
    order["phone"] = json!(format!("+7900123{number:04}"));
    order["email"] = json!(format!("buyer{number}@example.com"));
    let mut told = vec![(true, order.clone())];
    order["status"] = json!("new");
    told.push((false, order.clone()));
    order["items"][0]["quantity"] = json!("3");
    told.push((false, order));
    told
}

on_both_engines! {
    async fn messages_that_come_ten_times_and_late_place_each_order_once(place: Place) {
        let desk = Desk::open(place).await;
        let mut expected = 0;
        for seed in SEEDS {
            let mut chance = StdRng::seed_from_u64(seed);
            let base = usize::try_from(seed % 1000).expect("small") * 100;
            let mut all: Vec<(usize, bool, Value)> = Vec::new();
            for number in 0..ORDERS {
                for (creates, body) in life(base + number) {
                    let times = chance.random_range(1..=10);
                    all.extend(std::iter::repeat_n((base + number, creates, body), times));
                }
            }
            all.shuffle(&mut chance);
            for (number, creates, body) in all {
                let answer = if creates {
                    desk.module.create(&body).await
                } else {
                    desk.module.edit(&number.to_string(), &body).await
                };
                let known = answer.body["errorMsg"] == "Order already exists.";
                assert!(answer.status < 300 || known, "seed {seed}: {} {}", answer.status, answer.body);
            }
            // The shop's last word is repeated once more, as a later change of anything would do.
            for number in base..base + ORDERS {
                let (_, last) = life(number).pop().expect("three");
                desk.module.edit(&number.to_string(), &last).await.expect(200);
            }
            desk.app.drain().await;
            expected += ORDERS;
            assert_eq!(desk.placed().await, expected, "seed {seed}");
            let list = desk.module.get("orders?limit=250").await.expect(200);
            let mut quantities: BTreeMap<String, Value> = BTreeMap::new();
            for order in list["orders"].as_array().expect("a list") {
                let external_id = order["externalId"].as_str().expect("known to the shop").to_owned();
                assert!(quantities.insert(external_id, order["items"][0]["quantity"].clone()).is_none(), "seed {seed}: twice");
            }
            assert!(quantities.values().all(|quantity| *quantity == json!(3)), "seed {seed}: {quantities:?}");
        }
    }

    async fn a_shop_that_reads_the_history_knows_every_order(place: Place) {
        let desk = Desk::open(place).await;
        let mut chance = StdRng::seed_from_u64(20_261_122);
        let (mut since, mut known) = (0_i64, BTreeMap::<i64, String>::new());
        for number in 0..30 {
            let body = desk.module.create(&order(&number.to_string())).await.expect(201);
            if chance.random_bool(0.5) {
                let edit = json!({ "status": "to_confirm" });
                desk.module.edit(&number.to_string(), &edit).await.expect(200);
            }
            assert!(body["id"].is_i64());
            if chance.random_bool(0.3) {
                desk.app.drain().await;
                let page = desk.module.get(&format!("orders/history?filter[sinceId]={since}&limit=20")).await.expect(200);
                for row in page["history"].as_array().expect("a list") {
                    let id = row["id"].as_i64().expect("a number");
                    assert!(id > since);
                    since = id;
                    if row["field"] == "status" {
                        let code = row["newValue"]["code"].as_str().expect("a code").to_owned();
                        known.insert(row["order"]["id"].as_i64().expect("an id"), code);
                    }
                }
            }
        }
        desk.app.drain().await;
        loop {
            let page = desk.module.get(&format!("orders/history?filter[sinceId]={since}&limit=20")).await.expect(200);
            let rows = page["history"].as_array().cloned().expect("a list");
            if rows.is_empty() {
                break;
            }
            for row in rows {
                since = row["id"].as_i64().expect("a number");
                if row["field"] == "status" {
                    known.insert(row["order"]["id"].as_i64().expect("an id"), row["newValue"]["code"].as_str().expect("a code").to_owned());
                }
            }
        }
        let list = desk.module.get("orders?limit=250").await.expect(200);
        let truth: BTreeMap<i64, String> = list["orders"].as_array().expect("a list").iter()
            .map(|order| (order["id"].as_i64().expect("an id"), order["status"].as_str().expect("a code").to_owned())).collect();
        assert_eq!(known, truth);
    }
}
