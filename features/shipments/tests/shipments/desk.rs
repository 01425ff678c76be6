//! A company with a shop, goods and people, and the verbs in a few words.

use serde_json::{Value, json};
use takt_catalog::{OfferInput, OfferTexts, add_offer};
use takt_feature::{Feature, Tier};
use takt_kernel::{
    Actor, CompanyId, Result, ShopId,
    money::{Currency, Quantity},
};
use takt_orders::{
    Intake, LineId, Order, OrderId, cancel, confirm,
    panels::{GOODS_PLACES, GoodsPlace, GoodsPlaces},
    place, read_new_order,
};
use takt_shipments::{
    CarrierId, Dispatch, Parcel, Shipment, ShipmentId, Via,
    carriers::{self, CarrierInput},
};
use takt_staff::{
    Permission, Permit, Role,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_tasks::{NewTask, Task};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;

const PASSWORD: &str = "correct horse battery";

/// Stands in for whoever keeps stock: the first line lies on a shelf.
const SHELVES: GoodsPlaces = |db, company, orders| {
    let mut places = Vec::new();
    for order in orders {
        let lines = takt_orders::lines(db, company, *order)?;
        places.extend(lines.first().map(|line| GoodsPlace {
            order: *order,
            line: line.id,
            warehouse: String::new(),
            shelf: Some("A-03-2".to_owned()),
            quantity: line.quantity,
        }));
    }
    Ok(places)
};

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
            takt_shipments::feature(),
            Feature::new("shelves", Tier::Feature).fill(&GOODS_PLACES, "shelves", SHELVES),
        ];
        let app = TestApp::open(place, features).await;
        let company = company(&app, "Чай и кофе").await;
        let shop = shop(&app, company).await;
        for sku in ["TEA-100", "CUP-7"] {
            let texts =
                OfferTexts { sku, name: "Чай", price: "100.00", vat: "22", ..OfferTexts::default() };
            let input = OfferInput::parse(&texts, Currency::RUB).expect("an offer");
            app.write(move |tx| add_offer(tx, &permit(company), None, &input)).await;
        }
        app.drain().await;
        Self { app, company, shop }
    }

    /// Paid on delivery, confirmed and waiting to be picked, as the playbook would have it.
    pub async fn order(&self, external_id: &str, lines: &[(&str, i64)]) -> OrderId {
        let order = self.placed(external_id, lines, "on_delivery").await;
        let company = self.company;
        self.app.write(move |tx| confirm(tx, &permit(company), order).map(|_| ())).await;
        self.ask_to_pick(order).await;
        order
    }

    pub async fn placed(&self, external_id: &str, lines: &[(&str, i64)], terms: &str) -> OrderId {
        let (company, shop, body) = (self.company, self.shop, body(external_id, lines, terms));
        self.app
            .write(move |tx| {
                let intake =
                    Intake { shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
                Ok(place(tx, &permit(company), read_new_order(&body, &intake)?)?.id)
            })
            .await
    }

    pub async fn ask_to_pick(&self, order: OrderId) {
        self.ask(order, format!("pick.{order}")).await;
    }

    pub async fn ask_to_pick_again(&self, order: OrderId) {
        self.ask(order, format!("pick.{order}.again")).await;
    }

    async fn ask(&self, order: OrderId, key: String) {
        let task = NewTask {
            company: self.company,
            kind: takt_shipments::PICK,
            role: Role::Warehouse,
            order: Some(order),
            due_at: self.app.now().plus_seconds(900),
            key: Some(key),
            args: Value::Null,
        };
        self.app
            .write(move |tx| takt_tasks::open(tx, task.clone(), &Actor::system("test")).map(|_| ()))
            .await;
    }

    pub async fn pack(&self, order: OrderId, lines: Vec<(LineId, Quantity)>) -> Result<ShipmentId> {
        let (company, parcel) = (self.company, Parcel { lines, ..Parcel::default() });
        self.app.try_write(move |tx| takt_shipments::pack(tx, &permit(company), order, &parcel)).await
    }

    pub async fn dispatch(&self, order: OrderId, how: Dispatch) -> Result<ShipmentId> {
        let company = self.company;
        self.app.try_write(move |tx| takt_shipments::dispatch(tx, &permit(company), order, &how)).await
    }

    pub async fn by(&self, carrier: CarrierId) -> Dispatch {
        let via = Via { carrier: Some(carrier), service: None };
        Dispatch { via, tracking: Some("RA123456785RU".to_owned()), ..Dispatch::default() }
    }

    pub async fn deliver(&self, shipment: ShipmentId) -> Result<()> {
        let company = self.company;
        self.app.try_write(move |tx| takt_shipments::deliver(tx, &permit(company), shipment)).await
    }

    pub async fn carrier(&self, name: &str, days: i64) -> CarrierId {
        let company = self.company;
        let input = CarrierInput {
            name: name.to_owned(),
            tracking_url: Some("https://example.org/track?n={number}".to_owned()),
            remind_after_days: days,
            archived: false,
        };
        self.app.write(move |tx| carriers::add(tx, &permit(company), &input)).await
    }

    pub async fn cancel(&self, order: OrderId) {
        let company = self.company;
        self.app.write(move |tx| cancel(tx, &permit(company), order, None, "").map(|_| ())).await;
    }

    pub async fn find(&self, id: OrderId) -> Order {
        let company = self.company;
        self.app.read(move |reader| takt_orders::load(reader, company, id)).await
    }

    pub async fn lines(&self, id: OrderId) -> Vec<LineId> {
        let company = self.company;
        let lines = self.app.read(move |reader| takt_orders::lines(reader, company, id)).await;
        lines.into_iter().map(|line| line.id).collect()
    }

    pub async fn shipments(&self, order: OrderId) -> Vec<Shipment> {
        let company = self.company;
        self.app.read(move |reader| takt_shipments::of_order(reader, company, order)).await
    }

    /// `kind: outcome` of the order's tasks; those that are not closed have none.
    pub async fn tasks(&self, order: OrderId) -> Vec<String> {
        let company = self.company;
        let tasks = self.app.read(move |reader| takt_tasks::of_order(reader, company, order)).await;
        let outcome = |task: &Task| match &task.state {
            takt_tasks::State::Closed { outcome, .. } => outcome.clone(),
            takt_tasks::State::Open | takt_tasks::State::Taken { .. } => String::new(),
        };
        tasks.iter().map(|task| format!("{}: {}", task.kind, outcome(task))).collect()
    }

    pub async fn signed_in(&self, role: &str) -> Client {
        signed_in(&self.app, self.company, role).await
    }

    pub async fn program(&self, scopes: &str) -> Client {
        let company = self.company.to_string();
        let (_, secret) =
            command_line::create_token(&self.app.db, &company, "Чай", "test", scopes).await.expect("a token");
        self.app.client().with_token(&secret)
    }
}

fn body(external_id: &str, lines: &[(&str, i64)], terms: &str) -> Value {
    let lines: Vec<Value> = lines
        .iter()
        .map(|(sku, units)| json!({ "sku": sku, "name": sku, "quantity": units.to_string(), "price": "100.00" }))
        .collect();
    json!({
        "external_id": external_id,
        "currency": "RUB",
        "terms": terms,
        "customer": { "name": "Иванов Пётр", "phone": "8 (912) 345-67-89" },
        "lines": lines,
    })
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

pub async fn shop(app: &TestApp, company: CompanyId) -> ShopId {
    let new = NewShop { name: "Чай".to_owned(), currency: None };
    command_line::create_shop(&app.db, &company.to_string(), new).await.expect("a shop")
}

pub async fn signed_in(app: &TestApp, company: CompanyId, role: &str) -> Client {
    let email = format!("{role}-{company}@example.org");
    let user = NewUser {
        company: company.to_string(),
        email: email.clone(),
        name: Some(role.to_owned()),
        roles: role.parse().expect("roles"),
        password: Some(PASSWORD.to_owned()),
    };
    command_line::create_user(&app.db, user).await.expect("a person");
    let client = app.client();
    let answer = client.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
    assert!(answer.status.is_redirection(), "{}", answer.text());
    client
}
