//! A company with two shops, some goods, people and programs.

use serde_json::{Value, json};
use takt_catalog::{OfferInput, OfferTexts, add_offer};
use takt_kernel::{CompanyId, ShopId, money::Currency};
use takt_staff::{
    Permit,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_testing::{Client, Place, TestApp, TestResponse};
use takt_ui::Lang;

pub const ORDERS: &str = "/api/v1/orders";
const PASSWORD: &str = "correct horse battery";

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    pub shop: ShopId,
    pub other_shop: ShopId,
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        let app = TestApp::open(
            place,
            vec![
                takt_staff::feature(),
                takt_customers::feature(),
                takt_catalog::feature(),
                takt_orders::feature(),
                takt_gateway::feature(),
            ],
        )
        .await;
        let company = company(&app, "Чай и кофе").await;
        let shop = shop(&app, company, "Чай").await;
        let other_shop = self::shop(&app, company, "Кофе").await;
        let texts = OfferTexts {
            sku: "TEA-100",
            name: "Чай чёрный",
            price: "199.50",
            vat: "22",
            ..OfferTexts::default()
        };
        let input = OfferInput::parse(&texts, Currency::RUB).expect("an offer");
        app.write(move |tx| add_offer(tx, &Permit::system(company, "test"), None, &input)).await;
        app.drain().await;
        Self { app, company, shop, other_shop }
    }

    /// A shop's program.
    pub async fn program(&self, company: CompanyId, shop: ShopId, scopes: &str) -> Client {
        let (company, shop) = (company.to_string(), shop.to_string());
        let token = command_line::create_token(&self.app.db, &company, &shop, "test", scopes).await;
        let (_, secret) = token.expect("a token");
        self.app.client().with_token(&secret).with_header("accept-language", "en")
    }

    pub async fn writer(&self) -> Client {
        self.program(self.company, self.shop, "orders:write,orders:read").await
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

    pub async fn placed(&self) -> usize {
        self.app.facts_named("orders.placed").await
    }
}

/// The order of the contract.
pub fn order(external_id: &str) -> Value {
    json!({
        "external_id": external_id,
        "currency": "RUB",
        "customer": { "name": "Покупатель", "phone": "8 (912) 345-67-89", "email": "a@example.org" },
        "lines": [{
            "sku": "TEA-100", "name": "Чай", "quantity": "2", "unit": "pcs",
            "price": "199.50", "discount": "0.00", "vat": "22"
        }],
        "delivery": { "method": "courier", "address": "Казань, ул. Баумана, 1", "price": "300.00" },
        "comment": "позвонить"
    })
}

pub fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    *body.pointer_mut(pointer).unwrap_or_else(|| unreachable!("{pointer} is in the order")) = value;
    body
}

/// `field code` of every error of a problem.
pub fn named(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    errors.iter().map(|error| format!("{} {}", text(&error["field"]), text(&error["code"]))).collect()
}

pub async fn send_with_key(client: &Client, key: &str, body: &Value) -> TestResponse {
    client.ask(http::Method::POST, ORDERS).header("idempotency-key", key).json(body).send().await
}

pub async fn company(app: &TestApp, name: &str) -> CompanyId {
    organisation(app, name, OrganisationKind::Company).await
}

pub async fn organisation(app: &TestApp, name: &str, kind: OrganisationKind) -> CompanyId {
    let new = NewCompany {
        name: name.to_owned(),
        kind,
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
