//! From a draft to the version in force, on the pages.

use takt_store::Statement;
use takt_testing::{Client, on_both_engines};
use takt_ui::Texts;

use crate::desk::Desk;

const TEXT: &str = "/settings/playbook/text";

fn otherwise() -> String {
    include_str!("../../playbooks/ru.md")
        .replace("order.units <= company.confirm_up_to_units", "order.units <= 10")
}

async fn saved(client: &Client, text: &str) -> String {
    let answer = client
        .post_form(
            TEXT,
            &[("text", text), ("note", "до десяти штук"), ("instead_of", "0"), ("deed", "draft")],
        )
        .await;
    assert!(answer.status.is_redirection(), "{}", answer.text());
    answer.location().split('?').next().unwrap_or_default().to_owned()
}

on_both_engines! {
    async fn a_draft_is_edited_and_its_shadow_found_however_many_came_after_it(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let first = saved(&manager, "# Первый\n").await;
        manager.post_form(&first, &[("deed", "shadow")]).await.expect_status(303);
        for number in 2..=32 {
            desk.app.clock.advance_seconds(60);
            saved(&manager, &format!("# Ещё {number}\n")).await;
        }
        let page = manager.get(TEXT).await.expect_status(200).text();
        assert_eq!(page.matches("/settings/playbook/drafts/").count(), 31, "thirty, and the one in the shadow");
        assert!(page.contains(&first));
        let id = first.rsplit('/').next().unwrap_or_default();
        let edited = manager.get(&format!("{TEXT}?draft={id}")).await.expect_status(200).text();
        assert!(edited.contains("# Первый"), "and not the text that runs");
        manager.get(&format!("{TEXT}?draft=1")).await.expect_status(404);
    }

    async fn a_test_that_breaks_off_says_so_and_one_is_under_way_at_a_time(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let (company, asked) = (desk.company, [("deed", "backtest"), ("from", "2026-11-01"), ("to", "2026-11-30")]);
        let given_up = "update playbook_draft set document = '```rule x' where company_id = :company_id";
        let broken = "delete from playbook_draft where company_id = :company_id";
        for (name, statement, code) in [
            ("given up", given_up, "input.fields"),
            ("tried in vain", broken, "playbook.draft_missing"),
        ] {
            let draft = saved(&manager, &format!("# {name}\n")).await;
            let trial = manager.post_form(&draft, &asked).await.expect_status(303).location().to_owned();
            let refused = manager.post_form(&draft, &asked).await.expect_status(422).text();
            assert!(refused.contains("уже идёт"), "{name}: {refused}");
            desk.app.write(move |tx| tx.execute_of(&Statement::new(statement).bind("company_id", company)).map(|_| ())).await;
            for _ in 0..20 {
                desk.app.clock.advance_seconds(600);
                desk.app.drain_with_failures().await;
            }
            let page = manager.get(&trial).await.expect_status(200).text();
            assert!(page.contains("прервалась") && page.contains(code), "{name}: {page}");
            assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        }
        let draft = saved(&manager, "# Ещё раз\n").await;
        manager.post_form(&draft, &asked).await.expect_status(303);
        // A process that died three times had no hand left to write it down.
        desk.app.clock.advance_seconds(7 * 3_600);
        let page = manager.get(&draft).await.expect_status(200).text();
        assert!(page.contains("Прервана") && Texts::missing_in(&page).is_empty(), "{page}");
        manager.post_form(&draft, &asked).await.expect_status(303);
    }

    async fn a_draft_is_kept_tried_and_published(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let order = desk.tea(6, "prepaid", true).await;
        desk.app.drain().await;
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        let number = desk.order(order).await.number;

        let draft = saved(&manager, &otherwise()).await;
        assert_eq!(saved(&manager, &otherwise()).await, draft, "the same text is the same draft");
        let page = manager.get(&draft).await.expect_status(200).text();
        assert!(page.contains("order.units &lt;= 10"), "what changes");
        let page = manager.get(&format!("{draft}?order={number}")).await.expect_status(200).text();
        assert!(page.contains("Подтвердить заказ") && page.contains("small-order"), "the path");
        let page = manager.get(&format!("{draft}?order=999999")).await.expect_status(200).text();
        assert!(page.contains("Заказа с таким номером нет"));

        let day = [("deed", "backtest"), ("from", "2026-11-01"), ("to", "2026-11-30")];
        let answer = manager.post_form(&draft, &day).await;
        let trial = answer.location().to_owned();
        assert!(trial.contains("/settings/playbook/trials/"), "{}", answer.text());
        assert!(manager.get(&trial).await.expect_status(200).text().contains("progress"));
        desk.app.drain().await;
        let page = manager.get(&trial).await.expect_status(200).text();
        assert!(page.contains("Пошли бы иначе") && page.contains(&number), "{page}");
        let wrong = [("deed", "backtest"), ("from", "2026-11-30"), ("to", "2026-11-01")];
        assert!(manager.post_form(&draft, &wrong).await.text().contains("не в обратном порядке"));

        manager.post_form(&draft, &[("deed", "shadow")]).await;
        desk.app.advance(120).await;
        let second = desk.tea(7, "prepaid", true).await;
        desk.pay(2, second, "700.00").await;
        desk.app.drain().await;
        assert!(desk.order(second).await.confirmed_at.is_none(), "a shadow does nothing");
        let page = manager.get(&draft).await.expect_status(200).text();
        assert!(page.contains(&desk.order(second).await.number) && page.contains("Подтвердить заказ"), "{page}");

        let answer = manager.post_form(&draft, &[("deed", "publish"), ("instead_of", "0")]).await;
        assert!(answer.status.is_redirection(), "{}", answer.text());
        let third = desk.tea(8, "prepaid", true).await;
        desk.pay(3, third, "800.00").await;
        desk.app.drain().await;
        assert!(desk.order(third).await.confirmed_at.is_some(), "now it is in force");
        let text = manager.get(TEXT).await.expect_status(200).text();
        assert!(text.contains("Черновики"));
    }

    async fn a_wrong_text_is_kept_as_a_draft_and_may_not_run(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let draft = saved(&manager, "```rule x\nwhen = 'orders.paidd'\nthen = []\n```").await;
        let page = manager.get(&draft).await.expect_status(200).text();
        assert!(page.contains("orders.paid"), "what was meant");
        for deed in ["publish", "shadow", "backtest"] {
            let given = [("deed", deed), ("from", "2026-11-01"), ("to", "2026-11-02"), ("instead_of", "0")];
            let answer = manager.post_form(&draft, &given).await;
            assert!(!answer.status.is_redirection(), "{deed}");
        }
        let operator = desk.signed_in("operator").await;
        assert_eq!(operator.get(&draft).await.status, 403);
    }

    async fn the_card_leads_to_why_and_to_any_second_of_the_past(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        desk.at("2026-11-02T10:00:00");
        let order = desk.tea(6, "prepaid", true).await;
        desk.app.drain().await;
        desk.at("2026-11-02T10:30:00");
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        let card = manager.get(&format!("/orders/{order}")).await.expect_status(200).text();
        for link in ["why", "at"] {
            assert!(card.contains(&format!("/orders/{order}/{link}")), "{link}");
        }
        let why = manager.get(&format!("/orders/{order}/why")).await.expect_status(200).text();
        assert!(why.contains("6 &lt;= 5") && why.contains("разница 1"), "{why}");
        assert!(why.contains("Сколько в заказе штук: 6") && why.contains("кому: Кладовщик"), "{why}");
        for inner in [">once=", ">since=", ">role=", ">due="] {
            assert!(!why.contains(inner), "{inner}: {why}");
        }
        let at = |moment: &str| format!("/orders/{order}/at?moment={moment}");
        for (moment, expected) in [
            ("2026-11-02T09:59:59", "ещё не было"),
            ("2026-11-02T10:29:59", "Задач не было"),
            ("2026-11-02T10:30:00", "Действовала версия 0"),
            ("not-a-moment", "Укажите дату и время, например"),
        ] {
            let page = manager.get(&at(moment)).await.expect_status(200).text();
            assert!(page.contains(expected), "{moment}: {page}");
        }
    }
}
