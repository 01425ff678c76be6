//! Many orders at once, the way back, views under a name, columns and the quick form, as people use them without
//! scripts.

use takt_kernel::{Actor, PersonId};
use takt_orders::{OrderId, Stage, record_taken};
use takt_testing::{Client, TestResponse, on_both_engines};
use takt_ui::Texts;

use crate::desk::{Desk, order};

async fn three(desk: &Desk) -> [OrderId; 3] {
    let mut ids = Vec::new();
    for number in 1..=3 {
        ids.push(desk.place(order(&format!("W-{number}"), number)).await);
    }
    ids.try_into().expect("three")
}

async fn many(client: &Client, deed: &[(&str, &str)], ids: &[OrderId]) -> TestResponse {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("order", id.as_str())).collect();
    fields.extend([("back", "/orders?view=all")]);
    fields.extend_from_slice(deed);
    client.post_form("/orders/many", &fields).await
}

/// The page behind a redirect.
async fn behind(client: &Client, answer: TestResponse) -> String {
    let answer = answer.expect_status(303);
    let to = answer.header("location").expect("a way on").to_owned();
    client.get(&to).await.expect_status(200).text()
}

/// Where the message on a page takes back what it tells.
fn undo_of(page: &str) -> Option<String> {
    let at = page.find("action=\"/orders/undo/")? + "action=\"".len();
    page[at..].split('"').next().map(str::to_owned)
}

on_both_engines! {
    async fn what_is_refused_for_one_is_done_for_the_others(place: Place) {
        let desk = Desk::open(place).await;
        let [paid, unpaid, third] = three(&desk).await;
        desk.pay(1, paid, "100").await.expect("paid");
        let operator = desk.signed_in("operator").await;
        let page = behind(&operator, many(&operator, &[("deed", "confirm")], &[paid, unpaid, third, OrderId::new(999)]).await).await;
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        assert!(page.contains("Сделано с 1 заказом. Отказано: 3."), "{page}");
        let number = desk.order(unpaid).await.number;
        assert!(page.contains(&format!("Заказ {number} ещё не оплачен")), "{page}");
        assert_eq!((desk.order(paid).await.stage, desk.order(unpaid).await.stage), (Stage::Assembling, Stage::New));
        assert!(undo_of(&page).is_none(), "a confirmation is not taken back");
    }

    async fn every_deed_of_the_bar_goes_through_its_verb(place: Place) {
        let desk = Desk::open(place).await;
        let all = three(&desk).await;
        let operator = desk.signed_in("operator").await;
        let person = desk.person("operator").await;
        let other = desk.person("manager").await.to_string();
        many(&operator, &[("deed", "take")], &all).await.expect_status(303);
        assert_eq!(desk.order(all[0]).await.taken_by, Some(person));
        many(&operator, &[("deed", "give"), ("person", &other)], &all[1..2]).await.expect_status(303);
        assert_eq!(desk.order(all[1]).await.taken_by.map(|id| id.to_string()), Some(other));
        many(&operator, &[("deed", "give"), ("person", "")], &all[2..]).await.expect_status(303);
        assert_eq!((desk.order(all[2]).await.taken, desk.order(all[2]).await.taken_by), (false, None));
        many(&operator, &[("deed", "urgent")], &all).await.expect_status(303);
        assert!(desk.order(all[2]).await.urgent);
        many(&operator, &[("deed", "not_urgent")], &all).await.expect_status(303);
        assert!(!desk.order(all[2]).await.urgent);
        many(&operator, &[("deed", "comment"), ("words", "Позвонить вечером")], &all).await.expect_status(303);
        assert_eq!(desk.order(all[1]).await.last_comment.as_deref(), Some("Позвонить вечером"));
        many(&operator, &[("deed", "status"), ("status", "no_answer")], &all).await.expect_status(303);
        assert_eq!(desk.order(all[0]).await.status, "no_answer");
        many(&operator, &[("deed", "defer"), ("until", "2999-01-01T10:00")], &all).await.expect_status(422);
        assert_eq!(desk.order(all[0]).await.deferred_until, None, "too far");
        let soon = (desk.app.now().plus_seconds(172_800).to_string())[..16].to_owned();
        many(&operator, &[("deed", "defer"), ("until", &soon)], &all).await.expect_status(303);
        assert!(desk.order(all[0]).await.deferred_until.is_some());
        many(&operator, &[("deed", "cancel"), ("words", "Передумал")], &all).await.expect_status(303);
        assert_eq!(desk.order(all[2]).await.cancel_reason.as_deref(), Some("Передумал"));
        many(&operator, &[("deed", "dance")], &all).await.expect_status(422);
        many(&operator, &[("deed", "take")], &[]).await.expect_status(422);
        let crowd: Vec<OrderId> = (1..=201).map(OrderId::new).collect();
        many(&operator, &[("deed", "take")], &crowd).await.expect_status(422);
    }

    async fn rights_are_those_of_the_verbs(place: Place) {
        let desk = Desk::open(place).await;
        let all = three(&desk).await;
        let auditor = desk.signed_in("auditor").await;
        let list = auditor.get("/orders").await.expect_status(200).text();
        assert!(!list.contains("data-choose") && !list.contains("/orders/many"), "{list}");
        let page = many(&auditor, &[("deed", "take")], &all).await.expect_status(422).text();
        assert!(page.contains("Отказано: 3."), "{page}");
        let storekeeper = desk.signed_in("warehouse").await;
        let list = storekeeper.get("/orders").await.expect_status(200).text();
        assert!(list.contains("value=\"status\"") && list.contains("value=\"comment\"") && !list.contains("value=\"cancel\""), "{list}");
        assert_eq!(desk.order(all[0]).await.taken_by, None);
        let stale = [("version", "0"), ("status", "no_answer"), ("until", "2999-01-01T10:00"), ("reason", "supplier")];
        for path in ["status", "defer", "pause", "urgent", "comment", "quick"] {
            auditor.post_form(&format!("/orders/{}/{path}", all[0]), &stale).await.expect_status(403);
        }
    }

    async fn a_deed_is_taken_back_as_long_as_nothing_else_happened(place: Place) {
        let desk = Desk::open(place).await;
        let [first, second, third] = three(&desk).await;
        let operator = desk.signed_in("operator").await;
        let was = desk.order(first).await.status;
        let page = behind(&operator, many(&operator, &[("deed", "status"), ("status", "no_answer")], &[first, second]).await).await;
        let undo = undo_of(&page).expect("a way back");
        operator.post_form(&format!("/orders/{second}/comment"), &[("comment", "тем временем")]).await.expect_status(303);
        let stranger = desk.signed_in("manager").await;
        stranger.post_form(&undo, &[]).await.expect_status(404);
        let page = behind(&operator, operator.post_form(&undo, &[("back", "/orders?view=all")]).await).await;
        assert!(page.contains("Отменено у 1 заказа. Отказано: 1.") && page.contains("с тех пор случилось"), "{page}");
        assert_eq!(desk.order(first).await.status, was);
        assert_eq!(desk.order(second).await.status, "no_answer");
        operator.post_form(&undo, &[]).await.expect_status(404);

        let card = format!("/orders/{third}");
        for (path, fields) in [
            ("comment", vec![("comment", "ошибся")]),
            ("urgent", vec![("urgent", "true")]),
            ("pause", vec![("reason", "supplier")]),
        ] {
            let before = desk.order(third).await;
            let page = behind(&operator, operator.post_form(&format!("{card}/{path}"), &fields).await).await;
            let undo = undo_of(&page).expect("a way back");
            operator.post_form(&undo, &[("back", card.as_str())]).await.expect_status(303);
            let after = desk.order(third).await;
            assert_eq!(
                (&after.last_comment, after.urgent, after.pause.is_some(), after.version),
                (&before.last_comment, before.urgent, false, before.version + 2),
                "{path}"
            );
        }
        assert_eq!(desk.app.facts_named("orders.comment_withdrawn").await, 1);
        assert!(!desk.app.client().post_form(&undo, &[]).await.status.is_success());
    }

    async fn a_list_is_kept_under_a_name(place: Place) {
        let desk = Desk::open(place).await;
        three(&desk).await;
        let operator = desk.signed_in("operator").await;
        let manager = desk.signed_in("manager").await;
        let query = "view=work&city=%D0%9A%D0%B0%D0%B7%D0%B0%D0%BD%D1%8C";
        let saved = operator.post_form("/orders/views", &[("name", "Казань"), ("query", query)]).await.expect_status(303);
        let address = saved.header("location").expect("the view").to_owned();
        let page = operator.get(&address).await.expect_status(200).text();
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        assert!(page.contains("<span>Казань</span><span class=\"count tone-neutral\">3</span>"), "{page}");
        assert!(!manager.get("/orders").await.text().contains("<span>Казань</span>"), "one's own are one's own");
        operator.post_form("/orders/views/shared", &[("for_all", "Всем"), ("query", query)]).await.expect_status(403);
        let shared = manager.post_form("/orders/views/shared", &[("for_all", "Всем"), ("query", query)]).await.expect_status(303);
        let shared = shared.header("location").expect("the view").to_owned();
        let id = |address: &str| address.split(['=', '&']).nth(1).expect("an id").to_owned();
        assert!(operator.get("/orders?view=work").await.text().contains("<span>Всем</span>"));
        operator.post_form(&format!("/orders/views/{}", id(&shared)), &[("deed", "remove")]).await.expect_status(403);
        let own = format!("/orders/views/{}", id(&address));
        manager.post_form(&own, &[("deed", "remove")]).await.expect_status(404);
        operator.post_form(&own, &[("deed", "name"), ("title", "  ")]).await.expect_status(422);
        operator.post_form(&own, &[("deed", "name"), ("title", "Мои казанские")]).await.expect_status(303);
        operator.post_form(&own, &[("deed", "query"), ("query", "view=all&mark=urgent")]).await.expect_status(303);
        operator.post_form("/orders/views", &[("name", "Второй"), ("query", "view=all")]).await.expect_status(303);
        operator.post_form(&own, &[("deed", "right")]).await.expect_status(303);
        let page = operator.get("/orders?view=work").await.text();
        let at = |name: &str| page.find(&format!("<span>{name}</span>")).unwrap_or_else(|| panic!("{name} in {page}"));
        assert!(at("Второй") < at("Мои казанские") && page.contains("mark=urgent"));
        operator.post_form("/orders/views", &[("name", "x"), ("query", "view=all&sum_from=much")]).await.expect_status(422);
        for number in 3..=10 {
            operator.post_form("/orders/views", &[("name", &number.to_string()), ("query", "view=all")]).await.expect_status(303);
        }
        operator.post_form("/orders/views", &[("name", "11"), ("query", "view=all")]).await.expect_status(409);
        operator.post_form(&own, &[("deed", "remove")]).await.expect_status(303);
        assert!(!operator.get("/orders?view=work").await.text().contains("Мои казанские"));
    }

    async fn one_comes_back_to_the_view_one_looked_at(place: Place) {
        let desk = Desk::open(place).await;
        let operator = desk.signed_in("operator").await;
        let saved = operator.post_form("/orders/views", &[("name", "Срочные"), ("query", "view=work&mark=urgent")]).await;
        let address = saved.header("location").expect("the view").to_owned();
        operator.get(&address).await.expect_status(200);
        let back = operator.get("/orders").await.expect_status(303);
        assert!(back.header("location").is_some_and(|to| to.contains("mark=urgent")), "{:?}", back.header("location"));
        operator.get("/orders?view=work").await.expect_status(200);
        operator.get("/orders").await.expect_status(200);
    }

    async fn who_takes_an_order_after_another_has_it(place: Place) {
        let desk = Desk::open(place).await;
        let [id, ..] = three(&desk).await;
        let (company, one, other) = (desk.company, desk.person("operator").await, desk.person("manager").await);
        let take = async |person: PersonId| {
            desk.app
                .write(move |tx| record_taken(tx, company, id, &Actor::Person { person }).map(|order| order.taken_by))
                .await
        };
        assert_eq!((take(one).await, take(one).await, take(other).await), (Some(one), Some(one), Some(other)));
        assert_eq!(desk.app.facts_named("orders.taken").await, 2);
    }

    async fn an_empty_list_says_why(place: Place) {
        let desk = Desk::open(place).await;
        let operator = desk.signed_in("operator").await;
        assert!(operator.get("/orders?view=work").await.text().contains("появятся сами"));
        let narrowed = operator.get("/orders?view=work&city=nowhere").await.text();
        assert!(narrowed.contains("Снимите одно из них") && narrowed.contains("Снять условия"), "{narrowed}");
    }

    async fn a_list_in_work_goes_by_promise_or_by_age(place: Place) {
        let desk = Desk::open(place).await;
        let [first, _, third] = three(&desk).await;
        desk.pay(1, first, "100").await.expect("paid");
        let operator = desk.signed_in("operator").await;
        let at = |page: &str, id: OrderId| page.find(&format!("id=\"order-{id}\"")).expect("a row");
        let by_promise = operator.get("/orders?view=work").await.text();
        assert!(at(&by_promise, first) < at(&by_promise, third) && by_promise.contains("sort=newest"));
        let by_age = operator.get("/orders?view=work&sort=newest").await.text();
        assert!(at(&by_age, third) < at(&by_age, first) && by_age.contains("aria-sort=\"descending\""));
        assert!(!operator.get("/orders?view=complete").await.text().contains("sort=newest"));
    }

    async fn everybody_sees_the_columns_they_chose(place: Place) {
        let desk = Desk::open(place).await;
        three(&desk).await;
        let operator = desk.signed_in("operator").await;
        let usual = operator.get("/orders?view=work").await.text();
        assert!(usual.contains("data-label=\"Покупатель\"") && !usual.contains("data-label=\"Город\""));
        operator.post_form("/orders/columns", &[("query", "view=work"), ("column", "city"), ("column", "phone"), ("column", "nonsense")]).await.expect_status(303);
        let chosen = operator.get("/orders?view=work").await.text();
        assert!(!chosen.contains("data-label=\"Покупатель\"") && chosen.contains("data-label=\"Город\">Казань"), "{chosen}");
        let saved = operator.post_form("/orders/views", &[("name", "Города"), ("query", "view=work")]).await;
        assert!(saved.header("location").is_some_and(|to| to.contains("columns=city-phone")));
        let manager = desk.signed_in("manager").await;
        assert!(manager.get("/orders?view=work").await.text().contains("data-label=\"Покупатель\""));
    }

    async fn status_and_comment_are_changed_from_the_list(place: Place) {
        let desk = Desk::open(place).await;
        let [id, ..] = three(&desk).await;
        let operator = desk.signed_in("operator").await;
        let path = format!("/orders/{id}/quick");
        let form = operator.get(&format!("{path}?back=%2Forders%3Fview%3Dwork")).await.expect_status(200).text();
        assert_eq!(Texts::missing_in(&form), Vec::<String>::new());
        assert!(form.contains("id=\"quick\"") && form.contains("value=\"/orders?view=work\""), "{form}");
        let version = desk.order(id).await.version.to_string();
        let fields = [("version", version.as_str()), ("status", "no_answer"), ("comment", "Не берёт трубку"), ("back", "/orders?view=work")];
        let saved = operator.post_form(&path, &fields).await;
        assert_eq!(saved.header("location"), Some("/orders?view=work"));
        let page = behind(&operator, saved).await;
        let order = desk.order(id).await;
        assert_eq!((order.status.as_str(), order.last_comment.as_deref()), ("no_answer", Some("Не берёт трубку")));
        let again = operator.post_form(&path, &fields).await.expect_status(422).text();
        assert!(again.contains("изменил кто-то другой") && again.contains("Не берёт трубку"), "{again}");
        operator.post_form(&undo_of(&page).expect("both are taken back"), &[]).await.expect_status(303);
        let order = desk.order(id).await;
        assert_eq!((order.status.as_str(), order.last_comment), ("new", None));
        let elsewhere = operator.post_form(&path, &[("back", "//evil.example")]).await;
        assert_eq!(elsewhere.header("location"), Some("/"));
        desk.signed_in("auditor").await.get(&path).await.expect_status(200);
    }
}
