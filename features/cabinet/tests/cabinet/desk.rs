//! A company with a shop, people, and the verbs in a few words.

use serde_json::{Value, json};
use takt_cabinet::{Deed, Look, look};
use takt_kernel::{Actor, CompanyId, PersonId, Result, ShopId, money::Currency, money::Quantity};
use takt_orders::{
    Intake, LineId, Order, OrderId, confirm, place, read_new_order, record_delivered, record_ready,
    record_shipped,
};
use takt_staff::{
    Permission, Permit, Role,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_store::{Query as _, Tx, params, sql};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;

const PASSWORD: &str = "correct horse battery";

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    pub shop: ShopId,
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

impl Desk {
    pub async fn open(place: Place) -> Self {
        let features = vec![
            takt_staff::feature(),
            takt_customers::feature(),
            takt_catalog::feature(),
            takt_orders::feature(),
            takt_tasks::feature(),
            takt_cabinet::feature(),
        ];
        let app = TestApp::open(place, features).await;
        let company = company(&app, "Чай и кофе").await;
        let new = NewShop { name: "Чай".to_owned(), currency: None };
        let shop = command_line::create_shop(&app.db, &company.to_string(), new).await.expect("a shop");
        app.drain().await;
        Self { app, company, shop }
    }

    /// Somebody of the company, who is called as their role.
    pub async fn person(&self, role: Role) -> PersonId {
        self.named(role, role.code()).await
    }

    pub async fn named(&self, role: Role, name: &str) -> PersonId {
        let email = format!("{}@example.org", role.code());
        let user = NewUser {
            company: self.company.to_string(),
            email: email.clone(),
            name: Some(name.to_owned()),
            roles: role.into(),
            password: Some(PASSWORD.to_owned()),
        };
        command_line::create_user(&self.app.db, user).await.expect("a person");
        self.app
            .read(move |reader| {
                let row =
                    reader.one(sql!("select id from person where email = :email"), params![email: &email])?;
                row.get("id")
            })
            .await
    }

    pub async fn sign_in(&self, role: Role) -> Client {
        let client = self.app.client();
        let email = format!("{}@example.org", role.code());
        let answer = client.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
        assert!(answer.status.is_redirection(), "{}", answer.text());
        client
    }

    pub async fn order(&self, number: &str, price: &str) -> OrderId {
        let (company, shop) = (self.company, self.shop);
        let body = order(number, price);
        let placed = self
            .app
            .write(move |tx| {
                let intake =
                    Intake { shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
                let wanted = read_new_order(&body, &intake)?;
                Ok(place(tx, &permit(company), wanted)?.id)
            })
            .await;
        self.app.drain().await;
        placed
    }

    pub async fn load(&self, id: OrderId) -> Order {
        let company = self.company;
        self.app.read(move |reader| takt_orders::load(reader, company, id)).await
    }

    pub async fn confirm(&self, id: OrderId) {
        let company = self.company;
        self.app.write(move |tx| confirm(tx, &permit(company), id).map(|_| ())).await;
        self.app.drain().await;
    }

    /// Sends so much of each line.
    pub async fn ship(&self, id: OrderId, quantity: i64) {
        let company = self.company;
        let quantity = Quantity::whole(quantity);
        self.app
            .write(move |tx| {
                let parts = each_line(tx, company, id, quantity)?;
                record_shipped(tx, company, id, &parts, &Actor::system("test")).map(|_| ())
            })
            .await;
        self.app.drain().await;
    }

    pub async fn finish(&self, id: OrderId) {
        let company = self.company;
        self.confirm(id).await;
        self.app.write(move |tx| record_ready(tx, company, id, &Actor::system("test")).map(|_| ())).await;
        self.ship(id, 2).await;
        self.app.write(move |tx| record_delivered(tx, company, id, &Actor::system("test")).map(|_| ())).await;
        self.app.drain().await;
    }

    /// How the company stands, by days of Moscow.
    pub async fn look(&self) -> Look {
        let company = self.company;
        let now = self.app.now();
        self.app
            .read(move |reader| {
                let days = takt_cabinet::Days::at(
                    company,
                    now,
                    &jiff::tz::TimeZone::get("Europe/Moscow").expect("a zone"),
                );
                Ok(look(reader, &[days])?.remove(0))
            })
            .await
    }

    pub async fn done_today(&self) -> Vec<(Deed, i64, i64)> {
        let look = self.look().await;
        let rubles = |sum: &takt_cabinet::Sum| sum.amounts().next().map_or(0, |money| money.minor());
        look.today.iter().map(|(deed, sum)| (*deed, sum.orders, rubles(sum))).collect()
    }

    pub async fn write_fault<T: Send + 'static>(
        &self,
        deed: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> String {
        match self.app.db.write("test", deed).await {
            Ok(_) => String::new(),
            Err(fault) => fault.fields().first().map_or(fault.code(), |field| &field.code).to_owned(),
        }
    }
}

pub fn each_line(
    tx: &mut Tx<'_>,
    company: CompanyId,
    id: OrderId,
    quantity: Quantity,
) -> Result<Vec<(LineId, Quantity)>> {
    Ok(takt_orders::lines(tx, company, id)?.iter().map(|line| (line.id, quantity)).collect())
}

fn order(number: &str, price: &str) -> Value {
    json!({
        "external_id": number, "number": number, "currency": "RUB", "terms": "on_delivery",
        "customer": { "name": "Иванов Пётр", "phone": "+79161234567" },
        "lines": [{ "name": "Чай", "quantity": "2", "price": price }],
        "delivery": { "method": "courier", "price": "0" },
    })
}

pub fn permit<P: Permission>(company: CompanyId) -> Permit<P> {
    Permit::system(company, "test")
}
