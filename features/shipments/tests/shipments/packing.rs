use takt_kernel::money::Quantity;
use takt_shipments::State;

use crate::desk::{Desk, permit};

takt_testing::on_both_engines! {
    async fn a_packed_order_is_ready_and_its_pick_task_is_done(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 2), ("CUP-7", 1)]).await;
        let packed = desk.pack(order, Vec::new()).await.expect("packed");
        assert_eq!(desk.pack(order, Vec::new()).await.expect("the same"), packed);
        assert!(desk.find(order).await.ready_at.is_some());
        assert_eq!(desk.tasks(order).await, ["pick: done"]);
        assert_eq!(desk.app.facts_named("shipments.packed").await, 1);
    }

    async fn what_is_packed_in_part_is_not_ready_until_the_rest_is(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 2), ("CUP-7", 1)]).await;
        let lines = desk.lines(order).await;
        desk.pack(order, vec![(lines[0], Quantity::whole(1))]).await.expect("packed");
        assert!(desk.find(order).await.ready_at.is_none());
        let fault = desk.pack(order, vec![(lines[0], Quantity::whole(2))]).await.expect_err("too much");
        assert!(fault.is("shipments.more_than_open"), "{fault:?}");
        desk.pack(order, Vec::new()).await.expect("the rest");
        assert!(desk.find(order).await.ready_at.is_some());
        assert_eq!(desk.shipments(order).await.len(), 2);
    }

    async fn a_packed_order_that_is_confirmed_anew_is_ready_without_being_packed_anew(place: Place) {
        let desk = Desk::open(place).await;
        let (order, company) = (desk.order("1", &[("TEA-100", 2)]).await, desk.company);
        let packed = desk.pack(order, Vec::new()).await.expect("packed");
        desk.app.write(move |tx| {
            takt_orders::set_status(tx, &permit(company), order, None, "to_confirm")?;
            takt_orders::confirm(tx, &permit(company), order).map(|_| ())
        }).await;
        assert!(desk.find(order).await.ready_at.is_none());
        desk.ask_to_pick_again(order).await;
        assert_eq!(desk.pack(order, Vec::new()).await.expect("the same"), packed);
        assert!(desk.find(order).await.ready_at.is_some());
        assert_eq!(desk.tasks(order).await, ["pick: done", "pick: done"]);
    }

    async fn nothing_is_packed_that_may_not_be(place: Place) {
        let desk = Desk::open(place).await;
        let unpaid = desk.placed("1", &[("TEA-100", 1)], "prepaid").await;
        let fault = desk.pack(unpaid, Vec::new()).await.expect_err("not paid");
        assert!(fault.is("orders.not_paid"), "{fault:?}");
        let fault = desk.dispatch(unpaid, Default::default()).await.expect_err("not paid");
        assert!(fault.is("orders.not_paid"), "{fault:?}");
        let unconfirmed = desk.placed("2", &[("TEA-100", 1)], "on_delivery").await;
        let fault = desk.dispatch(unconfirmed, Default::default()).await.expect_err("not confirmed");
        assert!(fault.is("orders.not_confirmed"), "{fault:?}");
        assert_eq!(desk.shipments(unconfirmed).await, []);
    }

    async fn a_cancelled_order_is_unpacked(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 1)]).await;
        desk.pack(order, Vec::new()).await.expect("packed");
        assert_eq!(desk.shipments(order).await[0].state, State::Packed);
        desk.cancel(order).await;
        assert_eq!(desk.shipments(order).await, []);
        assert_eq!(desk.app.facts_named("shipments.unpacked").await, 1);
    }

    /// Ten storekeepers and managers press the same buttons at once.
    async fn whoever_presses_at_once_ships_once(place: Place) {
        let desk = std::sync::Arc::new(Desk::open(place).await);
        let order = desk.order("1", &[("TEA-100", 3)]).await;
        let mut hands = Vec::new();
        for number in 0..10 {
            let desk = desk.clone();
            hands.push(tokio::spawn(async move {
                if number % 2 == 0 {
                    desk.pack(order, Vec::new()).await.is_ok()
                } else {
                    desk.dispatch(order, Default::default()).await.is_ok()
                }
            }));
        }
        for hand in hands {
            hand.await.expect("an answer");
        }
        let left = desk.shipments(order).await.into_iter().filter(|one| one.state == State::HandedOver).count();
        assert_eq!((left, desk.app.facts_named("orders.shipped").await), (1, 1));
        assert_eq!(desk.find(order).await.shipped, takt_orders::Shipped::All);
    }
}
