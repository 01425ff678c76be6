//! A company with a shop, an accountant and a bank account, and its bank.

use std::collections::BTreeMap;

use serde_json::json;
use takt_bank_files::one_c::{Header, Movement, compose};
use takt_kernel::{
    Actor, CompanyId, PersonId, ShopId,
    money::{Currency, Money},
};
use takt_orders::{Holder, Intake, Order, OrderId, PlaceOrders, VouchForMoney};
use takt_payments::{
    Imported, accounts,
    import::{BankLine, LineState},
    import_bank_file, invoices,
    journal::{self, Account},
    rights::ManageBankAccounts,
};
use takt_payments_port::Party;
use takt_staff::{
    Permit, Role, Scope,
    command_line::{self, CreatedUser, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_store::Query;
use takt_testing::{Place, TestApp};
use takt_ui::Lang;

pub const ACCOUNT: &str = "40702810200000000001";
pub const PASSWORD: &str = "correct horse battery";
const BIC: &str = "044525225";

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    pub shop: ShopId,
    pub accountant: PersonId,
}

pub struct Expected {
    pub order: OrderId,
    pub reference: String,
}

/// A payment as the bank will report it.
#[derive(Clone)]
pub struct Pay {
    pub number: String,
    pub amount: String,
    pub purpose: String,
    pub payer: String,
    pub inn: Option<String>,
    pub payer_account: String,
    pub to: String,
    pub booked_on: String,
    pub incoming: bool,
}

pub fn pay(number: &str, amount: &str, purpose: &str) -> Pay {
    Pay {
        number: number.to_owned(),
        amount: amount.to_owned(),
        purpose: purpose.to_owned(),
        payer: "Иванов Иван Иванович".to_owned(),
        inn: Some("500100732259".to_owned()),
        payer_account: "40817810099910004312".to_owned(),
        to: ACCOUNT.to_owned(),
        booked_on: "2026-11-02".to_owned(),
        incoming: true,
    }
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        let desk = Self::without_account(place).await;
        desk.open_account(ACCOUNT).await;
        desk
    }

    pub async fn without_account(place: Place) -> Self {
        Self::with(place, Vec::new()).await
    }

    /// With more features than usual, and no account yet.
    pub async fn with(place: Place, more: Vec<takt_feature::Feature>) -> Self {
        let mut features = vec![
            takt_staff::feature(),
            takt_customers::feature(),
            takt_catalog::feature(),
            takt_orders::feature(),
            takt_tasks::feature(),
            takt_payments::feature(),
            takt_bank_files::feature(),
        ];
        features.extend(more);
        let app = TestApp::open(place, features).await;
        let company = company(&app, "Светосила").await;
        let shop = NewShop { name: "Рамки".to_owned(), currency: None };
        let shop = command_line::create_shop(&app.db, &company.to_string(), shop).await.expect("a shop");
        let accountant = person(&app, company, "buh@example.org", Role::Accountant).await;
        app.drain().await;
        Self { app, company, shop, accountant }
    }

    pub async fn open_account(&self, account: &str) {
        let company = self.company;
        let new = accounts::NewBankAccount {
            account: account.to_owned(),
            bic: BIC.to_owned(),
            bank_name: None,
            holder_name: None,
            inn: Some("7707083893".to_owned()),
            currency: Currency::RUB,
        };
        self.app
            .write(move |tx| {
                accounts::open(tx, &Permit::<ManageBankAccounts>::system(company, "test"), &new).map(|_| ())
            })
            .await;
        self.app.drain().await;
    }

    /// A buyer with a phone of their own orders goods for this much.
    pub async fn order(&self, external_id: &str, buyer: &str, price: &str) -> Expected {
        let phone = format!(
            "+7912{:07}",
            buyer.bytes().fold(7_u32, |sum, byte| sum * 31 % 9_999_991 + u32::from(byte))
        );
        let body = json!({
            "external_id": external_id,
            "currency": "RUB",
            "customer": {"name": buyer, "phone": phone},
            "lines": [{"name": "Рамка", "quantity": "1", "unit": "pcs", "price": price, "vat": "22"}],
        });
        let intake =
            Intake { shop: self.shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
        let wanted = takt_orders::read_new_order(&body, &intake).expect("an order");
        let company = self.company;
        let order = self
            .app
            .write(move |tx| {
                let mut wanted = wanted.clone();
                let permit = Permit::<PlaceOrders>::system(company, "test");
                wanted.customer =
                    Some(takt_customers::recognise(tx, company, &wanted.contact, permit.actor())?);
                Ok(takt_orders::place(tx, &permit, wanted)?.id)
            })
            .await;
        Expected { order, reference: self.reference(order).await }
    }

    pub async fn reference(&self, order: OrderId) -> String {
        let company = self.company;
        self.app
            .read(move |r| invoices::current_of_order(r, company, order))
            .await
            .expect("an invoice")
            .reference
    }

    pub async fn read(&self, order: OrderId) -> Order {
        let scope = Scope::Company { company: self.company, shops: None };
        self.app.read(move |r| takt_orders::get(r, &scope, order)).await
    }

    pub async fn paid(&self, order: OrderId) -> String {
        self.read(order).await.paid.to_decimal_string()
    }

    pub fn statement(&self, payments: &[Pay]) -> Vec<u8> {
        statement_of(ACCOUNT, payments)
    }

    /// The accountant uploads what the bank reports.
    /// In whose hands an order was so far, as its clock tells it.
    pub async fn seconds(&self, order: OrderId) -> BTreeMap<Holder, i64> {
        let company = self.company;
        let split = self.app.read(move |r| {
            let facts = takt_store::facts::of_subject(r, company, "order", order.get(), 0, 100)?;
            let calendar = takt_staff::Calendar::of(r, company)?;
            Ok(takt_orders::clock::split(&facts, &calendar, r.now()))
        });
        split.await.seconds()
    }

    pub async fn bank_reports(&self, payments: &[Pay]) -> Vec<BankLine> {
        self.upload(self.statement(payments)).await.lines
    }

    pub async fn upload(&self, bytes: Vec<u8>) -> Imported {
        self.try_upload(bytes).await.expect("a statement")
    }

    pub async fn try_upload(&self, bytes: Vec<u8>) -> takt_kernel::Result<Imported> {
        let voucher = self.voucher(self.accountant).await?;
        import_bank_file(&self.app.db, voucher, "kl_to_1c.txt".to_owned(), bytes, "upload", &mut |_, _| ())
            .await
    }

    pub async fn voucher(&self, person: PersonId) -> takt_kernel::Result<Permit<VouchForMoney>> {
        let company = self.company;
        self.app
            .db
            .read("test.voucher", move |r| takt_staff::permit_of::<VouchForMoney>(r, person, company))
            .await
    }

    pub async fn balance(&self, account: Account) -> String {
        let company = self.company;
        let balances = self.app.read(move |r| journal::balance(r, company, account)).await;
        balances.first().map_or_else(|| "0.00".to_owned(), |money| money.to_decimal_string())
    }

    /// The journal balances, and the orders' paid sums are what was allocated.
    pub async fn books_agree(&self) {
        let company = self.company;
        let all = self.app.read(move |r| journal::trial_balance(r, company)).await;
        assert!(all.iter().all(|money| money.is_zero()), "{all:?}");
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

pub async fn person(app: &TestApp, company: CompanyId, email: &str, role: Role) -> PersonId {
    let user = NewUser {
        company: company.to_string(),
        email: email.to_owned(),
        name: None,
        roles: role.into(),
        password: Some(PASSWORD.to_owned()),
    };
    let CreatedUser::Person(person) = command_line::create_user(&app.db, user).await.expect("a person")
    else {
        unreachable!("they have a password")
    };
    person
}

pub fn statement_of(account: &str, payments: &[Pay]) -> Vec<u8> {
    let header = Header {
        sender: "Банк".to_owned(),
        account: account.to_owned(),
        from: "2026-11-02".to_owned(),
        until: "2026-11-02".to_owned(),
        opening: rub("0"),
    };
    let movements: Vec<Movement> = payments.iter().map(movement).collect();
    compose(&header, &movements).expect("bytes")
}

fn movement(payment: &Pay) -> Movement {
    let other = Party {
        name: payment.payer.clone(),
        inn: payment.inn.clone(),
        accounts: vec![payment.payer_account.clone()],
        bic: Some("044525974".to_owned()),
        bank: None,
    };
    let ours =
        Party {
            name: "ООО Светосила".to_owned(), accounts: vec![payment.to.clone()], ..Party::default()
        };
    let (payer, payee) = if payment.incoming { (other, ours) } else { (ours, other) };
    Movement {
        kind: "Платежное поручение".to_owned(),
        number: payment.number.clone(),
        date: payment.booked_on.clone(),
        booked_on: payment.booked_on.clone(),
        amount: rub(&payment.amount),
        incoming: payment.incoming,
        payer,
        payee,
        purpose: payment.purpose.clone(),
    }
}

pub fn rub(text: &str) -> Money {
    Money::parse(text, Currency::RUB).expect("an amount")
}

pub fn states(lines: &[BankLine]) -> Vec<LineState> {
    lines.iter().map(|line| line.outcome.state).collect()
}

pub fn codes(lines: &[BankLine]) -> Vec<&str> {
    lines.iter().map(|line| line.outcome.code.as_str()).collect()
}

pub fn nobody() -> Actor {
    Actor::system("test")
}
