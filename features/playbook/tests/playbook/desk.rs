//! A company that sells tea, and its orders in a few words.

use serde_json::{Value, json};
use takt_catalog::{OfferInput, OfferTexts, add_offer};
use takt_kernel::{
    Actor, CompanyId, Result, ShopId, Timestamp,
    money::{Currency, Money, Quantity},
};
use takt_orders::{
    Intake, LineId, Order, OrderId, place, read_new_order,
    receipt::{BookedCredit, CreditLine, EntryState, VerifiedReceipt},
    record_paid, record_reserved, record_unpaid,
};
use takt_playbook::{
    Checked, ManagePlaybook,
    versions::{self, InFlight},
};
use takt_staff::{
    Permission, Permit,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_store::{Query, Row, Tx, facts, params, sql};
use takt_tasks::{Task, TaskId, of_order};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;
use takt_work::Listener;

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
            takt_tasks::feature(),
            takt_playbook::feature(),
        ];
        let app = TestApp::open(place, features).await;
        let company = NewCompany {
            name: "Чай".to_owned(),
            kind: OrganisationKind::Company,
            currency: Currency::RUB,
            zone: "Europe/Moscow".to_owned(),
            lang: Lang::Ru,
        };
        let company = command_line::create_company(&app.db, company).await.expect("a company");
        let shop = NewShop { name: "Чайная".to_owned(), currency: None };
        let shop = command_line::create_shop(&app.db, &company.to_string(), shop).await.expect("a shop");
        let texts =
            OfferTexts {
                sku: "TEA-100", name: "Чай", price: "100.00", vat: "22", ..OfferTexts::default()
            };
        let offer = OfferInput::parse(&texts, Currency::RUB).expect("an offer");
        app.write(move |tx| add_offer(tx, &permit(company), None, &offer)).await;
        let desk = Self { app, company, shop };
        desk.person("accountant").await;
        desk.app.drain().await;
        desk
    }

    pub async fn person(&self, role: &str) {
        let user = NewUser {
            company: self.company.to_string(),
            email: email(role),
            name: Some(role.to_owned()),
            roles: role.parse().expect("roles"),
            password: Some(PASSWORD.to_owned()),
        };
        command_line::create_user(&self.app.db, user).await.expect("a person");
    }

    pub async fn signed_in(&self, role: &str) -> Client {
        self.person(role).await;
        let client = self.app.client();
        let answer = client.post_form("/sign-in", &[("email", &email(role)), ("password", PASSWORD)]).await;
        assert!(answer.status.is_redirection(), "{}", answer.text());
        client
    }

    /// Tea for 100.00 each, all of it held when `held`.
    pub async fn tea(&self, units: i64, terms: &str, held: bool) -> OrderId {
        let body = json!({
            "currency": "RUB",
            "terms": terms,
            "customer": { "name": "Иванов Пётр", "phone": "8 (912) 345-67-89" },
            "lines": [{ "sku": "TEA-100", "name": "Чай", "quantity": units.to_string(), "unit": "pcs",
                "price": "100.00", "vat": "22" }],
        });
        let (company, shop) = (self.company, self.shop);
        self.app
            .write(move |tx| {
                let id = place_body(tx, company, shop, &body)?;
                hold(tx, company, id, held)?;
                Ok(id)
            })
            .await
    }

    /// What the company works by from now on.
    pub async fn publish(&self, text: &str) {
        let (company, text) = (self.company, text.to_owned());
        self.app
            .write(move |tx| {
                let now_running = versions::current(tx, company)?;
                versions::publish(
                    tx,
                    &permit::<ManagePlaybook>(company),
                    &Checked::of(&text)?,
                    "",
                    now_running,
                    InFlight::Move,
                )
            })
            .await;
    }

    pub async fn hold(&self, id: OrderId, held: bool) {
        let company = self.company;
        self.app.write(move |tx| hold(tx, company, id, held)).await;
    }

    pub async fn pay(&self, receipt: i64, id: OrderId, amount: &str) {
        let (company, amount) = (self.company, rub(amount));
        let received_at = self.app.now();
        self.app
            .write(move |tx| {
                let receipt = verified(tx, company, receipt, amount, received_at)?;
                receipt.keep(tx)?;
                record_paid(tx, &receipt, id, amount, &Actor::system("test")).map(|_| ())
            })
            .await;
    }

    pub async fn take_back(&self, receipt: i64, id: OrderId, amount: &str) {
        let (company, amount) = (self.company, rub(amount));
        self.app
            .write(move |tx| {
                let actor = Actor::system("test");
                record_unpaid(tx, company, receipt, id, amount, "bank", &actor).map(|_| ())
            })
            .await;
    }

    pub async fn order(&self, id: OrderId) -> Order {
        let company = self.company;
        self.app.read(move |reader| takt_orders::load(reader, company, id)).await
    }

    pub async fn tasks(&self, id: OrderId) -> Vec<Task> {
        let company = self.company;
        self.app.read(move |reader| of_order(reader, company, id)).await
    }

    /// `pick:open call:reached`, in alphabetical order.
    pub async fn told(&self, id: OrderId) -> String {
        let mut told: Vec<String> = self.tasks(id).await.iter().map(one_told).collect();
        told.sort();
        told.join(" ")
    }

    /// What was told of rules that have to be mended: `rule_failed:open`, in the order in which it was told.
    pub async fn alarms(&self) -> String {
        let company = self.company;
        let told: Vec<String> = self
            .app
            .read(move |reader| {
                let rows = reader.all(
                    sql!(
                        "select kind, state from task
                         where company_id = :company_id and kind in ('rule_failed', 'rules_disagree')
                         order by id
                         limit 100"
                    ),
                    params![company_id: company],
                )?;
                let told =
                    |row: &Row| Ok(format!("{}:{}", row.get::<String>("kind")?, row.get::<String>("state")?));
                rows.iter().map(told).collect()
            })
            .await;
        told.join(" ")
    }

    /// The manager closes what was told of a rule, mended or not.
    pub async fn close_alarms(&self) {
        let company = self.company;
        self.app
            .write(move |tx| {
                let rows = tx.all(
                    sql!(
                        "select id from task
                         where company_id = :company_id and order_id is null and state = 'open'
                         order by id
                         limit 100"
                    ),
                    params![company_id: company],
                )?;
                for row in &rows {
                    takt_tasks::close(tx, &permit(company), row.get("id")?, "done")?;
                }
                Ok(())
            })
            .await;
        self.app.drain().await;
    }

    pub async fn close(&self, id: OrderId, kind: &str, outcome: &'static str) {
        let (company, task) = (self.company, self.waiting(id, kind).await);
        self.app.write(move |tx| takt_tasks::close(tx, &permit(company), task, outcome)).await;
        self.app.drain().await;
    }

    pub async fn waiting(&self, id: OrderId, kind: &str) -> TaskId {
        let tasks = self.tasks(id).await;
        tasks.iter().find(|task| task.kind == kind && !task.is_closed()).map(|task| task.id).expect("a task")
    }

    /// Everything that was said about an order comes a second time.
    pub async fn hear_again(&self, order: OrderId, listeners: Vec<Listener>) {
        let company = self.company;
        self.app
            .write(move |tx| {
                for fact in facts::of_subject(tx, company, "order", order.get(), 0, 100)? {
                    for listener in listeners.iter().filter(|one| one.name.starts_with("playbook.")) {
                        if listener.hears.contains(&fact.kind.as_str()) {
                            (listener.react)(tx, &fact)?;
                        }
                    }
                }
                Ok(())
            })
            .await;
        self.app.drain().await;
    }

    /// The wall clock in Moscow.
    pub fn at(&self, moscow: &str) {
        self.app.clock.set(moment(moscow));
    }
}

fn one_told(task: &Task) -> String {
    let state = match &task.state {
        takt_tasks::State::Closed { outcome, .. } => outcome,
        takt_tasks::State::Open | takt_tasks::State::Taken { .. } => task.state.code(),
    };
    format!("{}:{state}", task.kind)
}

pub fn moment(moscow: &str) -> Timestamp {
    format!("{moscow}+03:00").parse().expect("a moment")
}

fn place_body(tx: &mut Tx<'_>, company: CompanyId, shop: ShopId, body: &Value) -> Result<OrderId> {
    let intake = Intake { shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
    Ok(place(tx, &permit(company), read_new_order(body, &intake)?)?.id)
}

fn hold(tx: &mut Tx<'_>, company: CompanyId, id: OrderId, held: bool) -> Result<()> {
    let held = everything(tx, company, id, held)?;
    record_reserved(tx, company, id, &held, &Actor::system("test")).map(|_| ())
}

pub fn everything(
    tx: &mut Tx<'_>,
    company: CompanyId,
    id: OrderId,
    held: bool,
) -> Result<Vec<(LineId, Quantity)>> {
    let lines = takt_orders::lines(tx, company, id)?;
    Ok(lines.iter().map(|line| (line.id, if held { line.quantity } else { Quantity::ZERO })).collect())
}

fn verified(
    tx: &mut Tx<'_>,
    company: CompanyId,
    id: i64,
    amount: Money,
    received_at: Timestamp,
) -> Result<VerifiedReceipt> {
    let line = CreditLine {
        company,
        amount,
        account: "40702810900000000001",
        own_account: "40702810900000000001",
        own_currency: Currency::RUB,
        state: EntryState::Booked,
        sent_at: None,
        booked_at: None,
        received_at,
    };
    let permit = command_line::permit_of_person(tx, company, &email("accountant"))?;
    VerifiedReceipt::vouched(id, BookedCredit::check(&line)?, &permit, "hash of the file")
}

fn email(role: &str) -> String {
    format!("{role}@example.org")
}

pub fn rub(text: &str) -> Money {
    Money::parse(text, Currency::RUB).expect("an amount")
}

pub fn permit<P: Permission>(company: CompanyId) -> Permit<P> {
    Permit::system(company, "test")
}
