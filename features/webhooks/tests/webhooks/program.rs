use serde_json::Value;
use takt_testing::on_both_engines;

use crate::desk::Desk;

on_both_engines! {
    async fn every_statement_is_understood_and_everything_fits(place: Place) {
        let desk = Desk::open(place).await;
        assert_eq!(desk.app.db.unpreparable_statements().await.expect("a database"), Vec::<String>::new());
        assert_eq!(desk.app.wiring.problems(), Vec::<String>::new());
    }

    async fn the_api_describes_the_log(place: Place) {
        let desk = Desk::open(place).await;
        let api: Value = desk.app.get("/api/openapi.json").await.expect_status(200).json();
        let get = &api["paths"]["/api/v1/facts"]["get"];
        for media in ["application/json", "text/event-stream"] {
            assert!(get["responses"]["200"]["content"][media].is_object(), "{media} in {get}");
        }
        for status in ["401", "403", "422", "429"] {
            assert!(get["responses"][status].is_object(), "{status} in {get}");
        }
    }
}
