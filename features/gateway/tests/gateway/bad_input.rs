use http::Method;
use proptest::{
    prelude::{Just, Strategy, any, prop, prop_oneof},
    strategy::ValueTree,
    test_runner::TestRunner,
};
use serde_json::{Value, json};
use takt_testing::on_both_engines;

use super::desk::{Desk, ORDERS, named, order, with};

/// Where in the order, what is put there, which fields are named for it.
fn nonsense() -> Vec<(&'static str, Value, Vec<&'static str>)> {
    let long = "x".repeat(5_000);
    vec![
        ("/currency", json!("RUR"), vec!["currency currency.unknown"]),
        ("/currency", json!(643), vec!["currency currency.unknown"]),
        ("/currency", json!("EUR"), vec!["currency orders.not_the_shops_currency"]),
        ("/lines", json!([]), vec!["lines orders.no_lines"]),
        ("/lines", json!({}), vec!["lines orders.not_a_list"]),
        ("/lines", Value::Null, vec!["lines orders.no_lines"]),
        (
            "/lines/0",
            json!("TEA-100"),
            vec![
                "lines[0] orders.not_an_object",
                "lines[0].quantity orders.empty",
                "lines[0].price orders.empty",
                "lines[0].name orders.empty",
            ],
        ),
        ("/lines/0/quantity", json!("-2"), vec!["lines[0].quantity orders.quantity_not_positive"]),
        ("/lines/0/quantity", json!(-2), vec!["lines[0].quantity orders.quantity_not_positive"]),
        ("/lines/0/quantity", json!("0"), vec!["lines[0].quantity orders.quantity_not_positive"]),
        ("/lines/0/quantity", json!("two"), vec!["lines[0].quantity money.malformed"]),
        ("/lines/0/quantity", json!("1.0001"), vec!["lines[0].quantity money.too_precise"]),
        ("/external_id", json!(" "), vec!["external_id orders.empty"]),
        ("/lines/0/quantity", json!(1.5), vec!["lines[0].quantity orders.fraction_as_number"]),
        ("/lines/0/quantity", json!(true), vec!["lines[0].quantity orders.not_a_text"]),
        ("/lines/0/quantity", Value::Null, vec!["lines[0].quantity orders.empty"]),
        ("/lines/0/quantity", json!("99999999999999999999"), vec!["lines[0].quantity money.overflow"]),
        ("/lines/0/quantity", json!("9000000000000000"), vec!["lines[0].price money.overflow"]),
        ("/lines/0/price", json!("-1"), vec!["lines[0].price orders.negative"]),
        ("/lines/0/price", json!(199.5), vec!["lines[0].price orders.fraction_as_number"]),
        ("/lines/0/price", json!("1.00001"), vec!["lines[0].price money.too_precise"]),
        ("/lines/0/price", json!([1]), vec!["lines[0].price orders.not_a_text"]),
        ("/lines/0/discount", json!("-1"), vec!["lines[0].discount orders.negative"]),
        ("/lines/0/discount", json!("1000"), vec!["lines[0].discount orders.discount_too_large"]),
        ("/lines/0/discount", json!("0.001"), vec!["lines[0].discount money.too_precise"]),
        ("/lines/0/vat", json!("much"), vec!["lines[0].vat vat.malformed"]),
        ("/lines/0/name", json!(long), vec!["lines[0].name orders.too_long"]),
        ("/lines/0/sku", json!({}), vec!["lines[0].sku orders.not_a_text"]),
        ("/lines/0/sku", json!("a\u{0}b"), vec!["lines[0].sku orders.not_a_text"]),
        ("/customer", json!([]), vec!["customer orders.not_an_object"]),
        ("/customer/email", json!("a at example"), vec!["customer.email customers.email_malformed"]),
        ("/customer/name", json!(false), vec!["customer.name orders.not_a_text"]),
        ("/delivery", json!("courier"), vec!["delivery orders.not_an_object"]),
        ("/delivery/price", json!("-300"), vec!["delivery.price orders.negative"]),
        ("/delivery/price", json!("free"), vec!["delivery.price money.malformed"]),
        ("/delivery/address", json!(long), vec!["delivery.address orders.too_long"]),
        ("/comment", json!(long), vec!["comment orders.too_long"]),
        ("/external_id", json!("x".repeat(200)), vec!["external_id orders.too_long"]),
        ("/external_id", json!([]), vec!["external_id orders.not_a_text"]),
        ("/total", json!("1.00"), vec!["total orders.total_differs"]),
        ("/total", json!(699.5), vec!["total orders.fraction_as_number"]),
        ("/terms", json!("later"), vec!["terms orders.terms_unknown"]),
        ("/terms", json!("credit"), vec!["credit_days orders.credit_days"]),
        ("/lang", json!("de"), vec!["lang lang.unknown"]),
        ("/number", json!("9".repeat(200)), vec!["number orders.too_long"]),
        ("/discount", json!("1000"), vec!["discount orders.discount_too_large"]),
        ("/unknown", json!("y".repeat(40_000)), vec!["extra orders.extra_too_large"]),
    ]
}

on_both_engines! {
    async fn every_field_that_makes_no_sense_is_named_and_nothing_is_stored(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        for (pointer, value, expected) in nonsense() {
            let mut body = order("1001");
            for name in ["total", "terms", "lang", "number", "discount", "unknown"] {
                body[name] = Value::Null;
            }
            let body = with(body, pointer, value);
            let answer = client.post_json(ORDERS, &body).await;
            assert_eq!(answer.status, 422, "{pointer}: {}", answer.text());
            assert_eq!(answer.header("content-type"), Some("application/problem+json"));
            let problem: Value = answer.json();
            assert_eq!(named(&problem), expected, "{pointer} of {body}");
            for error in problem["errors"].as_array().into_iter().flatten() {
                let detail = error["detail"].as_str().unwrap_or_default();
                assert!(!detail.is_empty() && !detail.contains("not what is needed"), "a text for {error}");
            }
        }
        assert_eq!((desk.placed().await, desk.app.facts_named("customers.appeared").await), (0, 0));
    }

    async fn everything_that_is_wrong_is_said_at_once(place: Place) {
        let desk = Desk::open(place).await;
        let body = json!({
            "currency": "RUB",
            "terms": "later",
            "customer": { "email": "anna" },
            "lines": [
                { "sku": "TEA-100", "quantity": "-2", "price": "10" },
                { "sku": "TEA-100", "quantity": "1", "price": "ten", "discount": "5" },
            ],
            "delivery": { "price": "-1" },
            "total": "1",
        });
        let problem: Value = desk.writer().await.post_json(ORDERS, &body).await.expect_status(422).json();
        let mut errors = named(&problem);
        errors.sort();
        assert_eq!(errors, [
            "customer.email customers.email_malformed",
            "delivery.price orders.negative",
            "lines[0].quantity orders.quantity_not_positive",
            "lines[1].price money.malformed",
            "terms orders.terms_unknown",
        ]);
    }

    async fn what_is_no_json_is_refused_with_its_place(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let send = async |media: &str, body: Vec<u8>| client.ask(Method::POST, ORDERS).body(media, body).send().await;
        for (body, line, column) in [("", 1, 0), ("{\"lines\": [}", 1, 12), ("{\n\n  nonsense\n}", 3, 3), ("{} {}", 1, 4), ("{\"a\": 1e999}", 1, 11)] {
            let answer = send("application/json", body.as_bytes().to_vec()).await;
            let problem: Value = answer.expect_status(422).json();
            assert_eq!(problem["code"], "web.json_malformed", "{body}");
            let detail = problem["detail"].as_str().unwrap_or_default();
            assert!(detail.contains(&format!("line {line}, column {column}")), "{body}: {detail}");
        }
        send("application/json", vec![b'{', b'"', 0xff, b'"', b':', b'1', b'}']).await.expect_status(422);
        send("application/json", "[".repeat(100_000).into_bytes()).await.expect_status(422);
        send("application/json", b"[]".to_vec()).await.expect_status(422);
        send("application/json", b"null".to_vec()).await.expect_status(422);
        let form: Value = send("application/x-www-form-urlencoded", b"a=1".to_vec()).await.expect_status(415).json();
        assert_eq!(form["code"], "web.unsupported_media");
        let large = serde_json::to_vec(&with(order("1"), "/comment", json!("x".repeat(1_100_000)))).expect("JSON");
        let problem: Value = send("application/json", large).await.expect_status(413).json();
        assert_eq!(problem["code"], "web.too_large");
        let many: Vec<Value> = (0..=takt_orders::MOST_LINES).map(|_| json!({ "name": "a", "quantity": "1", "price": "1" })).collect();
        let problem: Value = client.post_json(ORDERS, &with(order("1"), "/lines", json!(many))).await.expect_status(422).json();
        assert_eq!(named(&problem), ["lines orders.too_many_lines"]);
        assert_eq!(desk.placed().await, 0);
    }

    async fn whatever_is_sent_is_never_our_own_error(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.writer().await;
        let mut runner = TestRunner::deterministic();
        let changes = prop::collection::vec((any::<prop::sample::Index>(), anything(), any::<bool>()), 1..3);
        let mut taken = 0;
        for round in 0..ROUNDS {
            let changes = changes.new_tree(&mut runner).expect("changes").current();
            let mut body = full_order(&format!("r{}", round % 300));
            for (place, value, inside) in changes {
                let pointers = pointers(&body);
                let pointer = place.get(&pointers);
                match body.pointer_mut(pointer) {
                    Some(Value::Object(fields)) if inside => drop(fields.insert("новое".to_owned(), value)),
                    Some(found) => *found = value,
                    None => {}
                }
            }
            let answer = client.post_json(ORDERS, &body).await;
            let status = answer.status.as_u16();
            assert!([200, 201, 409, 422].contains(&status), "{status} {} for {body}", answer.text());
            let told: Value = answer.json();
            if status == 422 {
                assert!(told["code"].is_string(), "{told}");
            } else if status != 409 {
                taken += 1;
                client.get(&format!("{ORDERS}/{}", told["id"])).await.expect_status(200);
            }
        }
        assert!(taken > ROUNDS / 20, "{taken} of {ROUNDS} were orders at all");
        client.get(&format!("{ORDERS}?limit=200")).await.expect_status(200);
        desk.app.drain().await;
    }
}

const ROUNDS: usize = 400;

fn full_order(external_id: &str) -> Value {
    let mut body = order(external_id);
    for (name, value) in [
        ("number", json!("7")),
        ("terms", json!("credit")),
        ("credit_days", json!("7")),
        ("lang", json!("ru")),
        ("discount", json!("1")),
        ("total", Value::Null),
        ("utm", json!({ "a": [1] })),
    ] {
        body[name] = value;
    }
    body
}

/// Every place in a document.
fn pointers(value: &Value) -> Vec<String> {
    let mut all = vec![String::new()];
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, inner)| (name.clone(), inner)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, inner)| (index.to_string(), inner)).collect()
        }
        _ => Vec::new(),
    };
    for (name, inner) in inner {
        all.extend(
            pointers(inner)
                .into_iter()
                .map(|rest| format!("/{}{rest}", name.replace('~', "~0").replace('/', "~1"))),
        );
    }
    all
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[-+]?[0-9]{0,20}[.,]?[0-9]{0,6}".prop_map(Value::from),
        prop::sample::select(vec![
            "",
            " ",
            "\u{0}",
            "0",
            "-0",
            "9223372036854775807",
            "922337203685477.5807",
            "0.0001",
            "RUB",
            "JPY",
            "BTC",
            "none",
            "100",
            "99.99",
            "credit",
            "en",
            "+7",
            "ext",
            "8 800 555-35-35",
            "a@b",
            "😀",
            "\u{202e}",
            "%s",
            "'; --",
        ])
        .prop_map(Value::from),
        Just(Value::from("9".repeat(400))),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-zа-я_\u{0}]{0,8}", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}
