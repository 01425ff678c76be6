//! A company with a shop, two products and people, and the verbs in a few words.

use serde_json::{Value, json};
use takt_catalog::{OfferId, OfferInput, OfferTexts, add_offer};
use takt_kernel::{
    Actor, CompanyId, Result, ShopId,
    money::{Currency, Quantity},
};
use takt_orders::{
    Intake, Line, LineId, Order, OrderId, Patch, PatchLine, cancel, confirm, edit, place, read_new_order,
    record_shipped,
};
use takt_staff::{
    Permission, Permit, Scope,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_stock::{Correction, Incoming, Level, WarehouseId, warehouses};
use takt_store::{Db, Query, params, sql};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;

const PASSWORD: &str = "correct horse battery";

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    pub shop: ShopId,
    pub tea: OfferId,
    pub cup: OfferId,
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        let features = vec![
            takt_staff::feature(),
            takt_customers::feature(),
            takt_catalog::feature(),
            takt_orders::feature(),
            takt_tasks::feature(),
            takt_stock::feature(),
        ];
        let app = TestApp::open(place, features).await;
        let company = company(&app, "Чай и кофе").await;
        let shop = shop(&app, company).await;
        let (tea, cup) = (offer(&app, company, "TEA-100").await, offer(&app, company, "CUP-7").await);
        app.drain().await;
        Self { app, company, shop, tea, cup }
    }

    pub async fn receive(&self, offer: OfferId, units: i64) {
        self.receive_at(None, offer, units).await;
    }

    pub async fn receive_at(&self, warehouse: Option<WarehouseId>, offer: OfferId, units: i64) {
        let (company, incoming) =
            (self.company, Incoming { warehouse, ..Incoming::of(offer, Quantity::whole(units)) });
        self.app.write(move |tx| takt_stock::receive(tx, &permit(company), &incoming)).await;
    }

    pub async fn count(&self, offer: OfferId, units: i64) {
        let company = self.company;
        let counted = Correction { warehouse: None, offer, quantity: Quantity::whole(units), note: None };
        self.app.write(move |tx| takt_stock::correct(tx, &permit(company), &counted)).await;
    }

    pub async fn warehouse(&self, name: &'static str) -> WarehouseId {
        let company = self.company;
        self.app.write(move |tx| warehouses::add(tx, &permit(company), name)).await
    }

    /// Paid on delivery, so that nothing has to be proved before it ships.
    pub async fn order(&self, external_id: &str, lines: &[(&str, i64)]) -> OrderId {
        self.try_order(&self.app.db, external_id, lines, "on_delivery").await.expect("an order")
    }

    pub async fn try_order(
        &self,
        db: &Db,
        external_id: &str,
        lines: &[(&str, i64)],
        terms: &str,
    ) -> Result<OrderId> {
        let (company, shop, body) = (self.company, self.shop, body(external_id, lines, terms));
        db.write("test.place", move |tx| {
            let intake =
                Intake { shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
            Ok(place(tx, &permit(company), read_new_order(&body, &intake)?)?.id)
        })
        .await
    }

    pub async fn find(&self, id: OrderId) -> Order {
        let company = self.company;
        self.app.read(move |reader| takt_orders::load(reader, company, id)).await
    }

    pub async fn lines(&self, id: OrderId) -> Vec<Line> {
        let company = self.company;
        self.app.read(move |reader| takt_orders::lines(reader, company, id)).await
    }

    pub async fn reserved(&self, id: OrderId) -> String {
        let lines = self.lines(id).await;
        let held: Vec<String> = lines.iter().map(|line| line.reserved.to_string()).collect();
        format!("{}: {}", self.find(id).await.reserved.code(), held.join(", "))
    }

    pub async fn cancel(&self, id: OrderId) {
        let company = self.company;
        self.app.write(move |tx| cancel(tx, &permit(company), id, None, "").map(|_| ())).await;
    }

    /// The first line is to be this many now.
    pub async fn change_first_line(&self, id: OrderId, units: i64) {
        let (company, version) = (self.company, self.find(id).await.version);
        let lines = self.lines(id).await;
        self.app
            .write(move |tx| {
                let wanted = lines
                    .iter()
                    .enumerate()
                    .map(|(index, line)| {
                        let mut wanted = PatchLine { id: Some(line.id), line: draft_line(line) };
                        if index == 0 {
                            wanted.line.quantity = Quantity::whole(units);
                        }
                        wanted
                    })
                    .collect();
                let patch = Patch { lines: Some(wanted), ..Patch::default() };
                edit(tx, &permit(company), id, version, patch).map(|_| ())
            })
            .await;
    }

    pub async fn ship(&self, id: OrderId, units: &[i64]) {
        let company = self.company;
        let lines = self.lines(id).await;
        let parts: Vec<(LineId, Quantity)> =
            lines.iter().zip(units).map(|(line, units)| (line.id, Quantity::whole(*units))).collect();
        self.app
            .write(move |tx| {
                confirm(tx, &permit(company), id)?;
                record_shipped(tx, company, id, &parts, &Actor::system("test")).map(|_| ())
            })
            .await;
    }

    /// `on hand/held`, summed over warehouses.
    pub async fn level(&self, offer: OfferId) -> String {
        let levels = self.levels(offer).await;
        let sum = |part: fn(&Level) -> Quantity| {
            Quantity::from_thousandths(levels.iter().map(|level| part(level).thousandths()).sum())
        };
        format!("{}/{}", sum(|level| level.on_hand), sum(|level| level.held))
    }

    pub async fn levels(&self, offer: OfferId) -> Vec<Level> {
        let company = self.company;
        self.app.read(move |reader| takt_stock::levels_of_offer(reader, company, offer)).await
    }

    /// What must be true whatever happened: the ledger adds up to what is on hand, the reservations to
    /// what is held, orders know what is held for them, and nothing is held twice.
    pub async fn is_sound(&self) {
        let wrong = self
            .app
            .read(|reader| {
                let rows = reader.all(
                    sql!(
                        "select stock_level.offer_id
                         from stock_level
                         where stock_level.held < 0
                            or stock_level.on_hand < stock_level.held
                            or stock_level.on_hand <> (
                              select coalesce(sum(stock_movement.quantity), 0)
                              from stock_movement
                              where stock_movement.company_id = stock_level.company_id
                                and stock_movement.offer_id = stock_level.offer_id
                                and stock_movement.warehouse_id = stock_level.warehouse_id)
                            or stock_level.held <> (
                              select coalesce(sum(stock_reservation.quantity), 0)
                              from stock_reservation
                              where stock_reservation.company_id = stock_level.company_id
                                and stock_reservation.offer_id = stock_level.offer_id
                                and stock_reservation.warehouse_id = stock_level.warehouse_id)"
                    ),
                    params![],
                )?;
                let lines = reader.all(
                    sql!(
                        "select order_line.id
                         from order_line
                         where order_line.reserved <> (
                           select coalesce(sum(stock_reservation.quantity), 0)
                           from stock_reservation
                           where stock_reservation.company_id = order_line.company_id
                             and stock_reservation.order_id = order_line.order_id
                             and stock_reservation.line_id = order_line.id)"
                    ),
                    params![],
                )?;
                Ok((rows.len(), lines.len()))
            })
            .await;
        assert_eq!(wrong, (0, 0), "levels and lines that do not add up");
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

    pub fn scope(&self) -> Scope {
        Scope::Company { company: self.company, shops: None }
    }
}

fn draft_line(line: &Line) -> takt_orders::NewLine {
    takt_orders::NewLine {
        sku: line.sku.clone(),
        name: line.name.clone(),
        quantity: line.quantity,
        unit: line.unit.clone(),
        price: line.price,
        discount: line.discount,
        vat: line.vat,
        extra: line.extra.clone(),
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

pub async fn offer(app: &TestApp, company: CompanyId, sku: &str) -> OfferId {
    let texts =
        OfferTexts { sku, name: "Чай чёрный", price: "100.00", vat: "22", ..OfferTexts::default() };
    let input = OfferInput::parse(&texts, Currency::RUB).expect("an offer");
    app.write(move |tx| add_offer(tx, &permit(company), None, &input)).await
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
