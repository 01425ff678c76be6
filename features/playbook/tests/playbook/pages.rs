//! The settings page and the buttons on the card.

use serde_json::{Value, json};
use takt_testing::on_both_engines;
use takt_ui::Texts;

use crate::desk::Desk;

on_both_engines! {
    async fn the_manager_decides_how_the_desk_works(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let page = manager.get("/settings/playbook").await.expect_status(200).text();
        assert!(page.contains("value=\"5\"") && page.contains("value=\"15\""), "{page}");
        let given = |units, minutes| {
            [("confirm_up_to_units", units), ("task_minutes", minutes), ("call_again_minutes", "30"), ("call_role", "operator")]
        };
        let refused = manager.post_form("/settings/playbook", &given("-1", "x")).await.expect_status(422).text();
        assert!(refused.contains("от 0 до"), "{refused}");
        let saved = manager.post_form("/settings/playbook", &given("0", "20")).await;
        assert!(saved.status.is_redirection(), "{}", saved.text());
        desk.at("2026-11-02T10:00:00");
        let order = desk.tea(1, "prepaid", true).await;
        desk.pay(1, order, "100.00").await;
        desk.app.drain().await;
        assert!(desk.order(order).await.confirmed_at.is_none());
        for task in desk.tasks(order).await {
            assert_eq!(task.due_at.seconds_since(crate::desk::moment("2026-11-02T10:20:00")), 0);
            assert_eq!(task.role.to_string(), if task.kind == "call" { "operator" } else { "warehouse" });
        }
        let operator = desk.signed_in("operator").await;
        operator.get("/settings/playbook").await.expect_status(403);
    }

    async fn the_text_is_checked_published_and_taken_back_on_its_page(place: Place) {
        const HREF: &str = "/settings/playbook/text";
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let page = manager.get(HREF).await.expect_status(200).text();
        assert!(page.contains("rule pick-and-call"), "{page}");
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        let own = "# Свой\r\n\r\n```rule a\r\nwhen = 'orders.paid'\r\nthen = [{ do = 'orders.confirm' }]\r\n```\r\n";
        let given = |text: &'static str, deed: &'static str, instead_of: &'static str| {
            [("text", text), ("note", "короче"), ("instead_of", instead_of), ("deed", deed)]
        };
        let wrong = "```rule a\nwhen = 'orders.payd'\nthen = [{ do = 'orders.confirm' }]\n```\n";
        let told = manager.post_form(HREF, &given(wrong, "check", "0")).await.expect_status(200).text();
        assert!(told.contains("Строка 2") && told.contains("orders.paid"), "{told}");
        manager.post_form(HREF, &given(wrong, "publish", "0")).await.expect_status(422);
        let told = manager.post_form(HREF, &given(own, "check", "0")).await.expect_status(200).text();
        assert!(told.contains("<del>") && told.contains("<ins>"), "{told}");
        let published = manager.post_form(HREF, &given(own, "publish", "0")).await;
        assert!(published.status.is_redirection(), "{}", published.text());
        let late = manager.post_form(HREF, &given("# Другой", "publish", "0")).await.expect_status(422).text();
        assert!(late.contains("вышла версия"), "{late}");
        let page = manager.get(HREF).await.expect_status(200).text();
        assert!(page.contains("короче") && !page.contains("rule pick-and-call"), "{page}");
        let back = manager.post_form("/settings/playbook/roll-back", &[("to", "0"), ("instead_of", "1")]).await;
        assert!(back.status.is_redirection(), "{}", back.text());
        assert!(manager.get(HREF).await.expect_status(200).text().contains("rule pick-and-call"));
        let operator = desk.signed_in("operator").await;
        operator.get(HREF).await.expect_status(403);
        operator.post_form(HREF, &given(own, "publish", "2")).await.expect_status(403);
    }

    async fn the_editor_is_told_which_words_fit_where_with_a_sentence_for_each(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let page = manager.get("/settings/playbook/text").await.expect_status(200).text();
        let (_, rest) = page.split_once(r#"data-words-of="field-text">"#).expect("the words");
        let told: Value = serde_json::from_str(rest.split_once("</script>").expect("an end").0).expect("JSON");
        let says = |list: &Value, word: &str| {
            let found = list.as_array().expect("a list").iter().find(|one| one["word"] == word);
            found.unwrap_or_else(|| panic!("no {word} in {list}"))["says"].as_str().unwrap_or_default().to_owned()
        };
        assert_eq!(says(&told["words"]["facts"], "orders.paid"), "Пришли деньги за заказ.");
        assert_eq!(says(&told["words"]["calendars"], "круглосуточно"), "Каждый час, днём и ночью.");
        for fact in told["heard"].as_array().expect("facts") {
            assert!(!says(&told["words"]["facts"], fact.as_str().expect("a word")).is_empty(), "{fact}");
        }
        let open = &told["tables"]["act"]["by"]["tasks.open"];
        assert_eq!((&open["kind"]["needed"], &open["again"]["needed"]), (&json!(true), &json!(false)));
        assert_eq!(says(&open["role"]["words"], "warehouse"), "Кладовщик");
        assert_eq!(says(&open["kind"]["words"], "call"), "Позвонить покупателю");
        assert_eq!((&open["due"]["words"], &open["ladder"]["table"]), (&json!("times"), &json!("rung")));
        let names = told["names"].as_array().expect("names");
        let named = |word: &str| names.iter().filter(|name| name["word"] == word).collect::<Vec<_>>();
        assert_eq!(says(&named("order.status")[0]["values"], "new"), "Новый");
        assert_eq!(named("order.status")[0]["not"].as_array().map(Vec::len), Some(6), "of no channel, call, supplier");
        assert_eq!(named("fact.in_full")[0]["of"].as_array().map(Vec::len), Some(4));
        assert_eq!(named("fact.to").len(), 2, "a status or a role");
    }

    async fn the_card_says_how_the_call_ended(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let order = desk.tea(6, "prepaid", true).await;
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        let call = desk.waiting(order, "call").await;
        let card = manager.get(&format!("/orders/{order}")).await.expect_status(200).text();
        assert!(card.contains(&format!("/tasks/{call}/close")) && card.contains("not_reached"), "{card}");
        assert_eq!(Texts::missing_in(&card), Vec::<String>::new());
        assert!(card.contains("Добрый день! Деньги за ваш заказ получены"), "the script stands where the work is done");
        assert!(card.contains("Время доставки согласовано"), "and so does the checklist");
        let closed = manager.post_form(&format!("/tasks/{call}/close"), &[("outcome", "reached")]).await;
        assert!(closed.status.is_redirection(), "{}", closed.text());
        desk.app.drain().await;
        assert!(desk.order(order).await.confirmed_at.is_some());
        assert_eq!(desk.app.wiring.problems(), Vec::<String>::new());
    }
}
