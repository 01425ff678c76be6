use http::Method;
use serde_json::{Value, json};

use crate::desk::Desk;

takt_testing::on_both_engines! {
    async fn a_program_sets_and_reads_levels(place: Place) {
        let desk = Desk::open(place).await;
        let program = desk.program("stock:write,stock:read").await;
        let body = json!([{ "sku": "TEA-100", "quantity": "12" }, { "sku": "CUP-7", "quantity": "1.5" }]);
        let put = || async { program.ask(Method::PUT, "/api/v1/stock").json(&body).send().await.expect_status(200).json::<Value>() };
        assert_eq!(put().await, json!({ "changed": 2, "same": 0, "older": 0 }));
        assert_eq!(put().await, json!({ "changed": 0, "same": 2, "older": 0 }));
        desk.order("1", &[("TEA-100", 2)]).await;
        let list: Value = program.get("/api/v1/stock?sku=TEA-100").await.expect_status(200).json();
        let tea = &list["items"][0];
        assert_eq!((&tea["on_hand"], &tea["held"], &tea["free"]), (&json!("12"), &json!("2"), &json!("10")));
        let all: Value = program.get("/api/v1/stock?limit=1").await.expect_status(200).json();
        assert_eq!(all["items"][0]["sku"], "CUP-7");
        let next = format!("/api/v1/stock?limit=1&cursor={}", all["next_cursor"].as_str().unwrap_or_default());
        let rest: Value = program.get(&next).await.expect_status(200).json();
        assert_eq!((&rest["items"][0]["sku"], &rest["next_cursor"]), (&json!("TEA-100"), &Value::Null));
    }

    async fn half_a_list_changes_nothing_and_everything_wrong_is_named(place: Place) {
        let desk = Desk::open(place).await;
        let program = desk.program("stock:write").await;
        let body = json!([
            { "sku": "TEA-100", "quantity": "12" },
            { "sku": "NONE", "quantity": "-1" },
            { "sku": "CUP-7", "warehouse": "Луна", "quantity": "x" },
        ]);
        let answer = program.ask(Method::PUT, "/api/v1/stock").json(&body).send().await.expect_status(422);
        let problem: Value = answer.json();
        let named: Vec<&str> = problem["errors"].as_array().expect("errors").iter().filter_map(|error| error["field"].as_str()).collect();
        assert_eq!(named, ["[1].sku", "[1].quantity", "[2].quantity", "[2].warehouse"]);
        assert_eq!(desk.level(desk.tea).await, "0/0");
        program.get("/api/v1/stock").await.expect_status(403);
    }
}
