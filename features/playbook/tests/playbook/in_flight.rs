//! What becomes of the orders that are in work when a version is published: they stay with theirs, or move.

use takt_kernel::{Actor, Fault};
use takt_orders::{OrderId, record_ready};
use takt_playbook::{
    Checked, ManagePlaybook, replay,
    versions::{self, InFlight},
};
use takt_testing::on_both_engines;
use takt_ui::Lang;

use crate::desk::{Desk, permit};

/// On money `kind` is asked for; after two hours somebody is reminded; before ready `step` is ticked.
fn document(kind: &str, reminder: &str, step: &str) -> String {
    format!(
        "# Порядок\n\n## Сборка\n\n- [ ] **до готовности:** {step}\n\n\
         ```rule asks\nwhen = 'orders.paid'\nthen = [{{ do = 'tasks.open', kind = '{kind}', role = 'manager', due = '1 h' }}]\n```\n\n\
         ```rule reminds\nwhile = ['order.may_be_packed', '!order.ready']\nfor = '2 h'\ncalendar = 'round the clock'\n\
         then = [{{ do = 'tasks.open', kind = '{reminder}', role = 'manager', due = '1 h' }}]\n```\n"
    )
}

impl Desk {
    async fn publishes(&self, text: String, orders: InFlight) {
        let company = self.company;
        self.app
            .write(move |tx| {
                let now_running = versions::current(tx, company)?;
                versions::publish(
                    tx,
                    &permit::<ManagePlaybook>(company),
                    &Checked::of(&text)?,
                    "",
                    now_running,
                    orders,
                )
            })
            .await;
        self.app.drain().await;
    }

    async fn refused_ready(&self, order: OrderId) -> Fault {
        let company = self.company;
        let ready = move |tx: &mut takt_store::Tx| {
            record_ready(tx, company, order, &Actor::system("test")).map(|_| ())
        };
        self.app.try_write(ready).await.expect_err("a step is demanded")
    }

    /// The versions that were asked about an order.
    async fn asked(&self, order: OrderId) -> Vec<Option<i64>> {
        let company = self.company;
        let path = self.app.read(move |db| replay::path(db, company, order, Lang::En)).await;
        let mut versions: Vec<_> = path.stops.iter().map(|stop| stop.version).collect();
        versions.dedup();
        versions
    }
}

fn demanded(fault: &Fault) -> String {
    let step = fault.args().iter().find(|(name, _)| name == "step");
    step.map(|(_, value)| value.to_string()).unwrap_or_default()
}

on_both_engines! {
    async fn orders_in_work_stay_with_their_version_and_later_ones_go_by_the_new(place: Place) {
        let desk = Desk::open(place).await;
        desk.publishes(document("call", "not_picked", "старый чек"), InFlight::Move).await;
        let before = desk.tea(1, "prepaid", true).await;
        desk.publishes(document("pick", "not_handed_over", "новый чек"), InFlight::Stay).await;
        let after = desk.tea(1, "prepaid", true).await;
        desk.pay(1, before, "100.00").await;
        desk.pay(2, after, "100.00").await;
        desk.app.drain().await;
        assert_eq!(desk.told(before).await, "call:open");
        assert_eq!(desk.told(after).await, "pick:open");
        desk.app.advance(2 * 3600 + 1).await;
        assert_eq!(desk.told(before).await, "call:open not_picked:open");
        assert_eq!(desk.told(after).await, "not_handed_over:open pick:open");
        assert_eq!(demanded(&desk.refused_ready(before).await), "старый чек");
        assert_eq!(demanded(&desk.refused_ready(after).await), "новый чек");
        assert_eq!(desk.asked(before).await, [Some(1)], "the past is asked by the version that it went by");
        assert_eq!(desk.asked(after).await, [Some(2)]);
    }

    async fn an_order_that_stayed_moves_with_the_next_version_that_takes_all(place: Place) {
        let desk = Desk::open(place).await;
        desk.publishes(document("call", "not_picked", "первый"), InFlight::Move).await;
        let order = desk.tea(1, "on_delivery", true).await;
        desk.publishes(document("call", "not_picked", "второй"), InFlight::Stay).await;
        desk.publishes(document("call", "not_picked", "третий"), InFlight::Stay).await;
        assert_eq!(demanded(&desk.refused_ready(order).await), "первый", "through two that left it");
        desk.publishes(document("pick", "not_handed_over", "четвёртый"), InFlight::Move).await;
        assert_eq!(demanded(&desk.refused_ready(order).await), "четвёртый");
        desk.pay(1, order, "100.00").await;
        desk.app.drain().await;
        desk.app.advance(2 * 3600 + 1).await;
        assert_eq!(desk.told(order).await, "not_handed_over:open pick:open");
        assert_eq!(desk.asked(order).await.last(), Some(&Some(4)));
    }

    async fn orders_that_never_had_a_version_of_their_own_stay_with_what_takt_brings_along(place: Place) {
        let desk = Desk::open(place).await;
        let before = desk.tea(1, "prepaid", true).await;
        desk.publishes(document("call", "not_picked", "чек"), InFlight::Stay).await;
        desk.pay(1, before, "100.00").await;
        desk.app.drain().await;
        assert!(desk.told(before).await.contains("pick:open"), "{}", desk.told(before).await);
        assert_eq!(desk.asked(before).await, [Some(0)]);
    }
}
