//! A company with a shop, people, and the verbs in a few words.

use serde_json::{Value, json};
use takt_kernel::{Actor, CompanyId, ShopId, money::Currency, money::Quantity};
use takt_orders::{
    Intake, LineId, Order, OrderId, cancel, confirm, place, read_new_order, record_delivered, record_ready,
    record_shipped, record_taken,
};
use takt_staff::{
    Permission, Permit,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_store::Tx;
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
            takt_tasks::feature(),
            takt_promises::feature(),
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
        let shop = shop(&app, company, "Чай").await;
        app.drain().await;
        Self { app, company, shop }
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

    /// Paid when it is delivered, so that nothing waits for money.
    pub async fn place(&self, name: &str) -> OrderId {
        let (company, shop) = (self.company, self.shop);
        let body = order(name);
        self.app
            .write(move |tx| {
                let intake =
                    Intake { shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
                let wanted = read_new_order(&body, &intake)?;
                Ok(place(tx, &permit(company), wanted)?.id)
            })
            .await
    }

    pub async fn order(&self, id: OrderId) -> Order {
        let company = self.company;
        self.app.read(move |reader| takt_orders::load(reader, company, id)).await
    }

    /// Taken after so many minutes, confirmed, packed, sent and delivered after so many more each.
    pub async fn run(&self, id: OrderId, minutes: [i64; 5]) {
        let company = self.company;
        let by = || Actor::system("test");
        let [taken, confirmed, ready, shipped, delivered] = minutes;
        self.wait(taken).await;
        self.app.write(move |tx| record_taken(tx, company, id, &by()).map(|_| ())).await;
        self.wait(confirmed).await;
        self.app.write(move |tx| confirm(tx, &permit(company), id).map(|_| ())).await;
        self.wait(ready).await;
        self.app.write(move |tx| record_ready(tx, company, id, &by()).map(|_| ())).await;
        self.wait(shipped).await;
        self.app
            .write(move |tx| {
                let parts = everything(tx, company, id)?;
                record_shipped(tx, company, id, &parts, &by()).map(|_| ())
            })
            .await;
        self.wait(delivered).await;
        self.app.write(move |tx| record_delivered(tx, company, id, &by()).map(|_| ())).await;
        self.app.drain().await;
    }

    pub async fn cancel(&self, id: OrderId) {
        let company = self.company;
        self.app.write(move |tx| cancel(tx, &permit(company), id, None, "").map(|_| ())).await;
        self.app.drain().await;
    }

    pub async fn wait(&self, minutes: i64) {
        self.app.advance(minutes * 60).await;
    }
}

fn everything(
    tx: &mut Tx<'_>,
    company: CompanyId,
    id: OrderId,
) -> takt_kernel::Result<Vec<(LineId, Quantity)>> {
    Ok(takt_orders::lines(tx, company, id)?.iter().map(|line| (line.id, line.quantity)).collect())
}

fn order(external_id: &str) -> Value {
    json!({
        "external_id": external_id, "number": external_id, "currency": "RUB", "terms": "on_delivery",
        "customer": { "name": "Иванов Пётр" },
        "lines": [{ "name": "Чай", "quantity": "1", "price": "0" }],
        "delivery": { "method": "courier", "price": "0" },
    })
}

pub fn permit<P: Permission>(company: CompanyId) -> Permit<P> {
    Permit::system(company, "test")
}

pub async fn shop(app: &TestApp, company: CompanyId, name: &str) -> ShopId {
    let new = NewShop { name: name.to_owned(), currency: None };
    command_line::create_shop(&app.db, &company.to_string(), new).await.expect("a shop")
}
