//! A company that works: people of every role, a shop with its token, an account, goods on a shelf.

use serde_json::{Value, json};
use takt::wiring::{features, features_reaching, without_mail};
use takt_feature::Feature;
use takt_kernel::{CompanyId, money::Currency};
use takt_payments::{Reach, accounts, rights::ManageBankAccounts};
use takt_staff::{
    Permit, Role,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;
use takt_webhooks::Settings as WebhookSettings;

use crate::bank_file::statement;

pub const ACCOUNT: &str = "40702810200000000001";
pub const PASSWORD: &str = "correct horse battery";

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    /// The shop's program.
    pub program: Client,
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        Self::with(place, features(without_mail().expect("an address"))).await
    }

    /// As [`Desk::open`], where addresses may lead to this machine.
    pub async fn reaching_everywhere(place: Place) -> Self {
        let mail = without_mail().expect("an address");
        Self::with(place, features_reaching(mail, WebhookSettings::default(), Reach::Anywhere)).await
    }

    /// As [`Desk::open`], with a feature of the test's own.
    pub async fn beside(place: Place, own: Feature) -> Self {
        let mut all = features(without_mail().expect("an address"));
        all.push(own);
        Self::with(place, all).await
    }

    async fn with(place: Place, features: Vec<Feature>) -> Self {
        let app = TestApp::open(place, features).await;
        let new = NewCompany {
            name: "Светосила".to_owned(),
            kind: OrganisationKind::Company,
            currency: Currency::RUB,
            zone: "Europe/Moscow".to_owned(),
            lang: Lang::Ru,
        };
        let company = command_line::create_company(&app.db, new).await.expect("a company");
        let name = company.to_string();
        let shop = NewShop { name: "Рамки".to_owned(), currency: None };
        let shop = command_line::create_shop(&app.db, &name, shop).await.expect("a shop");
        for role in Role::ALL {
            let user = NewUser {
                company: name.clone(),
                email: email(role),
                name: None,
                roles: role.into(),
                password: Some(PASSWORD.to_owned()),
            };
            command_line::create_user(&app.db, user).await.expect("a person");
        }
        app.write(move |tx| {
            let account = accounts::NewBankAccount {
                account: ACCOUNT.to_owned(),
                bic: "044525225".to_owned(),
                bank_name: Some("ПАО Сбербанк".to_owned()),
                holder_name: Some("ООО «Светосила»".to_owned()),
                inn: Some("7707083893".to_owned()),
                currency: Currency::RUB,
            };
            accounts::open(tx, &Permit::<ManageBankAccounts>::system(company, "test"), &account).map(|_| ())
        })
        .await;
        let scopes = "orders:write orders:read tasks:read catalog:write stock:write";
        let (_, token) = command_line::create_token(&app.db, &name, &shop.to_string(), "test", scopes)
            .await
            .expect("a token");
        let program = app.client().with_token(&token);
        app.drain().await;
        Self { app, company, program }
    }

    pub async fn signed_in(&self, role: Role) -> Client {
        let client = self.app.client();
        let answer = client.post_form("/sign-in", &[("email", &email(role)), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, http::StatusCode::SEE_OTHER, "{}", answer.text());
        client
    }

    /// Goods that the catalogue knows and the shelf holds.
    pub async fn shelve(&self, sku: &str, quantity: &str) {
        let product =
            json!({"name": "Чай", "unit": "pcs", "price": "199.50", "currency": "RUB", "vat": "22"});
        let path = format!("/api/v1/products/{sku}");
        let answer = self.program.ask(http::Method::PUT, &path).json(&product).send().await;
        assert!(answer.status.is_success(), "{}", answer.text());
        let levels = json!([{"sku": sku, "quantity": quantity}]);
        let answer = self.program.ask(http::Method::PUT, "/api/v1/stock").json(&levels).send().await;
        assert!(answer.status.is_success(), "{}", answer.text());
        self.app.drain().await;
    }

    pub async fn place(&self, body: &Value) -> (http::StatusCode, Value) {
        let answer = self.program.post_json("/api/v1/orders", body).await;
        (answer.status, answer.json())
    }

    pub async fn order(&self, id: &Value) -> Value {
        self.program.get(&format!("/api/v1/orders/{id}")).await.json()
    }

    pub async fn tasks(&self, id: &Value) -> Vec<Value> {
        let tasks: Value = self.program.get(&format!("/api/v1/tasks?order={id}")).await.json();
        tasks["items"].as_array().expect("items").clone()
    }

    /// The accountant uploads what the bank reports.
    pub async fn bank_reports(&self, amount: &str, purpose: &str) {
        let accountant = self.signed_in(Role::Accountant).await;
        let company = self.company.to_string();
        let file = statement(ACCOUNT, &[(amount, purpose)]);
        let answer = accountant
            .ask(http::Method::POST, "/money/upload")
            .upload("file", "kl_to_1c.txt", &file, &[("company", company.as_str())])
            .send()
            .await;
        assert_eq!(answer.status, http::StatusCode::SEE_OTHER, "{}", answer.text());
        self.app.drain().await;
    }
}

/// The order of the contract.
pub fn tea(external_id: &str) -> Value {
    json!({
        "external_id": external_id,
        "currency": "RUB",
        "customer": {"name": "Покупатель", "phone": "8 (912) 345-67-89", "email": "a@example.org"},
        "lines": [{"sku": "TEA-100", "name": "Чай", "quantity": "2", "unit": "pcs", "price": "199.50", "discount": "0.00", "vat": "22"}],
        "delivery": {"method": "courier", "address": "Казань, ул. Баумана, 1", "price": "300.00"},
        "comment": "позвонить"
    })
}

pub fn email(role: Role) -> String {
    format!("{role}@example.org")
}
