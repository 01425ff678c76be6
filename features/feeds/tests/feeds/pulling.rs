use takt_catalog::{EditCatalog, OfferInput, OfferTexts, archive, edit, upsert};
use takt_feeds::{ManageFeeds, State, Wanted, allow_archiving, configure, pause, pull_now, resume};
use takt_kernel::money::Currency;
use takt_staff::Permit;
use takt_testing::on_both_engines;

use crate::desk::{self, Desk, document, offer, offers};

fn texts<'t>(sku: &'t str, name: &'t str) -> OfferInput {
    let texts = OfferTexts { sku, name, price: "5", vat: "10", ..OfferTexts::default() };
    OfferInput::parse(&texts, Currency::RUB).expect("an offer")
}

on_both_engines! {
    async fn a_feed_fills_the_catalogue_and_then_writes_only_what_changed(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offers(0..1_200, "10"));
        desk.set().await;
        desk.app.drain().await;
        let feed = desk.feed().await;
        assert_eq!((feed.state, feed.counts.read, feed.counts.added, feed.offers), (State::Waiting, 1_200, 1_200, 1_200));
        assert_eq!(feed.format.as_deref(), Some("icml"));
        assert!(feed.bytes > 0 && feed.bytes == feed.total_bytes);
        let tea = desk.offer("7").await.expect("known");
        assert_eq!((tea.name.as_str(), tea.price.to_string().as_str(), tea.vat.to_string().as_str()), ("Чай 7", "10.00", "20"));
        assert_eq!(tea.details.external_id.as_deref(), Some("x7"));

        let said = desk.app.facts_named("catalog.offer_added").await + desk.app.facts_named("catalog.offer_edited").await;
        let same = desk.pulls(&offers(0..1_200, "10")).await;
        assert_eq!((same.counts.read, same.counts.added, same.counts.changed), (1_200, 0, 0));
        let now = desk.app.facts_named("catalog.offer_added").await + desk.app.facts_named("catalog.offer_edited").await;
        assert_eq!(now, said);

        let changed = desk.pulls(&(offers(0..1_198, "10") + &offers(1_198..1_201, "11"))).await;
        assert_eq!((changed.counts.added, changed.counts.changed, changed.counts.archived), (1, 2, 0));
        assert_eq!(desk.offer("1199").await.expect("known").price.to_string(), "11.00");
        assert_eq!(desk.app.facts_named("feeds.pulled").await, 3);
    }

    async fn what_vanishes_is_archived_and_comes_back_when_it_returns(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offers(0..10, "10"));
        desk.set().await;
        desk.app.drain().await;
        let less = desk.pulls(&offers(2..10, "10")).await;
        assert_eq!((less.counts.archived, less.counts.changed), (2, 0));
        assert_eq!(desk.sold(0..10).await.len(), 8);
        let again = desk.pulls(&offers(2..10, "10")).await;
        assert_eq!(again.counts.archived, 0, "what has gone is not archived again");
        let back = desk.pulls(&offers(1..10, "10")).await;
        assert_eq!((back.counts.added, back.counts.changed), (0, 1));
        assert_eq!(desk.sold(0..10).await.len(), 9);
        let inactive = offers(2..10, "10") + &offer(1, "10").replace("</offer>", "<productActivity>N</productActivity></offer>");
        desk.pulls(&inactive).await;
        assert!(desk.offer("1").await.expect("known").archived);
        desk.pulls(&offers(1..10, "10")).await;
        assert!(!desk.offer("1").await.expect("known").archived);
    }

    async fn a_feed_archives_only_what_it_brought_and_keeps_what_people_did(place: Place) {
        let desk = Desk::open(place).await;
        let permit = desk.permit::<EditCatalog>();
        desk.app.write(move |tx| upsert(tx, &permit, &[texts("1", "Наш"), texts("own", "Свой")])).await;
        desk.server.serves(&offers(0..6, "10"));
        desk.set().await;
        desk.app.drain().await;
        assert_eq!(desk.offer("1").await.expect("known").name, "Чай 1", "the feed tells of it from now on");
        assert_eq!(desk.feed().await.counts.added, 5);

        let (two, permit) = (desk.offer("2").await.expect("known"), desk.permit::<EditCatalog>());
        desk.app.write(move |tx| archive(tx, &permit, two.id, two.version)).await;
        let (three, permit) = (desk.offer("3").await.expect("known"), desk.permit::<EditCatalog>());
        desk.app.write(move |tx| edit(tx, &permit, three.id, three.version, &texts("3", "Правлено"))).await;
        desk.pulls(&offers(0..6, "10")).await;
        assert!(desk.offer("2").await.expect("known").archived, "somebody took it out of sale");
        assert_eq!(desk.offer("3").await.expect("known").name, "Правлено");
        let without_vat = offer(3, "12").replace("<vatRate>20</vatRate>", "");
        desk.pulls(&(offers(0..3, "10") + &without_vat + &offers(4..6, "10"))).await;
        let three = desk.offer("3").await.expect("known");
        assert_eq!((three.price.to_string().as_str(), three.vat.to_string().as_str()), ("12.00", "10"), "what is not told stays");

        desk.pulls(&(offer(0, "10") + &offers(2..6, "10"))).await;
        assert!(!desk.offer("1").await.expect("known").archived, "it was there before the feed");
        assert!(!desk.offer("own").await.expect("known").archived);
    }

    async fn offers_of_one_product_stand_together(place: Place) {
        let desk = Desk::open(place).await;
        let of = |id: &str, product: &str| format!("<offer id='{id}' productId='{product}'><name>{id}</name><productName>Чай</productName><price>1</price></offer>");
        desk.server.serves(&(of("a1", "a") + &of("a2", "a") + &of("b1", "b")));
        desk.set().await;
        desk.app.drain().await;
        desk.pulls(&(of("a1", "a") + &of("a2", "a") + &of("b1", "b") + &of("a3", "a"))).await;
        let mut products = Vec::new();
        for sku in ["a1", "a2", "a3", "b1"] {
            products.push(desk.offer(sku).await.expect("known").product);
        }
        assert!(products[0] == products[1] && products[1] == products[2] && products[2] != products[3]);
    }

    async fn more_than_half_vanished_waits_for_a_person(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offers(0..10, "10"));
        let id = desk.set().await;
        desk.app.drain().await;
        desk.server.now().etag = Some("\"1\"".to_owned());
        let asks = desk.pulls(&offers(0..4, "11")).await;
        assert_eq!((asks.state, asks.counts.vanished, asks.counts.archived), (State::Asks, 6, 0));
        assert_eq!(asks.counts.changed, 4, "what came is taken all the same");
        assert_eq!(desk.sold(0..10).await.len(), 10);
        desk.at_its_hour().await;
        assert_eq!(desk.app.facts_named("feeds.stopped").await, 1, "it is said once");
        let (permit, refused) = (desk.permit::<ManageFeeds>(), desk.permit::<ManageFeeds>());
        desk.app.write(move |tx| allow_archiving(tx, &permit, id)).await;
        desk.app.drain().await;
        let done = desk.feed().await;
        assert_eq!((done.state, done.counts.archived, done.counts.vanished, done.may_archive), (State::Waiting, 6, 0, false));
        assert_eq!(desk.sold(0..10).await.len(), 4);
        let nothing = desk.app.try_write(move |tx| allow_archiving(tx, &refused, id)).await;
        assert!(nothing.is_err_and(|fault| fault.is("feeds.asks_nothing")));
    }

    async fn exactly_half_is_archived_and_an_empty_catalogue_is_asked_about(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offers(0..10, "10"));
        desk.set().await;
        desk.app.drain().await;
        assert_eq!(desk.pulls(&offers(0..5, "10")).await.counts.archived, 5);
        let empty = desk.pulls("").await;
        assert_eq!((empty.state, empty.counts.vanished), (State::Asks, 5));
        let whole = desk.pulls(&offers(0..5, "10")).await;
        assert_eq!((whole.state, whole.counts.vanished), (State::Waiting, 0), "the question went away by itself");
    }

    async fn what_has_not_changed_is_not_sent_again(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.now().etag = Some("\"v1\"".to_owned());
        desk.server.now().headers.push(("last-modified", "Mon, 02 Nov 2026 06:00:00 GMT".to_owned()));
        desk.server.serves(&offers(0..3, "10"));
        desk.set().await;
        desk.app.drain().await;
        let read_at = desk.feed().await.pulled_at;
        desk.at_its_hour().await;
        let asked = desk.server.now().asked.pop().expect("asked");
        assert_eq!(asked["if-none-match"], "\"v1\"");
        assert_eq!(asked["if-modified-since"], "Mon, 02 Nov 2026 06:00:00 GMT");
        assert_eq!(asked["accept-encoding"], "gzip");
        let feed = desk.feed().await;
        assert!(feed.pulled_at > read_at && feed.state == State::Waiting && feed.counts.read == 3);
        assert_eq!(desk.app.facts_named("feeds.pulled").await, 1);
        desk.server.now().etag = Some("\"v2\"".to_owned());
        assert_eq!(desk.pulls(&offers(0..3, "11")).await.counts.changed, 3);
    }

    async fn two_shops_have_each_their_feed(place: Place) {
        let desk = Desk::open(place).await;
        let other = desk::ShopServer::open().await;
        let shop = desk::shop(&desk.app, desk.company, "Второй").await;
        desk.server.serves(&offers(0..4, "10"));
        other.serves(&offers(2..8, "20"));
        desk.set().await;
        desk.app.drain().await;
        let (permit, url) = (desk.permit::<ManageFeeds>(), other.url.clone());
        desk.app.write(move |tx| takt_feeds::set(tx, &permit, shop, &url)).await;
        desk.app.drain().await;
        let company = desk.company;
        let second = desk.app.read(move |r| takt_feeds::of_shop(r, company, shop)).await.expect("a feed");
        assert_eq!((second.counts.read, second.counts.added, second.counts.refused), (6, 4, 0));
        // Each says its own price of what both have, and neither takes the other's away, however often they speak.
        let beside = async |sku: &'static str| {
            let told = desk.app.read(move |r| takt_feeds::of_sku(r, company, sku)).await;
            told.into_iter().map(|one| (one.shop_name, one.price.to_string(), one.gone)).collect::<Vec<_>>()
        };
        let seconds = |price: &str, gone| vec![("Второй".to_owned(), price.to_owned(), gone)];
        for _ in 0..2 {
            assert_eq!(desk.offer("3").await.expect("known").price.to_string(), "10.00");
            assert_eq!(beside("3").await, seconds("20.00", false));
            assert_eq!((beside("0").await, beside("7").await), (Vec::new(), Vec::new()));
            desk.at_its_hour().await;
        }
        other.serves(&offers(3..7, "21"));
        desk.at_its_hour().await;
        assert_eq!(desk.sold(0..8).await, ["0", "1", "2", "3", "4", "5", "6"]);
        assert_eq!((beside("2").await, beside("3").await), (seconds("20.00", true), seconds("21.00", false)));
        // The first says no more of it: the second takes it over.
        desk.server.serves(&offers(0..3, "10"));
        desk.at_its_hour().await;
        desk.at_its_hour().await;
        assert_eq!(desk.offer("3").await.expect("known").price.to_string(), "21.00");
        assert_eq!(desk.sold(0..8).await, ["0", "1", "2", "3", "4", "5", "6"]);
        assert_eq!(beside("3").await, Vec::new());
        other.serves(&offers(2..7, "20"));
        // Another company may have the same SKUs.
        let foreign = desk::company(&desk.app, "Кофе").await;
        let shop = desk::shop(&desk.app, foreign, "Третий").await;
        let url = other.url.clone();
        desk.app.write(move |tx| takt_feeds::set(tx, &Permit::<ManageFeeds>::system(foreign, "test"), shop, &url)).await;
        desk.app.drain().await;
        let third = desk.app.read(move |r| takt_feeds::of_shop(r, foreign, shop)).await.expect("a feed");
        assert_eq!((third.counts.added, third.counts.refused), (5, 0));
    }

    async fn a_paused_feed_is_left_alone_until_it_goes_on(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offers(0..3, "10"));
        let id = desk.set().await;
        desk.app.drain().await;
        let permit = desk.permit::<ManageFeeds>();
        desk.app.write(move |tx| pause(tx, &permit, id)).await;
        let asked = desk.server.asked();
        desk.app.advance(48 * 3600).await;
        assert_eq!(desk.server.asked(), asked);
        let permit = desk.permit::<ManageFeeds>();
        let refused = desk.app.try_write(move |tx| pull_now(tx, &permit, id)).await;
        assert!(refused.is_err_and(|fault| fault.is("feeds.is_paused")));
        let permit = desk.permit::<ManageFeeds>();
        desk.app.write(move |tx| resume(tx, &permit, id)).await;
        desk.app.drain().await;
        assert_eq!(desk.server.asked(), asked + 1);
        let permit = desk.permit::<ManageFeeds>();
        desk.app.write(move |tx| { pull_now(tx, &permit, id)?; pull_now(tx, &permit, id) }).await;
        desk.app.drain().await;
        assert_eq!(desk.server.asked(), asked + 2, "twice at once is once");
    }

    async fn it_is_read_every_four_hours_or_as_one_says(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offers(0..3, "10"));
        desk.set().await;
        desk.app.drain().await;
        let (now, next) = (desk.app.now(), desk.feed().await.next_at.expect("a time"));
        let wait = (next.micros() - now.micros()) / 1_000_000;
        assert!((4 * 3600 * 9 / 10..=4 * 3600 * 11 / 10).contains(&wait), "{wait} s");
        desk.configure(Wanted { url: desk.server.url.clone(), interval_seconds: Some(900), ..Wanted::default() }).await;
        desk.app.drain().await;
        let wait = (desk.feed().await.next_at.expect("a time").micros() - desk.app.now().micros()) / 1_000_000;
        assert!((810..=990).contains(&wait), "{wait} s");
        let (permit, shop, url) = (desk.permit::<ManageFeeds>(), desk.shop, desk.server.url.clone());
        let wanted = Wanted { url, interval_seconds: Some(60), ..Wanted::default() };
        let refused = desk.app.try_write(move |tx| configure(tx, &permit, shop, &wanted)).await;
        assert_eq!(refused.expect_err("too often").fields()[0].code, "feeds.interval_out_of_bounds");
    }

    async fn a_packed_catalogue_of_another_encoding_is_read(place: Place) {
        let desk = Desk::open(place).await;
        let text = document(&offers(0..3, "1 234,50")).replace("UTF-8", "windows-1251");
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(&text);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, &bytes).expect("memory");
        desk.server.now().body = packed.finish().expect("memory");
        desk.set().await;
        desk.app.drain().await;
        assert_eq!(desk.offer("1").await.map(|offer| (offer.name, offer.price.to_string())), Some(("Чай 1".to_owned(), "1234.50".to_owned())));
    }
}
