use serde_json::Value;
use takt_testing::on_both_engines;

use super::desk::{Desk, order};

on_both_engines! {
    async fn every_statement_is_understood_and_everything_fits(place: Place) {
        let desk = Desk::open(place).await;
        assert_eq!(desk.app.db.unpreparable_statements().await.expect("a database"), Vec::<String>::new());
        assert_eq!(desk.app.wiring.problems(), Vec::<String>::new());
    }

    async fn the_api_describes_how_orders_come_in(place: Place) {
        let desk = Desk::open(place).await;
        let api: Value = desk.app.get("/api/openapi.json").await.expect_status(200).json();
        let post = &api["paths"]["/api/v1/orders"]["post"];
        assert!(api["paths"]["/api/v1/orders"]["get"].is_object(), "reading stays described");
        let content = &post["requestBody"]["content"]["application/json"];
        assert_eq!(content["example"], order("1001"));
        assert_eq!(content["schema"]["$ref"], "#/components/schemas/OrderInput");
        for status in ["200", "201", "401", "403", "409", "413", "415", "422", "429"] {
            assert!(post["responses"][status].is_object(), "{status} in {post}");
        }
        assert!(desk.app.get("/api/docs").await.expect_status(200).text().contains("Idempotency-Key"));
    }
}
