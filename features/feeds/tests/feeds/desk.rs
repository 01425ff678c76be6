//! A company with a shop, and the shop's server with its catalogue.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use futures::StreamExt as _;
use takt_catalog::{Offer, offers_by_sku};
use takt_feature::Feature;
use takt_feeds::{Feed, FeedId, ManageFeeds, Reach, Settings, Wanted, configure};
use takt_kernel::{CompanyId, ShopId, money::Currency};
use takt_staff::{
    Permission, Permit,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;

pub const PASSWORD: &str = "correct horse battery";

/// What the server does next, and what it was asked.
#[derive(Default)]
pub struct Served {
    pub body: Vec<u8>,
    pub status: u16,
    pub etag: Option<String>,
    pub headers: Vec<(&'static str, String)>,
    /// Begins to answer and never ends.
    pub hangs: bool,
    pub asked: Vec<HeaderMap>,
}

#[derive(Clone)]
pub struct ShopServer {
    state: Arc<Mutex<Served>>,
    pub url: String,
}

impl ShopServer {
    pub async fn open() -> Self {
        let state = Arc::new(Mutex::new(Served { status: 200, ..Served::default() }));
        let routes = Router::new().route("/feed.xml", get(answer)).with_state(state.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/feed.xml", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { state, url }
    }

    pub fn now(&self) -> MutexGuard<'_, Served> {
        self.state.lock().expect("a lock")
    }

    pub fn serves(&self, offers: &str) {
        self.now().body = document(offers).into_bytes();
    }

    pub fn asked(&self) -> usize {
        self.now().asked.len()
    }
}

async fn answer(State(state): State<Arc<Mutex<Served>>>, headers: HeaderMap) -> Response {
    let mut served = state.lock().expect("a lock");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned);
    served.asked.push(headers);
    if served.etag.is_some() && served.etag == known {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mut response = Response::builder().status(served.status);
    if let Some(etag) = &served.etag {
        response = response.header(header::ETAG, etag);
    }
    for (name, value) in &served.headers {
        response = response.header(*name, value);
    }
    if served.hangs {
        let first = futures::stream::iter([Ok::<_, std::io::Error>(served.body.clone())]);
        let silence = futures::stream::pending();
        return response.body(Body::from_stream(first.chain(silence))).expect("an answer");
    }
    response.body(Body::from(served.body.clone())).expect("an answer")
}

pub fn document(offers: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><!DOCTYPE yml_catalog SYSTEM \"shops.dtd\">\n\
         <yml_catalog date=\"2026-11-02\"><shop><name>Tea</name><offers>\n{offers}\n</offers></shop></yml_catalog>"
    )
}

pub fn offer(id: impl std::fmt::Display, price: &str) -> String {
    format!(
        "<offer id=\"{id}\" productId=\"p{id}\"><name>Чай {id}</name><price>{price}</price>\
         <vatRate>20</vatRate><xmlId>x{id}</xmlId></offer>\n"
    )
}

pub fn offers(ids: std::ops::Range<usize>, price: &str) -> String {
    ids.map(|id| offer(id, price)).collect()
}

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    pub shop: ShopId,
    pub server: ShopServer,
}

pub fn settings(reach: Reach) -> Settings {
    let mut settings = Settings::reaching(reach);
    settings.limits.silence = Duration::from_secs(1);
    settings.limits.bytes = 8 << 20;
    settings
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        Self::with(place, takt_yml::feature()).await
    }

    pub async fn with(place: Place, reader: Feature) -> Self {
        let features = vec![
            takt_staff::feature(),
            takt_catalog::feature(),
            takt_feeds::feature(settings(Reach::Anywhere)),
            reader,
        ];
        let app = TestApp::open(place, features).await;
        let company = company(&app, "Чай").await;
        let shop = shop(&app, company, "Первый").await;
        Self { app, company, shop, server: ShopServer::open().await }
    }

    pub fn permit<P: Permission>(&self) -> Permit<P> {
        Permit::system(self.company, "test")
    }

    pub async fn set(&self) -> FeedId {
        self.configure(Wanted { url: self.server.url.clone(), ..Wanted::default() }).await
    }

    pub async fn configure(&self, wanted: Wanted) -> FeedId {
        let (permit, shop) = (self.permit::<ManageFeeds>(), self.shop);
        self.app.write(move |tx| configure(tx, &permit, shop, &wanted)).await
    }

    /// Puts the catalogue up, and reads it at its hour.
    pub async fn pulls(&self, offers: &str) -> Feed {
        self.server.serves(offers);
        self.at_its_hour().await;
        self.feed().await
    }

    pub async fn at_its_hour(&self) {
        self.app.advance(5 * 3600).await;
    }

    pub async fn feed(&self) -> Feed {
        let (company, shop) = (self.company, self.shop);
        self.app.read(move |r| takt_feeds::of_shop(r, company, shop)).await.expect("a feed")
    }

    pub async fn offer(&self, sku: &str) -> Option<Offer> {
        let (company, sku) = (self.company, sku.to_owned());
        self.app.read(move |r| Ok(offers_by_sku(r, company, &[&sku])?.remove(&sku))).await
    }

    /// SKUs that are sold, of these.
    pub async fn sold(&self, ids: std::ops::Range<usize>) -> Vec<String> {
        let company = self.company;
        let skus: Vec<String> = ids.map(|id| id.to_string()).collect();
        let found = self
            .app
            .read(move |r| offers_by_sku(r, company, &skus.iter().map(String::as_str).collect::<Vec<_>>()))
            .await;
        found.into_values().filter(|offer| !offer.archived).map(|offer| offer.sku).collect()
    }

    pub async fn signed_in(&self, role: &str) -> Client {
        let email = format!("{role}@example.org");
        let user = NewUser {
            company: self.company.to_string(),
            email: email.clone(),
            name: Some(role.to_owned()),
            roles: role.parse().expect("roles"),
            password: Some(PASSWORD.to_owned()),
        };
        command_line::create_user(&self.app.db, user).await.expect("a person");
        let client = self.app.client();
        client.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await.expect_status(303);
        client
    }
}

pub async fn company(app: &TestApp, name: &str) -> CompanyId {
    let new = NewCompany {
        name: name.to_owned(),
        kind: OrganisationKind::Company,
        currency: Currency::RUB,
        zone: "Europe/Moscow".to_owned(),
        lang: Lang::Ru,
    };
    command_line::create_company(&app.db, new).await.expect("a company")
}

pub async fn shop(app: &TestApp, company: CompanyId, name: &str) -> ShopId {
    let new = NewShop { name: name.to_owned(), currency: None };
    command_line::create_shop(&app.db, &company.to_string(), new).await.expect("a shop")
}
