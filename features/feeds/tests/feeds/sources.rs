//! Whose word counts for a price: the catalogue's that brings the goods, another shop's, or the card's.

use takt_catalog::{EditCatalog, OfferInput, upsert};
use takt_feeds::{FeedId, ManageFeeds, Sources, Wanted, choose, configure};
use takt_kernel::money::UnitPrice;
use takt_testing::on_both_engines;

use crate::desk::{self, Desk, ShopServer, offer};

/// A second shop of the company, its server and its feed.
async fn second(desk: &Desk, offers: &str) -> (ShopServer, FeedId) {
    let server = ShopServer::open().await;
    server.serves(offers);
    let shop = desk::shop(&desk.app, desk.company, "Второй").await;
    let (permit, wanted) =
        (desk.permit::<ManageFeeds>(), Wanted { url: server.url.clone(), ..Wanted::default() });
    let feed = desk.app.write(move |tx| configure(tx, &permit, shop, &wanted)).await;
    desk.app.drain().await;
    (server, feed)
}

async fn chosen(desk: &Desk, feed: FeedId, price: Option<FeedId>) {
    let permit = desk.permit::<ManageFeeds>();
    desk.app.write(move |tx| choose(tx, &permit, feed, Sources { price, stock: None })).await;
    desk.app.drain().await;
}

async fn price(desk: &Desk, sku: &str) -> String {
    desk.offer(sku).await.expect("an offer").price.to_string()
}

on_both_engines! {
    async fn a_price_comes_from_where_the_owner_says(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&(offer("1", "10") + &offer("2", "10")));
        let first = desk.set().await;
        desk.app.drain().await;
        let (server, other) = second(&desk, &(offer("1", "20") + &offer("3", "20"))).await;
        assert_eq!((price(&desk, "1").await, price(&desk, "3").await), ("10.00".to_owned(), "20.00".to_owned()));

        // The other's price counts for what the first brings, as far as it tells of it.
        chosen(&desk, first, Some(other)).await;
        assert_eq!((price(&desk, "1").await, price(&desk, "2").await), ("20.00".to_owned(), "10.00".to_owned()));
        server.serves(&(offer("1", "21") + &offer("3", "20")));
        desk.pulls(&(offer("1", "11") + &offer("2", "11"))).await;
        assert_eq!((price(&desk, "1").await, price(&desk, "2").await), ("21.00".to_owned(), "10.00".to_owned()));

        // What people changed stays while that catalogue only repeats itself.
        let card = desk.offer("1").await.expect("an offer");
        let mended = OfferInput { price: UnitPrice::parse("15").expect("a price"), ..OfferInput::of(&card) };
        let permit = desk.permit::<EditCatalog>();
        desk.app.write(move |tx| upsert(tx, &permit, std::slice::from_ref(&mended))).await;
        desk.pulls(&(offer("1", "11") + &offer("2", "11"))).await;
        assert_eq!(price(&desk, "1").await, "15.00");
        server.serves(&(offer("1", "23") + &offer("3", "20")));
        desk.pulls(&(offer("1", "11") + &offer("2", "11"))).await;
        assert_eq!(price(&desk, "1").await, "23.00");

        // The card's own: nobody's catalogue changes it, and a new product begins with the price it came with.
        chosen(&desk, first, None).await;
        server.serves(&offer("1", "22"));
        desk.pulls(&(offer("1", "12") + &offer("2", "12") + &offer("4", "12"))).await;
        let prices = (price(&desk, "1").await, price(&desk, "2").await, price(&desk, "4").await);
        assert_eq!(prices, ("23.00".to_owned(), "10.00".to_owned(), "12.00".to_owned()));

        // Its own again: what was passed over counts, though nothing changed in the document since.
        chosen(&desk, first, Some(first)).await;
        assert_eq!((price(&desk, "1").await, price(&desk, "2").await), ("12.00".to_owned(), "12.00".to_owned()));
        assert_eq!(desk.app.facts_named("feeds.sources_chosen").await, 3);
        chosen(&desk, first, Some(first)).await;
        assert_eq!(desk.app.facts_named("feeds.sources_chosen").await, 3, "the same again is no news");
    }

    async fn the_owner_chooses_on_a_page_that_says_whose_each_field_is(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offer("1", "10"));
        let first = desk.set().await;
        let (_, other) = second(&desk, &offer("1", "20")).await;
        let owner = desk.signed_in("owner").await;
        assert!(owner.get("/settings/feeds").await.text().contains("/settings/feeds/sources"));
        let page = owner.get("/settings/feeds/sources").await.expect_status(200).text();
        for word in ["Каталог магазина Второй", "Карточка в Takt", "Наш собственный склад", "Какое поле чьё"] {
            assert!(page.contains(word), "{word}");
        }
        let path = format!("/settings/feeds/{first}/sources");
        let form = [("price", other.to_string()), ("stock", other.to_string())];
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        owner.post_form(&path, &form).await.expect_status(303);
        assert_eq!(desk.feed().await.sources, Sources { price: Some(other), stock: Some(other) });
        for (name, value) in [("price", "999999999"), ("stock", "x")] {
            assert_eq!(owner.post_form(&path, &[(name, value)]).await.status, 422, "{name}={value}");
        }
        owner.post_form(&path, &[]).await.expect_status(303);
        assert_eq!(desk.feed().await.sources, Sources::default(), "nothing chosen: our own");
        let auditor = desk.signed_in("auditor").await;
        let seen = auditor.get("/settings/feeds/sources").await.expect_status(200).text();
        assert!(seen.contains("Какое поле чьё") && !seen.contains(&path), "{seen}");
        assert_eq!(auditor.post_form(&path, &form).await.status, 403);
    }
}
