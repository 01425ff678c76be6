//! A company whose orders wait for money, people of it and of another, and what was honestly told so far.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use takt::wiring::{features_reaching, without_mail};
use takt_kernel::{CompanyId, Fault, Kind, Result, ShopId, money::Currency};
use takt_orders::{OrderId, VouchForMoney};
use takt_payments::{
    Reach,
    accounts::{self, BankAccountId},
    rights::ManageBankAccounts,
};
use takt_simulator::Chance;
use takt_staff::{
    Permit, Role,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;
use takt_webhooks::Settings as WebhookSettings;

pub const ACCOUNT: &str = "40702810200000000001";
pub const PASSWORD: &str = "correct horse battery";
/// What every order costs, in kopecks.
pub const PRICE: i64 = 10_000;
const TARGETS: usize = 6;

/// An order that nobody ever pays.
#[derive(Clone, Debug)]
pub struct Target {
    pub order: OrderId,
    pub external_id: String,
    /// By which its invoice is known.
    pub reference: String,
    /// The buyer's.
    pub page: String,
}

pub struct World {
    pub app: TestApp,
    pub company: CompanyId,
    pub other: CompanyId,
    pub shop: ShopId,
    pub dollars: ShopId,
    pub account: BankAccountId,
    /// The shop's, and that of a shop of the other company.
    pub program: Client,
    pub stranger: Client,
    pub chance: Chance,
    pub targets: Vec<Target>,
    /// What orders may have been paid, by those who may say so.
    pub told: BTreeMap<OrderId, i64>,
    /// What these have told in all.
    pub came: i64,
    serial: i64,
}

impl World {
    pub async fn open(place: Place, seed: u64) -> Self {
        let mail = without_mail().expect("an address");
        let app =
            TestApp::open(place, features_reaching(mail, WebhookSettings::default(), Reach::Anywhere)).await;
        let (company, other) = (organisation(&app, "Светосила").await, organisation(&app, "Чужая").await);
        let shop = shop(&app, company, Currency::RUB).await;
        let dollars = shop_of_dollars(&app, company).await;
        let foreign = self::shop(&app, other, Currency::RUB).await;
        for (company, who, role) in [
            (company, "owner", Role::Owner),
            (company, "first", Role::Accountant),
            (company, "second", Role::Accountant),
            (company, "picker", Role::Warehouse),
            (other, "stranger", Role::Accountant),
        ] {
            person(&app, company, who, role).await;
        }
        let account = account(&app, company, ACCOUNT).await;
        account_of_stranger(&app, other).await;
        let program = program(&app, company, shop).await;
        let stranger = self::program(&app, other, foreign).await;
        let chance = Chance::of(seed, "lies");
        let mut world = Self {
            app,
            company,
            other,
            shop,
            dollars,
            account,
            program,
            stranger,
            chance,
            targets: Vec::new(),
            told: BTreeMap::new(),
            came: 0,
            serial: 0,
        };
        world.renew_targets().await;
        world
    }

    /// Invoices do not wait for ever: others wait in their place.
    pub async fn renew_targets(&mut self) {
        self.targets.clear();
        for _ in 0..TARGETS {
            let target = self.order().await;
            self.targets.push(target);
        }
        self.app.drain().await;
    }

    pub async fn order(&mut self) -> Target {
        let number = 9_000_000 + self.next();
        let external_id = number.to_string();
        let answer = self.program.post_json("/api/v1/orders", &body(&external_id, number)).await;
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
        let placed: Value = answer.json();
        let text = |path: &str| placed.pointer(path).and_then(Value::as_str).expect(path).to_owned();
        Target {
            order: OrderId::new(placed["id"].as_i64().expect("an id")),
            external_id,
            reference: text("/invoice/number"),
            page: text("/buyer_page"),
        }
    }

    pub fn target(&mut self) -> Target {
        self.targets[self.chance.index(self.targets.len())].clone()
    }

    /// Another number each time.
    pub fn next(&mut self) -> i64 {
        self.serial += 1;
        self.serial
    }

    /// Somebody who may said that so much came for this order.
    pub fn was_told(&mut self, order: OrderId, minor: i64) {
        *self.told.entry(order).or_default() += minor;
        self.came += minor;
    }

    pub async fn voucher(&self, company: CompanyId, who: &str) -> Result<Permit<VouchForMoney>> {
        let email = email(who);
        self.app
            .db
            .read("test.permit", move |reader| command_line::permit_of_person(reader, company, &email))
            .await
    }

    pub async fn signed_in(&self, who: &str) -> Client {
        let client = self.app.client();
        let answer = client.post_form("/sign-in", &[("email", &email(who)), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, http::StatusCode::SEE_OTHER, "{}", answer.text());
        client
    }
}

/// A liar may be refused, but the program never breaks over a lie.
pub fn stands<T>(done: Result<T>, what: &str) -> bool {
    match done {
        Ok(_) => false,
        Err(fault) => {
            assert!(!is_broken(&fault), "{what}: {fault:?}");
            true
        }
    }
}

fn is_broken(fault: &Fault) -> bool {
    matches!(fault.kind(), Kind::Broken)
}

/// As the shop's program reports an order.
pub fn body(external_id: &str, number: i64) -> Value {
    json!({
        "external_id": external_id, "currency": "RUB", "terms": "prepaid",
        "customer": {"name": format!("Покупатель {number}"), "phone": format!("+7912{:07}", number % 10_000_000)},
        "lines": [{"name": "Рамка", "quantity": "1", "unit": "pcs", "price": "100.00", "vat": "22"}],
    })
}

pub fn email(who: &str) -> String {
    format!("{who}@example.org")
}

async fn organisation(app: &TestApp, name: &str) -> CompanyId {
    let new = NewCompany {
        name: name.to_owned(),
        kind: OrganisationKind::Company,
        currency: Currency::RUB,
        zone: "Europe/Moscow".to_owned(),
        lang: Lang::Ru,
    };
    command_line::create_company(&app.db, new).await.expect("a company")
}

async fn shop(app: &TestApp, company: CompanyId, currency: Currency) -> ShopId {
    let new = NewShop { name: format!("Рамки {}", currency.code()), currency: Some(currency) };
    command_line::create_shop(&app.db, &company.to_string(), new).await.expect("a shop")
}

async fn shop_of_dollars(app: &TestApp, company: CompanyId) -> ShopId {
    shop(app, company, Currency::from_code("USD").expect("dollars")).await
}

async fn person(app: &TestApp, company: CompanyId, who: &str, role: Role) {
    let user = NewUser {
        company: company.to_string(),
        email: email(who),
        name: None,
        roles: role.into(),
        password: Some(PASSWORD.to_owned()),
    };
    command_line::create_user(&app.db, user).await.expect("a person");
}

async fn account(app: &TestApp, company: CompanyId, number: &'static str) -> BankAccountId {
    app.write(move |tx| {
        let new = accounts::NewBankAccount {
            account: number.to_owned(),
            bic: "044525225".to_owned(),
            bank_name: None,
            holder_name: None,
            inn: Some("7707083893".to_owned()),
            currency: Currency::RUB,
        };
        accounts::open(tx, &Permit::<ManageBankAccounts>::system(company, "test"), &new)?;
        Ok(accounts::list(tx, company)?[0].id)
    })
    .await
}

async fn account_of_stranger(app: &TestApp, company: CompanyId) {
    account(app, company, "40702810700000000999").await;
}

async fn program(app: &TestApp, company: CompanyId, shop: ShopId) -> Client {
    let scopes = "orders:write orders:read tasks:read";
    let (company, shop) = (company.to_string(), shop.to_string());
    let made = command_line::create_token(&app.db, &company, &shop, "test", scopes).await;
    app.client().with_token(&made.expect("a token").1)
}
