//! By when the tasks are due.

use takt_tasks::Task;
use takt_testing::on_both_engines;

use crate::desk::{Desk, moment, permit};

on_both_engines! {
    async fn a_paid_order_has_two_tasks_due_in_fifteen_working_minutes(place: Place) {
        let desk = Desk::open(place).await;
        for (receipt, (paid_at, due_at)) in (1..).zip([
            ("2026-11-02T10:00:00", "2026-11-02T10:15:00"),
            ("2026-11-02T17:50:00", "2026-11-03T09:05:00"),
            ("2026-11-02T23:30:00", "2026-11-03T09:15:00"),
            // An hour less on the eve of a holiday, and the holiday is skipped.
            ("2026-11-03T16:50:00", "2026-11-05T09:05:00"),
            ("2026-11-04T12:00:00", "2026-11-05T09:15:00"),
            ("2026-11-06T17:59:59", "2026-11-09T09:14:59"),
            ("2026-11-07T12:00:00", "2026-11-09T09:15:00"),
            ("2026-11-09T08:59:59", "2026-11-09T09:15:00"),
        ]) {
            desk.at(paid_at);
            let order = desk.tea(6, "prepaid", true).await;
            desk.app.drain().await;
            assert_eq!(desk.told(order).await, "", "before the money");
            desk.pay(receipt, order, "600.00").await;
            desk.app.drain().await;
            let tasks = desk.tasks(order).await;
            assert_eq!(desk.told(order).await, "call:open pick:open", "paid at {paid_at}");
            for task in &tasks {
                let late = task.due_at.seconds_since(moment(due_at));
                assert_eq!(late, 0, "{} paid at {paid_at} is due at {}", task.kind, task.due_at);
            }
            assert_eq!(roles(&tasks), "call=manager pick=warehouse");
            let company = desk.company;
            desk.app
                .write(move |tx| takt_orders::cancel(tx, &permit(company), order, None, "").map(|_| ()))
                .await;
            desk.app.drain().await;
            assert_eq!(desk.told(order).await, "call:order_cancelled pick:order_cancelled");
        }
    }

    async fn what_is_not_done_in_time_is_asked_of_the_next_above(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.tea(6, "prepaid", true).await;
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        desk.app.advance(899).await;
        assert_eq!(desk.app.facts_named("tasks.escalated").await, 0);
        desk.app.advance(2).await;
        assert_eq!(desk.app.facts_named("tasks.escalated").await, 2, "the manager for the pick, the owner for the call");
    }

    async fn a_late_reaction_moves_no_deadline(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        let order = desk.tea(6, "prepaid", true).await;
        desk.pay(1, order, "600.00").await;
        desk.at("2026-11-02T10:10:00");
        desk.app.drain().await;
        for task in desk.tasks(order).await {
            assert_eq!(task.due_at.seconds_since(moment("2026-11-02T10:15:00")), 0);
        }
    }
}

fn roles(tasks: &[Task]) -> String {
    let mut roles: Vec<String> = tasks.iter().map(|task| format!("{}={}", task.kind, task.role)).collect();
    roles.sort();
    roles.join(" ")
}
