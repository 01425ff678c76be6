use serde_json::json;
use takt_kernel::Actor;
use takt_orders::{Holder, OrderId};
use takt_promises::Outcome;
use takt_staff::Role;
use takt_store::{Query, Statement};
use takt_tasks::{NewTask, close_for_order, open};
use takt_testing::on_both_engines;

use crate::desk::Desk;

async fn results(desk: &Desk) -> Vec<(i64, Outcome)> {
    let company = desk.company;
    desk.app
        .read(move |reader| {
            let asked = Statement::new("select month, told from promise_result where company_id = :company_id order by order_id limit 100")
                .bind("company_id", company);
            reader.all_of(&asked)?.iter().map(|row| Ok((row.get("month")?, row.json("told")?))).collect()
        })
        .await
}

async fn call(desk: &Desk, id: OrderId, outcome: &'static str) {
    let company = desk.company;
    let by = || Actor::system("test");
    let due_at = desk.app.now().plus_seconds(900);
    desk.app
        .write(move |tx| {
            let new = NewTask {
                company,
                kind: "call",
                role: Role::Manager,
                order: Some(id),
                due_at,
                key: None,
                args: json!({ "rule": "pick-and-call", "playbook": 0 }),
            };
            open(tx, new, &by()).map(|_| ())
        })
        .await;
    desk.wait(5).await;
    desk.app.write(move |tx| close_for_order(tx, company, id, "call", outcome, &by()).map(|_| ())).await;
    desk.app.drain().await;
}

on_both_engines! {
    async fn a_finished_order_leaves_a_result_that_adds_up(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place("A-1").await;
        desk.run(id, [10, 20, 10, 10, 60]).await;
        let cancelled = desk.place("A-2").await;
        desk.cancel(cancelled).await;
        let told = results(&desk).await;
        assert_eq!(told.len(), 2);
        let (month, first) = &told[0];
        assert_eq!((*month, first.number.as_str(), first.cancelled), (202_611, "A-1", false));
        assert_eq!(first.held.values().map(|(wall, _)| wall).sum::<i64>(), first.whole);
        assert_eq!(first.held.get(&Holder::Queue), Some(&(600, 600)));
        assert_eq!(first.held.get(&Holder::Operator), Some(&(1200, 1200)));
        let links: Vec<_> = first.links.iter().map(|link| (link.from.code(), link.to.code(), link.wall, link.late, link.blamed)).collect();
        assert_eq!(links, [
            ("placed", "confirmed", 1800, Some(900), Some(Holder::Operator)),
            ("confirmed", "ready", 600, Some(0), None),
            ("ready", "delivered", 4200, Some(0), None),
        ]);
        assert_eq!(first.buyer_waited, Some(6600));
        assert!(told[1].1.cancelled);
    }

    async fn a_call_that_was_not_answered_is_the_buyers_time(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place("A-1").await;
        let placed = desk.order(id).await;
        call(&desk, id, "not_reached").await;
        let order = desk.order(id).await;
        assert_eq!(order.pause.as_ref().map(|pause| pause.reason.as_str()), Some("not_reached"));
        assert_eq!((order.holder, order.due_at), (Some(Holder::Buyer), Some(desk.app.now().plus_seconds(3600))));
        desk.wait(20).await;
        call(&desk, id, "done").await;
        let order = desk.order(id).await;
        assert_eq!((order.pause.as_ref(), order.holder), (None, Some(Holder::Queue)));
        assert_eq!(order.due_at, Some(placed.placed_at.plus_seconds(900 + 25 * 60)));
        desk.run(id, [1, 1, 1, 1, 1]).await;
        let told = results(&desk).await.remove(0).1;
        assert_eq!(told.held.get(&Holder::Buyer).map(|(wall, _)| *wall), Some(25 * 60));
        assert_eq!(told.rules.iter().map(|run| (run.rule.as_str(), run.wall, run.late)).collect::<Vec<_>>(), [("pick-and-call", 300, 0), ("pick-and-call", 300, 0)]);
    }

    async fn a_task_that_ends_after_its_order_is_in_the_result_as_late_as_it_was(place: Place) {
        let desk = Desk::open(place).await;
        let (company, id) = (desk.company, desk.place("A-1").await);
        let due_at = desk.app.now().plus_seconds(900);
        let rule = move |kind: &'static str| NewTask {
            company,
            kind,
            role: Role::Manager,
            order: Some(id),
            due_at,
            key: None,
            args: json!({ "rule": kind, "playbook": 0 }),
        };
        desk.app
            .write(move |tx| {
                for kind in ["call", "in_transit_long", "not_collected"] {
                    open(tx, rule(kind), &Actor::system("test"))?;
                }
                Ok(())
            })
            .await;
        desk.run(id, [1, 1, 1, 1, 20]).await;
        let runs = async || results(&desk).await.remove(0).1.rules.into_iter().map(|run| (run.rule, run.wall, run.late)).collect::<Vec<_>>();
        assert_eq!(runs().await, [], "nobody knows yet how late they will be");
        let close = |kind: &'static str| desk.app.write(move |tx| close_for_order(tx, company, id, kind, "over", &Actor::system("test")).map(|_| ()));
        close("in_transit_long").await;
        desk.app.drain().await;
        assert_eq!(runs().await, [("in_transit_long".to_owned(), 1_440, 540)]);
        desk.wait(10).await;
        close("call").await;
        desk.app.drain().await;
        assert_eq!(runs().await, [("call".to_owned(), 2_040, 1_140), ("in_transit_long".to_owned(), 1_440, 540)]);
        assert_eq!(results(&desk).await.len(), 1);
    }

    async fn a_company_without_that_reason_is_left_alone(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let promises = takt_orders::clock::Promises { pauses: Vec::new(), ..Default::default() };
        desk.app.write(move |tx| promises.save(tx, &crate::desk::permit(company))).await;
        let id = desk.place("A-1").await;
        call(&desk, id, "not_reached").await;
        let order = desk.order(id).await;
        assert_eq!((order.pause.as_ref(), order.holder), (None, Some(Holder::Queue)));
    }
}
