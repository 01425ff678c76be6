//! The outbox and the templates in the hands of people.

use takt_testing::on_both_engines;
use takt_ui::{Lang, Texts};

use crate::{
    desk::{Desk, permit},
    mail::{header, parts, words},
};

const EDITOR: &str = "/settings/templates/placed/ru";

on_both_engines! {
    async fn a_doubtful_message_is_decided_on_its_page(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let addresses = [desk.mail.address("buyer"), desk.mail.address("buyer")];
        for (address, verb, mails) in [(&addresses[0], "resend", 2), (&addresses[1], "mark-sent", 1)] {
            let order = desk.tea(Some(address), Lang::Ru).await;
            let notice = desk.notices(order).await.remove(0);
            desk.crash_while_sending(notice.id).await;
            let outbox = manager.get("/notifications?state=in_doubt").await.expect_status(200).text();
            assert!(outbox.contains(&format!("/notifications/{}", notice.id)) && outbox.contains(address.as_str()));
            let path = format!("/notifications/{}", notice.id);
            let page = manager.get(&path).await.expect_status(200).text();
            assert!(page.contains(&format!("{path}/resend")) && page.contains(&format!("{path}/mark-sent")), "{page}");
            assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
            let answer = manager.post_form(&format!("{path}/{verb}"), &[]).await;
            assert!(answer.status.is_redirection(), "{}", answer.text());
            desk.app.drain().await;
            assert_eq!(desk.told(order).await, "placed:sent");
            assert_eq!(desk.mail.wait_for(address, mails).len(), mails);
            let refused = manager.post_form(&format!("{path}/{verb}"), &[]).await.expect_status(422).text();
            assert!(refused.contains("решать по нему уже нечего"), "{refused}");
            let card = manager.get(&format!("/orders/{order}")).await.expect_status(200).text();
            assert!(card.contains(&path) && card.contains("Сообщения покупателю"), "{card}");
            assert_eq!(Texts::missing_in(&card), Vec::<String>::new());
        }
        let warehouse = desk.signed_in("warehouse").await;
        warehouse.get("/notifications").await.expect_status(403);
    }

    async fn a_shop_writes_its_own_words_and_goes_back_to_ours(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let page = manager.get(EDITOR).await.expect_status(200).text();
        assert!(page.contains("id=\"preview\"") && page.contains("Заказ TK-1042 принят"), "{page}");
        let given = |subject, body, act| [("subject", subject), ("body", body), ("act", act)];

        let wrong = given("Чай едет", "Раз\r\n{{ order.nomer }}", "save");
        let refused = manager.post_form(EDITOR, &wrong).await.expect_status(422).text();
        assert!(refused.contains("Строка 2") && refused.contains("order.nomer"), "{refused}");

        let mine = "Привет, {{ customer.name }}!\r\n\r\n<b>Сумма</b>: {{ order.total }}";
        let shown = manager.post_form(EDITOR, &given("Чай {{ order.number }}", mine, "preview")).await;
        let shown = shown.expect_status(200).text();
        assert!(shown.contains("Привет, Анна Петрова!") && shown.contains("&lt;b&gt;Сумма"), "{shown}");
        let address = desk.mail.address("buyer");
        desk.tea(Some(&address), Lang::Ru).await;
        assert!(parts(&desk.mail.wait_for(&address, 1)[0]).0.contains("Здравствуйте"), "a preview saves nothing");

        let saved = manager.post_form(EDITOR, &given("Чай {{ order.number }}", mine, "save")).await;
        assert!(saved.status.is_redirection(), "{}", saved.text());
        let address = desk.mail.address("buyer");
        desk.tea(Some(&address), Lang::Ru).await;
        let mail = desk.mail.wait_for(&address, 1).remove(0);
        let (text, html) = parts(&mail);
        assert!(text.starts_with("Привет, Анна!\n\n<b>Сумма</b>: 699,00"), "{text}");
        assert!(html.contains("&lt;b&gt;"), "{html}");
        assert!(words(&header(&mail, "Subject")).starts_with("Чай "), "{mail}");

        manager.post_form(EDITOR, &given("", "", "restore")).await;
        let address = desk.mail.address("buyer");
        desk.tea(Some(&address), Lang::Ru).await;
        assert!(parts(&desk.mail.wait_for(&address, 1)[0]).0.contains("Здравствуйте"));
        assert_eq!(desk.app.facts_named("staff.setting_changed").await, 2);
    }

    async fn a_shop_says_who_writes_and_what_is_written(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let sender = |address, reply_to| [("name", "Чай\r\nBcc: x@y.ru"), ("address", address), ("reply_to", reply_to)];
        let post = "/settings/templates/sender";
        let refused = manager.post_form(post, &sender("nobody", "a@tea.test")).await.expect_status(422).text();
        assert!(refused.contains("Это не адрес почты"), "{refused}");
        let saved = manager.post_form(post, &sender("shop@tea.test", "answers@tea.test")).await;
        assert!(saved.status.is_redirection(), "{}", saved.text());
        manager.post_form("/settings/templates/switch", &[("event", "paid"), ("on", "0")]).await;
        manager.post_form("/settings/templates/in-doubt", &[("policy", "resend")]).await;
        manager.post_form("/settings/templates/in-doubt", &[("policy", "perhaps")]).await.expect_status(422);

        let address = desk.mail.address("buyer");
        let order = desk.tea(Some(&address), Lang::Ru).await;
        desk.pay(1, order, "699.00").await;
        assert_eq!(desk.told(order).await, "placed:sent", "paid is switched off");
        let mail = desk.mail.wait_for(&address, 1).remove(0);
        assert!(header(&mail, "From").ends_with("<shop@tea.test>"), "{mail}");
        assert!(header(&mail, "Message-ID").ends_with("@tea.test>"), "{mail}");
        assert_eq!(header(&mail, "Reply-To"), "answers@tea.test");
        assert!(!mail.lines().any(|line| line.starts_with("Bcc:")), "{mail}");
        let page = manager.get("/settings/templates").await.expect_status(200).text();
        assert!(page.contains("Включить") && page.contains("shop@tea.test"), "{page}");
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        let operator = desk.signed_in("operator").await;
        operator.get("/settings/templates").await.expect_status(403);
    }

    async fn a_broken_template_keeps_nobody_in_the_dark(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        desk.app
            .write(move |tx| {
                let broken = serde_json::json!({ "subject": "x", "body": "{{ order.lines[7].name }}" });
                let actor = permit::<takt_notifications::ManageTemplates>(company).actor().clone();
                takt_staff::settings::set(tx, company, "notifications.template.placed.ru", &broken, &actor)
            })
            .await;
        let address = desk.mail.address("buyer");
        desk.tea(Some(&address), Lang::Ru).await;
        assert!(parts(&desk.mail.wait_for(&address, 1)[0]).0.contains("Здравствуйте"));
    }
}
