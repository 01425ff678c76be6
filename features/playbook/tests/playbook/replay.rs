//! The past asked again: why, what if, and nothing is written by asking.

use std::sync::Arc;

use takt_kernel::Actor;
use takt_orders::{OrderId, clock, past::Past, record_ready};
use takt_playbook::{
    replay::{self, BackTest, Looked, Path, Running, Span},
    versions,
};
use takt_staff::settings;
use takt_store::{Fact as _, facts, params, sql};
use takt_testing::on_both_engines;
use takt_ui::Lang;

use crate::desk::Desk;

/// What Takt brings along, but big orders are only those of more than ten units, and pickers have an hour.
fn otherwise() -> String {
    include_str!("../../playbooks/en.md")
        .replace("order.units <= company.confirm_up_to_units", "order.units <= 10")
        .replace(
            "kind = \"pick\", role = \"warehouse\", due = \"=company.task_minutes\"",
            "kind = \"pick\", role = \"warehouse\", due = \"1 h\"",
        )
}

pub async fn path(desk: &Desk, order: OrderId) -> Path {
    let company = desk.company;
    desk.app.read(move |reader| replay::path(reader, company, order, Lang::Ru)).await
}

pub async fn by(desk: &Desk, order: OrderId, text: &str) -> Path {
    let company = desk.company;
    let playbook = Arc::new(versions::check(text).unwrap_or_else(|problems| panic!("{problems:?}")));
    desk.app.read(move |reader| replay::dry_run(reader, company, order, playbook)).await
}

pub async fn backtest(desk: &Desk, text: &str) -> BackTest {
    let playbook = Arc::new(versions::check(text).unwrap_or_else(|problems| panic!("{problems:?}")));
    let now = desk.app.now();
    let span = Span { from: now.plus_seconds(-40 * 86_400), to: now.plus_seconds(86_400) };
    let mut running = Running::begin(&desk.app.db, desk.company, playbook, span).await.expect("a back-test");
    while running.step().await.expect("a page").is_some() {}
    running.end()
}

/// `small-order: order.units <= company.confirm_up_to_units (6 > 5 by 1)`, of the rules that one fact stopped.
fn stopped(path: &Path, kind: &str) -> Vec<String> {
    let stops = path.stops.iter().filter(|stop| stop.kind == kind);
    stops
        .flat_map(|stop| &stop.rules)
        .filter_map(|rule| {
            let condition = rule.stopped.as_ref()?;
            let (left, operator, right) = condition.gap.clone().unwrap_or_default();
            Some(format!(
                "{}: {} ({left} {operator} {right} by {:?})",
                rule.rule, condition.text, condition.by
            ))
        })
        .collect()
}

pub fn done(path: &Path) -> Vec<String> {
    let deeds = path.stops.iter().flat_map(|stop| &stop.rules).flat_map(|rule| &rule.did);
    deeds.filter(|did| did.done).map(|did| format!("{}: {}", did.rule, did.outline().0)).collect()
}

on_both_engines! {
    async fn the_card_tells_which_condition_failed_and_by_how_much(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.tea(6, "prepaid", true).await;
        desk.app.advance(1).await;
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        let path = path(&desk, order).await;
        assert!(
            stopped(&path, "orders.paid").contains(
                &"small-order: order.units <= company.confirm_up_to_units (6 <= 5 by Some(1))".to_owned()
            ),
            "{:#?}",
            stopped(&path, "orders.paid")
        );
        assert_eq!(done(&path), ["pick-and-call: tasks.open", "pick-and-call: tasks.open"]);
        assert_eq!(path.stops.iter().filter_map(|stop| stop.version).max(), Some(0));
        assert_eq!(path.waiting.len(), 2);
    }

    async fn a_dry_run_takes_the_order_down_another_path_and_writes_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.tea(6, "prepaid", true).await;
        desk.app.advance(1).await;
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        let before = (desk.app.fact_log().await, desk.told(order).await);
        let path = by(&desk, order, &otherwise()).await;
        assert_eq!(
            done(&path),
            ["small-order: orders.confirm", "pick-and-call: tasks.open", "pick-and-call: tasks.open"]
        );
        assert_eq!((desk.app.fact_log().await, desk.told(order).await), before);
    }

    async fn the_version_that_ran_does_the_same_again_and_another_does_not(place: Place) {
        let desk = Desk::open(place).await;
        let (big, small) = (desk.tea(6, "prepaid", true).await, desk.tea(2, "prepaid", true).await);
        let short = desk.tea(3, "prepaid", false).await;
        desk.app.advance(1).await;
        for (receipt, order, amount) in [(1, big, "600.00"), (2, small, "200.00"), (3, short, "300.00")] {
            desk.pay(receipt, order, amount).await;
        }
        desk.app.drain().await;
        desk.app.advance(300).await;
        desk.close(big, "call", "not_reached").await;
        let company = desk.company;
        desk.app
            .write(move |tx| record_ready(tx, company, small, &Actor::system("test")).map(|_| ()))
            .await;
        desk.hold(short, true).await;
        desk.app.drain().await;
        let same = backtest(&desk, include_str!("../../playbooks/en.md")).await;
        assert_eq!((same.orders, same.unlike, same.differing), (3, 0, 0), "{:#?}", same.differences);
        assert!(same.deeds.values().all(|both| both.really == both.would), "{:?}", same.deeds);
        assert_eq!(same.deeds["tasks.open pick"].really, 3);
        assert_eq!(same.deeds["orders.confirm"].really, 2);
        let kept = &same.promises["confirmed"];
        assert_eq!((kept.kept.really, kept.kept.would), (2, 2));

        let other = backtest(&desk, &otherwise()).await;
        assert_eq!((other.unlike, other.differing), (0, 3), "the pick has an hour everywhere");
        assert_eq!((other.deeds["orders.confirm"].really, other.deeds["orders.confirm"].would), (2, 3));
        assert_eq!(other.promises["confirmed"].kept.would, 3);
    }

    async fn what_was_heard_late_is_asked_as_it_stood_when_it_was_heard(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.tea(6, "prepaid", true).await;
        desk.app.clock.advance_seconds(1);
        desk.pay(1, order, "600.00").await;
        // Before anybody heard of the money it was taken back: nothing is to be picked any more.
        desk.take_back(1, order, "600.00").await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "money_taken_back:open");
        let test = backtest(&desk, include_str!("../../playbooks/en.md")).await;
        assert_eq!((test.unlike, test.differing), (0, 0), "{:#?} {:#?}", test.unlike_told, test.differences);
        assert_eq!(test.deeds.keys().collect::<Vec<_>>(), ["tasks.open money_taken_back"]);
    }

    async fn a_setting_that_changed_later_does_not_change_the_past(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.tea(6, "prepaid", true).await;
        desk.app.advance(1).await;
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        desk.app.advance(60).await;
        let company = desk.company;
        desk.app
            .write(move |tx| {
                settings::set(tx, company, "orders.confirm_up_to_units", &100, &Actor::system("test"))
            })
            .await;
        let test = backtest(&desk, include_str!("../../playbooks/en.md")).await;
        assert_eq!((test.unlike, test.differing), (0, 0));
        assert_eq!(test.deeds.get("orders.confirm"), None, "six were too many then");
    }

    async fn what_a_missing_step_refused_was_not_done_and_is_not_told_as_done(place: Place) {
        let desk = Desk::open(place).await;
        let rules = "```rule small\nwhen = 'orders.paid'\nthen = [{ do = 'orders.confirm' }]\n```\n\n```rule calls\nwhen = 'tasks.closed'\nif = \"fact.kind == 'steps_missing'\"\nthen = [{ do = 'tasks.open', kind = 'call', role = 'manager', due = '1 h' }]\n```\n";
        let demanding = format!("# Порядок\n\n- [ ] **до подтверждения:** Адрес\n\n{rules}");
        desk.publish(&demanding).await;
        let order = desk.tea(1, "prepaid", true).await;
        desk.app.advance(1).await;
        desk.pay(1, order, "100.00").await;
        desk.app.drain().await;
        let company = desk.company;
        let said = desk.app.read(move |reader| facts::of_subject(reader, company, "order", order.get(), 0, 100)).await;
        let did: Vec<bool> = said
            .iter()
            .filter(|fact| fact.kind == Looked::KIND)
            .flat_map(|fact| fact.read::<Looked>().expect("a look").did)
            .map(|did| did.done)
            .collect();
        assert_eq!(did, [false], "a task was opened instead");
        assert_eq!(done(&path(&desk, order).await), Vec::<String>::new(), "and why says so");
        // An hour and a half later somebody ticks it and confirms: too late for the promise.
        desk.app.advance(5_400).await;
        let manager = desk.signed_in("manager").await;
        let card = manager.get(&format!("/orders/{order}")).await.text();
        let key = card.split("id=\"step-").nth(1).and_then(|rest| rest.split('"').next()).expect("a step");
        manager.post_form(&format!("/orders/{order}/steps"), &[("step", key)]).await.expect_status(303);
        manager.post_form(&format!("/orders/{order}/confirm"), &[]).await.expect_status(303);
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "call:open steps_missing:done");
        let same = backtest(&desk, &demanding).await;
        assert_eq!((same.unlike, same.differing), (0, 0), "{:#?} {:#?}", same.unlike_told, same.differences);
        assert_eq!(same.deeds.keys().collect::<Vec<_>>(), ["tasks.open call"]);
        assert!(same.days.values().flat_map(|day| day.values()).all(|load| load.tasks.really == load.tasks.would), "{:?}", same.days);
        let confirmed = &same.promises["confirmed"];
        assert_eq!((confirmed.kept.really, confirmed.lost.really), (0, 1), "an hour and a half is not in time");
        assert_eq!((confirmed.kept.would, confirmed.lost.would), (0, 1));
        let without = backtest(&desk, &format!("# Порядок\n\n{rules}")).await;
        assert_eq!(without.promises["confirmed"].kept.would, 1, "nothing would have stood in its way");
        // The other way round: what was confirmed at once would have waited for somebody.
        desk.publish(&format!("# Порядок\n\n{rules}")).await;
        let second = desk.tea(1, "prepaid", true).await;
        desk.app.advance(1).await;
        desk.pay(2, second, "100.00").await;
        desk.app.drain().await;
        assert_eq!(done(&by(&desk, second, &demanding).await), Vec::<String>::new());
    }

    async fn deadlines_are_counted_by_the_calendar_that_the_rule_names(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T17:30:00");
        let text = "```rule pick\nwhen = 'orders.paid'\nthen = [{ do = 'tasks.open', kind = 'pick', role = 'warehouse', due = '1 h', calendar = 'round the clock' }]\n```\n";
        desk.publish(text).await;
        let order = desk.tea(1, "prepaid", true).await;
        desk.app.advance(1).await;
        desk.pay(1, order, "100.00").await;
        desk.app.drain().await;
        // Late by every hour of the day, in time by those of the office.
        desk.app.advance(4 * 3_600).await;
        desk.close(order, "pick", "done").await;
        let load = |test: &BackTest| test.days.values().flat_map(|day| day.values()).map(|load| (load.late.really, load.late.would)).collect::<Vec<_>>();
        assert_eq!(load(&backtest(&desk, text).await), [(1, 1)]);
        assert_eq!(load(&backtest(&desk, &text.replace(", calendar = 'round the clock'", "")).await), [(1, 0)]);
    }

    async fn a_promise_after_another_is_counted_from_when_that_one_would_have_been_kept(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        let company = desk.company;
        let promised = serde_json::json!({ "milestones": [
            { "reached": "confirmed", "since": "money", "allowance": { "working_minutes": 600 } },
            { "reached": "ready", "since": "previous", "allowance": { "working_minutes": 60 } },
        ] });
        desk.app
            .write(move |tx| settings::set(tx, company, clock::SETTING, &promised, &Actor::system("test")))
            .await;
        let waits = "```rule call\nwhen = 'orders.paid'\nthen = [{ do = 'tasks.open', kind = 'call', role = 'manager', due = '1 h' }]\n```\n\n```rule reached\nwhen = 'tasks.closed'\nif = \"fact.kind == 'call'\"\nthen = [{ do = 'orders.confirm' }]\n```\n";
        desk.publish(waits).await;
        let order = desk.tea(1, "prepaid", true).await;
        desk.app.advance(1).await;
        desk.pay(1, order, "100.00").await;
        desk.app.drain().await;
        desk.app.advance(3_600).await;
        desk.close(order, "call", "reached").await;
        desk.app.advance(5_400).await;
        desk.app.write(move |tx| record_ready(tx, company, order, &Actor::system("test")).map(|_| ())).await;
        let at_once = "```rule small\nwhen = 'orders.paid'\nthen = [{ do = 'orders.confirm' }]\n```\n";
        let ready = &backtest(&desk, at_once).await.promises["ready"];
        assert_eq!((ready.lost.really, ready.lost.would), (1, 1), "an hour and a half after either is not an hour");
    }

    async fn why_is_told_of_the_versions_that_can_be_read(place: Place) {
        let desk = Desk::open(place).await;
        let rule = |condition: &str| format!("```rule small\nwhen = 'orders.paid'\nif = '{condition}'\nthen = [{{ do = 'orders.confirm' }}]\n```\n");
        desk.publish(&rule("order.left")).await;
        let order = desk.tea(1, "prepaid", true).await;
        desk.app.advance(1).await;
        desk.pay(1, order, "100.00").await;
        desk.app.drain().await;
        desk.app.advance(1).await;
        desk.publish(&rule("!order.left")).await;
        let second = desk.tea(1, "prepaid", true).await;
        desk.app.advance(1).await;
        desk.pay(2, second, "100.00").await;
        desk.app.drain().await;
        // An older program knew a word that this one does not.
        let company = desk.company;
        desk.app
            .write(move |tx| {
                tx.put(
                    sql!(
                        "update playbook_version
                         set document = replace(document, 'order.left', 'order.gone'), fingerprint = 'another'
                         where company_id = :company_id and number = 1"
                    ),
                    params![company_id: company],
                )
            })
            .await;
        assert_eq!(done(&path(&desk, second).await), ["small: orders.confirm"], "it went by another version");
        assert_eq!(path(&desk, order).await.stops.len(), 0, "what cannot be read is not told");
        let test = backtest(&desk, &rule("!order.left")).await;
        assert_eq!(test.deeds["orders.confirm"].would, 2);
        let manager = desk.signed_in("manager").await;
        manager.get(&format!("/orders/{order}/why")).await.expect_status(200);
    }

    async fn every_look_leaves_its_evidence_once(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.tea(2, "prepaid", true).await;
        desk.app.advance(1).await;
        desk.pay(1, order, "200.00").await;
        desk.app.drain().await;
        let company = desk.company;
        let said = desk.app.read(move |reader| facts::of_subject(reader, company, "order", order.get(), 0, 100)).await;
        let looks: Vec<Looked> = said
            .iter()
            .filter(|fact| fact.kind == Looked::KIND)
            .map(|fact| fact.read().expect("a look"))
            .collect();
        let paid = said.iter().find(|fact| fact.kind == "orders.paid").expect("the money");
        let of_money: Vec<&Looked> = looks.iter().filter(|looked| looked.fact == paid.id).collect();
        assert_eq!(of_money.len(), 1);
        assert_eq!((of_money[0].n, of_money[0].playbook), (paid.n, 0));
        let rules: Vec<&str> = of_money[0].did.iter().map(|did| did.rule.as_str()).collect();
        assert_eq!(rules, ["paid-again", "small-order", "pick-and-call", "pick-and-call"]);
        let came: Vec<bool> = of_money[0].did.iter().map(|did| did.done).collect();
        assert_eq!(came, [false, true, true, true], "nobody had asked about money that was taken back");
        let confirmed = Past::of(&said).expect("a past").expect("an order");
        assert!(confirmed.order.confirmed_at.is_some());
    }
}
