//! A company with two shops, its people and programs, and the verbs that they are told about.

use std::time::Duration;

use serde_json::{Value, json};
use takt_catalog::{OfferInput, OfferTexts, add_offer};
use takt_kernel::{CompanyId, Result, ShopId, money::Currency};
use takt_orders::{Intake, OrderId, place, read_new_order};
use takt_staff::{
    Permission, Permit,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_store::{About, Fact, RecordedFact, Subject, Tx, facts};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;
use takt_webhooks::{EndpointId, Given, ManageWebhooks, Message, Settings, add, messages};

const PASSWORD: &str = "correct horse battery";

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    pub shop: ShopId,
    pub other_shop: ShopId,
}

/// What an endpoint was given.
pub struct Told {
    pub id: EndpointId,
    pub secret: String,
}

/// What the feature of stock says.
#[derive(serde::Serialize)]
pub struct Corrected {
    pub on_hand: &'static str,
}
impl Fact for Corrected {
    const KIND: &'static str = "stock.corrected";
}

const STOCK: &[takt_staff::PermissionInfo] =
    &[takt_staff::PermissionInfo { code: "stock.see", roles: &[], scope: Some("stock:read") }];

/// All that other features say and programs may know.
fn neighbours() -> takt_feature::Feature {
    let mut said: Vec<&'static str> = takt_webhooks::kinds::PUBLISHED.iter().map(|it| it.kind).collect();
    said.retain(|kind| !kind.starts_with("orders.") && !kind.starts_with("catalog."));
    takt_feature::Feature::new("neighbours", takt_feature::Tier::Feature)
        .says(&said)
        .fill(&takt_staff::PERMISSIONS, "stock", STOCK)
        .texts("ru", takt_outbound::TEXTS[0].1)
        .texts("en", takt_outbound::TEXTS[1].1)
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        Self::open_with(place, Settings::new(true).answered_within(Duration::from_millis(500))).await
    }

    pub async fn open_with(place: Place, settings: Settings) -> Self {
        let app = TestApp::open(place, features(settings)).await;
        Self::settle(app).await
    }

    pub async fn settle(app: TestApp) -> Self {
        let company = company(&app, "Чай").await;
        let shop = shop(&app, company, "Чай").await;
        let other_shop = self::shop(&app, company, "Кофе").await;
        app.drain().await;
        Self { app, company, shop, other_shop }
    }

    /// A program that is told.
    pub async fn endpoint(&self, url: &str, kinds: &str, shop: Option<ShopId>) -> Told {
        let given = Given { name: "ERP".to_owned(), url: url.to_owned(), shop, kinds: kinds.to_owned() };
        let company = self.company;
        let rotated = self.app.write(move |tx| add(tx, &manager(company), &given)).await;
        Told { id: rotated.endpoint, secret: rotated.secret }
    }

    /// Two cups of tea, placed and not yet heard of.
    pub async fn place(&self, shop: ShopId) -> OrderId {
        let company = self.company;
        self.app.write(move |tx| tea(tx, company, shop)).await
    }

    pub async fn order(&self) -> OrderId {
        let order = self.place(self.shop).await;
        self.app.drain().await;
        order
    }

    pub async fn comment(&self, order: OrderId) {
        let company = self.company;
        self.app.write(move |tx| takt_orders::comment(tx, &permit(company), order, "чай").map(|_| ())).await;
    }

    /// Says a fact of another feature.
    pub async fn say<F: Fact + Send + Sync + 'static>(&self, company: CompanyId, subject: Subject, fact: F) {
        let actor = takt_kernel::Actor::system("test");
        self.app.write(move |tx| tx.say(About::new(company, subject, &actor), &fact)).await;
    }

    pub async fn add_offer(&self, sku: &'static str) {
        let texts = OfferTexts { sku, name: "Чай", price: "199.50", vat: "22", ..OfferTexts::default() };
        let input = OfferInput::parse(&texts, Currency::RUB).expect("an offer");
        let company = self.company;
        self.app.write(move |tx| add_offer(tx, &Permit::system(company, "test"), None, &input)).await;
    }

    /// The newest first.
    pub async fn messages(&self, endpoint: EndpointId) -> Vec<Message> {
        let company = self.company;
        self.app.read(move |reader| messages(reader, company, endpoint, None, None, 1_000)).await
    }

    /// `orders.placed:delivered` …, the oldest first.
    pub async fn states(&self, endpoint: EndpointId) -> Vec<String> {
        let messages = self.messages(endpoint).await;
        messages.iter().rev().map(|message| format!("{}:{}", message.kind, message.state.code())).collect()
    }

    pub async fn log(&self) -> Vec<RecordedFact> {
        self.app.db.number_facts().await.expect("numbers");
        self.app.read(|reader| facts::after(reader, 0, 100_000)).await
    }

    /// A shop's program.
    pub async fn program(&self, shop: ShopId, scopes: &str) -> Client {
        program(&self.app, self.company, shop, scopes).await
    }

    /// A person in a browser, signed in.
    pub async fn signed_in(&self, company: CompanyId, role: &str) -> Client {
        let email = format!("{role}-{company}@example.org");
        let user = NewUser {
            company: company.to_string(),
            email: email.clone(),
            name: Some(role.to_owned()),
            roles: role.parse().expect("roles"),
            password: Some(PASSWORD.to_owned()),
        };
        command_line::create_user(&self.app.db, user).await.expect("a person");
        let client = self.app.client();
        let answer = client.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
        assert!(answer.status.is_redirection(), "{}", answer.text());
        client
    }

    /// Whatever happened, this has to hold.
    pub async fn check(&self) {
        self.app
            .read(|reader| {
                for check in takt_store::checks(reader) {
                    let wrong = (check.look)(reader)?;
                    assert!(wrong.is_empty(), "{}: {wrong:?}", check.code);
                }
                Ok(())
            })
            .await;
    }
}

pub fn features(settings: Settings) -> Vec<takt_feature::Feature> {
    vec![
        takt_staff::feature(),
        takt_customers::feature(),
        takt_catalog::feature(),
        takt_orders::feature(),
        neighbours(),
        takt_webhooks::feature(settings),
    ]
}

pub async fn program(app: &TestApp, company: CompanyId, shop: ShopId, scopes: &str) -> Client {
    let (company, shop) = (company.to_string(), shop.to_string());
    let token = command_line::create_token(&app.db, &company, &shop, "test", scopes).await;
    let (_, secret) = token.expect("a token");
    app.client().with_token(&secret).with_header("accept-language", "en")
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

pub fn tea(tx: &mut Tx<'_>, company: CompanyId, shop: ShopId) -> Result<OrderId> {
    let body = json!({
        "currency": "RUB",
        "terms": "on_delivery",
        "customer": { "name": "Анна", "phone": "89123456789", "email": "anna@example.org" },
        "lines": [{ "sku": "TEA-100", "name": "Чай", "quantity": "2", "unit": "pcs", "price": "199.50", "vat": "22" }],
        "delivery": { "method": "courier", "address": "Казань, ул. Баумана, 1", "price": "300.00" },
    });
    let intake = Intake { shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
    Ok(place(tx, &permit(company), read_new_order(&body, &intake)?)?.id)
}

pub fn permit<P: Permission>(company: CompanyId) -> Permit<P> {
    Permit::system(company, "test")
}

pub fn manager(company: CompanyId) -> Permit<ManageWebhooks> {
    permit(company)
}

/// A page of the log.
pub async fn facts_of(program: &Client, query: &str) -> Value {
    program.get(&format!("/api/v1/facts?{query}")).await.expect_status(200).json()
}

/// All of the log that a program sees, page by page.
pub async fn all_facts(program: &Client, limit: usize) -> Vec<Value> {
    let (mut after, mut all) = (0, Vec::new());
    loop {
        let page = facts_of(program, &format!("after={after}&limit={limit}")).await;
        all.extend(page["items"].as_array().expect("items").iter().cloned());
        after = page["next"].as_i64().expect("a position");
        if page["more"] == false {
            return all;
        }
    }
}
