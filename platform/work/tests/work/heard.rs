use std::time::Duration;

use takt_testing::{TestApp, on_both_engines};
use takt_work::{Patience, caught_up};

use crate::teahouse::{WAITER, order, served, teahouse};

const GUEST: i64 = 12;
const HOURS: Duration = Duration::from_secs(10_000);

on_both_engines! {
    async fn who_waits_for_a_listener_goes_on_when_it_has_heard_and_not_by_the_clock(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        app.drain().await;
        app.write(|tx| order(tx, GUEST, "sencha")).await;
        let db = app.db.clone();
        let patience = Patience { longest: HOURS, look_again: HOURS };
        let waiting = tokio::spawn(async move { caught_up(&db, &WAITER, patience).await });
        app.drain().await;
        waiting.await.expect("no panic").expect("heard");
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["sencha"]);
    }

    async fn nobody_waits_for_what_was_heard_nor_longer_than_they_would(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        app.write(|tx| order(tx, GUEST, "sencha")).await;
        app.drain().await;
        caught_up(&app.db, &WAITER, Patience { longest: HOURS, look_again: HOURS }).await.expect("heard");
        app.write(|tx| order(tx, GUEST, "matcha")).await;
        caught_up(&app.db, &WAITER, Patience { longest: Duration::ZERO, look_again: HOURS }).await.expect("in time");
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["sencha"]);
    }
}
