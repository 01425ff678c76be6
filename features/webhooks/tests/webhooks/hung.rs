//! One that hangs, beside others, in a program that runs.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use takt_kernel::{ManualClock, SystemClock};
use takt_testing::{TestApp, on_both_engines};
use takt_webhooks::Settings;
use tokio::sync::watch;

use crate::{
    desk::{Desk, features},
    receiver::{Receiver, Says},
};

const ORDERS: usize = 12;

on_both_engines! {
    async fn who_hangs_slows_nobody_else(place: Place) {
        // It would hang for longer than the whole test.
        let settings = Settings::new(true).answered_within(Duration::from_secs(60));
        let clock = Arc::new(ManualClock::at(takt_kernel::Clock::now(&SystemClock)));
        let desk = Desk::settle(TestApp::open_at(place, features(settings), clock, true).await).await;
        let (hung, well) = (Receiver::open().await, Receiver::open().await);
        hung.always_says(Says::Nothing);
        let one = desk.endpoint(&hung.url, "orders.placed", None).await;
        let other = desk.endpoint(&well.url, "orders.placed", None).await;
        let (stop, stopped) = watch::channel(false);
        let runner = desk.app.runner.clone();
        let running = tokio::spawn(async move { runner.run(stopped).await });
        let began = Instant::now();
        for _ in 0..ORDERS {
            desk.place(desk.shop).await;
        }
        while well.came().len() < ORDERS {
            assert!(began.elapsed() < Duration::from_secs(15), "only {} came", well.came().len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let under_way = hung.came().len();
        assert!((1..=8).contains(&under_way), "{under_way} are under way to the one that hangs");
        assert!(desk.states(one.id).await.iter().all(|state| state.ends_with(":waiting")));
        while !desk.states(other.id).await.iter().all(|state| state.ends_with(":delivered")) {
            assert!(began.elapsed() < Duration::from_secs(20), "not recorded");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        stop.send_replace(true);
        running.abort();
    }
}
