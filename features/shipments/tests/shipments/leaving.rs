use takt_kernel::{Actor, money::Quantity};
use takt_orders::{ListFilter, ReturnedPart, Shipped, Stage, record_returned};
use takt_shipments::{Dispatch, State, Via, carriers, mark_returned};
use takt_staff::Scope;

use crate::desk::{Desk, company, permit};

takt_testing::on_both_engines! {
    async fn an_order_leaves_arrives_and_is_delivered(place: Place) {
        let desk = Desk::open(place).await;
        let carrier = desk.carrier("Почта", 7).await;
        let order = desk.order("1", &[("TEA-100", 2)]).await;
        let packed = desk.pack(order, Vec::new()).await.expect("packed");
        let how = desk.by(carrier).await;
        assert_eq!(desk.dispatch(order, how).await.expect("left"), packed);
        let found = desk.find(order).await;
        assert_eq!((found.shipped, found.stage), (Shipped::All, Stage::Delivery));
        let scope = Scope::Company { company: desk.company, shops: None };
        let by_number = ListFilter { q: "ra12345".to_owned(), ..ListFilter::default() };
        let page = desk.app.read(move |reader| takt_orders::list(reader, &scope, &by_number)).await;
        assert_eq!(page.items.iter().map(|found| found.id).collect::<Vec<_>>(), [order], "found by its tracking number");
        desk.deliver(packed).await.expect("delivered");
        desk.deliver(packed).await.expect("twice is harmless");
        assert!(desk.find(order).await.delivered_at.is_some());
        assert_eq!(desk.app.facts_named("shipments.delivered").await, 1);
        let log = desk.app.fact_log().await;
        assert!(log.contains("https://example.org/track?n=RA123456785RU"), "{log}");
    }

    async fn an_order_in_two_shipments_is_delivered_with_the_second(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 2), ("CUP-7", 1)]).await;
        let lines = desk.lines(order).await;
        let part = Dispatch { lines: vec![(lines[0], Quantity::whole(1))], ..Dispatch::default() };
        let first = desk.dispatch(order, part).await.expect("left");
        assert_eq!(desk.find(order).await.shipped, Shipped::Part);
        desk.deliver(first).await.expect("delivered");
        assert!(desk.find(order).await.delivered_at.is_none());
        let second = desk.dispatch(order, Dispatch::default()).await.expect("left");
        assert_eq!(desk.tasks(order).await, ["pick: done"]);
        desk.deliver(second).await.expect("delivered");
        assert!(desk.find(order).await.delivered_at.is_some());
        let fault = desk.dispatch(order, Dispatch::default()).await.expect_err("nothing left");
        assert!(fault.is("shipments.nothing_to_pack"), "{fault:?}");
    }

    async fn what_comes_back_is_a_managers_task_and_the_order_is_not_delivered(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 1)]).await;
        let shipment = desk.dispatch(order, Dispatch::default()).await.expect("left");
        let company = desk.company;
        desk.app.write(move |tx| mark_returned(tx, &permit(company), shipment)).await;
        assert_eq!(desk.shipments(order).await[0].state, State::Returned);
        assert_eq!(desk.tasks(order).await, ["pick: done", "parcel_returned: "]);
        assert!(desk.find(order).await.delivered_at.is_none());
        let fault = desk.deliver(shipment).await.expect_err("it came back");
        assert!(fault.is("shipments.not_handed_over"), "{fault:?}");
    }

    async fn an_order_is_delivered_when_one_parcel_arrived_and_the_other_was_taken_back(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        for (number, parcel_first) in [("1", true), ("2", false)] {
            let order = desk.order(number, &[("TEA-100", 2)]).await;
            let line = desk.lines(order).await[0];
            let half = || Dispatch { lines: vec![(line, Quantity::whole(1))], ..Dispatch::default() };
            let arrives = desk.dispatch(order, half()).await.expect("left");
            let comes_back = desk.dispatch(order, half()).await.expect("left");
            desk.deliver(arrives).await.expect("delivered");
            let mark = || desk.app.write(move |tx| mark_returned(tx, &permit(company), comes_back));
            let accept = || desk.app.write(move |tx| {
                let part = [ReturnedPart::fit(line, Quantity::whole(1))];
                record_returned(tx, company, order, &part, &Actor::system("test")).map(|_| ())
            });
            if parcel_first { mark().await } else { accept().await }
            assert!(desk.find(order).await.delivered_at.is_none(), "something is still to be told");
            if parcel_first { accept().await } else { mark().await }
            assert!(desk.find(order).await.delivered_at.is_some());
        }
    }

    async fn what_nobody_fetched_is_not_delivered_but_may_be_cancelled_once_it_is_here(place: Place) {
        let desk = Desk::open(place).await;
        let (order, company) = (desk.order("1", &[("TEA-100", 1)]).await, desk.company);
        let line = desk.lines(order).await[0];
        let shipment = desk.dispatch(order, Dispatch::default()).await.expect("left");
        desk.app.write(move |tx| mark_returned(tx, &permit(company), shipment)).await;
        desk.app.write(move |tx| {
            let part = [ReturnedPart::fit(line, Quantity::whole(1))];
            record_returned(tx, company, order, &part, &Actor::system("test")).map(|_| ())
        }).await;
        assert!(desk.find(order).await.delivered_at.is_none());
        desk.cancel(order).await;
        assert_eq!(desk.find(order).await.stage, Stage::Cancel);
    }

    async fn what_is_cancelled_because_it_came_back_is_not_on_its_way_any_more(place: Place) {
        let desk = Desk::open(place).await;
        let (order, company) = (desk.order("1", &[("TEA-100", 1)]).await, desk.company);
        let line = desk.lines(order).await[0];
        desk.dispatch(order, Dispatch::default()).await.expect("left");
        desk.app.write(move |tx| {
            let part = [ReturnedPart::fit(line, Quantity::whole(1))];
            record_returned(tx, company, order, &part, &Actor::system("test")).map(|_| ())
        }).await;
        desk.cancel(order).await;
        assert_eq!(desk.shipments(order).await[0].state, State::Returned);
        desk.app.clock.advance_seconds(30 * 86_400);
        desk.app.drain().await;
        assert!(!desk.tasks(order).await.iter().any(|task| task.starts_with("check_delivery")));
    }

    async fn an_order_is_delivered_with_what_left_when_the_rest_does_not_come(place: Place) {
        let desk = Desk::open(place).await;
        let (order, company) = (desk.order("1", &[("TEA-100", 2), ("CUP-7", 1)]).await, desk.company);
        let lines = desk.lines(order).await;
        let part = Dispatch { lines: vec![(lines[0], Quantity::whole(1))], ..Dispatch::default() };
        let first = desk.dispatch(order, part).await.expect("left");
        desk.deliver(first).await.expect("delivered");
        desk.pack(order, vec![(lines[1], Quantity::whole(1))]).await.expect("packed");
        desk.app.write(move |tx| takt_orders::leave_out(tx, &permit(company), order, None).map(|_| ())).await;
        assert_eq!(desk.shipments(order).await.len(), 1, "what stood packed is unpacked");
        let after = desk.find(order).await;
        assert!(after.delivered_at.is_some());
        assert_eq!((after.shipped, after.total.to_decimal_string()), (Shipped::All, "100.00".to_owned()));
    }

    async fn another_companys_carriers_and_shipments_are_missing(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 1)]).await;
        let stranger = company(&desk.app, "Чужая").await;
        let input = carriers::CarrierInput { name: "Чужой".to_owned(), remind_after_days: 1, ..Default::default() };
        let theirs = desk.app.write(move |tx| carriers::add(tx, &permit(stranger), &input)).await;
        let how = Dispatch { via: Via { carrier: Some(theirs), service: None }, ..Dispatch::default() };
        let fault = desk.dispatch(order, how).await.expect_err("not ours");
        assert!(fault.is("shipments.carrier_missing"), "{fault:?}");
        let shipment = desk.dispatch(order, Dispatch::default()).await.expect("left");
        let fault = desk
            .app
            .try_write(move |tx| takt_shipments::deliver(tx, &permit(stranger), shipment))
            .await
            .expect_err("not theirs");
        assert!(fault.is("shipments.missing"), "{fault:?}");
    }
}
