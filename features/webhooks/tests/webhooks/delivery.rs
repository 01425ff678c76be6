//! What comes, and who vouches for it.

use std::{sync::Arc, time::Duration};

use takt_kernel::{Clock, ManualClock, SystemClock};
use takt_testing::{TestApp, on_both_engines};
use takt_webhooks::{Settings, attempts, ping, rotate};

use crate::{
    desk::{Desk, features, manager},
    receiver::{Came, Receiver, Says},
};

fn is_signed_with(came: &Came, secret: &str) -> bool {
    let library = standardwebhooks::Webhook::new(secret).expect("a key");
    library.verify(came.body.as_bytes(), &came.headers).is_ok()
}

/// The library looks at the machine's own clock.
async fn desk_of_today(place: takt_testing::Place) -> Desk {
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let settings = Settings::new(true).answered_within(Duration::from_secs(5));
    Desk::settle(TestApp::open_at(place, features(settings), clock, false).await).await
}

on_both_engines! {
    async fn the_published_library_vouches_for_what_comes_and_for_nothing_else(place: Place) {
        let desk = desk_of_today(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.placed", None).await;
        assert!(told.secret.starts_with("whsec_"));
        let order = desk.order().await;
        let came = there.take().remove(0);
        assert!(is_signed_with(&came, &told.secret), "{came:?}");
        assert_eq!(came.header("content-type"), "application/json");
        assert!(!is_signed_with(&came, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "another key");
        let forged = Came { body: came.body.replace("order", "ordre"), ..came.clone() };
        assert!(!is_signed_with(&forged, &told.secret), "another body");
        assert_eq!(came.told(), format!("{order}:orders.placed"));
        assert!(came.header("webhook-id").starts_with("msg_"));
    }

    async fn while_a_key_is_changed_both_sign_and_a_day_later_the_new_one_alone(place: Place) {
        let desk = desk_of_today(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.placed", None).await;
        let (company, id) = (desk.company, told.id);
        let new = desk.app.write(move |tx| rotate(tx, &manager(company), id)).await.secret;
        assert_ne!(new, told.secret);
        desk.order().await;
        let came = there.take().remove(0);
        assert_eq!(came.header("webhook-signature").split(' ').count(), 2);
        assert!(is_signed_with(&came, &told.secret) && is_signed_with(&came, &new));
        desk.app.advance(24 * 3600 - 1).await;
        desk.order().await;
        assert_eq!(there.take()[0].header("webhook-signature").split(' ').count(), 2);
        desk.app.advance(1).await;
        desk.order().await;
        assert_eq!(there.take()[0].header("webhook-signature").split(' ').count(), 1);
    }

    async fn a_message_tells_of_an_order_what_the_api_tells(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        desk.endpoint(&there.url, "", None).await;
        let order = desk.order().await;
        let came = there.take();
        let first = came[0].json();
        assert_eq!(first["type"], "orders.placed");
        let program = desk.program(desk.shop, "orders:read").await;
        let answer: serde_json::Value = program.get(&format!("/api/v1/orders/{order}")).await.expect_status(200).json();
        assert_eq!(first["data"]["order"], answer);
        let facts = crate::desk::all_facts(&program, 200).await;
        let fact = facts.iter().find(|fact| fact["type"] == "orders.placed").expect("the fact");
        for field in ["id", "position", "version", "subject", "actor", "cause", "body"] {
            assert_eq!(first["data"][field], fact[field], "{field}");
        }
        assert_eq!(first["timestamp"], fact["at"]);
        assert_eq!(came.len(), facts.len(), "all that the log tells");
        desk.check().await;
    }

    async fn each_attempt_is_written_down_with_the_beginning_of_its_answer(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.placed", None).await;
        let long = "ы".repeat(10_000);
        there.says_next(&[Says::Text(500, long), Says::Nothing, Says::Later(503, "90"), Says::Status(200)]);
        desk.order().await;
        let id = desk.messages(told.id).await[0].id;
        for (seconds, tries) in [(0, 1), (4, 1), (1, 2), (29, 2), (1, 3), (119, 3), (1, 4)] {
            desk.app.advance(seconds).await;
            let company = desk.company;
            let attempts = desk.app.read(move |reader| attempts(reader, company, id)).await;
            assert_eq!(attempts.len(), tries, "{seconds} s later");
        }
        let company = desk.company;
        let attempts = desk.app.read(move |reader| attempts(reader, company, id)).await;
        let said: Vec<_> = attempts.iter().map(|it| (it.status, it.problem.as_deref())).collect();
        assert_eq!(said, [(Some(200), None), (Some(503), None), (None, Some("webhooks.timed_out")), (Some(500), None)]);
        assert!(attempts[3].reply.starts_with("ыы") && attempts[3].reply.len() <= 1_003);
        assert!(attempts[2].micros >= 500_000);
        assert_eq!(desk.states(told.id).await, ["orders.placed:delivered"]);
        let ids: std::collections::BTreeSet<String> =
            there.take().iter().map(|came| format!("{} {}", came.header("webhook-id"), came.body)).collect();
        assert_eq!(ids.len(), 1, "it is one message however often it comes");
    }

    async fn a_test_message_can_be_sent_and_an_address_that_moved_inside_is_not_followed(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.paid", None).await;
        let (company, id) = (desk.company, told.id);
        desk.app.write(move |tx| ping(tx, &manager(company), id)).await;
        desk.app.drain().await;
        assert_eq!(there.take()[0].kind(), "webhooks.ping");
        // The same row under a program that is not allowed to reach this machine.
        let strict = takt_webhooks::feature(Settings::new(false));
        let mut wiring = takt_feature::Wiring::assemble(features(Settings::new(true)));
        wiring.jobs.retain(|job| job.kind != "webhooks.deliver");
        let mut strict = takt_feature::Wiring::assemble(vec![strict]).jobs;
        strict.retain(|job| job.kind == "webhooks.deliver");
        wiring.jobs.extend(strict);
        desk.app.write(move |tx| ping(tx, &manager(company), id)).await;
        wiring.runner(desk.app.db.clone()).drain().await.expect("a drain");
        assert_eq!(there.take().len(), 0);
        let message = desk.messages(told.id).await.remove(0);
        let attempts = desk.app.read(move |reader| attempts(reader, company, message.id)).await;
        assert_eq!(attempts[0].problem.as_deref(), Some("webhooks.out_of_reach"));
    }
}
