use http::StatusCode;
use takt::wiring::{assemble, features, without_mail};
use takt_testing::{TestApp, on_both_engines};

#[test]
fn nothing_in_the_wiring_is_amiss() {
    assert_eq!(assemble(without_mail().expect("an address")).problems(), Vec::<String>::new());
}

#[test]
fn of_every_fact_it_is_decided_whether_programs_hear_it() {
    let wiring = assemble(without_mail().expect("an address"));
    let flow = wiring.flow_markdown();
    let facts: Vec<&str> = flow
        .split("\n## ")
        .find(|part| part.starts_with("Facts"))
        .expect("the facts")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    assert!(facts.len() > 60, "the document is written otherwise now");
    let open: Vec<&&str> = facts.iter().filter(|kind| !takt_webhooks::kinds::is_decided(kind)).collect();
    assert!(open.is_empty(), "say in features/webhooks/src/kinds.rs whether programs hear {open:?}");
    for published in takt_webhooks::kinds::PUBLISHED {
        assert!(facts.contains(&published.kind), "{} is said by nobody any more", published.kind);
    }
}

on_both_engines! {
    async fn every_statement_of_the_program_can_be_prepared(place: Place) {
        let app = TestApp::open(place, features(without_mail().expect("an address"))).await;
        let failed = app.db.unpreparable_statements().await.expect("an answer");
        assert_eq!(failed, Vec::<String>::new());
    }

    async fn the_program_says_how_it_is_and_what_it_can(place: Place) {
        let app = TestApp::open(place, features(without_mail().expect("an address"))).await;
        assert_eq!(app.get("/healthz").await.status, StatusCode::OK);
        assert_eq!(app.get("/readyz").await.status, StatusCode::OK);
        let document: serde_json::Value = app.get("/api/openapi.json").await.json();
        assert!(document["openapi"].as_str().expect("a version").starts_with("3.1"));
        for path in ["/api/v1/orders", "/api/v1/orders/{id}", "/api/v1/orders/{id}/cancel", "/api/v1/tasks"] {
            assert!(document["paths"][path].is_object(), "{path} is not described");
        }
        assert_eq!(app.get("/api/docs").await.status, StatusCode::OK);
    }
}
