use axum::http::Method;
use takt_kernel::Actor;
use takt_staff::{Role, settings};
use takt_testing::on_both_engines;

use crate::house::House;

on_both_engines! {
    async fn only_who_is_signed_in_may_listen(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        house.person(company, "anna@example.org", Role::Operator).await;
        house.app.write(move |tx| settings::set(tx, company, "a", &1, &Actor::system("test"))).await;
        let nobody = house.app.client();
        assert!(nobody.get("/live").await.location().starts_with("/sign-in"));
        let browser = house.browser_of("anna@example.org").await;
        house.app.web.live.close();
        let stream = browser.ask(Method::GET, "/live").send().await.expect_status(200);
        assert_eq!(stream.header("content-type"), Some("text/event-stream"));
    }
}
