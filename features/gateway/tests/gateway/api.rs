use http::Method;
use serde_json::{Value, json};
use takt_testing::on_both_engines;

use super::desk::{Desk, ORDERS, company, named, order, shop, with};

on_both_engines! {
    async fn a_shop_reports_an_order(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let answer = client.post_json(ORDERS, &order("1001")).await.expect_status(201);
        let body: Value = answer.json();
        let path = format!("{ORDERS}/{}", body["id"]);
        assert_eq!((answer.location(), answer.header("etag")), (path.as_str(), Some("\"1\"")));
        for (field, expected) in [
            ("external_id", json!("1001")),
            ("stage", json!("new")),
            ("status", json!("new")),
            ("total", json!("699.00")),
            ("paid", json!("0.00")),
            ("reserved", json!("none")),
            ("terms", json!("prepaid")),
            ("lang", json!("ru")),
            ("source", json!("api")),
            ("comment", json!("позвонить")),
        ] {
            assert_eq!(body[field], expected, "{field}");
        }
        assert!(body["number"].is_string() && body["created_at"].is_string());
        assert_eq!(body["customer"]["phone"], "+79123456789");
        assert_eq!(body["customer"]["phone_given"], "8 (912) 345-67-89");
        assert!(body["customer"]["id"].is_number());
        assert_eq!(body["lines"][0]["known"], true);
        let read: Value = client.get(&path).await.expect_status(200).json();
        assert_eq!(read, body, "reading it answers the same");
    }

    async fn a_buyer_is_recognised_across_the_shops_of_the_company(place: Place) {
        let desk = Desk::open(place).await;
        let tea = desk.writer().await;
        let coffee = desk.program(desk.company, desk.other_shop, "orders:write").await;
        let first: Value = tea.post_json(ORDERS, &order("1")).await.expect_status(201).json();
        let second = with(order("1"), "/customer", json!({ "phone": "+7 912 345 67 89" }));
        let second: Value = coffee.post_json(ORDERS, &second).await.expect_status(201).json();
        assert_eq!(first["customer"]["id"], second["customer"]["id"]);
        assert_ne!(first["id"], second["id"], "each shop has ids of its own");
        let nobody = with(order("2"), "/customer", Value::Null);
        let nobody: Value = tea.post_json(ORDERS, &nobody).await.expect_status(201).json();
        assert_eq!(nobody["customer"]["id"], Value::Null);
    }

    async fn what_nobody_knows_is_kept_and_given_back(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let mut body = order("1001");
        body["utm"] = json!({ "source": "mail", "depth": [1, 2.5, null, true] });
        body["customer"]["loyalty"] = json!("gold");
        body["delivery"]["floor"] = json!(7);
        body["lines"][0]["gift_wrap"] = json!({ "colour": "красный" });
        body["lines"].as_array_mut().expect("lines").push(json!({
            "sku": "UNHEARD-OF", "quantity": 3, "price": 10, "vat": "none"
        }));
        let answer: Value = client.post_json(ORDERS, &body).await.expect_status(201).json();
        assert_eq!(answer["extra"]["utm"], body["utm"]);
        assert_eq!(answer["extra"]["customer"], json!({ "loyalty": "gold" }));
        assert_eq!(answer["extra"]["delivery"], json!({ "floor": 7 }));
        assert_eq!(answer["lines"][0]["extra"], json!({ "gift_wrap": { "colour": "красный" } }));
        let unknown = &answer["lines"][1];
        assert_eq!((&unknown["known"], &unknown["name"]), (&json!(false), &json!("UNHEARD-OF")));
        assert_eq!((&unknown["quantity"], &unknown["total"]), (&json!("3"), &json!("30.00")));
        assert_eq!(unknown["reserved"], "0");
        let again: Value = client.post_json(ORDERS, &body).await.expect_status(200).json();
        assert_eq!(again, answer);
    }

    async fn what_may_be_said_is_heard(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let mut body = order("1001");
        for (name, value) in [
            ("number", json!("WEB-77")),
            ("terms", json!("credit")),
            ("credit_days", json!(14)),
            ("lang", json!("en")),
            ("discount", json!("9")),
            ("total", json!("690.00")),
        ] {
            body[name] = value;
        }
        let answer: Value = client.post_json(ORDERS, &body).await.expect_status(201).json();
        assert_eq!((&answer["number"], &answer["terms"]), (&json!("WEB-77"), &json!("credit")));
        assert_eq!((&answer["credit_days"], &answer["lang"]), (&json!(14), &json!("en")));
        assert_eq!(answer["total"], "690.00");
        let least = json!({ "lines": [{ "name": "Открытка", "quantity": "1", "price": "5" }] });
        let least: Value = client.post_json(ORDERS, &least).await.expect_status(201).json();
        assert_eq!((&least["external_id"], &least["currency"]), (&Value::Null, &json!("RUB")));
    }

    async fn who_may_not_is_told_so_and_nothing_is_stored(place: Place) {
        let desk = Desk::open(place).await;
        let nobody = desk.app.client();
        let answer = nobody.post_json(ORDERS, &order("1")).await.expect_status(401);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        nobody.ask(Method::POST, ORDERS).header("authorization", "Bearer takt_nonsense").json(&order("1")).send().await.expect_status(401);
        let reader = desk.program(desk.company, desk.shop, "orders:read,catalog:write").await;
        let problem: Value = reader.post_json(ORDERS, &order("1")).await.expect_status(403).json();
        assert_eq!(problem["code"], "staff.scope_missing");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("orders:write")), "{problem}");
        // What is sent is not even read before.
        reader.ask(Method::POST, ORDERS).body("text/plain", "nonsense").send().await.expect_status(403);
        assert_eq!(desk.placed().await, 0);
    }

    async fn companies_do_not_meet(place: Place) {
        let desk = Desk::open(place).await;
        let strange = company(&desk.app, "Чужая").await;
        let strange_shop = shop(&desk.app, strange, "Чужой").await;
        let stranger = desk.program(strange, strange_shop, "orders:write,orders:read").await;
        let client = desk.writer().await;
        let ours: Value = client.post_json(ORDERS, &order("1")).await.expect_status(201).json();
        let body = with(order("1"), "/comment", json!("другое"));
        let theirs: Value = stranger.post_json(ORDERS, &body).await.expect_status(201).json();
        assert_ne!(ours["id"], theirs["id"]);
        assert_ne!(ours["customer"]["id"], theirs["customer"]["id"]);
        assert_eq!(theirs["lines"][0]["known"], false, "their catalogue is another one");
        stranger.get(&format!("{ORDERS}/{}", ours["id"])).await.expect_status(404);
        // The shop is the token's, whatever the body says.
        let mut told = order("2");
        told["shop"] = json!(desk.shop);
        let told: Value = stranger.post_json(ORDERS, &told).await.expect_status(201).json();
        assert_eq!(told["shop"], json!(strange_shop));
    }

    async fn a_program_gone_mad_is_slowed_down(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        while desk.app.web.limiter.take(&takt_gateway::RATE, &desk.shop.to_string()).is_ok() {}
        let refused = client.post_json(ORDERS, &order("1")).await.expect_status(429);
        assert!(refused.header("retry-after").is_some());
        let problem: Value = refused.json();
        assert_eq!((problem["code"].as_str(), named(&problem)), (Some("web.too_many_requests"), Vec::new()));
        desk.program(desk.company, desk.other_shop, "orders:write").await.post_json(ORDERS, &order("1")).await.expect_status(201);
    }
}
