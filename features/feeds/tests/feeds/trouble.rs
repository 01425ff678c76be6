use std::{
    io::Read,
    sync::atomic::{AtomicBool, Ordering},
};

use takt_feature::{Feature, Tier};
use takt_feeds::{
    ManageFeeds, Reach, State, Wanted, allow_archiving, configure,
    port::{FEED_READER, FeedHeader, FeedItem, FeedReader, OpenFeed},
    pull_now,
};
use takt_kernel::{Fault, Result};
use takt_testing::{TestApp, on_both_engines};

use crate::desk::{self, Desk, document, offer, offers, settings};

/// The next document breaks off in our hands, as when the program dies.
static DIES: AtomicBool = AtomicBool::new(false);
const DIES_AFTER: usize = 700;

struct Mortal {
    reader: takt_yml::Reader,
    read: usize,
}

impl FeedReader for Mortal {
    fn format(&self) -> &'static str {
        self.reader.format()
    }
    fn header(&self) -> &FeedHeader {
        self.reader.header()
    }
    fn next(&mut self) -> Result<Option<FeedItem>> {
        self.read += 1;
        if self.read > DIES_AFTER && DIES.swap(false, Ordering::SeqCst) {
            return Err(Fault::broken("feeds.reading_broke"));
        }
        self.reader.next()
    }
}

fn open_mortal(document: Box<dyn Read + Send>) -> Result<Option<Box<dyn FeedReader>>> {
    let reader = takt_yml::open(document)?;
    Ok(reader.map(|reader| Box::new(Mortal { reader, read: 0 }) as Box<dyn FeedReader>))
}

fn mortal() -> Feature {
    Feature::new("yml", Tier::Connector)
        .texts("ru", takt_yml::TEXTS[0].1)
        .texts("en", takt_yml::TEXTS[1].1)
        .fill(&FEED_READER, "one that breaks off", open_mortal as OpenFeed)
}

on_both_engines! {
    async fn a_pull_that_died_is_taken_up_and_counted_once(place: Place) {
        let _alone = ALONE.lock().await;
        let desk = Desk::with(place, mortal()).await;
        desk.server.serves(&offers(0..1_500, "10"));
        desk.set().await;
        DIES.store(true, Ordering::SeqCst);
        let drained = desk.app.drain_with_failures().await;
        assert_eq!(drained.failed_jobs, 1);
        let dead = desk.feed().await;
        assert_eq!((dead.state, dead.counts.added), (State::Pulling, 500), "a batch stands");
        assert_eq!(desk.app.facts_named("feeds.pulled").await, 0);
        desk.app.advance(3600).await;
        let feed = desk.feed().await;
        assert_eq!((feed.state, feed.counts.read, feed.counts.added, feed.counts.changed), (State::Waiting, 1_500, 1_500, 0));
        assert_eq!(desk.app.facts_named("catalog.offer_added").await, 1_500);
        assert_eq!((desk.app.facts_named("feeds.begun").await, desk.app.facts_named("feeds.pulled").await), (1, 1));
        assert!(desk.app.fact_log().await.contains("1500"), "the fact counts what both did");
    }

    async fn an_address_that_changes_while_it_is_read_is_read_anew(place: Place) {
        let _alone = ALONE.lock().await;
        let desk = Desk::with(place, mortal()).await;
        desk.server.serves(&offers(0..800, "10"));
        desk.set().await;
        DIES.store(true, Ordering::SeqCst);
        desk.app.drain_with_failures().await;
        assert_eq!(desk.feed().await.state, State::Pulling);
        let other = desk::ShopServer::open().await;
        other.serves(&offers(0..600, "20"));
        desk.configure(Wanted { url: other.url.clone(), ..Wanted::default() }).await;
        assert_eq!(desk.feed().await.state, State::Waiting, "what was begun is over");
        desk.app.advance(3600).await;
        let feed = desk.feed().await;
        assert_eq!((feed.state, feed.counts.read, feed.counts.added, feed.counts.changed), (State::Waiting, 600, 100, 500));
    }

    async fn a_document_that_is_cut_off_archives_nothing(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offers(0..10, "10"));
        desk.set().await;
        desk.app.drain().await;
        let whole = document(&offers(0..10, "11")).into_bytes();
        desk.server.now().body = whole[..whole.len() / 2].to_vec();
        desk.at_its_hour().await;
        let feed = desk.feed().await;
        assert_eq!((feed.state, feed.failures > 0), (State::Failed, true));
        assert_eq!(feed.problem.as_ref().map(|problem| problem.code.as_str()), Some("yml.cut_off"));
        assert_eq!(desk.sold(0..10).await.len(), 10);
        assert_eq!(desk.app.facts_named("feeds.failed").await, 1);
        let next = desk.feed().await.next_at.expect("a time").micros() - desk.app.now().micros();
        assert!(next < 3 * 3600 * 1_000_000, "it is tried again sooner than usual");
        assert_eq!(desk.pulls(&offers(0..10, "11")).await.state, State::Waiting);
    }

    async fn whatever_is_wrong_with_the_answer_is_told_and_harms_nothing(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offers(0..10, "10"));
        let id = desk.set().await;
        desk.app.drain().await;
        let entities = document("").replace("SYSTEM \"shops.dtd\"", "[<!ENTITY a 'b'>]");
        let long = document(&format!("<offer id='1'><name>{}</name></offer>", "x".repeat(5 << 20)));
        for (status, body, code) in [
            (200, entities, "yml.entities_refused"),
            (200, long, "yml.piece_too_long"),
            (200, "x".repeat(9 << 20), "outbound.too_large"),
            (200, "<html>sign in</html>".to_owned(), "feeds.unknown_format"),
            (200, String::new(), "feeds.unknown_format"),
            (200, document("</offers>"), "yml.broken"),
            (401, "no".to_owned(), "feeds.sign_in_refused"),
            (404, "no".to_owned(), "feeds.not_there"),
            (500, "no".to_owned(), "feeds.answered"),
            (304, String::new(), "feeds.answered"),
            (302, String::new(), "outbound.bad_redirect"),
        ] {
            desk.server.now().body = body.into_bytes();
            desk.server.now().status = status;
            let permit = desk.permit::<ManageFeeds>();
            desk.app.write(move |tx| pull_now(tx, &permit, id)).await;
            desk.app.drain().await;
            let feed = desk.feed().await;
            let said = feed.problem.map(|problem| problem.code).unwrap_or_default();
            assert_eq!((feed.state, said.as_str()), (State::Failed, code));
        }
        assert_eq!(desk.sold(0..10).await.len(), 10);
    }

    async fn a_server_that_falls_silent_is_let_go(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offers(0..10, "10"));
        desk.server.now().hangs = true;
        desk.set().await;
        desk.app.drain().await;
        let feed = desk.feed().await;
        assert_eq!(feed.problem.map(|problem| problem.code).as_deref(), Some("outbound.timed_out"));
        assert!(desk.offer("1").await.is_none());
    }

    async fn broken_offers_are_told_by_line_and_stay_as_they_were(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offers(0..4, "10"));
        desk.set().await;
        desk.app.drain().await;
        let dollars = offer(1, "10").replace("<price>", "<currencyId>USD</currencyId><price>");
        let broken = offer(2, "даром");
        let feed = desk.pulls(&(offer(0, "10") + &dollars + &broken + &offer(3, "10") + &offer("a/b", "1"))).await;
        assert_eq!((feed.counts.read, feed.counts.refused, feed.counts.archived), (2, 3, 0));
        let told: Vec<_> = feed.refusals.iter().map(|it| (it.line, it.id.as_deref().unwrap_or_default(), it.why.code.as_str())).collect();
        assert_eq!(told, [(4, "1", "feeds.other_currency"), (5, "2", "yml.price_malformed"), (7, "a/b", "catalog.sku_malformed")]);
        assert_eq!(desk.sold(0..4).await.len(), 4, "what cannot be read has not vanished");
        let many: String = (0..200).map(|id| offer(id, "x")).collect();
        let feed = desk.pulls(&many).await;
        assert_eq!((feed.counts.refused, feed.refusals.len()), (200, 50));
    }

    async fn an_address_within_the_house_is_not_read(place: Place) {
        let features = vec![takt_staff::feature(), takt_catalog::feature(), takt_feeds::feature(settings(Reach::Public)), takt_yml::feature()];
        let app = TestApp::open(place, features).await;
        let company = desk::company(&app, "Чай").await;
        let shop = desk::shop(&app, company, "Первый").await;
        for (url, code) in [
            ("http://127.0.0.1:8080/feed.xml", "outbound.out_of_reach"),
            ("http://169.254.169.254/latest", "outbound.out_of_reach"),
            ("http://[::1]/", "outbound.out_of_reach"),
            ("file:///etc/passwd", "outbound.bad_address"),
            ("gopher://x", "outbound.bad_address"),
            ("", "outbound.bad_address"),
        ] {
            let wanted = Wanted { url: url.to_owned(), ..Wanted::default() };
            let permit = takt_staff::Permit::<ManageFeeds>::system(company, "test");
            let refused = app.try_write(move |tx| configure(tx, &permit, shop, &wanted)).await;
            assert_eq!(refused.expect_err("refused").fields()[0].code, code, "{url}");
        }
        // A name that leads here only when it is asked for.
        let permit = takt_staff::Permit::<ManageFeeds>::system(company, "test");
        app.write(move |tx| takt_feeds::set(tx, &permit, shop, "http://ip6-localhost:1/feed.xml")).await;
        app.drain().await;
        let feed = app.read(move |r| takt_feeds::of_shop(r, company, shop)).await.expect("a feed");
        let code = feed.problem.expect("a problem").code;
        assert!(["outbound.out_of_reach", "outbound.unreachable"].contains(&code.as_str()), "{code}");
    }

    async fn a_password_stays_with_its_host_and_out_of_the_log(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offers(0..2, "10"));
        let with_password = desk.server.url.replace("http://", "http://takt:s3cret@");
        desk.configure(Wanted { url: with_password, ..Wanted::default() }).await;
        desk.app.drain().await;
        let asked = desk.server.now().asked.pop().expect("asked");
        assert_eq!(asked["authorization"], "Basic dGFrdDpzM2NyZXQ=");
        let feed = desk.feed().await;
        assert!(!feed.url.contains("s3cret") && !format!("{feed:?}").contains("s3cret"));
        assert!(!desk.app.fact_log().await.contains("s3cret"));
        let other = desk::ShopServer::open().await;
        other.serves(&offers(0..2, "10"));
        desk.configure(Wanted { url: other.url.clone(), ..Wanted::default() }).await;
        desk.app.drain().await;
        assert!(!other.now().asked.pop().expect("asked").contains_key("authorization"));
    }

    async fn a_feed_of_another_company_cannot_be_touched(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offers(0..2, "10"));
        let id = desk.set().await;
        let foreign = desk::company(&desk.app, "Кофе").await;
        for deed in [pull_now, takt_feeds::pause, takt_feeds::resume, allow_archiving] {
            let permit = takt_staff::Permit::<ManageFeeds>::system(foreign, "test");
            let refused = desk.app.try_write(move |tx| deed(tx, &permit, id)).await;
            assert!(refused.is_err_and(|fault| fault.is("feeds.missing")));
        }
        let (permit, shop) = (takt_staff::Permit::<ManageFeeds>::system(foreign, "test"), desk.shop);
        let refused = desk.app.try_write(move |tx| takt_feeds::set(tx, &permit, shop, "https://a.example/")).await;
        assert!(refused.is_err_and(|fault| fault.is("staff.shop_missing")));
    }
}

/// The flag of [`Mortal`] is one for both engines.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
