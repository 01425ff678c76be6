use std::{collections::BTreeSet, sync::Arc};

use http::Method;
use serde_json::{Value, json};
use takt_testing::{Client, on_both_engines};

use super::desk::{Desk, ORDERS, named, order, send_with_key, with};

const AT_ONCE: usize = 20;

/// Everybody sends the same at once; answers how often each status came and which orders were named.
async fn race(client: Client, key: Option<&'static str>, body: Value) -> (Vec<u16>, BTreeSet<i64>) {
    let (client, body) = (Arc::new(client), Arc::new(body));
    let racing: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (client, body) = (client.clone(), body.clone());
            tokio::spawn(async move {
                match key {
                    Some(key) => send_with_key(&client, key, &body).await,
                    None => client.post_json(ORDERS, &*body).await,
                }
            })
        })
        .collect();
    let (mut statuses, mut orders) = (Vec::new(), BTreeSet::new());
    for one in racing {
        let answer = one.await.expect("no panic");
        statuses.push(answer.status.as_u16());
        let body: Value = answer.json();
        orders.insert(body["id"].as_i64().unwrap_or_else(|| unreachable!("an order in {body}")));
    }
    statuses.sort_unstable();
    (statuses, orders)
}

fn one_created() -> Vec<u16> {
    let mut statuses = vec![200; AT_ONCE - 1];
    statuses.push(201);
    statuses
}

on_both_engines! {
    async fn the_same_again_answers_with_the_order_as_it_is_now(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let first: Value = client.post_json(ORDERS, &order("1001")).await.expect_status(201).json();
        let path = format!("{ORDERS}/{}", first["id"]);
        let change = client.ask(Method::PATCH, &path).header("if-match", "\"1\"").json(&json!({ "comment": "домофон 7" }));
        change.send().await.expect_status(200);
        // The same order in other words: amounts, white space, the way a phone is written.
        let mut body = with(order("1001"), "/lines/0/price", json!("199.5"));
        body["customer"]["phone"] = json!("+7 912 345-67-89");
        body["customer"]["name"] = json!(" Покупатель ");
        body["lines"][0]["quantity"] = json!(2);
        let answer = client.post_json(ORDERS, &body).await.expect_status(200);
        assert_eq!((answer.location(), answer.header("etag")), (path.as_str(), Some("\"2\"")));
        let again: Value = answer.json();
        assert_eq!((&again["id"], &again["comment"]), (&first["id"], &json!("домофон 7")));
        let cancel = client.ask(Method::POST, &format!("{path}/cancel")).header("if-match", "\"2\"");
        cancel.send().await.expect_status(200);
        let gone: Value = client.post_json(ORDERS, &order("1001")).await.expect_status(200).json();
        assert_eq!(gone["stage"], "cancel");
        assert_eq!(desk.placed().await, 1);
        assert_eq!(desk.app.facts_named("customers.appeared").await, 1);
    }

    async fn other_content_under_the_same_id_is_a_conflict_that_names_the_fields(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let first: Value = client.post_json(ORDERS, &order("1001")).await.expect_status(201).json();
        let mut body = with(order("1001"), "/lines/0/quantity", json!("3"));
        body["delivery"]["address"] = json!("Казань, ул. Баумана, 2");
        body["gift"] = json!(true);
        let problem: Value = client.post_json(ORDERS, &body).await.expect_status(409).json();
        assert_eq!(problem["code"], "orders.differs");
        assert_eq!(
            named(&problem),
            ["delivery.address orders.field_differs", "gift orders.field_differs", "lines[0].quantity orders.field_differs"]
        );
        let kept: Value = client.get(&format!("{ORDERS}/{}", first["id"])).await.json();
        assert_eq!(kept, first);
    }

    async fn an_order_of_whom_only_the_name_is_known_makes_one_customer(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let body = with(order("1001"), "/customer", json!({ "name": "Анна", "phone": "12-34" }));
        client.post_json(ORDERS, &body).await.expect_status(201);
        client.post_json(ORDERS, &body).await.expect_status(200);
        assert_eq!(desk.app.facts_named("customers.appeared").await, 1);
    }

    async fn twenty_at_once_under_one_external_id_place_one_order(place: Place) {
        let desk = Desk::open(place).await;
        let (statuses, orders) = race(desk.writer().await, None, order("1001")).await;
        assert_eq!((statuses, orders.len()), (one_created(), 1));
        assert_eq!((desk.placed().await, desk.app.facts_named("customers.appeared").await), (1, 1));
    }

    async fn twenty_at_once_under_one_key_place_one_order(place: Place) {
        let desk = Desk::open(place).await;
        let body = with(order("x"), "/external_id", Value::Null);
        let (statuses, orders) = race(desk.writer().await, Some("key-1"), body).await;
        assert_eq!((statuses, orders.len()), (one_created(), 1));
        assert_eq!(desk.placed().await, 1);
    }

    async fn a_key_belongs_to_one_body_and_one_shop(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let body = with(order("x"), "/external_id", Value::Null);
        let first: Value = send_with_key(&client, "key-1", &body).await.expect_status(201).json();
        let again: Value = send_with_key(&client, "\"key-1\"", &body).await.expect_status(200).json();
        assert_eq!(again["id"], first["id"]);
        let other = with(body.clone(), "/comment", json!("другое"));
        let problem: Value = send_with_key(&client, "key-1", &other).await.expect_status(409).json();
        assert_eq!(problem["code"], "gateway.key_reused");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(&first["id"].to_string())), "{problem}");
        send_with_key(&client, "key-2", &body).await.expect_status(201);
        let neighbour = desk.program(desk.company, desk.other_shop, "orders:write").await;
        send_with_key(&neighbour, "key-1", &other).await.expect_status(201);
        // A key changes nothing about the external id.
        send_with_key(&client, "key-3", &order("1001")).await.expect_status(201);
        send_with_key(&client, "key-4", &order("1001")).await.expect_status(200);
        assert_eq!(desk.placed().await, 4);
    }

    async fn a_refused_request_leaves_its_key_free(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let wrong = with(order("1"), "/currency", json!("EUR"));
        send_with_key(&client, "key-1", &wrong).await.expect_status(422);
        send_with_key(&client, "key-1", &order("1")).await.expect_status(201);
        for key in ["", "with space", "ключ", &"k".repeat(201)] {
            let answer = client.ask(Method::POST, ORDERS);
            let mut answer = answer.json(&order("2"));
            answer = match http::HeaderValue::from_bytes(key.as_bytes()) {
                Ok(value) if value.to_str().is_ok() => answer.header("idempotency-key", key),
                _ => continue,
            };
            let problem: Value = answer.send().await.expect_status(422).json();
            assert_eq!(named(&problem), ["Idempotency-Key gateway.key_malformed"], "{key:?}");
        }
        assert_eq!(desk.placed().await, 1);
    }

    async fn a_key_is_forgotten_after_a_week(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let body = with(order("x"), "/external_id", Value::Null);
        send_with_key(&client, "key-1", &body).await.expect_status(201);
        for _ in 0..6 {
            desk.app.advance(24 * 3600).await;
        }
        send_with_key(&client, "key-1", &body).await.expect_status(200);
        for _ in 0..2 {
            desk.app.advance(24 * 3600).await;
        }
        send_with_key(&client, "key-1", &body).await.expect_status(201);
        assert_eq!(desk.placed().await, 2);
    }
}
