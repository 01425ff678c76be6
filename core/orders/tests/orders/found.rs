//! What the palette finds, who has an order open, and a remark that is sent twice.

use http::Method;
use serde_json::{Value, json};
use takt_orders::OrderId;
use takt_testing::{Client, on_both_engines};
use takt_ui::Texts;

use crate::desk::{Desk, order};

async fn found(client: &Client, q: &str) -> Vec<(String, String, String)> {
    let encoded: String = q.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let asked = client.ask(Method::GET, &format!("/find?q={encoded}")).header("accept", "application/json");
    let told: Value = asked.send().await.expect_status(200).json();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let mut found = Vec::new();
    for group in told["groups"].as_array().expect("groups") {
        for item in group["items"].as_array().expect("items") {
            found.push((text(&group["title"]), text(&item["label"]), text(&item["href"])));
        }
    }
    assert!(found.len() <= 20, "{found:?}");
    found
}

async fn remarks(desk: &Desk, id: OrderId) -> usize {
    let company = desk.company;
    desk.app.read(move |reader| takt_orders::comments(reader, company, id, 100)).await.len()
}

on_both_engines! {
    async fn orders_buyers_goods_and_screens_are_found_by_words(place: Place) {
        let desk = Desk::open(place).await;
        let mut body = order("WEB-7", 1);
        body["number"] = json!("7");
        body["lines"][0]["name"] = json!("Кроссовок левый");
        let seven = desk.place(body).await;
        for number in 70..74 {
            let mut other = order(&format!("WEB-{number}"), 1);
            other["number"] = json!(number.to_string());
            other["customer"] = json!({ "name": "Семёнова Вера", "phone": "8 (912) 345-67-00" });
            let id = desk.place(other).await;
            // Reached otherwise, so the customer is looked for.
            let reached = json!({ "customer": { "phone": "8 (912) 345-67-01" } });
            desk.change(id, 1, reached).await.expect("changed");
        }
        let manager = desk.signed_in("manager").await;
        let by_number = found(&manager, "7").await;
        assert_eq!(by_number[0].2, format!("/orders/{seven}"), "its number before what only begins with it: {by_number:?}");
        let forms = found(&manager, "кроссовки").await;
        assert!(forms.iter().any(|(_, _, href)| *href == format!("/orders/{seven}")), "{forms:?}");
        let buyer = found(&manager, "семенова").await;
        assert!(buyer.iter().filter(|(title, ..)| title == "Клиенты").count() == 1, "once: {buyer:?}");
        assert!(found(&manager, "tea-100").await.iter().any(|(title, ..)| title == "Товары"));
        for typed in ["заказы", "pfrfps", "Заказы"] {
            assert_eq!(found(&manager, typed).await[0].2, "/orders", "{typed}");
        }
        assert!(found(&manager, "ctvtyjdf").await.iter().any(|(_, label, _)| label.contains("Семёнова")), "the other layout");
        assert!(found(&manager, "").await.iter().all(|(title, ..)| title == "Заказы"), "what is new");
        assert!(found(&manager, &"я".repeat(5_000)).await.is_empty());
        let page = manager.get("/find?q=7").await.expect_status(200).text();
        assert!(page.contains(&format!("/orders/{seven}")), "{page}");
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
    }

    async fn nobody_finds_what_they_may_not_see(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("WEB-1", 1)).await;
        desk.change(id, 1, json!({ "customer": { "phone": "8 (912) 345-67-88" } })).await.expect("changed");
        let owner = desk.signed_in("owner").await;
        assert!(found(&owner, "иванов").await.iter().any(|(_, _, href)| href.starts_with("/customers/")));
        assert!(found(&owner, "+7 912 345-67-88").await.len() >= 2);
        let stranger = crate::desk::company(&desk.app, "Чужая").await;
        let theirs = Desk { app: desk.app, company: stranger, shop: desk.shop };
        let stranger = theirs.signed_in("owner").await;
        assert_eq!(found(&stranger, "иванов").await, []);
        assert_eq!(theirs.app.client().get("/find?q=1").await.status, 303);
    }

    async fn a_colleague_sees_who_has_an_order_open_and_a_stranger_does_not(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("WEB-1", 1)).await;
        let (owner, manager) = (desk.signed_in("owner").await, desk.signed_in("manager").await);
        let looks = |looked: Value, said: i64| json!({ "looked": looked, "said": said });
        let topic = format!("order/{id}");
        let card = owner.get(&format!("/orders/{id}")).await.expect_status(200).text();
        assert!(card.contains(&format!("data-about=\"{topic}\"")), "{card}");
        let mut seen = owner.ask(Method::GET, "/live").open().await;
        let stranger = crate::desk::company(&desk.app, "Чужая").await;
        let theirs = Desk { app: desk.app, company: stranger, shop: desk.shop };
        let stranger = theirs.signed_in("owner").await;
        let unseen = stranger.ask(Method::GET, "/live").open().await;

        // A stranger says so of an order that is not theirs, and nobody is told.
        stranger.post_json("/presence", &looks(json!([topic]), 1)).await.expect_status(204);
        owner.post_json("/presence", &looks(json!([topic, "order/9", "person/1", "nonsense"]), 1)).await.expect_status(204);
        let told = async |stream: &mut takt_testing::TestStream| loop {
            let told = stream.next().await.expect("told");
            if told.contains("event: presence") {
                let data = told.lines().find_map(|line| line.strip_prefix("data:")).expect("data");
                break serde_json::from_str::<Value>(data).expect("JSON")["present"][&topic].clone();
            }
        };
        // Oneself is nobody else.
        assert_eq!(told(&mut seen).await, json!([]));
        manager.post_json("/presence", &looks(json!([topic]), 5)).await.expect_status(204);
        let others = told(&mut seen).await;
        assert_eq!(others.as_array().map(Vec::len), Some(1), "{others}");
        // What was said before and comes later is not believed.
        manager.post_json("/presence", &looks(json!([]), 4)).await.expect_status(204);
        let mut late = owner.ask(Method::GET, "/live").open().await;
        assert_eq!(told(&mut late).await, others, "whoever comes later is told at once");
        manager.post_json("/presence", &looks(json!([]), 6)).await.expect_status(204);
        assert_eq!(told(&mut seen).await, json!([]));

        stranger.post_form("/sign-out", &[]).await;
        theirs.app.db.number_facts().await.expect("what ends the stream is seen");
        let told = unseen.to_the_end().await;
        assert!(!told.contains("presence"), "{told}");
        assert_eq!(theirs.app.client().post_json("/presence", &looks(json!([topic]), 1)).await.status, 401);
    }

    async fn a_remark_that_is_sent_twice_is_written_once(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("WEB-1", 1)).await;
        let manager = desk.signed_in("manager").await;
        let send = async |key: &str| {
            let fields = [("comment", "Перезвонит в пять"), ("key", key)];
            manager.post_form(&format!("/orders/{id}/comment"), &fields).await.status
        };
        for (key, expected) in [("a1", 1), ("a1", 1), ("b2", 2), ("", 3), ("", 4)] {
            assert_eq!(send(key).await, 303);
            assert_eq!(remarks(&desk, id).await, expected, "{key}");
        }
        assert_eq!(send(&"x".repeat(65)).await, 422);
        let other = desk.place(order("WEB-2", 1)).await;
        manager.post_form(&format!("/orders/{other}/comment"), &[("comment", "иное"), ("key", "a1")]).await.expect_status(303);
        assert_eq!(remarks(&desk, other).await, 1);
    }
}
