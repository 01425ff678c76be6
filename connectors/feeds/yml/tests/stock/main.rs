//! Stock that a feed tells of, from the shop's document to our warehouse.

#![cfg(test)]

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Router, routing::get};
use takt_catalog::offers_by_sku;
use takt_feeds::{ManageFeeds, Reach, Settings, Wanted, configure};
use takt_kernel::{
    CompanyId, ShopId,
    money::{Currency, Quantity},
};
use takt_staff::{
    Permit, command_line,
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_stock::{Correction, MoveStock, levels_of_offers, set_many};
use takt_testing::{Place, TestApp, on_both_engines};
use takt_ui::Lang;

struct Desk {
    app: TestApp,
    company: CompanyId,
    shop: ShopId,
    url: String,
    body: Arc<Mutex<String>>,
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
        let served = body.clone();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/feed.xml", listener.local_addr().expect("an address"));
        let answer = move || {
            let body = served.lock().unwrap_or_else(PoisonError::into_inner).clone();
            async move { body }
        };
        let routes = Router::new().route("/feed.xml", get(answer));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { app, company, shop, url, body }
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

on_both_engines! {
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
}
