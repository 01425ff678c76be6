//! A company's own playbook: published, acted on, rolled back.

use takt_kernel::Kind;
use takt_orders::cancel;
use takt_playbook::{
    Checked, ManagePlaybook,
    versions::{self, InFlight},
};
use takt_store::facts;
use takt_testing::on_both_engines;

use crate::desk::{Desk, permit};

const OWN: &str = "# Свой порядок\n\n## Крупные заказы\n\nО крупном заказе владельцу говорят сразу.\n\n```rule big-order\nwhen = \"orders.placed\"\nif = [\"order.total >= 1000\", \"order.units > 2\"]\nthen = [{ do = \"tasks.open\", kind = \"call\", role = \"owner\", due = \"30 min\" }]\n```\n";

async fn publish(desk: &Desk, text: &'static str, instead_of: i64) -> takt_kernel::Result<i64> {
    let company = desk.company;
    let permit = move || permit::<ManagePlaybook>(company);
    desk.app
        .db
        .write("test.publish", move |tx| {
            versions::publish(tx, &permit(), &Checked::of(text)?, "первая", instead_of, InFlight::Move)
        })
        .await
}

on_both_engines! {
    async fn a_company_works_by_its_own_playbook_from_the_moment_it_is_published(place: Place) {
        let desk = Desk::open(place).await;
        let before = desk.tea(10, "on_delivery", true).await;
        desk.app.drain().await;
        assert_eq!(desk.told(before).await, "call:open pick:open");
        assert_eq!(publish(&desk, OWN, 0).await.expect("published"), 1);
        let big = desk.tea(10, "on_delivery", true).await;
        let small = desk.tea(1, "on_delivery", true).await;
        desk.app.drain().await;
        assert_eq!(desk.told(big).await, "call:open");
        assert_eq!(desk.told(small).await, "");
        let task = desk.tasks(big).await.remove(0);
        assert_eq!(task.role, takt_staff::Role::Owner);
        assert_eq!((&task.args["rule"], &task.args["playbook"]), (&"big-order".into(), &1.into()));
        assert_eq!(desk.told(before).await, "call:open pick:open", "what was begun stays");
    }

    async fn going_back_publishes_the_older_text_anew(place: Place) {
        let desk = Desk::open(place).await;
        publish(&desk, OWN, 0).await.expect("published");
        let company = desk.company;
        let number = desk
            .app
            .write(move |tx| {
                let older = Checked::of(&versions::text(tx, company, 0)?)?;
                versions::roll_back(tx, &permit::<ManagePlaybook>(company), (0, &older), 1, InFlight::Move)
            })
            .await;
        assert_eq!(number, 2);
        let order = desk.tea(10, "on_delivery", true).await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "call:open pick:open");
        let listed = desk.app.read(move |db| versions::list(db, company)).await;
        let told: Vec<_> = listed.iter().map(|one| (one.number, one.rolls_back_to)).collect();
        assert_eq!(told, [(2, Some(0)), (1, None)]);
        let said = desk
            .app
            .read(move |db| facts::of_subject(db, company, "playbook", company.get(), 0, 10))
            .await;
        assert_eq!(said.len(), 2, "each publication is a fact");
    }

    async fn nothing_is_published_over_what_another_has_published_meanwhile(place: Place) {
        let desk = Desk::open(place).await;
        publish(&desk, OWN, 0).await.expect("published");
        let late = publish(&desk, "# Другой\n", 0).await.expect_err("somebody was first");
        assert_eq!((late.kind(), late.code()), (Kind::Conflict, "playbook.changed_meanwhile"));
        let same = publish(&desk, OWN, 1).await.expect_err("nothing is new");
        assert_eq!(same.code(), "playbook.nothing_changed");
    }

    async fn a_text_with_a_fault_is_not_published_and_each_fault_has_its_line(place: Place) {
        let desk = Desk::open(place).await;
        let text = "# Свой\n\n```rule a\nwhen = \"orders.payd\"\nthen = [{ do = \"orders.confirm\" }]\n```\n";
        let refused = publish(&desk, text, 0).await.expect_err("there is no such fact");
        assert_eq!(refused.kind(), Kind::Invalid);
        let fields = refused.fields();
        assert_eq!(fields[0].path, "text:4:9");
        assert_eq!(fields[0].code, "playbook.fact_unknown");
        let company = desk.company;
        assert_eq!(desk.app.read(move |db| versions::current(db, company)).await, 0);
    }

    async fn a_rule_that_fails_is_told_once_and_hinders_no_other(place: Place) {
        let desk = Desk::open(place).await;
        let text = "# Свой\n\n```rule bad\nwhen = \"orders.placed\"\nif = \"10 / (order.units - 1) > 1\"\nthen = [{ do = \"tasks.open\", kind = \"call\", role = \"owner\", due = \"1 h\" }]\n```\n\n```rule fine\nwhen = \"orders.placed\"\nthen = [{ do = \"tasks.open\", kind = \"pick\", role = \"warehouse\", due = \"1 h\" }]\n```\n";
        publish(&desk, text, 0).await.expect("it can be read");
        let first = desk.tea(1, "on_delivery", true).await;
        desk.app.drain().await;
        let second = desk.tea(1, "on_delivery", true).await;
        desk.app.drain().await;
        assert_eq!(desk.told(first).await, "pick:open");
        assert_eq!(desk.told(second).await, "pick:open");
        assert_eq!(desk.alarms().await, "rule_failed:open", "one task until it is mended");
        publish(&desk, OWN, 1).await.expect("mended");
    }

    async fn a_rule_that_goes_on_failing_is_told_of_again(place: Place) {
        let desk = Desk::open(place).await;
        let text = "# Свой\n\n```rule bad\nwhen = \"orders.placed\"\nif = \"10 / (order.units - 1) > 1\"\nthen = [{ do = \"tasks.open\", kind = \"call\", role = \"owner\", due = \"1 h\" }]\n```\n";
        publish(&desk, text, 0).await.expect("it can be read");
        let order = desk.tea(1, "on_delivery", true).await;
        desk.app.drain().await;
        assert_eq!(desk.alarms().await, "rule_failed:open");
        let company = desk.company;
        desk.app.write(move |tx| cancel(tx, &permit(company), order, None, "").map(|_| ())).await;
        desk.app.drain().await;
        assert_eq!(desk.alarms().await, "rule_failed:open", "the order is over, the rule is as it was");
        desk.close_alarms().await;
        desk.tea(1, "on_delivery", true).await;
        desk.app.drain().await;
        assert_eq!(desk.alarms().await, "rule_failed:closed", "not at once");
        desk.app.advance(3_700).await;
        desk.tea(1, "on_delivery", true).await;
        desk.app.drain().await;
        assert_eq!(desk.alarms().await, "rule_failed:closed rule_failed:open");
    }

    async fn who_waits_for_a_state_that_outlives_the_order_is_told(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let known = desk.app.read(move |reader| versions::known(reader, company)).await;
        let lasting = |body: &str| {
            format!("```rule watch\n{body}\nfor = '1 h'\nthen = [{{ do = 'tasks.open', kind = 'call', role = 'manager', due = '1 h' }}]\n```\n")
        };
        for (body, outlives) in [
            ("while = '!order.confirmed'", true),
            ("while = ['order.in_work', '!order.confirmed']", false),
            ("while = \"order.stage == 'new' && order.in_work\"", false),
            ("while = ['order.may_be_packed', '!order.ready']", false),
            ("from = 'orders.woken'\nuntil = ['orders.taken', 'orders.cancelled', 'orders.completed']\nwhile = 'order.prepaid'", false),
            ("from = 'orders.woken'\nuntil = 'orders.taken'\nwhile = 'order.prepaid'", true),
            ("from = 'payments.channel_silent'\nuntil = 'payments.channel_heard'", false),
        ] {
            let (_, doubtful) = versions::check_for(&known, &lasting(body)).unwrap_or_else(|problems| panic!("{body}: {problems:?}"));
            let told = doubtful.iter().any(|doubt| doubt.code == "playbook.outlives_orders" && doubt.word == "watch");
            assert_eq!(told, outlives, "{body}: {doubtful:?}");
        }
        for lang in [include_str!("../../playbooks/ru.md"), include_str!("../../playbooks/en.md")] {
            let (_, doubtful) = versions::check_for(&known, lang).expect("what Takt brings along");
            assert!(doubtful.is_empty(), "{doubtful:?}");
        }
    }
}
