//! Stock through the verbs of orders, its own verbs, pages and the API, on both engines.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

mod counting;
mod desk;
mod holding;
mod month;
mod pages;
mod program;
mod racing;
mod returns;
mod waiting;

takt_testing::on_both_engines! {
    async fn every_statement_is_understood_and_the_wiring_has_no_problems(place: Place) {
        let desk = desk::Desk::open(place).await;
        assert_eq!(desk.app.db.unpreparable_statements().await.expect("a database"), Vec::<String>::new());
        assert_eq!(desk.app.wiring.problems(), Vec::<String>::new());
    }
}
