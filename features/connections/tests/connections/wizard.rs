//! From "connect a shop" to its first order.

use http::Method;
use takt_connections::{ConnectionId, Contacts, get, keys_of};
use takt_testing::on_both_engines;

use crate::desk::{Desk, KIND, keys_in};

const NEW: &str = "/settings/sources/new";

on_both_engines! {
    async fn the_way_ends_when_the_first_order_is_here(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.owner().await;
        let choice = owner.get(NEW).await.expect_status(200).text();
        for name in ["OpenCart", "WooCommerce", "PrestaShop", "1С-Битрикс", "Magento 2", "Клиент API"] {
            assert!(choice.contains(name), "{name}");
        }
        let shop = desk.shop.to_string();
        let asked = format!("{NEW}?shop={shop}&system=testing.woocommerce");
        assert!(owner.get(&asked).await.expect_status(200).text().contains("только имена самого RetailCRM"));
        // An order that came through the shop's other connection before.
        desk.order(KIND).await;
        desk.app.advance(60).await;
        let fields = [("shop", shop.as_str()), ("system", "testing.woocommerce"), ("name", "")];
        let made = owner.post_form(NEW, &fields).await.expect_status(303);
        let connect = made.location().to_owned();
        let id: ConnectionId = connect.split('/').nth(3).expect("an id").parse().expect("an id");
        let page = async || owner.get(&connect).await.expect_status(200).text();

        let first = page().await;
        assert!(first.contains("http://takt.test") && first.contains("class WC_Retailcrm_Url_Validator"), "{first}");
        assert!(first.contains("Ждём первого обращения") && keys_in(&first).is_empty());
        let shown = owner.post_form(&connect, &[("newest", "")]).await.expect_status(200).text();
        let key = keys_in(&shown).pop().expect("a key");
        assert!(!shown.contains("Старый ключ"), "there is no old one");
        assert!(!page().await.contains(&key));
        owner.post_form(&connect, &[("newest", "")]).await.expect_status(303);
        let company = desk.company;
        assert_eq!(desk.app.read(move |r| keys_of(r, company, id)).await.len(), 1, "sent twice, one key");

        let connection = desk.app.read(move |r| get(r, company, id)).await;
        assert_eq!(connection.name, "Чай.рф");
        Contacts::note(&desk.app.db, &connection, false, Some("Wrong currency")).await.expect("a note");
        let heard = page().await;
        assert!(heard.contains("Магазин обратился: сейчас") && heard.contains("Wrong currency"), "{heard}");
        assert!(heard.contains("Ждём первого заказа") && heard.contains("Посмотреть снова"), "{heard}");
        desk.order("api").await;
        assert!(page().await.contains("Ждём первого заказа"), "that one came another way");
        let order = desk.order(KIND).await;
        let done = page().await;
        assert!(done.contains("Первый заказ пришёл") && done.contains(&format!("href=\"/orders/{order}\"")), "{done}");
    }

    async fn what_will_not_work_is_said_before_somebody_tries(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.owner().await;
        let at = async |host: &str, system: &str| {
            let path = format!("{NEW}?shop={}&system=testing.{system}", desk.shop);
            owner.ask(Method::GET, &path).header("host", host).send().await.expect_status(200).text()
        };
        let loopback = at("127.0.0.1:8080", "opencart").await;
        for said in ["не найдёт ни один другой компьютер", "принимает только адреса https", "указан порт"] {
            assert!(loopback.contains(said), "{said}: {loopback}");
        }
        assert!(at("takt.local", "bitrix").await.contains("частной сети. Эта система"));
        assert!(at("desk.example.org", "prestashop").await.contains("не проходит проверку"));
        assert!(!at("a.simla.com.example.org", "prestashop").await.contains("не проходит проверку"));
        let client = at("desk.example.org", "client").await;
        assert!(client.contains("пойдут по сети открыто") && !client.contains("принимает только адреса https"));
    }

    async fn a_choice_that_is_none_is_refused_with_words(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.owner().await;
        let shop = desk.shop.to_string();
        let refused = owner.post_form(NEW, &[("shop", &shop), ("system", "testing.nothing")]).await;
        assert!(refused.expect_status(422).text().contains("Выберите из списка"));
        let long = "x".repeat(101);
        let fields = [("shop", shop.as_str()), ("system", "testing.opencart"), ("name", &long)];
        let refused = owner.post_form(NEW, &fields).await.expect_status(422).text();
        assert!(refused.contains("не больше 100 знаков") && refused.contains(&long), "{refused}");
        owner.post_form(NEW, &[("shop", "nothing"), ("system", "testing.opencart")]).await.expect_status(404);
        assert_eq!(desk.app.facts_named("connections.created").await, 1);
    }
}
