//! What comes back of an order: where it lies then, and what is left of it.

use takt_kernel::{Actor, money::Quantity};
use takt_orders::{OrderId, ReturnedPart, Stage, Unfit, leave_out, record_returned};
use takt_stock::warehouses;
use takt_store::{Query, checks, params, sql};

use crate::desk::{Desk, permit};

/// So many units of the first line come back; answers the code of what was refused.
async fn give_back(desk: &Desk, order: OrderId, parts: &[(i64, Option<Unfit>)]) -> Option<String> {
    let company = desk.company;
    let line = desk.lines(order).await[0].id;
    let parts: Vec<ReturnedPart> = parts
        .iter()
        .map(|(units, unfit)| ReturnedPart { line, quantity: Quantity::whole(*units), unfit: *unfit })
        .collect();
    let done = desk
        .app
        .try_write(move |tx| record_returned(tx, company, order, &parts, &Actor::system("test")).map(|_| ()))
        .await;
    desk.app.drain().await;
    done.err().map(|fault| fault.code().to_owned())
}

/// Kind, units and note of all movements of an order, in their order.
async fn movements(desk: &Desk, order: OrderId) -> Vec<(String, i64, Option<String>)> {
    let company = desk.company;
    desk.app
        .read(move |r| {
            r.all(
                sql!(
                    "select kind, quantity, note
                     from stock_movement
                     where company_id = :company_id and order_id = :order_id
                     order by id
                     limit 100"
                ),
                params![company_id: company, order_id: order],
            )?
            .iter()
            .map(|row| Ok((row.get("kind")?, row.get::<i64>("quantity")? / 1_000, row.get("note")?)))
            .collect()
        })
        .await
}

async fn broken(desk: &Desk) -> Vec<&'static str> {
    desk.app
        .read(|r| {
            let mut broken = Vec::new();
            for check in checks(r) {
                if !(check.look)(r)?.is_empty() {
                    broken.push(check.code);
                }
            }
            Ok(broken)
        })
        .await
}

takt_testing::on_both_engines! {
    async fn what_came_back_lies_there_again_when_it_is_fit_and_is_written_off_when_not(place: Place) {
        // Of five that left: what comes back at once, and what lies there afterwards.
        type Parts = &'static [(i64, Option<Unfit>)];
        const DAMAGED: Option<Unfit> = Some(Unfit::Damaged);
        let table: [(&str, Parts, &str); 4] = [
            ("all of it fit", &[(5, None)], "10/0"),
            ("a part", &[(2, None)], "7/0"),
            ("nothing of it fit", &[(5, DAMAGED)], "5/0"),
            ("some of one line fit, some not", &[(2, None), (1, DAMAGED), (1, Some(Unfit::Expired))], "7/0"),
        ];
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 1).await;
        for (name, parts, lies) in table {
            desk.count(desk.tea, 10).await;
            let order = desk.order(name, &[("TEA-100", 5)]).await;
            desk.ship(order, &[5]).await;
            assert_eq!(desk.level(desk.tea).await, "5/0");
            assert_eq!(give_back(&desk, order, parts).await, None, "{name}");
            assert_eq!(desk.level(desk.tea).await, lies, "{name}");
            let mut expected = vec![("issue".to_owned(), -5, None)];
            for (units, unfit) in parts {
                expected.push(("return".to_owned(), *units, None));
                if let Some(why) = unfit {
                    expected.push(("write_off".to_owned(), -units, Some(why.code().to_owned())));
                }
            }
            assert_eq!(movements(&desk, order).await, expected, "{name}");
            let returned: i64 = parts.iter().map(|(units, _)| units).sum();
            assert_eq!(desk.lines(order).await[0].returned, Quantity::whole(returned), "{name}");
            desk.is_sound().await;
            assert_eq!(broken(&desk).await, Vec::<&str>::new(), "{name}");
        }
    }

    async fn what_never_leaves_is_free_and_what_came_back_of_a_cancelled_order_lies_there(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        desk.receive(desk.tea, 10).await;
        let order = desk.order("1", &[("TEA-100", 5)]).await;
        desk.ship(order, &[3]).await;
        let waits = desk.order("2", &[("TEA-100", 6)]).await;
        assert_eq!((desk.level(desk.tea).await.as_str(), desk.reserved(waits).await.as_str()), ("7/7", "part: 5"));
        desk.app.write(move |tx| leave_out(tx, &permit(company), order, None).map(|_| ())).await;
        desk.app.drain().await;
        assert_eq!((desk.level(desk.tea).await.as_str(), desk.reserved(waits).await.as_str()), ("7/6", "all: 6"));
        assert_eq!(give_back(&desk, order, &[(3, None)]).await, None);
        desk.cancel(order).await;
        desk.app.drain().await;
        assert_eq!((desk.level(desk.tea).await.as_str(), desk.find(order).await.stage), ("10/6", Stage::Cancel));
        assert_eq!(movements(&desk, order).await.len(), 2, "it left once and came back once");
        desk.is_sound().await;
        assert_eq!(broken(&desk).await, Vec::<&str>::new());
    }

    async fn no_more_comes_back_than_left(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 10).await;
        let order = desk.order("1", &[("TEA-100", 5)]).await;
        assert_eq!(give_back(&desk, order, &[(1, None)]).await.as_deref(), Some("orders.more_than_left_us"));
        desk.ship(order, &[3]).await;
        let too_much = [(2, None), (2, Some(Unfit::Used))];
        assert_eq!(give_back(&desk, order, &too_much).await.as_deref(), Some("orders.more_than_left_us"));
        assert_eq!(desk.level(desk.tea).await, "7/2", "a refusal moves nothing");
        assert_eq!(give_back(&desk, order, &[(3, None)]).await, None);
        assert_eq!(desk.level(desk.tea).await, "10/2");
        assert_eq!(give_back(&desk, order, &[(1, None)]).await.as_deref(), Some("orders.more_than_left_us"));
    }

    async fn it_lies_where_it_left_from_and_goes_to_who_waits(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 1).await;
        let second = desk.warehouse("Второй").await;
        desk.receive_at(Some(second), desk.tea, 4).await;
        let order = desk.order("1", &[("TEA-100", 4)]).await;
        desk.ship(order, &[4]).await;
        let waits = desk.order("2", &[("TEA-100", 3)]).await;
        assert_eq!(desk.reserved(waits).await, "part: 1");
        assert_eq!(give_back(&desk, order, &[(1, Some(Unfit::Incomplete))]).await, None);
        assert_eq!(desk.reserved(waits).await, "part: 1", "what is not fit is nobody's");
        assert_eq!(give_back(&desk, order, &[(3, None)]).await, None);
        assert_eq!(desk.reserved(waits).await, "all: 3");
        let there = desk.levels(desk.tea).await;
        let at_second = there.iter().find(|level| level.warehouse == second).expect("a level");
        assert_eq!(at_second.on_hand, Quantity::whole(3));
        desk.is_sound().await;
    }

    async fn of_an_archived_warehouse_it_comes_to_the_main_one(place: Place) {
        let desk = Desk::open(place).await;
        let second = desk.warehouse("Второй").await;
        desk.receive_at(Some(second), desk.tea, 4).await;
        let order = desk.order("1", &[("TEA-100", 4)]).await;
        desk.ship(order, &[4]).await;
        let company = desk.company;
        desk.app.write(move |tx| warehouses::archive(tx, &permit(company), second)).await;
        assert_eq!(give_back(&desk, order, &[(4, None)]).await, None);
        let there = desk.levels(desk.tea).await;
        assert!(there.iter().all(|level| level.warehouse != second), "{there:?}");
        assert_eq!(desk.level(desk.tea).await, "4/0");
        desk.is_sound().await;
    }

    async fn goods_that_the_catalogue_does_not_know_move_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("NOBODY-KNOWS", 2)]).await;
        desk.ship(order, &[2]).await;
        assert_eq!(give_back(&desk, order, &[(2, None)]).await, None);
        assert_eq!(movements(&desk, order).await, []);
    }

    async fn a_return_that_orders_do_not_know_is_found(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 10).await;
        let order = desk.order("1", &[("TEA-100", 5)]).await;
        desk.ship(order, &[5]).await;
        assert_eq!(give_back(&desk, order, &[(2, None), (1, Some(Unfit::Other))]).await, None);
        assert_eq!(broken(&desk).await, Vec::<&str>::new());
        desk.app
            .write(move |tx| {
                tx.put(sql!("update order_line set returned = 1000 where returned = 3000"), params![])
            })
            .await;
        assert!(broken(&desk).await.contains(&"stock.what_came_back_is_what_orders_took_back"));
    }
}
