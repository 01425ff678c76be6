use std::{collections::BTreeSet, sync::Arc};

use http::Method;
use serde_json::{Value, json};
use takt_gateway::DraftId;
use takt_store::{Query, params, sql};
use takt_testing::{Client, on_both_engines};

use super::desk::{Desk, ORDERS, company, named, order, shop};

const DRAFTS: &str = "/api/v1/drafts";
const DAY: i64 = 24 * 3600;

fn tea(quantity: &str) -> Value {
    json!({ "sku": "TEA-100", "name": "Чай", "quantity": quantity, "price": "199.50", "vat": "22", "gift": true })
}

/// Starts a draft; answers its address.
async fn started(client: &Client) -> String {
    let answer = client.post_json(DRAFTS, &json!({})).await.expect_status(201);
    answer.location().to_owned()
}

async fn full(client: &Client) -> String {
    let draft = started(client).await;
    client.post_json(&format!("{draft}/lines"), &tea("2")).await.expect_status(201);
    draft
}

async fn put(client: &Client, path: &str, body: &Value) -> Value {
    client.ask(Method::PUT, path).json(body).send().await.expect_status(200).json()
}

async fn drafts_kept(desk: &Desk) -> i64 {
    desk.app
        .read(|reader| reader.one(sql!("select count(*) as kept from gateway_draft"), params![])?.get("kept"))
        .await
}

on_both_engines! {
    async fn a_buyer_fills_a_basket_and_places_it(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let draft = started(&client).await;
        for quantity in ["1", "2", "3"] {
            client.post_json(&format!("{draft}/lines"), &tea(quantity)).await.expect_status(201);
        }
        put(&client, &format!("{draft}/customer"), &json!({ "name": "Анна", "phone": "8 (912) 345-67-89" })).await;
        let body = put(&client, &format!("{draft}/delivery"), &json!({ "method": "courier", "price": "300" })).await;
        assert_eq!(body["totals"]["total"], "1497.00", "{body}");
        assert_eq!((&body["lines"][2]["id"], &body["lines"][2]["total"]), (&json!(3), &json!("598.50")));
        assert_eq!((&body["version"], &body["order"]), (&json!(6), &Value::Null));
        assert_eq!(desk.placed().await, 0, "until it is placed nothing has happened");
        let answer = client.ask(Method::POST, &format!("{draft}/place")).send().await.expect_status(201);
        let order: Value = answer.json();
        assert_eq!(answer.location(), format!("{ORDERS}/{}", order["id"]));
        assert_eq!((&order["total"], &order["customer"]["phone"]), (&json!("1497.00"), &json!("+79123456789")));
        assert_eq!((&order["lines"][0]["known"], &order["lines"][0]["extra"]), (&json!(true), &json!({ "gift": true })));
        let read: Value = client.get(answer.location()).await.expect_status(200).json();
        assert_eq!(read, order);
        let left: Value = client.get(&draft).await.expect_status(200).json();
        assert_eq!((&left["order"], &left["customer"], &left["lines"]), (&order["id"], &Value::Null, &json!([])));
    }

    async fn the_same_as_sending_the_order_at_once(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let whole = order("1001");
        let draft: Value = client.post_json(DRAFTS, &whole).await.expect_status(201).json();
        let path = format!("{DRAFTS}/{}/place", draft["id"]);
        let placed: Value = client.ask(Method::POST, &path).send().await.expect_status(201).json();
        // The shop's own id is known by both ways in.
        let again: Value = client.post_json(ORDERS, &whole).await.expect_status(200).json();
        assert_eq!(again, placed);
    }

    async fn lines_are_changed_and_taken_out(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let draft = full(&client).await;
        let line = format!("{draft}/lines/1");
        let body: Value =
            client.ask(Method::PATCH, &line).json(&json!({ "quantity": "5", "gift": null })).send().await.expect_status(200).json();
        assert_eq!((&body["lines"][0]["quantity"], &body["lines"][0]["gift"]), (&json!("5"), &Value::Null));
        assert_eq!(body["lines"][0]["name"], "Чай");
        let body: Value = client.ask(Method::DELETE, &line).send().await.expect_status(200).json();
        assert_eq!((&body["lines"], &body["totals"]), (&json!([]), &Value::Null));
        client.ask(Method::DELETE, &line).send().await.expect_status(404);
        // A number is never given twice.
        let body: Value = client.post_json(&format!("{draft}/lines"), &tea("1")).await.json();
        assert_eq!(body["lines"][0]["id"], 2);
        let patch = json!({ "comment": "домофон 7", "lines": [tea("7"), tea("8")] });
        let body: Value = client.ask(Method::PATCH, &draft).json(&patch).send().await.expect_status(200).json();
        assert_eq!((&body["comment"], body["lines"].as_array().map(Vec::len)), (&json!("домофон 7"), Some(2)));
        let body: Value = client.ask(Method::PATCH, &draft).json(&json!({ "comment": null })).send().await.json();
        assert_eq!((&body["comment"], &body["lines"][1]["quantity"]), (&Value::Null, &json!("8")));
    }

    async fn what_makes_no_sense_is_refused_by_its_own_name(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let draft = started(&client).await;
        let lines = format!("{draft}/lines");
        for (method, path, body, expected) in [
            (Method::POST, &lines, json!({ "name": "Чай", "quantity": "-1", "price": "x" }), vec!["quantity", "price"]),
            (Method::POST, &lines, json!([]), vec![""]),
            (Method::POST, &lines, Value::Null, vec![""]),
            (Method::PATCH, &format!("{lines}/1"), Value::Null, vec![""]),
            (Method::PUT, &format!("{draft}/customer"), Value::Null, vec![""]),
            (Method::PUT, &format!("{draft}/delivery"), json!("courier"), vec![""]),
            (Method::PATCH, &draft, Value::Null, vec![""]),
            (Method::PATCH, &draft, json!([]), vec![""]),
            (Method::PUT, &format!("{draft}/customer"), json!({ "name": "я".repeat(501) }), vec!["name"]),
            (Method::PUT, &format!("{draft}/delivery"), json!({ "price": "-5" }), vec!["price"]),
            (Method::PATCH, &draft, json!({ "terms": "later" }), vec!["terms"]),
            (Method::POST, &DRAFTS.to_owned(), json!({ "lines": [{ "quantity": "1", "price": "1" }] }), vec!["lines[0].name"]),
        ] {
            let problem: Value = client.ask(method, path).json(&body).send().await.expect_status(422).json();
            let first_words = |list: Vec<String>| list.iter().map(|one| one.split(' ').next().unwrap_or_default().to_owned()).collect::<BTreeSet<_>>();
            let fields = first_words(named(&problem));
            let wanted = first_words(expected.iter().map(|one| (*one).to_owned()).collect());
            assert_eq!(fields, wanted, "{body}: {problem}");
        }
        // What it still lacks is only asked for at the end, and nothing is lost by asking.
        let problem: Value = client.ask(Method::POST, &format!("{draft}/place")).send().await.expect_status(422).json();
        assert_eq!(named(&problem), ["lines orders.no_lines"]);
        client.post_json(&lines, &tea("1")).await.expect_status(201);
        let wide = json!({ "name": "Чай", "quantity": "1", "price": "1", "note": "я".repeat(16_000) });
        let mut sizes = BTreeSet::new();
        for _ in 0..10 {
            sizes.insert(client.post_json(&lines, &wide).await.status.as_u16());
        }
        assert_eq!(sizes, [201, 422].into(), "a draft has a size");
        client.ask(Method::POST, &format!("{draft}/place")).send().await.expect_status(201);
    }

    async fn a_stale_change_is_refused_when_its_sender_asks_for_that(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let draft = full(&client).await;
        let add = |version: &'static str| client.ask(Method::POST, &format!("{draft}/lines")).header("if-match", version).json(&tea("1"));
        add("\"1\"").send().await.expect_status(412);
        assert_eq!(add("\"2\"").send().await.expect_status(201).header("etag"), Some("\"3\""));
        let place = client.ask(Method::POST, &format!("{draft}/place")).header("if-match", "\"2\"");
        place.send().await.expect_status(412);
        assert_eq!(desk.placed().await, 0);
    }

    async fn placed_by_twenty_at_once_it_is_one_order(place: Place) {
        let desk = Desk::open(place).await;
        let client = Arc::new(desk.writer().await);
        let draft = full(&client).await;
        let placing: Vec<_> = (0..20)
            .map(|_| {
                let (client, path) = (client.clone(), format!("{draft}/place"));
                tokio::spawn(async move { client.ask(Method::POST, &path).send().await })
            })
            .collect();
        let (mut created, mut orders) = (0, BTreeSet::new());
        for one in placing {
            let answer = one.await.expect("no panic");
            created += u16::from(answer.status == http::StatusCode::CREATED);
            orders.insert(answer.json::<Value>()["id"].to_string());
        }
        assert_eq!((created, orders.len(), desk.placed().await), (1, 1, 1));
    }

    async fn what_is_added_while_it_is_placed_is_in_the_order_or_refused(place: Place) {
        let desk = Desk::open(place).await;
        let client = Arc::new(desk.writer().await);
        for _ in 0..5 {
            let draft = full(&client).await;
            let adding: Vec<_> = (0..6)
                .map(|_| {
                    let (client, path) = (client.clone(), format!("{draft}/lines"));
                    tokio::spawn(async move { client.post_json(&path, &tea("1")).await.status.as_u16() })
                })
                .collect();
            let path = format!("{draft}/place");
            let order: Value = client.ask(Method::POST, &path).send().await.expect_status(201).json();
            let mut added = 0;
            for one in adding {
                match one.await.expect("no panic") {
                    201 => added += 1,
                    status => assert_eq!(status, 409),
                }
            }
            assert_eq!(order["lines"].as_array().map(Vec::len), Some(1 + added));
        }
    }

    async fn a_draft_belongs_to_one_shop_and_asks_for_scopes(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let draft = full(&client).await;
        let stranger = company(&desk.app, "Чужая").await;
        let strange_shop = shop(&desk.app, stranger, "Чужой").await;
        let others = [
            desk.program(desk.company, desk.other_shop, "orders:write,orders:read").await,
            desk.program(stranger, strange_shop, "orders:write,orders:read").await,
        ];
        for other in &others {
            other.get(&draft).await.expect_status(404);
            other.post_json(&format!("{draft}/lines"), &tea("1")).await.expect_status(404);
            other.ask(Method::DELETE, &format!("{draft}/lines/1")).send().await.expect_status(404);
            other.ask(Method::PUT, &format!("{draft}/customer")).json(&json!({})).send().await.expect_status(404);
            other.ask(Method::POST, &format!("{draft}/place")).send().await.expect_status(404);
            other.ask(Method::DELETE, &draft).send().await.expect_status(404);
            assert_eq!(other.get(DRAFTS).await.json::<Value>()["items"], json!([]));
        }
        let reader = desk.program(desk.company, desk.shop, "orders:read").await;
        reader.get(&draft).await.expect_status(200);
        reader.post_json(&format!("{draft}/lines"), &tea("1")).await.expect_status(403);
        reader.ask(Method::POST, &format!("{draft}/place")).send().await.expect_status(403);
        let writer = desk.program(desk.company, desk.shop, "orders:write").await;
        writer.get(&draft).await.expect_status(403);
    }

    async fn drafts_are_listed_page_by_page_and_deleted(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let mut made = Vec::new();
        for _ in 0..5 {
            made.push(full(&client).await);
        }
        let (mut seen, mut path) = (Vec::new(), format!("{DRAFTS}?limit=2"));
        loop {
            let page: Value = client.get(&path).await.expect_status(200).json();
            seen.extend(page["items"].as_array().into_iter().flatten().map(|one| format!("{DRAFTS}/{}", one["id"])));
            match page["next_cursor"].as_str() {
                Some(cursor) => path = format!("{DRAFTS}?limit=2&cursor={cursor}"),
                None => break,
            }
        }
        made.reverse();
        assert_eq!(seen, made);
        client.get(&format!("{DRAFTS}?cursor=x")).await.expect_status(422);
        client.ask(Method::DELETE, &made[0]).send().await.expect_status(204);
        client.get(&made[0]).await.expect_status(404);
        assert_eq!(drafts_kept(&desk).await, 4);
    }

    async fn drafts_that_nobody_touches_are_forgotten(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let (left, touched, placed) = (full(&client).await, full(&client).await, full(&client).await);
        client.ask(Method::POST, &format!("{placed}/place")).send().await.expect_status(201);
        let neighbour = desk.program(desk.company, desk.other_shop, "orders:write,orders:read").await;
        full(&neighbour).await;
        let path = format!("{placed}/place");
        for day in 1..=33 {
            desk.app.advance(DAY).await;
            match day {
                6 => drop(client.ask(Method::POST, &path).send().await.expect_status(200)),
                10 => drop(client.get(&placed).await.expect_status(404)),
                20 => drop(client.post_json(&format!("{touched}/lines"), &tea("1")).await.expect_status(201)),
                29 => drop(client.get(&left).await.expect_status(200)),
                _ => {}
            }
        }
        client.get(&left).await.expect_status(404);
        client.get(&touched).await.expect_status(200);
        assert_eq!(drafts_kept(&desk).await, 1, "the neighbour's is forgotten too");
    }

    async fn thousands_of_old_drafts_go_in_small_batches(place: Place) {
        let desk = Desk::open(place).await;
        let (company, shop, other) = (desk.company, desk.shop, desk.other_shop);
        let client = desk.writer().await;
        full(&client).await;
        desk.app
            .write(move |tx| {
                for count in 0..1_300_i64 {
                    let id: DraftId = tx.new_id();
                    tx.put(
                        sql!(
                            "insert into gateway_draft (company_id, shop_id, id, content, version, created_at, touched_at)
                             select company_id, :shop_id, :id, content, version, created_at, touched_at
                             from gateway_draft
                             where company_id = :company_id and version = 2
                             order by id
                             limit 1"
                        ),
                        params![company_id: company, shop_id: if count % 3 == 0 { other } else { shop }, id: id],
                    )?;
                }
                Ok(())
            })
            .await;
        assert_eq!(drafts_kept(&desk).await, 1_301);
        for _ in 0..32 {
            desk.app.advance(DAY).await;
        }
        // Each batch leaves the next to a timer of its own.
        for _ in 0..8 {
            desk.app.advance(2).await;
        }
        assert_eq!(drafts_kept(&desk).await, 0);
    }

    async fn the_api_describes_drafts_as_they_are(place: Place) {
        let desk = Desk::open(place).await;
        let api: Value = desk.app.get("/api/openapi.json").await.expect_status(200).json();
        let client = desk.writer().await;
        let body: Value = client.get(&full(&client).await).await.json();
        let described = &api["components"]["schemas"]["DraftBody"]["properties"];
        let names = |value: &Value| value.as_object().map(|fields| fields.keys().cloned().collect::<BTreeSet<_>>());
        assert_eq!(names(described), names(&body));
        for (path, method) in [
            ("", "get"), ("", "post"), ("/{id}", "get"), ("/{id}", "patch"), ("/{id}", "delete"), ("/{id}/lines", "post"),
            ("/{id}/lines/{line}", "patch"), ("/{id}/lines/{line}", "delete"), ("/{id}/customer", "put"),
            ("/{id}/delivery", "put"), ("/{id}/place", "post"),
        ] {
            assert!(api["paths"][format!("{DRAFTS}{path}")][method].is_object(), "{method} {path}");
        }
    }
}
