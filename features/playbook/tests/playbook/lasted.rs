//! What lasted, asked again: the version that ran does what it did, when it did it.

use takt_kernel::Actor;
use takt_orders::{OrderId, confirm, record_taken};
use takt_playbook::replay::BackTest;
use takt_testing::on_both_engines;

use crate::{
    desk::{Desk, permit},
    replay::{backtest, by, done, path},
};

const WATCH: &str = "# Регламент\n\n```rule watch\nwhile = ['order.may_be_packed', '!order.confirmed']\nfor = '30 min'\nthen = [{ do = 'tasks.open', kind = 'not_picked', role = 'manager', due = '15 min' }]\nafter = [{ do = 'tasks.close', kind = 'not_picked', outcome = 'over' }]\n```\n\n```rule ignored\nwhen = 'tasks.opened'\nif = \"fact.kind == 'not_picked'\"\nthen = [{ do = 'tasks.open', kind = 'call', role = 'manager', due = '1 h' }]\n```\n";

impl Desk {
    async fn paid(&self, receipt: i64) -> OrderId {
        let order = self.tea(1, "prepaid", true).await;
        self.pay(receipt, order, "100.00").await;
        order
    }

    async fn is_confirmed(&self, order: OrderId) {
        let company = self.company;
        self.app.write(move |tx| confirm(tx, &permit(company), order).map(|_| ())).await;
    }
}

fn is_the_same(test: &BackTest) {
    assert_eq!((test.unlike, test.differing), (0, 0), "{:#?} {:#?}", test.unlike_told, test.differences);
    assert!(test.deeds.values().all(|both| both.really == both.would), "{:?}", test.deeds);
    let loads = test.days.values().flat_map(|day| day.values());
    assert!(
        loads
            .clone()
            .all(|load| load.tasks.really == load.tasks.would && load.late.really == load.late.would),
        "{:?}",
        test.days
    );
}

fn deeds(test: &BackTest, deed: &str) -> (u64, u64) {
    test.deeds.get(deed).map_or((0, 0), |both| (both.really, both.would))
}

on_both_engines! {
    async fn what_lasted_is_done_again_as_it_was_and_otherwise_by_another_document(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        desk.publish(WATCH).await;
        let (slow, quick, never) = (desk.paid(1).await, desk.paid(2).await, desk.paid(3).await);
        desk.app.drain().await;
        desk.app.advance(900).await;
        desk.is_confirmed(quick).await;
        desk.app.drain().await;
        desk.app.advance(1_860).await;
        assert_eq!(desk.told(slow).await, "call:open not_picked:open");
        assert_eq!(desk.told(quick).await, "");
        desk.is_confirmed(slow).await;
        desk.app.drain().await;
        assert_eq!(desk.told(slow).await, "call:open not_picked:over");
        desk.app.advance(7_200).await;
        let same = backtest(&desk, WATCH).await;
        is_the_same(&same);
        assert_eq!(deeds(&same, "tasks.open not_picked"), (2, 2));
        assert_eq!(deeds(&same, "tasks.close not_picked"), (1, 1));
        assert_eq!(deeds(&same, "tasks.open call"), (2, 2), "what was opened was heard by another rule");
        let acted = ["watch: tasks.open", "ignored: tasks.open", "watch: tasks.close"];
        assert_eq!(done(&path(&desk, slow).await), acted, "why tells it, too");
        assert_eq!(done(&by(&desk, slow, WATCH).await), acted);
        assert_eq!(done(&by(&desk, never, WATCH).await), &acted[..2]);

        let patient = backtest(&desk, &WATCH.replace("30 min", "1 h")).await;
        assert_eq!(deeds(&patient, "tasks.open not_picked"), (2, 1), "only the one that nobody ever confirmed");
        assert_eq!((patient.unlike, patient.differing), (0, 2));
        let hasty = backtest(&desk, &WATCH.replace("30 min", "10 min")).await;
        assert_eq!(deeds(&hasty, "tasks.open not_picked"), (2, 3));
        assert_eq!(deeds(&hasty, "tasks.close not_picked"), (1, 1), "the other was done after the time that such tasks take");
        let none = backtest(&desk, "# Ничего\n").await;
        assert_eq!(deeds(&none, "tasks.open not_picked"), (2, 0));
    }

    async fn a_timer_that_rang_late_and_facts_that_were_heard_late_are_asked_as_it_was(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        desk.publish(WATCH).await;
        // The program is down when its time comes, and it is over before anybody looks.
        let over = desk.paid(1).await;
        desk.app.drain().await;
        desk.app.clock.advance_seconds(3_600);
        desk.is_confirmed(over).await;
        // Its time comes while nobody rings, and it still lasts.
        let late = desk.paid(2).await;
        desk.app.drain().await;
        assert_eq!(desk.told(over).await, "");
        desk.app.clock.advance_seconds(7_200);
        desk.app.drain().await;
        assert_eq!(desk.told(late).await, "call:open not_picked:open");
        // Nobody hears that it was paid before it was confirmed, an hour later.
        let unheard = desk.paid(3).await;
        desk.app.clock.advance_seconds(3_600);
        desk.is_confirmed(unheard).await;
        desk.app.drain().await;
        assert_eq!(desk.told(unheard).await, "");
        // Heard so late that its time has come already.
        let both = desk.paid(4).await;
        desk.app.clock.advance_seconds(3_600);
        desk.app.drain().await;
        assert_eq!(desk.told(both).await, "call:open not_picked:open");
        desk.app.advance(60).await;
        desk.is_confirmed(late).await;
        desk.app.advance(600).await;
        let same = backtest(&desk, WATCH).await;
        is_the_same(&same);
        assert_eq!(deeds(&same, "tasks.open not_picked"), (2, 2));
        let other = backtest(&desk, &WATCH.replace("due = '15 min'", "due = '20 min'")).await;
        assert_eq!(other.unlike, 0);
        assert_eq!(deeds(&other, "tasks.open not_picked"), (2, 4), "another rule is asked as if all had been in time");
    }

    async fn a_version_that_came_over_orders_in_work_is_asked_from_then_on(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        desk.publish("# Ничего\n").await;
        let order = desk.paid(1).await;
        desk.app.drain().await;
        desk.app.advance(3_600).await;
        desk.publish(WATCH).await;
        desk.app.drain().await;
        desk.app.advance(1_200).await;
        assert_eq!(desk.told(order).await, "", "its half hour began with the publication");
        desk.app.advance(1_200).await;
        assert_eq!(desk.told(order).await, "call:open not_picked:open");
        let company = desk.company;
        desk.app.write(move |tx| record_taken(tx, company, order, &Actor::system("test")).map(|_| ())).await;
        desk.app.drain().await;
        let same = backtest(&desk, WATCH).await;
        assert_eq!(same.unlike, 0, "{:#?}", same.unlike_told);
        assert_eq!(deeds(&same, "tasks.open not_picked"), (1, 1));
    }
}
