//! What buyers are told, and how it arrives.

use serde_json::json;
use takt_kernel::Actor;
use takt_orders::{cancel, confirm, record_delivered, record_ready, record_shipped};
use takt_store::{Subject, facts};
use takt_testing::on_both_engines;
use takt_ui::Lang;

use crate::{
    desk::{Desk, Dispatched, Expected, permit},
    mail::{header, parts, words},
};

on_both_engines! {
    async fn a_buyer_is_told_each_step_once_in_the_language_of_the_order(place: Place) {
        let desk = Desk::open(place).await;
        let address = desk.mail.address("buyer");
        let order = desk.tea(Some(&address), Lang::Ru).await;
        let mails = desk.mail.wait_for(&address, 1);
        let (text, html) = parts(&mails[0]);
        for expected in ["Здравствуйте, Анна!", "— Чай, 2 шт.: 399,00", "Итого: 699,00", "К оплате: 699,00",
            "Назначение платежа: Оплата по счёту T-0001042-7", "Счёт: 40702810900000000001", "БИК: 044525225, Сбербанк"] {
            assert!(text.replace('\u{a0}', " ").contains(expected), "{expected} in:\n{text}");
        }
        assert!(html.contains("<p>Здравствуйте, Анна!</p>"), "{html}");
        let page = format!("{}{order}", crate::desk::PAGE);
        assert!(text.contains(&format!("обещано: {page}")), "{text}");
        assert!(html.contains("<a href=") && html.contains(&format!("{order}</a>")), "the address is a link: {html}");
        assert!(html.contains("<td>Invoice &lt;"), "the invoice goes along: {html}");
        assert!(words(&header(&mails[0], "Subject")).starts_with("Заказ "), "{}", mails[0]);
        assert!(words(&header(&mails[0], "From")).contains("Лавка"), "{}", header(&mails[0], "From"));
        assert!(header(&mails[0], "From").ends_with("<takt@desk.test>"));
        assert_eq!(header(&mails[0], "Auto-Submitted"), "auto-generated");

        desk.pay(1, order, "699.00").await;
        let company = desk.company;
        let actor = || Actor::system("test");
        desk.app.write(move |tx| confirm(tx, &permit(company), order).map(|_| ())).await;
        desk.app.write(move |tx| record_ready(tx, company, order, &actor()).map(|_| ())).await;
        desk.app
            .write(move |tx| {
                let lines = takt_orders::lines(tx, company, order)?;
                let all: Vec<_> = lines.iter().map(|line| (line.id, line.quantity)).collect();
                record_shipped(tx, company, order, &all, &actor()).map(|_| ())
            })
            .await;
        let sent = Dispatched { carrier: "СДЭК", service: "до двери", tracking: "10042", tracking_url: None };
        desk.say(Subject::new("order", order.get()), sent).await;
        desk.app.write(move |tx| record_delivered(tx, company, order, &actor()).map(|_| ())).await;
        desk.app.drain().await;
        assert_eq!(
            desk.told(order).await,
            "placed:sent paid:sent confirmed:sent ready:sent shipped:sent delivered:sent"
        );
        let mails = desk.mail.wait_for(&address, 6);
        assert_eq!(mails.len(), 6);
        let mut ids: Vec<String> = mails.iter().map(|mail| header(mail, "Message-ID")).collect();
        let mut known: Vec<String> = desk.notices(order).await.into_iter().map(|notice| notice.message_id).collect();
        ids.sort();
        known.sort();
        assert_eq!(ids, known);
        let paid = mails.iter().find(|mail| words(&header(mail, "Subject")).contains("Деньги")).expect("it");
        assert!(!parts(paid).1.contains("Invoice"), "a paid order has no invoice to pay");
        let shipped = mails.iter().find(|mail| words(&header(mail, "Subject")).contains("отправлен")).expect("it");
        let (text, _) = parts(shipped);
        assert!(text.contains("Служба доставки: СДЭК, до двери\nНомер отправления: 10042\n"), "{text}");
        assert_eq!(desk.app.facts_named("notifications.sent").await, 6);
        assert_eq!(desk.app.wiring.problems(), Vec::<String>::new());
    }

    async fn of_a_part_only_its_number_is_news(place: Place) {
        let desk = Desk::open(place).await;
        let address = desk.mail.address("buyer");
        let order = desk.tea(Some(&address), Lang::Ru).await;
        desk.pay(1, order, "699.00").await;
        let company = desk.company;
        desk.app.write(move |tx| confirm(tx, &permit(company), order).map(|_| ())).await;
        desk.app.drain().await;
        let part = desk.app.write(move |tx| {
            let version = takt_orders::load(tx, company, order)?.version;
            let line = takt_orders::lines(tx, company, order)?[0].id;
            let one = [(line, takt_kernel::money::Quantity::whole(1))];
            Ok(takt_orders::split(tx, &permit(company), order, version, &one)?.second)
        }).await;
        assert!(part.is_paid_in_full() && part.confirmed_at.is_some());
        desk.app.drain().await;
        assert_eq!(desk.told(part.id).await, "placed:sent", "the money and the word came with the whole");
    }

    async fn an_english_order_is_written_to_in_english(place: Place) {
        let desk = Desk::open(place).await;
        let address = desk.mail.address("buyer");
        let order = desk.order(Some(&address), Lang::En, json!({ "lang": "en", "terms": "on_delivery" })).await;
        let company = desk.company;
        desk.app.write(move |tx| cancel(tx, &permit(company), order, None, "").map(|_| ())).await;
        desk.app.drain().await;
        let mails = desk.mail.wait_for(&address, 2);
        let all: String = mails.iter().map(|mail| parts(mail).0).collect();
        assert!(all.contains("Hello, Анна!") && all.contains("You pay on delivery."), "{all}");
        assert!(all.contains("is cancelled.") && !all.contains("give back"), "{all}");
    }

    async fn what_comes_in_parts_is_told_with_what_is_left(place: Place) {
        let desk = Desk::open(place).await;
        let address = desk.mail.address("buyer");
        let order = desk.tea(Some(&address), Lang::Ru).await;
        desk.pay(1, order, "100.00").await;
        desk.say(Subject::new("order", order.get()), Expected { replaces: None }).await;
        desk.say(Subject::new("order", order.get()), Expected { replaces: Some(1) }).await;
        assert_eq!(desk.told(order).await, "placed:sent paid:sent invoice_changed:sent");
        let mails = desk.mail.wait_for(&address, 3);
        let all: String = mails.iter().map(|mail| parts(mail).0.replace('\u{a0}', " ")).collect();
        assert!(all.contains("Мы получили 100,00") && all.contains("Осталось доплатить: 599,00"), "{all}");
    }

    async fn nobody_is_told_without_an_address(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.tea(None, Lang::Ru).await;
        desk.pay(1, order, "699.00").await;
        assert_eq!(desk.told(order).await, "");
        assert_eq!(desk.app.facts_named("notifications.queued").await, 0);
    }

    async fn a_fact_heard_again_makes_no_second_message(place: Place) {
        let desk = Desk::open(place).await;
        let address = desk.mail.address("buyer");
        let order = desk.tea(Some(&address), Lang::Ru).await;
        let (company, listeners) = (desk.company, desk.app.wiring.listeners.clone());
        desk.app
            .write(move |tx| {
                for fact in facts::of_subject(tx, company, "order", order.get(), 0, 100)? {
                    for listener in listeners.iter().filter(|one| one.name.starts_with("notifications.")) {
                        (listener.react)(tx, &fact)?;
                    }
                }
                Ok(())
            })
            .await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "placed:sent");
        assert_eq!(desk.mail.mails_to(&address).len(), 1);
        assert_eq!(desk.app.facts_named("notifications.queued").await, 1);
    }

    async fn what_a_buyer_writes_stays_text(place: Place) {
        let desk = Desk::open(place).await;
        let address = desk.mail.address("buyer");
        let stranger = desk.mail.address("stranger");
        let evil = format!("<script>alert(1)</script>\r\nBcc: {stranger}\r\n\r\n{{{{ order.total }}}}");
        let order = desk
            .order(Some(&address), Lang::Ru, json!({
                "number": format!("7\r\nBcc: {stranger}"),
                "customer": { "name": evil, "email": address },
            }))
            .await;
        let mails = desk.mail.wait_for(&address, 1);
        let (text, html) = parts(&mails[0]);
        assert!(text.contains("<script>alert(1)</script>") && text.contains("{{ order.total }}"), "{text}");
        assert!(!html.contains("<script") && html.contains("&lt;script&gt;"), "{html}");
        let subject = words(&header(&mails[0], "Subject"));
        assert!(subject.contains(&format!("7 Bcc: {stranger}")), "{subject}");
        let mut head = mails[0].lines().take_while(|line| !line.is_empty());
        assert!(!head.any(|line| line.starts_with("Bcc:")), "{}", mails[0]);
        assert_eq!(desk.mail.mails_to(&stranger).len(), 0);
        assert_eq!(desk.told(order).await, "placed:sent");
    }
}
