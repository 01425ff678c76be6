//! A company with two shops, people, and the verbs in a few words.

use serde_json::{Value, json};
use takt_kernel::{
    Actor, CompanyId, ShopId,
    money::{Currency, Quantity},
};
use takt_orders::{
    Intake, LineId, Order, OrderId, cancel, confirm, edit, place, read_new_order, read_patch,
    record_delivered, record_ready, record_shipped,
};
use takt_slices::{Answer, Basis, Day, Days, Dimension, Question, Sums};
use takt_staff::{
    Permission, Permit,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_store::{Query, Tx, checks};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;

const PASSWORD: &str = "correct horse battery";

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    pub shops: [ShopId; 2],
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        let features = vec![
            takt_sheets::feature(),
            takt_staff::feature(),
            takt_customers::feature(),
            takt_catalog::feature(),
            takt_orders::feature(),
            takt_tasks::feature(),
            takt_slices::feature(),
        ];
        let app = TestApp::open(place, features).await;
        let new = NewCompany {
            name: "Чай и кофе".to_owned(),
            kind: OrganisationKind::Company,
            currency: Currency::RUB,
            zone: "Europe/Moscow".to_owned(),
            lang: Lang::Ru,
        };
        let company = command_line::create_company(&app.db, new).await.expect("a company");
        let shops = [shop(&app, company, "Чай").await, shop(&app, company, "Кофе").await];
        app.drain().await;
        Self { app, company, shops }
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
        let answer = client.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
        assert!(answer.status.is_redirection(), "{}", answer.text());
        client
    }

    /// Somebody who works for another company.
    pub async fn stranger(&self, name: &str) -> i64 {
        let new = NewCompany {
            name: "Чужая".to_owned(),
            kind: OrganisationKind::Company,
            currency: Currency::RUB,
            zone: "Europe/Moscow".to_owned(),
            lang: Lang::Ru,
        };
        let company = command_line::create_company(&self.app.db, new).await.expect("a company");
        let user = NewUser {
            company: company.to_string(),
            email: "stranger@example.org".to_owned(),
            name: Some(name.to_owned()),
            roles: "manager".parse().expect("roles"),
            password: Some(PASSWORD.to_owned()),
        };
        command_line::create_user(&self.app.db, user).await.expect("a person");
        let person = takt_store::Statement::new("select id from person where email = 'stranger@example.org'");
        self.app.read(move |reader| reader.opt_of(&person)?.expect("a person").get("id")).await
    }

    /// Two lines, 300 and 200 roubles, delivery 50, paid when it is delivered.
    pub async fn place(&self, name: &str, shop: usize, city: &str) -> OrderId {
        let (company, shop) = (self.company, self.shops[shop]);
        let body = order(name, city);
        self.app
            .write(move |tx| {
                let intake =
                    Intake { shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
                let wanted = read_new_order(&body, &intake)?;
                Ok(place(tx, &permit(company), wanted)?.id)
            })
            .await
    }

    pub async fn confirm(&self, id: OrderId) {
        let company = self.company;
        self.app.write(move |tx| confirm(tx, &permit(company), id).map(|_| ())).await;
    }

    pub async fn run(&self, id: OrderId) {
        let company = self.company;
        let by = || Actor::system("test");
        self.confirm(id).await;
        self.wait(10).await;
        self.app.write(move |tx| record_ready(tx, company, id, &by()).map(|_| ())).await;
        self.wait(20).await;
        self.app
            .write(move |tx| {
                let parts = everything(tx, company, id)?;
                record_shipped(tx, company, id, &parts, &by()).map(|_| ())
            })
            .await;
        self.wait(30).await;
        self.app.write(move |tx| record_delivered(tx, company, id, &by()).map(|_| ())).await;
    }

    pub async fn cancel(&self, id: OrderId) {
        let company = self.company;
        self.app
            .write(move |tx| cancel(tx, &permit(company), id, None, "передумал Иванов").map(|_| ()))
            .await;
    }

    pub async fn edit(&self, id: OrderId, body: Value) -> Order {
        let company = self.company;
        self.app
            .write(move |tx| {
                let order = takt_orders::load(tx, company, id)?;
                let lines = takt_orders::lines(tx, company, id)?;
                let patch = read_patch(&order, &lines, &body, "RU")?;
                edit(tx, &permit(company), id, order.version, patch)
            })
            .await
    }

    pub async fn wait(&self, minutes: i64) {
        self.app.advance(minutes * 60).await;
    }

    pub fn question(&self, by: Dimension) -> Question {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        Question {
            by,
            cross: None,
            basis: Basis::Placed,
            days: Days::new(day("2026-10-15"), day("2026-12-10")),
            filters: std::collections::BTreeMap::new(),
            links: false,
        }
    }

    /// From the sums and from the rows: both have to say the same.
    pub async fn ask(&self, question: &Question) -> Answer {
        let over = takt_slices::Over { owner: self.company, companies: vec![self.company] };
        let asked = question.clone();
        self.app
            .read(move |reader| {
                let counted = takt_slices::count_now(reader, &over, &asked)?;
                if let Some(prepared) = takt_slices::prepared(reader, &over, &asked)? {
                    assert_eq!(prepared, counted, "{asked:?}");
                }
                Ok(counted)
            })
            .await
    }

    pub async fn all_dimensions_agree(&self) {
        for basis in Basis::ALL {
            for by in Dimension::ALL {
                let question = Question { basis: *basis, ..self.question(*by) };
                self.ask(&question).await;
                let cross = Question { cross: Some(Dimension::Shop).filter(|cross| cross != by), ..question };
                self.ask(&cross).await;
            }
        }
    }

    pub async fn wrong(&self) -> Vec<String> {
        self.app
            .read(|reader| {
                let mut wrong = Vec::new();
                for check in checks(reader).into_iter().filter(|check| check.code.starts_with("slices.")) {
                    let found = (check.look)(reader)?;
                    wrong.extend(found.into_iter().map(|row| format!("{}: {}", check.code, row.0)));
                }
                Ok(wrong)
            })
            .await
    }
}

pub fn of(answer: &Answer, row: &str) -> Sums {
    let mut sums = Sums::default();
    for group in answer.groups.iter().filter(|group| group.row == row) {
        group.sums.values().for_each(|part| sums.add(part));
    }
    sums
}

pub fn whole(answer: &Answer) -> Sums {
    let mut sums = Sums::default();
    answer.whole.values().for_each(|part| sums.add(part));
    sums
}

fn everything(
    tx: &mut Tx<'_>,
    company: CompanyId,
    id: OrderId,
) -> takt_kernel::Result<Vec<(LineId, Quantity)>> {
    let _ = tx.now();
    Ok(takt_orders::lines(tx, company, id)?.iter().map(|line| (line.id, line.quantity)).collect())
}

pub fn order(external_id: &str, city: &str) -> Value {
    json!({
        "external_id": external_id, "number": external_id, "currency": "RUB", "terms": "on_delivery",
        "customer": { "name": "Иванов Пётр", "phone": "8 (912) 345-67-89" },
        "lines": [
            { "sku": "TEA-100", "name": "Чай", "quantity": "3", "price": "100", "category": "Чай" },
            { "sku": "CUP-7", "name": "Кружка", "quantity": "1", "price": "200", "category": "Посуда" },
        ],
        "delivery": { "method": "courier", "address": format!("{city}, ул. Лесная, 1"), "price": "50" },
    })
}

pub fn permit<P: Permission>(company: CompanyId) -> Permit<P> {
    Permit::system(company, "test")
}

async fn shop(app: &TestApp, company: CompanyId, name: &str) -> ShopId {
    let new = NewShop { name: name.to_owned(), currency: None };
    command_line::create_shop(&app.db, &company.to_string(), new).await.expect("a shop")
}
