//! From "connect a shop" to the first order of a shop that needs no module.

use http::Method;
use serde_json::json;
use takt_connections::{ConnectionId, get, secrets, standing};
use takt_store::Query;
use takt_testing::{Client, on_both_engines};
use takt_ui::Texts;

use super::{
    desk::{Desk, order, sign},
    differences::person,
    shop::Shop,
};

const NEW: &str = "/settings/sources/new";

async fn begun(desk: &Desk, owner: &Client) -> (ConnectionId, String) {
    let choice = owner.get(NEW).await.expect_status(200).text();
    assert!(choice.contains("WooCommerce напрямую"), "{choice}");
    let shop = desk.shop.to_string();
    let fields = [("shop", shop.as_str()), ("system", "woocommerce.webhooks"), ("name", "Лавка")];
    let made = owner.post_form(NEW, &fields).await.expect_status(303).location().to_owned();
    (made.split('/').nth(3).expect("an id").parse().expect("an id"), made)
}

/// The secret that is shown this once.
fn shown(page: &str) -> String {
    let codes = page.split("<code>").skip(1).filter_map(|rest| rest.split("</code>").next());
    codes.filter(|code| code.len() == 40).map(str::to_owned).next().expect("a secret")
}

on_both_engines! {
    async fn the_way_ends_when_the_first_order_is_here(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        let owner = person(&desk, "owner").await;
        let (id, connect) = begun(&desk, &owner).await;
        let page = owner.get(&connect).await.expect_status(200).text();
        let hook = format!("http://takt.test/hooks/woocommerce/{id}");
        for told in [hook.as_str(), "Order restored", "Product deleted", "Дополнительно → REST API", "ck_"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        let typed = [("act", "save"), ("url", "http://shop.example"), ("consumer_key", "ck_SEEN"), ("consumer_secret", "")];
        let refused = owner.post_form(&connect, &typed).await.expect_status(422).text();
        assert!(refused.contains("Это не адрес магазина") && refused.contains("Это поле нужно заполнить"), "{refused}");
        assert!(refused.contains("http://shop.example") && !refused.contains("ck_SEEN"), "secrets are drawn nowhere");
        let typed = [("act", "save"), ("url", shop.address.as_str()), ("consumer_key", "ck_1"), ("consumer_secret", "cs_1")];
        owner.post_form(&connect, &typed).await.expect_status(303);
        let company = desk.company;
        let connection = desk.app.read(move |r| get(r, company, id)).await;
        assert_eq!(connection.settings["url"], json!(shop.address));
        let page = owner.get(&connect).await.text();
        assert!(page.contains("задан; пустое поле") && !page.contains("ck_1") && !page.contains("cs_1"), "{page}");
        let secret = shown(&owner.post_form(&connect, &[("newest", "")]).await.expect_status(200).text());
        desk.app.drain().await;

        // The first ping is unsigned: a contact, and nothing else.
        let ping = desk.post(id, "", b"webhook_id=5".to_vec(), "", None).await;
        ping.expect_status(200);
        let page = owner.get(&connect).await.text();
        assert!(page.contains("Магазин обратился") && page.contains("Ждём первого заказа"), "{page}");
        let body = order().to_string().into_bytes();
        let signature = sign(&secret, &body);
        desk.post(id, "order.created", body, "d-1", Some(&signature)).await.expect_status(200);
        let page = owner.get(&connect).await.text();
        assert!(page.contains("Первый заказ пришёл"), "{page}");
        // It was asked at once, and answers.
        desk.app.advance(300).await;
        let source = connect.replace("/connect", "");
        let tested = owner.get(&format!("{source}&test=1")).await.expect_status(200).text();
        for told in ["Чем подписаны сообщения, известно", "Магазин отвечает, когда его спрашивают"] {
            assert!(tested.contains(told), "{told}: {tested}");
        }
        // An empty secret leaves the one there is; a typed one takes its place.
        let typed = [("act", "save"), ("url", shop.address.as_str()), ("consumer_key", ""), ("consumer_secret", "cs_2")];
        owner.post_form(&connect, &typed).await.expect_status(303);
        let kept = desk.app.read(move |r| {
            let key = secrets::get(r, company, id, "consumer_key")?.expect("a key");
            let secret = secrets::get(r, company, id, "consumer_secret")?.expect("a secret");
            Ok((key.expose().to_owned(), secret.expose().to_owned()))
        }).await;
        assert_eq!(kept, ("ck_1".to_owned(), "cs_2".to_owned()));
        for page in [&connect, &format!("{source}&test=1")] {
            for lang in ["ru", "en"] {
                owner.post_form("/preferences", &[("lang", lang), ("back", "/")]).await.expect_status(303);
                let page = owner.get(page).await.expect_status(200).text();
                assert_eq!(Texts::missing_in(&page), Vec::<String>::new(), "{lang}");
            }
        }
        let told = desk.app.fact_log().await;
        assert!(!told.contains("cs_2") && !told.contains(&secret), "no fact tells a secret");
        assert_eq!(desk.app.read(move |r| { let now = r.now(); standing(r, company, id, now) }).await.differing, 0);
    }

    async fn the_keys_of_a_shop_are_sent_to_no_other(place: Place) {
        let desk = Desk::open(place).await;
        let owner = person(&desk, "owner").await;
        let (id, connect) = begun(&desk, &owner).await;
        let company = desk.company;
        let type_in = async |url: &str, key: &str, secret: &str| {
            let typed = [("act", "save"), ("url", url), ("consumer_key", key), ("consumer_secret", secret)];
            owner.post_form(&connect, &typed).await
        };
        let url = async || desk.app.read(move |r| get(r, company, id)).await.settings["url"].clone();
        let key = async || desk.app.read(move |r| secrets::get(r, company, id, "consumer_key")).await.expect("a key").expose().to_owned();
        type_in("https://shop.example", "ck_1", "cs_1").await.expect_status(303);
        for evil in ["https://evil.example", "https://shop.example:8443", "https://shop.example.evil.example"] {
            for (key, secret) in [("", ""), ("", "cs_2"), ("ck_2", "")] {
                let refused = type_in(evil, key, secret).await.expect_status(422).text();
                assert!(refused.contains("Это уже адрес другого магазина"), "{evil}: {refused}");
            }
        }
        assert_eq!((url().await, key().await), (json!("https://shop.example"), "ck_1".to_owned()));
        type_in("https://shop.example/tea", "", "").await.expect_status(303);
        assert_eq!((url().await, key().await), (json!("https://shop.example/tea"), "ck_1".to_owned()));
        type_in("https://other.example", "ck_2", "cs_2").await.expect_status(303);
        assert_eq!((url().await, key().await), (json!("https://other.example"), "ck_2".to_owned()));
    }

    async fn nobody_else_types_there(place: Place) {
        let desk = Desk::open(place).await;
        let clerk = person(&desk, "operator").await;
        let path = format!("/settings/sources/{}/connect", desk.connection);
        let typed = [("act", "save"), ("url", "https://evil.example"), ("consumer_key", "x"), ("consumer_secret", "y")];
        clerk.post_form(&path, &typed).await.expect_status(403);
        clerk.ask(Method::GET, &path).send().await.expect_status(403);
        assert!(desk.connection().await.settings.get("url").is_none());
    }
}
