use takt_kernel::{Fault, money::Quantity};
use takt_stock::{Correction, Incoming, receive, set_many, set_shelf, warehouses};

use crate::desk::{Desk, company, offer, permit};

takt_testing::on_both_engines! {
    async fn who_was_promised_last_loses_what_is_not_there(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 6).await;
        let first = desk.order("1", &[("TEA-100", 3)]).await;
        desk.app.clock.advance_seconds(60);
        let last = desk.order("2", &[("TEA-100", 3)]).await;
        desk.count(desk.tea, 4).await;
        assert_eq!((desk.reserved(first).await, desk.reserved(last).await), ("all: 3".into(), "part: 1".into()));
        assert_eq!(desk.level(desk.tea).await, "4/4");
        desk.is_sound().await;
        desk.count(desk.tea, 6).await;
        desk.app.drain().await;
        assert_eq!(desk.reserved(last).await, "all: 3");
        desk.is_sound().await;
    }

    async fn what_is_not_there_is_held_in_another_warehouse_at_once(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 3).await;
        let kazan = desk.warehouse("Казань").await;
        desk.receive_at(Some(kazan), desk.tea, 2).await;
        let order = desk.order("1", &[("TEA-100", 3)]).await;
        desk.count(desk.tea, 1).await;
        assert_eq!((desk.reserved(order).await, desk.level(desk.tea).await), ("all: 3".into(), "3/3".into()));
        desk.is_sound().await;
    }

    async fn a_snapshot_keeps_what_moved_after_it_and_an_older_one_is_left_alone(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 10).await;
        desk.app.clock.advance_seconds(60);
        let counted_at = desk.app.now();
        desk.app.clock.advance_seconds(60);
        desk.receive(desk.tea, 5).await;
        let (company, tea) = (desk.company, desk.tea);
        let set = async |units: i64, at| {
            let item = Correction { warehouse: None, offer: tea, quantity: Quantity::whole(units), note: None };
            desk.app.write(move |tx| set_many(tx, &permit(company), Some(at), std::slice::from_ref(&item))).await
        };
        let done = set(7, counted_at).await;
        assert_eq!((done.changed, done.same, done.older), (1, 0, 0));
        let done = set(7, counted_at).await;
        assert_eq!((done.changed, done.same, done.older), (0, 1, 0));
        let done = set(99, counted_at.plus_seconds(-30)).await;
        assert_eq!((done.changed, done.same, done.older), (0, 0, 1));
        assert_eq!(desk.level(tea).await, "12/0");
        desk.is_sound().await;
    }

    async fn senseless_movements_are_refused_and_leave_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let (company, tea) = (desk.company, desk.tea);
        let refused = |fault: Fault| fault.fields().first().map_or(fault.code().to_owned(), |field| field.code.to_string());
        for (units, expected) in [(0, "stock.not_positive"), (-1, "stock.not_positive")] {
            let incoming = Incoming::of(tea, Quantity::whole(units));
            let fault = desk.app.try_write(move |tx| receive(tx, &permit(company), &incoming)).await.expect_err("refused");
            assert_eq!(refused(fault), expected);
        }
        let counted = Correction { warehouse: None, offer: tea, quantity: Quantity::whole(-1), note: None };
        let fault = desk
            .app
            .try_write(move |tx| takt_stock::correct(tx, &permit(company), &counted))
            .await
            .expect_err("refused");
        assert_eq!(refused(fault), "stock.negative");
        assert_eq!(desk.level(tea).await, "0/0");
        assert_eq!(desk.app.facts_named("stock.received").await, 0);
    }

    async fn another_companys_goods_and_warehouses_are_missing(place: Place) {
        let desk = Desk::open(place).await;
        let stranger = company(&desk.app, "Чужая").await;
        let theirs = offer(&desk.app, stranger, "TEA-100").await;
        let (own, tea) = (desk.company, desk.tea);
        let warehouse = desk.app.write(move |tx| warehouses::main(tx, stranger, permit::<takt_stock::MoveStock>(stranger).actor())).await;
        let foreign_offer = Incoming::of(theirs, Quantity::whole(1));
        let foreign_place = Incoming { warehouse: Some(warehouse.id), ..Incoming::of(tea, Quantity::whole(1)) };
        for (incoming, code) in [(foreign_offer, "catalog.offer_missing"), (foreign_place, "stock.warehouse_missing")] {
            let fault = desk.app.try_write(move |tx| receive(tx, &permit(own), &incoming)).await.expect_err("missing");
            assert!(fault.is(code), "{fault:?}");
        }
        desk.receive(tea, 3).await;
        let scope = takt_staff::Scope::Company { company: stranger, shops: None };
        let seen = desk.app.read(move |reader| takt_stock::list(reader, &scope, &takt_stock::Filter { limit: 9, ..Default::default() })).await;
        assert_eq!(seen.items, []);
    }

    async fn a_warehouse_is_archived_only_empty_and_never_the_last(place: Place) {
        let desk = Desk::open(place).await;
        let (company, tea) = (desk.company, desk.tea);
        let kazan = desk.warehouse("Казань").await;
        desk.receive_at(Some(kazan), tea, 1).await;
        let archive = async |id| {
            desk.app.try_write(move |tx| warehouses::archive(tx, &permit(company), id)).await.map_err(|fault| fault.code().to_owned())
        };
        assert_eq!(archive(kazan).await, Err("stock.warehouse_not_empty".to_owned()));
        let main = desk.app.read(move |reader| warehouses::list(reader, company)).await[0].id;
        assert_eq!(archive(main).await, Ok(()));
        let nothing = Correction { warehouse: Some(kazan), offer: tea, quantity: Quantity::ZERO, note: None };
        desk.app.write(move |tx| takt_stock::correct(tx, &permit(company), &nothing)).await;
        assert_eq!(archive(kazan).await, Err("stock.warehouse_last".to_owned()));
        desk.app.write(move |tx| set_shelf(tx, &permit(company), None, tea, " A-03-2 ")).await;
        assert_eq!(desk.levels(tea).await[0].shelf.as_deref(), Some("A-03-2"));
    }
}
