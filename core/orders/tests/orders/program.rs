use takt_testing::{TestApp, on_both_engines};

on_both_engines! {
    async fn every_statement_is_understood(place: Place) {
        let features =
            vec![takt_staff::feature(), takt_customers::feature(), takt_catalog::feature(), takt_orders::feature()];
        let app = TestApp::open(place, features).await;
        assert_eq!(app.db.unpreparable_statements().await.expect("a database"), Vec::<String>::new());
        assert_eq!(app.wiring.problems(), Vec::<String>::new());
    }
}
