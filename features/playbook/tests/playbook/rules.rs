//! What happens by itself, from fact to deed.

use takt_kernel::Actor;
use takt_orders::{defer, record_delivered, record_ready, record_shipped};
use takt_staff::settings;
use takt_testing::on_both_engines;

use crate::desk::{Desk, everything, permit};

on_both_engines! {
    async fn a_small_order_that_is_all_held_is_confirmed_at_once(place: Place) {
        let desk = Desk::open(place).await;
        let small = desk.tea(5, "prepaid", true).await;
        let big = desk.tea(6, "prepaid", true).await;
        desk.app.drain().await;
        assert!(desk.order(small).await.confirmed_at.is_none(), "not before the money");
        desk.pay(1, small, "500.00").await;
        desk.pay(2, big, "600.00").await;
        desk.app.drain().await;
        assert!(desk.order(small).await.confirmed_at.is_some());
        assert!(desk.order(big).await.confirmed_at.is_none());
        assert_eq!(desk.told(small).await, "call:open pick:open", "it is called about and picked as well");
        desk.close(big, "call", "reached").await;
        assert!(desk.order(big).await.confirmed_at.is_some(), "the call confirms it");
        assert_eq!(desk.told(big).await, "call:reached pick:open");
    }

    async fn the_company_says_how_many_units_are_few(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        desk.app
            .write(move |tx| settings::set(tx, company, "orders.confirm_up_to_units", &1, &Actor::system("test")))
            .await;
        let two = desk.tea(2, "prepaid", true).await;
        let one = desk.tea(1, "prepaid", true).await;
        desk.pay(1, two, "200.00").await;
        desk.pay(2, one, "100.00").await;
        desk.app.drain().await;
        assert!(desk.order(two).await.confirmed_at.is_none());
        assert!(desk.order(one).await.confirmed_at.is_some());
    }

    async fn a_part_of_the_money_calls_nobody(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.tea(2, "prepaid", true).await;
        desk.pay(1, order, "150.00").await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "");
        desk.pay(2, order, "50.00").await;
        desk.app.drain().await;
        desk.pay(3, order, "10.00").await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "call:open pick:open", "and what is paid too much calls nobody again");
    }

    async fn facts_heard_again_open_nothing_more(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.tea(6, "prepaid", false).await;
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        let before = desk.told(order).await;
        assert_eq!(before, "call:open offer_or_refund:open pick:open");
        let listeners = desk.app.wiring.listeners.clone();
        desk.hear_again(order, listeners.clone()).await;
        desk.hear_again(order, listeners.into_iter().rev().collect()).await;
        assert_eq!(desk.told(order).await, before);
    }

    async fn a_paid_order_without_goods_is_never_stuck(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.tea(3, "prepaid", false).await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "", "nobody has paid for it");
        desk.pay(1, order, "300.00").await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "call:open offer_or_refund:open pick:open");
        desk.close(order, "call", "done").await;
        assert!(desk.order(order).await.confirmed_at.is_none(), "there is nothing to confirm yet");
        desk.hold(order, true).await;
        desk.app.drain().await;
        assert!(desk.order(order).await.confirmed_at.is_some(), "small: confirmed when the goods came");
        assert_eq!(desk.told(order).await, "call:done offer_or_refund:goods_came pick:open");
        desk.hold(order, false).await;
        desk.app.drain().await;
        assert_eq!(
            desk.told(order).await,
            "call:done offer_or_refund:goods_came offer_or_refund:open pick:open",
            "another shortage is another question"
        );
    }

    async fn goods_that_come_after_the_call_are_told_by_another(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.tea(6, "prepaid", false).await;
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        desk.close(order, "call", "reached").await;
        desk.hold(order, true).await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "call:open call:reached offer_or_refund:goods_came pick:open");
        desk.close(order, "call", "reached").await;
        assert!(desk.order(order).await.confirmed_at.is_some());
    }

    async fn who_was_not_reached_is_called_again_in_an_hour(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T17:30:00");
        let order = desk.tea(6, "prepaid", true).await;
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        desk.close(order, "call", "not_reached").await;
        assert_eq!(desk.told(order).await, "call:not_reached call:open pick:open");
        let again = desk.waiting(order, "call").await;
        let tasks = desk.tasks(order).await;
        let due = tasks.iter().find(|task| task.id == again).map(|task| task.due_at).expect("the call");
        assert_eq!(due.seconds_since(crate::desk::moment("2026-11-03T09:30:00")), 0);
        assert!(desk.order(order).await.confirmed_at.is_none());
    }

    async fn money_that_goes_away_stops_the_work_and_its_return_starts_it_anew(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.tea(6, "prepaid", true).await;
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        desk.app.advance(60).await;
        desk.take_back(1, order, "600.00").await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "call:money_taken_back money_taken_back:open pick:money_taken_back");
        desk.app.advance(60).await;
        desk.pay(2, order, "600.00").await;
        desk.app.drain().await;
        assert_eq!(
            desk.told(order).await,
            "call:money_taken_back call:open money_taken_back:paid_again pick:money_taken_back pick:open"
        );
    }

    async fn an_order_that_sleeps_asks_nobody_until_it_wakes(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        let order = desk.tea(6, "prepaid", true).await;
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        let (company, until) = (desk.company, desk.app.now().plus_seconds(86_400));
        desk.app.write(move |tx| defer(tx, &permit(company), order, None, until).map(|_| ())).await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "call:put_off pick:put_off");
        desk.app.advance(86_399).await;
        assert_eq!(desk.told(order).await, "call:put_off pick:put_off");
        desk.app.advance(1).await;
        assert_eq!(desk.told(order).await, "call:open call:put_off pick:open pick:put_off");
        let unpaid = desk.tea(1, "prepaid", true).await;
        let until = desk.app.now().plus_seconds(600);
        desk.app.write(move |tx| defer(tx, &permit(company), unpaid, None, until).map(|_| ())).await;
        desk.app.advance(600).await;
        assert_eq!(desk.told(unpaid).await, "call:open", "unpaid it is only called about");
    }

    async fn an_order_paid_on_delivery_ships(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.tea(2, "on_delivery", true).await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "call:open pick:open");
        assert!(desk.order(order).await.confirmed_at.is_some());
        let company = desk.company;
        let actor = || Actor::system("test");
        desk.app.write(move |tx| record_ready(tx, company, order, &actor()).map(|_| ())).await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "call:open pick:packed");
        desk.app
            .write(move |tx| {
                let parts = everything(tx, company, order, true)?;
                record_shipped(tx, company, order, &parts, &actor()).map(|_| ())
            })
            .await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "call:shipped pick:packed");
        desk.app.write(move |tx| record_delivered(tx, company, order, &actor()).map(|_| ())).await;
        desk.pay(1, order, "200.00").await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "call:shipped pick:packed", "the money of the carrier calls nobody");
        assert!(!desk.order(order).await.stage.is_in_work());
        let credit = desk.tea(6, "on_delivery", false).await;
        desk.app.drain().await;
        assert_eq!(desk.told(credit).await, "call:open offer_or_refund:open pick:open");
    }
}
