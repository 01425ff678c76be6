//! Stock that a feed tells of, from the shop's document to our warehouse.

#![cfg(test)]

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{Router, response::AppendHeaders, routing::get};
use takt_catalog::offers_by_sku;
use takt_feeds::{ManageFeeds, Reach, Settings, Sources, Wanted, configure};
use takt_kernel::{
    Clock, CompanyId, ShopId,
    money::{Currency, Quantity},
};
use takt_staff::{
    Permit, command_line,
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_stock::{Correction, Incoming, MoveStock, levels_of_offers, set_many};
use takt_store::Tx;
use takt_testing::{Place, TestApp, on_both_engines};
use takt_ui::Lang;

struct Desk {
    app: TestApp,
    company: CompanyId,
    shop: ShopId,
    url: String,
    body: Arc<Mutex<String>>,
    /// When the document says it was made.
    made_at: Arc<Mutex<Option<String>>>,
    /// Pieces that come in while the document is on its way.
    meanwhile: Arc<AtomicI64>,
}

impl Desk {
    async fn open(place: Place) -> Self {
        let features = vec![
            takt_staff::feature(),
            takt_customers::feature(),
            takt_catalog::feature(),
            takt_orders::feature(),
            takt_stock::feature(),
            takt_feeds::feature(Settings::reaching(Reach::Anywhere)),
            takt_yml::feature(),
        ];
        let app = TestApp::open(place, features).await;
        let new = NewCompany {
            name: "Чай".to_owned(),
            kind: OrganisationKind::Company,
            currency: Currency::RUB,
            zone: "Europe/Moscow".to_owned(),
            lang: Lang::Ru,
        };
        let company = command_line::create_company(&app.db, new).await.expect("a company");
        let new = NewShop { name: "Первый".to_owned(), currency: None };
        let shop = command_line::create_shop(&app.db, &company.to_string(), new).await.expect("a shop");
        let body = Arc::new(Mutex::new(String::new()));
        let (made_at, meanwhile) = (Arc::<Mutex<Option<String>>>::default(), Arc::<AtomicI64>::default());
        let (served, stamped, arriving) = (body.clone(), made_at.clone(), meanwhile.clone());
        let (db, clock) = (app.db.clone(), app.clock.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/feed.xml", listener.local_addr().expect("an address"));
        let answer = move || {
            let body = served.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let made_at = stamped.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let (pieces, db, clock) = (arriving.swap(0, Ordering::Relaxed), db.clone(), clock.clone());
            async move {
                if pieces > 0 {
                    clock.advance_seconds(1);
                    db.write("test.arrives", move |tx| arrive(tx, company, "A", pieces))
                        .await
                        .expect("goods");
                    clock.advance_seconds(1);
                }
                let stamp = made_at.map(|made_at| [("last-modified", made_at)]);
                (stamp.map(AppendHeaders), body)
            }
        };
        let routes = Router::new().route("/feed.xml", get(answer));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { app, company, shop, url, body, made_at, meanwhile }
    }

    async fn configure(&self, takes_stock: bool) {
        let (permit, shop) = (Permit::<ManageFeeds>::system(self.company, "test"), self.shop);
        let wanted = Wanted { url: self.url.clone(), takes_stock: Some(takes_stock), ..Wanted::default() };
        self.app.write(move |tx| configure(tx, &permit, shop, &wanted)).await;
    }

    async fn pulls(&self, offers: &[(&str, &str, &str)]) {
        let offers: String = offers
            .iter()
            .map(|(id, attributes, inside)| {
                format!(
                    "<offer id=\"{id}\" {attributes}><name>Чай {id}</name><price>100</price>{inside}</offer>"
                )
            })
            .collect();
        *self.body.lock().unwrap_or_else(PoisonError::into_inner) =
            format!("<yml_catalog><shop><name>Tea</name><offers>{offers}</offers></shop></yml_catalog>");
        self.app.advance(5 * 3600).await;
    }

    /// Pieces on hand; nothing where nobody ever counted.
    async fn on_hand(&self, sku: &str) -> Option<i64> {
        let (company, sku) = (self.company, sku.to_owned());
        self.app
            .read(move |r| {
                let Some(offer) = offers_by_sku(r, company, &[&sku])?.remove(&sku) else { return Ok(None) };
                let levels = levels_of_offers(r, company, &BTreeSet::from([offer.id]))?;
                Ok(levels.first().map(|level| level.on_hand.thousandths() / 1000))
            })
            .await
    }
}

fn arrive(tx: &mut Tx<'_>, company: CompanyId, sku: &str, pieces: i64) -> takt_kernel::Result<()> {
    let offer = takt_stock::offer_of(tx, company, sku)?;
    let permit = Permit::<MoveStock>::system(company, "test");
    takt_stock::receive(tx, &permit, &Incoming::of(offer, Quantity::whole(pieces))).map(|_| ())
}

on_both_engines! {
    async fn goods_of_one_shop_are_counted_by_the_catalogue_of_another_where_it_was_chosen(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let permit = || Permit::<ManageFeeds>::system(company, "test");
        // The first shop's catalogue brings A; the second's tells of it, too. Both are the same document here.
        desk.configure(false).await;
        desk.pulls(&[("A", "", "<quantity>7</quantity>")]).await;
        let new = NewShop { name: "Второй".to_owned(), currency: None };
        let other = command_line::create_shop(&desk.app.db, &company.to_string(), new).await.expect("a shop");
        let (url, setting) = (desk.url.replace("127.0.0.1", "localhost"), permit());
        let other = desk.app.write(move |tx| takt_feeds::set(tx, &setting, other, &url)).await;
        desk.app.drain().await;
        let shop = desk.shop;
        let first = desk.app.read(move |r| takt_feeds::of_shop(r, company, shop)).await.expect("a feed").id;
        assert_eq!(desk.on_hand("A").await, None);
        let choose = async |stock: Option<takt_feeds::FeedId>| {
            let (permit, wanted) = (permit(), Sources { price: Some(first), stock });
            desk.app.write(move |tx| takt_feeds::choose(tx, &permit, first, wanted)).await;
            desk.app.drain().await;
        };
        choose(Some(other)).await;
        assert_eq!(desk.on_hand("A").await, Some(7), "an old document counts from the moment it was chosen");
        desk.app.write(move |tx| arrive(tx, company, "A", 2)).await;
        desk.pulls(&[("A", "", "<quantity>7</quantity>")]).await;
        assert_eq!(desk.on_hand("A").await, Some(9), "what is only repeated undoes nothing");
        desk.pulls(&[("A", "", "<quantity>5</quantity>")]).await;
        assert_eq!(desk.on_hand("A").await, Some(5));
        choose(None).await;
        desk.pulls(&[("A", "", "<quantity>1</quantity>")]).await;
        assert_eq!(desk.on_hand("A").await, Some(5), "our own count is nobody else's");
        choose(Some(first)).await;
        assert_eq!(desk.on_hand("A").await, Some(1));
    }

    async fn stock_is_taken_only_from_a_feed_that_was_told_so(place: Place) {
        let desk = Desk::open(place).await;
        let offers = [
            ("A", "", "<quantity>7</quantity>"),
            ("B", "available=\"false\"", ""),
            ("C", "available=\"true\"", ""),
            ("D", "", "<outlets><outlet id=\"1\" instock=\"3\"/><outlet id=\"2\" instock=\"4\"/></outlets>"),
            ("E", "", "<stock_quantity>-2</stock_quantity>"),
        ];
        desk.configure(false).await;
        desk.pulls(&offers).await;
        for sku in ["A", "B", "C", "D", "E"] {
            assert_eq!(desk.on_hand(sku).await, None, "{sku}");
        }
        // The same document is read once more, because now it says something new to us.
        desk.configure(true).await;
        desk.pulls(&offers).await;
        for (sku, pieces) in [("A", Some(7)), ("B", Some(0)), ("C", None), ("D", Some(7)), ("E", Some(0))] {
            assert_eq!(desk.on_hand(sku).await, pieces, "{sku}");
        }
    }

    async fn what_is_only_repeated_does_not_undo_our_own_count(place: Place) {
        let desk = Desk::open(place).await;
        desk.configure(true).await;
        desk.pulls(&[("A", "", "<quantity>7</quantity>")]).await;
        let company = desk.company;
        desk.app
            .write(move |tx| {
                let offer = takt_stock::offer_of(tx, company, "A")?;
                let counted = Correction { warehouse: None, offer, quantity: Quantity::whole(5), note: None };
                set_many(tx, &Permit::<MoveStock>::system(company, "test"), None, &[counted])
            })
            .await;
        desk.pulls(&[("A", "", "<quantity>7</quantity>")]).await;
        assert_eq!(desk.on_hand("A").await, Some(5));
        desk.pulls(&[("A", "", "<quantity>9</quantity>")]).await;
        assert_eq!(desk.on_hand("A").await, Some(9));
    }

    async fn a_new_price_beside_an_old_count_undoes_no_sale(place: Place) {
        let desk = Desk::open(place).await;
        desk.configure(true).await;
        desk.pulls(&[("A", "", "<quantity>7</quantity>")]).await;
        let company = desk.company;
        desk.app
            .write(move |tx| {
                let offer = takt_stock::offer_of(tx, company, "A")?;
                let sold = Correction { warehouse: None, offer, quantity: Quantity::whole(1), note: None };
                set_many(tx, &Permit::<MoveStock>::system(company, "test"), None, &[sold])
            })
            .await;
        // What changes beside the count: the picture, the barcode, that it is not shown any more.
        for (attributes, beside) in [
            ("", "<picture>https://a.example/b.jpg</picture>"),
            ("", "<barcode>4600000000001</barcode>"),
            ("disabled=\"true\"", "<barcode>4600000000001</barcode>"),
        ] {
            let told = format!("<quantity>7</quantity>{beside}");
            desk.pulls(&[("A", attributes, &told)]).await;
            assert_eq!(desk.on_hand("A").await, Some(1), "{attributes} {beside}");
        }
        desk.pulls(&[("A", "", "<quantity>8</quantity>")]).await;
        assert_eq!(desk.on_hand("A").await, Some(8));
        // Nobody takes its counts for a while; who takes them again wants what it says then.
        desk.configure(false).await;
        desk.pulls(&[("A", "", "<quantity>8</quantity>")]).await;
        desk.app
            .write(move |tx| {
                let offer = takt_stock::offer_of(tx, company, "A")?;
                let counted = Correction { warehouse: None, offer, quantity: Quantity::whole(2), note: None };
                set_many(tx, &Permit::<MoveStock>::system(company, "test"), None, &[counted])
            })
            .await;
        desk.configure(true).await;
        desk.pulls(&[("A", "", "<quantity>8</quantity>")]).await;
        assert_eq!(desk.on_hand("A").await, Some(8));
    }

    async fn a_count_is_as_old_as_its_document(place: Place) {
        let desk = Desk::open(place).await;
        desk.configure(true).await;
        desk.pulls(&[("A", "", "<quantity>7</quantity>")]).await;
        // It came while the document was on its way, and the document knows nothing of it.
        desk.meanwhile.store(3, Ordering::Relaxed);
        desk.pulls(&[("A", "", "<quantity>5</quantity>")]).await;
        assert_eq!(desk.on_hand("A").await, Some(8));
        // The shop makes its document at night, and it is read in the morning.
        let company = desk.company;
        let made_at = desk.app.clock.now().to_jiff().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        desk.app.clock.advance_seconds(60);
        desk.app.write(move |tx| arrive(tx, company, "A", 2)).await;
        *desk.made_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(made_at);
        desk.pulls(&[("A", "", "<quantity>4</quantity>")]).await;
        assert_eq!(desk.on_hand("A").await, Some(6));
    }

    async fn a_stamp_that_stands_still_or_is_of_long_ago_tells_no_age(place: Place) {
        let desk = Desk::open(place).await;
        desk.configure(true).await;
        let company = desk.company;
        for stamp in ["Thu, 01 Jan 1970 00:00:00 GMT", "Sun, 01 Nov 2026 22:00:00 GMT"] {
            *desk.made_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(stamp.to_owned());
            desk.pulls(&[("A", "", "<quantity>10</quantity>")]).await;
            // What comes and goes here, the shop knows of and says; it is not counted a second time.
            for told in [13, 16] {
                desk.app.write(move |tx| arrive(tx, company, "A", 3)).await;
                desk.app.clock.advance_seconds(60);
                desk.pulls(&[("A", "", &format!("<quantity>{told}</quantity>"))]).await;
                assert_eq!(desk.on_hand("A").await, Some(told), "{stamp}");
            }
        }
    }
}
