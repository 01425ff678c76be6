//! A company with a shop, goods, people, and the verbs in a few words.

use serde_json::{Value, json};
use takt_catalog::{OfferInput, OfferTexts, add_offer};
use takt_kernel::{
    Actor, CompanyId, PersonId, Result, ShopId, money::Currency, money::Money, money::Quantity,
};
use takt_orders::{
    Intake, Line, LineId, Order, OrderId, Outcome, Placed, VouchForMoney, confirm, place, read_new_order,
    receipt::{BookedCredit, CreditLine, EntryState, VerifiedReceipt},
    record_paid, record_reserved, record_shipped,
};
use takt_staff::{
    Permission, Permit, Scope,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_store::{Query, Tx};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;

const PASSWORD: &str = "correct horse battery";

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    pub shop: ShopId,
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        let features = vec![
            takt_staff::feature(),
            takt_customers::feature(),
            takt_catalog::feature(),
            takt_orders::feature(),
        ];
        let app = TestApp::open(place, features).await;
        let company = company(&app, "Чай и кофе").await;
        let shop = shop(&app, company, "Чай").await;
        for sku in ["TEA-100", "CUP-7"] {
            let texts =
                OfferTexts { sku, name: "Чай", price: "100.00", vat: "22", ..OfferTexts::default() };
            let input = OfferInput::parse(&texts, Currency::RUB).expect("an offer");
            app.write(move |tx| add_offer(tx, &permit(company), None, &input)).await;
        }
        person(&app, company, "accountant").await;
        app.drain().await;
        Self { app, company, shop }
    }

    /// The person in a browser, signed in.
    pub async fn signed_in(&self, role: &str) -> Client {
        person(&self.app, self.company, role).await;
        let client = self.app.client();
        let email = email(self.company, role);
        let answer = client.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
        assert!(answer.status.is_redirection(), "{}", answer.text());
        client
    }

    /// Who works in this role; at home in the company since the first time.
    pub async fn person(&self, role: &str) -> PersonId {
        person(&self.app, self.company, role).await;
        let (company, email) = (self.company, email(self.company, role));
        let members = self.app.read(move |reader| takt_staff::people::members(reader, company)).await;
        members.iter().find(|member| member.email == email).expect("a member").person
    }

    pub async fn program(&self, scopes: &str) -> Client {
        let company = self.company.to_string();
        let (_, secret) =
            command_line::create_token(&self.app.db, &company, "Чай", "test", scopes).await.expect("a token");
        self.app.client().with_token(&secret)
    }

    pub async fn try_place(&self, body: Value) -> Result<Placed> {
        let (company, shop) = (self.company, self.shop);
        self.app.try_write(move |tx| place_body(tx, company, shop, &body)).await
    }

    pub async fn place(&self, body: Value) -> OrderId {
        let placed = self.try_place(body).await.expect("an order");
        assert_eq!(placed.outcome, Outcome::Created);
        placed.id
    }

    /// One line of tea for 100.00 each, prepaid.
    pub async fn tea(&self, units: i64) -> OrderId {
        self.place(order(&format!("tea-{}-{units}", self.app.now()), units)).await
    }

    pub async fn order(&self, id: OrderId) -> Order {
        let company = self.company;
        self.app.read(move |reader| takt_orders::load(reader, company, id)).await
    }

    pub async fn lines(&self, id: OrderId) -> Vec<Line> {
        let company = self.company;
        self.app.read(move |reader| takt_orders::lines(reader, company, id)).await
    }

    pub async fn reserve_all(&self, id: OrderId) {
        let company = self.company;
        self.app
            .write(move |tx| {
                let held = everything(tx, company, id)?;
                record_reserved(tx, company, id, &held, &Actor::system("test")).map(|_| ())
            })
            .await;
    }

    pub async fn receipt(&self, id: i64, amount: &str) -> VerifiedReceipt {
        let line = CreditLine {
            company: self.company,
            amount: rub(amount),
            account: "40702810900000000001",
            own_account: "40702810900000000001",
            own_currency: Currency::RUB,
            state: EntryState::Booked,
            sent_at: None,
            booked_at: None,
            received_at: self.app.now(),
        };
        let booked = BookedCredit::check(&line).expect("a booked credit");
        let permit = self.voucher().await;
        VerifiedReceipt::vouched(id, booked, &permit, "hash of the file").expect("a receipt")
    }

    pub async fn voucher(&self) -> Permit<VouchForMoney> {
        let (company, email) = (self.company, email(self.company, "accountant"));
        self.app.read(move |reader| command_line::permit_of_person(reader, company, &email)).await
    }

    pub async fn pay(&self, receipt: i64, id: OrderId, amount: &str) -> Result<Order> {
        let (receipt, amount) = (self.receipt(receipt, amount).await, rub(amount));
        self.app.try_write(move |tx| record_paid(tx, &receipt, id, amount, &Actor::system("test"))).await
    }

    pub async fn confirm(&self, id: OrderId) -> Result<Order> {
        let company = self.company;
        self.app.try_write(move |tx| confirm(tx, &permit(company), id)).await
    }

    pub async fn ship_all(&self, id: OrderId) -> Result<Order> {
        let company = self.company;
        self.app
            .try_write(move |tx| {
                let parts = everything(tx, company, id)?;
                record_shipped(tx, company, id, &parts, &Actor::system("test"))
            })
            .await
    }

    pub fn scope(&self) -> Scope {
        Scope::Company { company: self.company, shops: None }
    }
}

fn everything(tx: &mut Tx<'_>, company: CompanyId, id: OrderId) -> Result<Vec<(LineId, Quantity)>> {
    Ok(takt_orders::lines(tx, company, id)?.iter().map(|line| (line.id, line.quantity)).collect())
}

pub fn place_body(tx: &mut Tx<'_>, company: CompanyId, shop: ShopId, body: &Value) -> Result<Placed> {
    let intake = Intake { shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
    let mut wanted = read_new_order(body, &intake)?;
    if body["recognise"] == true {
        wanted.customer =
            Some(takt_customers::recognise(tx, company, &wanted.contact, &Actor::system("test"))?);
    }
    let _ = tx.now();
    place(tx, &permit(company), wanted)
}

pub fn order(external_id: &str, units: i64) -> Value {
    json!({
        "external_id": external_id,
        "currency": "RUB",
        "customer": { "name": "Иванов Пётр", "phone": "8 (912) 345-67-89", "email": "a@example.org" },
        "lines": [{ "sku": "TEA-100", "name": "Чай", "quantity": units.to_string(), "price": "100.00", "vat": "22" }],
        "delivery": { "method": "courier", "address": "Казань, ул. Баумана, 1", "price": "0" },
    })
}

pub fn rub(text: &str) -> Money {
    Money::parse(text, Currency::RUB).expect("an amount")
}

pub fn permit<P: Permission>(company: CompanyId) -> Permit<P> {
    Permit::system(company, "test")
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

fn email(company: CompanyId, role: &str) -> String {
    format!("{role}-{company}@example.org")
}

async fn person(app: &TestApp, company: CompanyId, role: &str) {
    let user = NewUser {
        company: company.to_string(),
        email: email(company, role),
        name: Some(role.to_owned()),
        roles: role.parse().expect("roles"),
        password: Some(PASSWORD.to_owned()),
    };
    command_line::create_user(&app.db, user).await.expect("a person");
}
