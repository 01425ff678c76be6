use http::Method;
use serde_json::{Value, json};
use takt_testing::{Client, on_both_engines};

use crate::desk::{Desk, order};

async fn read(client: &Client, id: impl std::fmt::Display) -> Value {
    client.get(&format!("/api/v1/orders/{id}")).await.expect_status(200).json()
}

on_both_engines! {
    async fn a_shop_reads_its_orders(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("1001", 2)).await;
        let client = desk.program("orders:read").await;
        let answer = client.get(&format!("/api/v1/orders/{id}")).await.expect_status(200);
        assert_eq!(answer.header("etag"), Some("\"1\""));
        let body: Value = answer.json();
        assert_eq!(body["external_id"], "1001");
        assert_eq!((&body["stage"], &body["status"], &body["reserved"]), (&json!("new"), &json!("new"), &json!("none")));
        assert_eq!((&body["total"], &body["paid"], &body["currency"]), (&json!("200.00"), &json!("0.00"), &json!("RUB")));
        assert_eq!(body["lines"][0]["total"], "200.00");
        assert_eq!(body["customer"]["phone"], "+79123456789");
        for field in ["id", "number", "created_at", "updated_at", "version", "due_at", "holder", "terms", "totals", "delivery"] {
            assert!(body.get(field).is_some(), "{field}");
        }
        let typed: takt_orders::api::OrderBody = serde_json::from_value(body).expect("the described shape");
        assert_eq!(typed.shop, desk.shop.get());

        let page: Value = client.get("/api/v1/orders?stage=new&status=new&q=1001&limit=10").await.expect_status(200).json();
        assert_eq!((page["items"].as_array().map(Vec::len), &page["total"]), (Some(1), &json!({ "count": 1, "exact": true })));
        let problem: Value = client.get("/api/v1/orders?stage=done").await.expect_status(422).json();
        assert_eq!(problem["errors"][0]["field"], "stage");
        let problem: Value = client.get("/api/v1/orders?shop=tea").await.expect_status(422).json();
        assert_eq!(problem["errors"][0]["field"], "shop");
        client.get("/api/v1/orders/999").await.expect_status(404);
        client.get("/api/v1/orders/nonsense").await.expect_status(404);
        desk.app.client().get("/api/v1/orders").await.expect_status(401);
    }

    async fn another_shop_of_the_company_sees_nothing_of_it(place: Place) {
        let desk = Desk::open(place).await;
        let other = crate::desk::shop(&desk.app, desk.company, "Кофе").await;
        let company = desk.company;
        let foreign = desk.app.write(move |tx| crate::desk::place_body(tx, company, other, &order("1", 1))).await.id;
        let client = desk.program("orders:read,orders:write").await;
        client.get(&format!("/api/v1/orders/{foreign}")).await.expect_status(404);
        let page: Value = client.get("/api/v1/orders").await.expect_status(200).json();
        assert_eq!(page["total"]["count"], 0);
        let cancel = client.ask(Method::POST, &format!("/api/v1/orders/{foreign}/cancel")).header("if-match", "\"1\"");
        cancel.send().await.expect_status(404);
    }

    async fn changing_needs_the_version_that_was_read(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("1001", 2)).await;
        let path = format!("/api/v1/orders/{id}");
        let reader = desk.program("orders:read").await;
        reader.ask(Method::PATCH, &path).header("if-match", "\"1\"").json(&json!({ "comment": "x" })).send().await.expect_status(403);
        let client = desk.program("orders:write,orders:read").await;
        client.ask(Method::PATCH, &path).json(&json!({ "comment": "x" })).send().await.expect_status(428);
        let changed = client.ask(Method::PATCH, &path).header("if-match", "\"1\"").json(&json!({ "comment": "x" })).send().await.expect_status(200);
        assert_eq!(changed.header("etag"), Some("\"2\""));
        client.ask(Method::PATCH, &path).header("if-match", "\"1\"").json(&json!({ "comment": "y" })).send().await.expect_status(412);
        let bad = client.ask(Method::PATCH, &path).header("if-match", "\"2\"").json(&json!({ "lines": [{ "name": "a", "quantity": "-1", "price": "1" }] }));
        let problem: Value = bad.send().await.expect_status(422).json();
        assert_eq!(problem["errors"][0]["field"], "lines[0].quantity");
        assert_eq!(read(&client, id).await["comment"], "x");

        let cancel = format!("{path}/cancel");
        client.ask(Method::POST, &cancel).send().await.expect_status(428);
        client.ask(Method::POST, &cancel).header("if-match", "\"1\"").send().await.expect_status(412);
        let gone: Value = client.ask(Method::POST, &cancel).header("if-match", "\"2\"").json(&json!({ "reason": "дубль" })).send().await.expect_status(200).json();
        assert_eq!((&gone["stage"], &gone["cancel_reason"]), (&json!("cancel"), &json!("дубль")));
    }
}
