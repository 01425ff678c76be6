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
const COMMENTS: i64 = 8;

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

    async fn while_many_write_and_some_is_refused_everything_comes_and_in_order(place: Place) {
        let settings = Settings::new(true).answered_within(Duration::from_secs(5));
        let clock = Arc::new(ManualClock::at(takt_kernel::Clock::now(&SystemClock)));
        let desk = Desk::settle(TestApp::open_at(place, features(settings), clock.clone(), true).await).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.commented", None).await;
        let mut orders = Vec::new();
        for _ in 0..4 {
            orders.push(desk.place(desk.shop).await);
        }
        let (stop, stopped) = watch::channel(false);
        let runner = desk.app.runner.clone();
        let running = tokio::spawn(async move { runner.run(stopped).await });
        for _ in 0..6 {
            there.says_next(&[Says::Status(204), Says::Status(500), Says::Status(204), Says::Later(429, "1")]);
        }
        let mut writers = tokio::task::JoinSet::new();
        for order in orders.clone() {
            let (db, company) = (desk.app.db.clone(), desk.company);
            writers.spawn(async move {
                for _ in 0..COMMENTS {
                    db.write("test.comment", move |tx| {
                        takt_orders::comment(tx, &crate::desk::permit(company), order, "чай").map(|_| ())
                    })
                    .await
                    .expect("a comment");
                }
            });
        }
        writers.join_all().await;
        let all = orders.len() * COMMENTS as usize;
        let began = Instant::now();
        loop {
            let states = desk.states(told.id).await;
            if states.len() == all && states.iter().all(|state| state.ends_with(":delivered")) {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{states:?}");
            clock.advance_seconds(1);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        stop.send_replace(true);
        running.abort();
        let came = there.take();
        for order in orders {
            let mut told: Vec<i64> = came
                .iter()
                .map(subject_of)
                .filter(|(subject, _)| *subject == order.get())
                .map(|(_, n)| n)
                .collect();
            // What was refused came again.
            told.dedup();
            assert!(told.is_sorted() && told.len() == COMMENTS as usize, "{order}: {told:?}");
        }
        desk.check().await;
    }
}

/// Of which subject, and which of its facts.
fn subject_of(came: &crate::receiver::Came) -> (i64, i64) {
    let subject = &came.json()["data"]["subject"];
    (subject["id"].as_i64().unwrap_or_default(), subject["n"].as_i64().unwrap_or_default())
}
