//! Sending again, and forgetting.

use takt_testing::on_both_engines;
use takt_webhooks::{Which, remove, replay_all, replay_one};

use crate::{
    desk::{Desk, manager},
    receiver::{Receiver, Says},
};

on_both_engines! {
    async fn one_message_can_be_sent_again_and_stays_what_it_was(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.placed", None).await;
        desk.order().await;
        let first = there.take().remove(0);
        let (company, endpoint, id) = (desk.company, told.id, desk.messages(told.id).await[0].id);
        desk.app.write(move |tx| replay_one(tx, &manager(company), endpoint, id)).await;
        let waiting = desk.app.try_write(move |tx| replay_one(tx, &manager(company), endpoint, id)).await;
        assert!(waiting.is_err_and(|fault| fault.is("webhooks.still_waiting")));
        desk.app.drain().await;
        let again = there.take().remove(0);
        assert_eq!(again.body, first.body);
        assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
        desk.check().await;
    }

    async fn all_that_was_given_up_can_be_sent_again_in_order(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.placed orders.commented", None).await;
        there.always_says(Says::Status(500));
        let mut orders = Vec::new();
        for _ in 0..3 {
            let order = desk.order().await;
            desk.comment(order).await;
            orders.push(order);
        }
        for _ in 0..20 {
            desk.app.advance(6 * 3600).await;
        }
        assert!(desk.states(told.id).await.iter().all(|state| state.ends_with(":failed")));
        there.take();
        there.always_says(Says::Status(204));
        let (company, id) = (desk.company, told.id);
        desk.app.write(move |tx| replay_all(tx, &manager(company), id, Which::Failed)).await;
        desk.app.drain().await;
        let came = there.told();
        assert_eq!(came.len(), 6);
        for order in orders {
            let of_order: Vec<&String> = came.iter().filter(|told| told.starts_with(&format!("{order}:"))).collect();
            assert_eq!(of_order, [&format!("{order}:orders.placed"), &format!("{order}:orders.commented")]);
        }
        desk.check().await;
    }

    async fn all_since_a_moment_can_be_sent_again(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.placed", None).await;
        desk.order().await;
        desk.app.advance(3_600).await;
        let since = desk.app.now();
        let mut later = Vec::new();
        for _ in 0..3 {
            later.push(desk.order().await);
            desk.app.advance(60).await;
        }
        assert_eq!(there.take().len(), 4);
        let (company, id) = (desk.company, told.id);
        desk.app.write(move |tx| replay_all(tx, &manager(company), id, Which::Since(since))).await;
        desk.app.drain().await;
        let mut came = there.told();
        came.sort();
        let mut expected: Vec<String> = later.iter().map(|order| format!("{order}:orders.placed")).collect();
        expected.sort();
        assert_eq!(came, expected);
        assert!(desk.states(told.id).await.iter().all(|state| state.ends_with(":delivered")));
    }

    async fn messages_are_forgotten_when_their_time_is_over_and_with_their_endpoint(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.placed", None).await;
        desk.order().await;
        desk.app.advance(6 * 24 * 3600).await;
        desk.order().await;
        assert_eq!(desk.messages(told.id).await.len(), 2);
        desk.app.advance(24 * 3600 + 2 * 3600).await;
        desk.app.advance(3_600).await;
        assert_eq!(desk.messages(told.id).await.len(), 1, "delivered ones are kept for a week");
        let (company, id) = (desk.company, told.id);
        desk.app.write(move |tx| remove(tx, &manager(company), id)).await;
        desk.order().await;
        for _ in 0..4 {
            desk.app.advance(2).await;
        }
        assert_eq!(desk.messages(told.id).await.len(), 0);
        let left: i64 = desk.app.read(|reader| {
            let statement = takt_store::Statement::new(
                "select (select count(*) from webhook_endpoint) + (select count(*) from webhook_attempt) as count");
            takt_store::Query::opt_of(reader, &statement)?.expect("a count").get("count")
        }).await;
        assert_eq!(left, 0);
        assert_eq!(there.take().len(), 2, "what is removed is told nothing");
    }
}
