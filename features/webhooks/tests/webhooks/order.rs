//! In which order messages come, how long they are tried, and whom they leave alone.

use takt_testing::on_both_engines;
use takt_webhooks::{pause, resume};

use crate::{
    desk::{Desk, manager},
    receiver::{Receiver, Says},
};

on_both_engines! {
    async fn of_one_order_nothing_comes_before_what_happened_first_and_other_orders_do_not_wait(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.placed orders.commented", None).await;
        let mut orders = Vec::new();
        for _ in 0..6 {
            orders.push(desk.place(desk.shop).await);
        }
        let stuck = [orders[0].get(), orders[3].get()];
        there.refuses(&stuck);
        for order in &orders {
            desk.comment(*order).await;
        }
        desk.app.drain().await;
        let came = there.told();
        for order in &orders {
            let of_order: Vec<&String> = came.iter().filter(|told| told.starts_with(&format!("{order}:"))).collect();
            if stuck.contains(&order.get()) {
                assert_eq!(of_order, [&format!("{order}:orders.placed")], "the comment waits behind it");
            } else {
                assert_eq!(of_order, [&format!("{order}:orders.placed"), &format!("{order}:orders.commented")]);
            }
        }
        desk.check().await;
        desk.comment(orders[0]).await;
        desk.app.advance(5).await;
        assert_eq!(there.told().len(), 2, "each of those that are stuck once more");
        there.refuses(&[]);
        desk.app.advance(30).await;
        let came = there.told();
        let first: Vec<&String> = came.iter().filter(|told| told.starts_with(&format!("{}:", orders[0]))).collect();
        let expected = ["placed", "commented", "commented"].map(|kind| format!("{}:orders.{kind}", orders[0]));
        assert_eq!(first, expected.iter().collect::<Vec<_>>());
        assert!(desk.states(told.id).await.iter().all(|state| state.ends_with(":delivered")));
        desk.check().await;
    }

    async fn a_message_is_tried_for_three_days_then_given_up_and_lets_the_next_one_go(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.placed orders.commented", None).await;
        there.always_says(Says::Status(500));
        let order = desk.order().await;
        desk.comment(order).await;
        desk.app.drain().await;
        assert_eq!(there.told().len(), 1);
        // Seconds after the first attempt at which there is another one.
        let mut now = 0;
        for at in [5, 35, 155, 755, 2_555, 6_155, 13_355, 27_755, 49_355, 78_155, 114_155, 157_355, 207_755, 258_155] {
            desk.app.advance(at - now - 1).await;
            assert_eq!(there.told(), Vec::<String>::new(), "before {at}");
            desk.app.advance(1).await;
            assert_eq!(there.told(), [format!("{order}:orders.placed")], "at {at}");
            now = at;
        }
        desk.app.advance(3 * 24 * 3600 - now - 1).await;
        assert_eq!(there.told(), Vec::<String>::new());
        assert_eq!(desk.states(told.id).await, ["orders.placed:waiting", "orders.commented:waiting"]);
        desk.app.advance(1).await;
        assert_eq!(there.told(), [format!("{order}:orders.placed"), format!("{order}:orders.commented")]);
        assert_eq!(desk.states(told.id).await, ["orders.placed:failed", "orders.commented:failed"]);
        desk.check().await;
    }

    async fn whoever_is_gone_is_paused_and_gets_what_waited_when_resumed(place: Place) {
        let desk = Desk::open(place).await;
        let (there, other) = (Receiver::open().await, Receiver::open().await);
        let told = desk.endpoint(&there.url, "orders.*", None).await;
        desk.endpoint(&other.url, "orders.placed", None).await;
        there.says_next(&[Says::Status(410)]);
        let order = desk.order().await;
        desk.order().await;
        assert_eq!((there.told(), other.told().len()), (vec![format!("{order}:orders.placed")], 2));
        assert_eq!(desk.app.facts_named("webhooks.paused").await, 1);
        desk.app.advance(3_600).await;
        assert_eq!(there.told(), Vec::<String>::new(), "it is left alone");
        let (company, id) = (desk.company, told.id);
        desk.app.write(move |tx| resume(tx, &manager(company), id)).await;
        desk.app.drain().await;
        assert!(there.told().len() >= 2);
        assert!(desk.states(told.id).await.iter().all(|state| state.ends_with(":delivered")));
    }

    async fn behind_a_pause_messages_wait_three_days_and_then_none_are_made(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.placed", None).await;
        let (company, id) = (desk.company, told.id);
        desk.app.write(move |tx| pause(tx, &manager(company), id)).await;
        desk.order().await;
        assert_eq!(desk.states(told.id).await, ["orders.placed:waiting"]);
        desk.app.advance(3 * 24 * 3600 + 2 * 3600).await;
        assert_eq!(desk.states(told.id).await, ["orders.placed:failed"], "given up, and shown");
        desk.order().await;
        assert_eq!(desk.states(told.id).await.len(), 1, "nobody would send it in time");
        desk.app.write(move |tx| resume(tx, &manager(company), id)).await;
        desk.order().await;
        assert_eq!(there.told().len(), 1);
        desk.check().await;
    }

    async fn an_endpoint_hears_what_it_asked_for_and_nothing_from_before_its_time(place: Place) {
        let desk = Desk::open(place).await;
        let (all, tea, coffee) = (Receiver::open().await, Receiver::open().await, Receiver::open().await);
        desk.order().await;
        desk.endpoint(&all.url, "catalog.* orders.placed", None).await;
        desk.endpoint(&tea.url, "orders.placed", Some(desk.shop)).await;
        desk.endpoint(&coffee.url, "orders.placed stock.*", Some(desk.other_shop)).await;
        let here = desk.order().await;
        let there = desk.place(desk.other_shop).await;
        desk.add_offer("TEA-100").await;
        desk.say(desk.company, takt_store::Subject::new("offer", 77), crate::desk::Corrected { on_hand: "3" }).await;
        desk.app.drain().await;
        let mut heard = all.told();
        heard.sort();
        assert_eq!(heard.len(), 3, "{heard:?}");
        assert_eq!(tea.told(), [format!("{here}:orders.placed")]);
        let mut heard = coffee.told();
        heard.sort();
        let mut expected = vec![format!("{there}:orders.placed"), "77:stock.corrected".to_owned()];
        expected.sort();
        assert_eq!(heard, expected);
    }

    async fn without_endpoints_the_listener_sleeps_and_hears_from_the_first_one_on(place: Place) {
        let desk = Desk::open(place).await;
        let cursor = || {
            desk.app.read(|reader| {
                let statement = takt_store::Statement::new(
                    "select min(position) as position from reaction_cursor where listener = 'webhooks.queue'",
                );
                takt_store::Query::opt_of(reader, &statement)?.expect("a cursor").get::<i64>("position")
            })
        };
        desk.place(desk.shop).await;
        let heard = desk.app.drain().await.reactions;
        let newest = desk.log().await.last().expect("a fact").position;
        assert_eq!(cursor().await, newest, "nobody is behind");
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.placed", None).await;
        desk.place(desk.shop).await;
        assert!(desk.app.drain().await.reactions > heard, "now there is one who listens");
        assert_eq!(desk.states(told.id).await, ["orders.placed:delivered"]);
    }
}
