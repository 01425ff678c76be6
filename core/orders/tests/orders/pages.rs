use serde_json::json;
use takt_kernel::Actor;
use takt_orders::record_ready;
use takt_testing::on_both_engines;
use takt_ui::Texts;

use crate::desk::{Desk, order};

on_both_engines! {
    async fn the_desk_works_without_scripts(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("1001", 2)).await;
        let number = desk.order(id).await.number;
        let manager = desk.signed_in("manager").await;
        let list = manager.get("/orders").await.expect_status(200).text();
        assert!(list.contains("Иванов Пётр") && list.contains(&format!("/orders/{id}")), "{list}");
        for path in ["/orders?view=all&q=иванов", "/orders?view=complete", "/orders?holder=buyer&status=new", "/settings/statuses"] {
            let page = manager.get(path).await.expect_status(200).text();
            assert_eq!(Texts::missing_in(&page), Vec::<String>::new(), "{path}");
        }
        desk.pay(1, id, "200").await.expect("paid");
        let card = format!("/orders/{id}");
        manager.post_form(&format!("{card}/comment"), &[("comment", "Позвонить вечером")]).await.expect_status(303);
        let version = desk.order(id).await.version.to_string();
        manager.post_form(&format!("{card}/status"), &[("status", "no_answer"), ("version", &version)]).await.expect_status(303);
        let stale = manager.post_form(&format!("{card}/status"), &[("status", "to_pack"), ("version", &version)]).await;
        assert_eq!(stale.status, 422);
        assert!(stale.text().contains("изменил кто-то другой"), "{}", stale.text());
        manager.post_form(&format!("{card}/confirm"), &[]).await.expect_status(303);
        let page = manager.get(&card).await.expect_status(200).text();
        assert!(page.contains(&number) && page.contains("Позвонить вечером"));
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
    }

    async fn the_form_changes_what_was_changed(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("1001", 2)).await;
        let operator = desk.signed_in("operator").await;
        let path = format!("/orders/{id}/edit");
        let form = operator.get(&path).await.expect_status(200).text();
        assert_eq!(Texts::missing_in(&form), Vec::<String>::new());
        let number = desk.order(id).await.number;
        for words in [format!(">{number}</a>"), "selected>Курьер<".to_owned(), "value=\"шт.\"".to_owned()] {
            assert!(form.contains(&words), "{words}: {form}");
        }
        let line = desk.lines(id).await[0].id.to_string();
        let fields = |quantity: &'static str, version: &'static str| {
            vec![
                ("version", version), ("name", "Иванов Пётр"), ("phone", "8 (912) 345-67-89"), ("email", "a@example.org"),
                ("method", "courier"), ("address", "Казань, ул. Баумана, 2"), ("delivery_price", "0.00"), ("discount", "0.00"),
                ("comment", ""), ("sku", "TEA-100"), ("product", "Чай"), ("quantity", quantity),
                ("unit", "pcs"), ("price", "100.00"), ("line_discount", "0.00"), ("vat", "22"),
                ("line", ""), ("sku", ""), ("product", ""), ("quantity", ""), ("unit", ""), ("price", ""), ("line_discount", ""), ("vat", ""),
            ]
        };
        let with_line = |fields: Vec<(&'static str, &'static str)>| {
            let mut all: Vec<(String, String)> = vec![("line".to_owned(), line.clone())];
            all.extend(fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
            all
        };
        let send = async |fields: Vec<(String, String)>| {
            let borrowed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            operator.post_form(&path, &borrowed).await
        };
        let refused = send(with_line(fields("-3", "1"))).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("больше нуля"), "{}", refused.text());
        send(with_line(fields("3", "1"))).await.expect_status(303);
        let order = desk.order(id).await;
        assert_eq!((order.version, order.total.to_decimal_string()), (2, "300.00".to_owned()));
        assert_eq!(order.delivery.address.as_deref(), Some("Казань, ул. Баумана, 2"));
        let stale = send(with_line(fields("4", "1"))).await;
        let text = stale.text();
        assert!(stale.status == 422 && text.contains("изменил кто-то ещё"), "{text}");
        assert!(text.contains("Кол-во 1: сейчас «3», у вас «4»"), "what differs: {text}");
        assert!(!text.contains("Имя: сейчас"), "and nothing else: {text}");
        assert!(text.contains("name=\"version\" value=\"2\""), "saving again means what is typed: {text}");
        send(with_line(fields("4", "2"))).await.expect_status(303);
        let as_shown = fields("5", "3").into_iter().map(|(name, value)| (name, if value == "pcs" { "шт." } else { value }));
        send(with_line(as_shown.collect())).await.expect_status(303);
        assert_eq!(desk.lines(id).await[0].unit, "pcs", "what nobody touched stays what the shop calls it");
    }

    async fn what_somebody_else_changed_of_a_line_is_told_whatever_it_is(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("1001", 2)).await;
        let operator = desk.signed_in("operator").await;
        let (path, line) = (format!("/orders/{id}/edit"), desk.lines(id).await[0].id.to_string());
        let send = async |version: &str, unit: &str, vat: &str| {
            let fields = [
                ("version", version), ("name", "Иванов Пётр"), ("phone", "8 (912) 345-67-89"), ("email", "a@example.org"),
                ("method", "courier"), ("address", "Казань, ул. Баумана, 1"), ("delivery_price", "0.00"),
                ("discount", "0.00"), ("comment", ""), ("line", &line), ("sku", "TEA-100"), ("product", "Чай"),
                ("quantity", "2"), ("unit", unit), ("price", "100.00"), ("line_discount", "0.00"), ("vat", vat),
            ];
            operator.post_form(&path, &fields).await
        };
        send("1", "kg", "10").await.expect_status(303);
        let text = send("1", "pcs", "22").await.expect_status(422).text();
        assert!(text.contains("Ед. 1: сейчас «кг», у вас «шт.»"), "{text}");
        assert!(text.contains("НДС, % 1: сейчас «10», у вас «22»"), "{text}");
    }

    async fn the_card_says_who_has_the_goods(place: Place) {
        let desk = Desk::open(place).await;
        let (company, operator) = (desk.company, desk.signed_in("operator").await);
        for (method, packed, gone) in [
            ("courier", "Собран: ждём, когда заберёт перевозчик", "Везёт перевозчик: ждём вручения"),
            ("pickup", "Готов к выдаче: ждём покупателя", "Готов к выдаче: ждём покупателя"),
        ] {
            let mut body = order(method, 1);
            (body["terms"], body["delivery"]["method"]) = (json!("on_delivery"), json!(method));
            let id = desk.place(body).await;
            desk.reserve_all(id).await;
            desk.confirm(id).await.expect("confirmed");
            desk.app.write(move |tx| record_ready(tx, company, id, &Actor::system("test")).map(|_| ())).await;
            let card = operator.get(&format!("/orders/{id}")).await.expect_status(200).text();
            assert!(card.contains(packed), "{method}: {card}");
            desk.ship_all(id).await.expect("shipped");
            let card = operator.get(&format!("/orders/{id}")).await.expect_status(200).text();
            assert!(card.contains(gone), "{method}: {card}");
        }
    }

    async fn an_order_on_credit_says_for_how_long(place: Place) {
        let desk = Desk::open(place).await;
        let mut body = order("1001", 1);
        (body["terms"], body["credit_days"]) = (json!("credit"), json!("14"));
        desk.place(body).await;
        let list = desk.signed_in("operator").await.get("/orders?view=work").await.expect_status(200).text();
        assert!(list.contains("Отсрочка 14 дней") && !list.contains("$days"), "{list}");
    }

    async fn strangers_and_readers_are_kept_out(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(1).await;
        let auditor = desk.signed_in("auditor").await;
        auditor.get(&format!("/orders/{id}")).await.expect_status(200);
        auditor.post_form(&format!("/orders/{id}/cancel"), &[("reason", "x")]).await.expect_status(403);
        auditor.get("/settings/statuses").await.expect_status(403);
        auditor.get("/orders/999").await.expect_status(404);
        assert!(desk.app.client().get("/orders").await.status.is_redirection());
    }

    async fn a_new_status_never_takes_the_place_of_another(place: Place) {
        let desk = Desk::open(place).await;
        let (company, manager) = (desk.company, desk.signed_in("manager").await);
        let status = |code: &'static str| {
            [("code", code), ("stage", "approval"), ("name_ru", "Мой статус"), ("name_en", "My status"), ("tone", "warn"), ("place", "35")]
        };
        let known = async || desk.app.read(move |reader| takt_orders::statuses::all(reader, company)).await;
        let before = known().await;
        let archived: Vec<(&str, &str)> = [("changes", "on"), ("archived", "on")].into_iter().chain(status("no_answer")).collect();
        manager.post_form("/settings/statuses", &archived).await.expect_status(303);
        let stood = known().await;
        assert_ne!(before, stood, "who says that they change a status changes it");
        let english = desk.signed_in("manager").await.with_cookie("lang", "en");
        for code in ["to_confirm", "no_answer"] {
            for (client, words) in [(&manager, "уже есть"), (&english, "There is already a status with the code")] {
                let page = client.post_form("/settings/statuses", &status(code)).await.expect_status(422).text();
                assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
                assert!(page.contains(words) && page.contains("value=\"Мой статус\""), "{page}");
            }
        }
        assert_eq!(known().await, stood);
    }

    async fn statuses_are_the_companys_own(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let fields = |code: &'static str, stage: &'static str| {
            [("code", code), ("stage", stage), ("name_ru", "Ждём звонка"), ("name_en", "Awaiting a call"), ("tone", "warn"), ("place", "35")]
        };
        manager.post_form("/settings/statuses", &fields("awaiting_call", "approval")).await.expect_status(303);
        manager.post_form("/settings/statuses", &fields("Bad Code", "approval")).await.expect_status(422);
        manager.post_form("/settings/statuses", &fields("awaiting_call", "delivery")).await.expect_status(422);
        let mut moved = fields("awaiting_call", "delivery").to_vec();
        moved.push(("changes", "on"));
        let refused = manager.post_form("/settings/statuses", &moved).await.expect_status(422).text();
        assert!(refused.contains("Этап существующего статуса"), "{refused}");
        let moves = [("from", "new"), ("to", "awaiting_call"), ("role", "operator")];
        manager.post_form("/settings/statuses/moves", &moves).await.expect_status(303);
        let page = manager.get("/settings/statuses").await.text();
        assert!(page.contains("Ждём звонка"));
        let list = page.split("<table").nth(1).and_then(|part| part.split("</table>").next()).expect("the list");
        let shown: String = list.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
        assert!(!shown.contains("awaiting_call"), "words, not codes: {shown}");
        let one = manager.get("/settings/statuses?status=awaiting_call").await.expect_status(200).text();
        for words in ["Изменить «Ждём звонка»", "<code>awaiting_call</code>", "value=\"Awaiting a call\"", "value=\"35\""] {
            assert!(one.contains(words), "{words}: {one}");
        }
        assert_eq!(Texts::missing_in(&one), Vec::<String>::new());
        manager.post_form("/settings/statuses/moves/remove", &moves).await.expect_status(303);
        assert_eq!(desk.app.facts_named("orders.statuses_changed").await, 3);
    }
}
