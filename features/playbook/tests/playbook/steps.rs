//! What the document demands before a verb: refused until it is ticked, ticked on the card, told who and when.

use takt_kernel::Actor;
use takt_orders::{OrderId, cancel, confirm, record_ready, record_shipped, steps::Verb};
use takt_store::facts;
use takt_testing::on_both_engines;
use takt_ui::Texts;

use crate::desk::{Desk, permit};

const DOCUMENT: &str = "# Свой порядок

## 1. Звонок

- [ ] **до подтверждения:** Адрес полный
- [ ] **до подтверждения:** Время согласовано
- [ ] Улыбнуться
- [ ] **до готовности:** Чек вложен
- [ ] **до отправки:** Пломба на месте
- [ ] **до отмены:** Предложена замена

```script
Добрый день!
```

```rule call
when = 'orders.paid'
then = [{ do = 'tasks.open', kind = 'call', role = 'manager', due = '15 min' }]
```

```rule reached
when = 'tasks.closed'
if = \"fact.outcome == 'reached'\"
then = [{ do = 'orders.confirm' }]
```
";

async fn with_steps(place: takt_testing::Place) -> (Desk, OrderId) {
    let desk = Desk::open(place).await;
    desk.publish(DOCUMENT).await;
    let order = desk.tea(1, "prepaid", true).await;
    desk.pay(1, order, "100.00").await;
    desk.app.drain().await;
    (desk, order)
}

/// The button beside these words on the card.
fn key_of(card: &str, words: &str) -> String {
    let before = card.split(words).next().expect("the words");
    let item = before.rsplit("id=\"step-").next().expect("an item");
    item.split('"').next().expect("a key").to_owned()
}

on_both_engines! {
    async fn each_verb_is_refused_until_everything_before_it_is_ticked(place: Place) {
        let (desk, order) = with_steps(place).await;
        let (company, actor) = (desk.company, Actor::system("test"));
        let manager = desk.signed_in("manager").await;
        let path = format!("/orders/{order}/steps");
        let card = manager.get(&format!("/orders/{order}")).await.expect_status(200).text();
        assert_eq!(Texts::missing_in(&card), Vec::<String>::new());
        assert!(card.contains("Добрый день!") && card.contains("До подтверждения осталось: 2"), "{card}");
        let attempt = |verb: Verb| {
            let actor = actor.clone();
            desk.app.try_write(move |tx| match verb {
                Verb::Confirm => confirm(tx, &permit(company), order).map(|_| ()),
                Verb::Ready => record_ready(tx, company, order, &actor).map(|_| ()),
                Verb::Ship => {
                    let line = takt_orders::lines(tx, company, order)?[0].clone();
                    record_shipped(tx, company, order, &[(line.id, line.quantity)], &actor).map(|_| ())
                }
                Verb::Cancel => cancel(tx, &permit(company), order, None, "").map(|_| ()),
            })
        };
        let tick = |words: &'static str| {
            let (manager, path, key) = (&manager, &path, key_of(&card, words));
            async move { manager.post_form(path, &[("step", &key)]).await.expect_status(303) }
        };
        for (verb, words, more) in [
            (Verb::Cancel, &["Предложена замена"][..], "none"),
            (Verb::Confirm, &["Адрес полный", "Время согласовано"][..], "1"),
            (Verb::Ready, &["Чек вложен"][..], "none"),
            (Verb::Ship, &["Пломба на месте"][..], "none"),
        ] {
            for (place, step) in words.iter().enumerate() {
                let fault = attempt(verb).await.expect_err("something is missing");
                assert!(fault.is("playbook.step_missing"), "{verb:?}: {fault:?}");
                let told = |name: &str| fault.args().iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
                assert_eq!(told("step").as_deref(), Some(*step), "{verb:?}");
                if place == 0 {
                    assert_eq!(told("more").as_deref(), Some(more), "{verb:?}");
                }
                tick(step).await;
            }
            if verb != Verb::Cancel {
                attempt(verb).await.unwrap_or_else(|fault| panic!("{verb:?}: {fault:?}"));
            }
        }
    }

    async fn what_leaves_unpacked_needs_what_is_demanded_before_ready(place: Place) {
        let (desk, order) = with_steps(place).await;
        let (company, actor) = (desk.company, Actor::system("test"));
        let manager = desk.signed_in("manager").await;
        let card = manager.get(&format!("/orders/{order}")).await.text();
        for words in ["Адрес полный", "Время согласовано", "Пломба на месте"] {
            let key = key_of(&card, words);
            manager.post_form(&format!("/orders/{order}/steps"), &[("step", &key)]).await.expect_status(303);
        }
        let refused = desk.app.try_write(move |tx| {
            confirm(tx, &permit(company), order)?;
            let line = takt_orders::lines(tx, company, order)?[0].clone();
            record_shipped(tx, company, order, &[(line.id, line.quantity)], &actor).map(|_| ())
        }).await;
        let fault = refused.expect_err("the receipt is not in it");
        assert!(fault.args().iter().any(|(_, value)| value == "Чек вложен"), "{fault:?}");
    }

    async fn ticks_are_facts_with_who_and_when_and_can_be_taken_back(place: Place) {
        let (desk, order) = with_steps(place).await;
        let company = desk.company;
        let manager = desk.signed_in("manager").await;
        let path = format!("/orders/{order}");
        let steps = format!("{path}/steps");
        let key = key_of(&manager.get(&path).await.text(), "Адрес полный");
        for _ in 0..2 {
            manager.post_form(&steps, &[("step", &key)]).await.expect_status(303);
        }
        assert_eq!(desk.app.facts_named("playbook.step_ticked").await, 1, "twice is nothing");
        desk.app.db.number_facts().await.expect("numbered");
        let facts = desk.app.read(move |r| facts::of_subject(r, company, "order", order.get(), 0, 100)).await;
        let ticked = facts.iter().find(|fact| fact.kind == "playbook.step_ticked").expect("said");
        assert!(ticked.actor.person().is_some() && ticked.body["text"] == "Адрес полный", "{ticked:?}");
        let card = manager.get(&path).await.text();
        assert!(card.contains("До подтверждения осталось: 1") && card.contains("Отмечено: Адрес полный"), "{card}");
        manager.post_form(&steps, &[("step", &key), ("done", "no")]).await.expect_status(303);
        assert_eq!(desk.app.facts_named("playbook.step_unticked").await, 1);
        assert!(manager.get(&path).await.text().contains("До подтверждения осталось: 2"));
        manager.post_form(&steps, &[("step", "no such step")]).await.expect_status(404);
        let auditor = desk.signed_in("auditor").await;
        auditor.post_form(&steps, &[("step", &key)]).await.expect_status(403);
        assert!(!auditor.get(&path).await.expect_status(200).text().contains(&steps), "who may not tick sees no button");
        // Other words are another step.
        desk.publish(&DOCUMENT.replace("Адрес полный", "Адрес полный, с домом")).await;
        manager.post_form(&steps, &[("step", &key)]).await.expect_status(404);
        let key = key_of(&manager.get(&path).await.text(), "Предложена замена");
        manager.post_form(&steps, &[("step", &key)]).await.expect_status(303);
        manager.post_form(&format!("{path}/cancel"), &[]).await.expect_status(303);
        manager.post_form(&steps, &[("step", &key)]).await.expect_status(409);
    }

    async fn a_rule_that_may_not_confirm_asks_somebody_instead(place: Place) {
        let (desk, order) = with_steps(place).await;
        desk.close(order, "call", "reached").await;
        assert!(desk.order(order).await.confirmed_at.is_none());
        assert_eq!(desk.told(order).await, "call:reached steps_missing:open");
        let task = desk.tasks(order).await.into_iter().find(|task| task.kind == "steps_missing").expect("a task");
        assert_eq!(task.args["step"], "Адрес полный");
        let manager = desk.signed_in("manager").await;
        let card = manager.get(&format!("/orders/{order}")).await.text();
        for words in ["Адрес полный", "Время согласовано"] {
            let key = key_of(&card, words);
            manager.post_form(&format!("/orders/{order}/steps"), &[("step", &key)]).await.expect_status(303);
        }
        manager.post_form(&format!("/orders/{order}/confirm"), &[]).await.expect_status(303);
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "call:reached steps_missing:done");
    }
}
