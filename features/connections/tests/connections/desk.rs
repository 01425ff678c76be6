//! A company with a shop, and a connector whose messages say what becomes of them.

use serde::Serialize;
use serde_json::{Value, json};
use takt_connections::{
    Connection, ConnectionId, Finding, KINDS, Kind, ManageConnections, NewConnection, RETAILCRM_SYSTEMS,
    messages::{self, Message, MessageId, NewMessage, State},
};
use takt_feature::{Feature, Tier};
use takt_kernel::{CompanyId, Fault, FieldFault, OrganisationId, Result, ShopId, TokenId, money::Currency};
use takt_orders::{Intake, OrderId, place, read_new_order};
use takt_staff::{
    ManageEngagements, Permission, Permit, Role,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    engagements::{self, NewEngagement},
    shops::NewShop,
};
use takt_store::{About, Fact, Query, Tx};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;

const PASSWORD: &str = "correct horse battery";
pub const KIND: &str = "testing";
/// A busy neighbour is free again so long after the message came.
pub const BUSY_SECONDS: i64 = 150;

const TESTING: Kind = Kind {
    code: KIND,
    name_key: "testing-name",
    scopes: "orders:write,orders:read",
    systems: RETAILCRM_SYSTEMS,
    again,
    test: Some(test),
};

/// Said for each message that was applied, so that a test can count them.
#[derive(Serialize)]
pub struct Applied {}
impl Fact for Applied {
    const KIND: &'static str = "testing.applied";
}

fn testing() -> Feature {
    Feature::new("testing", Tier::Connector)
        .says(&[Applied::KIND])
        .texts("ru", "testing-name = Проба\ntesting-empty = Имя пустое.\ntesting-own-test = Проба сделана: { $made }.\n")
        .texts("en", "testing-name = Trial\ntesting-empty = The name is empty.\ntesting-own-test = Trial made: { $made }.\n")
        .fill(&KINDS, "testing", TESTING)
}

pub fn empty_name() -> Fault {
    let field =
        FieldFault { path: "order.firstName".to_owned(), code: "testing.empty".into(), args: Vec::new() };
    Fault::from_fields(vec![field])
}

fn again(tx: &mut Tx<'_>, connection: &Connection, message: &Message) -> Result<Vec<String>> {
    let body = String::from_utf8_lossy(&message.body);
    if body.contains("busy") && tx.now().seconds_since(message.received_at) < BUSY_SECONDS {
        return Err(Fault::unavailable("web.timed_out"));
    }
    if body.contains("\"firstName\":\"\"") {
        return Err(empty_name());
    }
    let subject = takt_store::Subject::new("connection", connection.id.get());
    let actor = takt_kernel::Actor::system("testing");
    tx.say(About::new(connection.company, subject, &actor), &Applied {})?;
    Ok(if body.contains("note") { vec!["order.site".to_owned()] } else { Vec::new() })
}

fn test(_: &mut dyn Query, _: &Connection) -> Result<Vec<Finding>> {
    Ok(vec![Finding { well: true, text_key: "testing-own-test", args: vec![("made", "yes".to_owned())] }])
}

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    pub shop: ShopId,
    pub id: ConnectionId,
    pub key: String,
}

pub fn features() -> Vec<Feature> {
    vec![
        takt_staff::feature(),
        takt_customers::feature(),
        takt_catalog::feature(),
        takt_orders::feature(),
        takt_connections::feature(),
        testing(),
    ]
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        let app = TestApp::open(place, features()).await;
        let (company, shop) = company(&app, "Чай").await;
        let (id, key) = connect(&app, company, shop).await;
        app.drain().await;
        Self { app, company, shop, id, key }
    }

    pub async fn connection(&self) -> Connection {
        let (company, id) = (self.company, self.id);
        self.app.read(move |r| takt_connections::get(r, company, id)).await
    }

    pub async fn token(&self) -> TokenId {
        let (company, id) = (self.company, self.id);
        let keys = self.app.read(move |r| takt_connections::keys_of(r, company, id)).await;
        keys.first().expect("a key").token
    }

    pub async fn receive(&self, media: &str, body: &[u8]) -> MessageId {
        let (connection, token) = (self.connection().await, self.token().await);
        let new = NewMessage {
            token,
            target: "POST /api/v5/orders/create".to_owned(),
            media: media.to_owned(),
            body: body.to_vec(),
        };
        self.app.write(move |tx| messages::receive(tx, &connection, &new)).await
    }

    pub async fn note(&self, text: &str) -> MessageId {
        self.receive("text/plain", text.as_bytes()).await
    }

    pub async fn quarantine(&self, media: &str, body: &[u8]) -> MessageId {
        let id = self.receive(media, body).await;
        self.refuse(id, true).await;
        self.app.drain().await;
        id
    }

    pub async fn refuse(&self, id: MessageId, keep: bool) {
        let connection = self.connection().await;
        self.app
            .write(move |tx| messages::refused(tx, &connection, id, Some("order 12"), &empty_name(), keep))
            .await;
    }

    pub async fn message(&self, id: MessageId) -> Message {
        let company = self.company;
        self.app.read(move |r| messages::get(r, company, id)).await
    }

    pub async fn state(&self, id: MessageId) -> State {
        self.message(id).await.state
    }

    /// An order that came from this source.
    pub async fn order(&self, source: &'static str) -> OrderId {
        let (company, shop) = (self.company, self.shop);
        let order = self.app.write(move |tx| place_order(tx, company, shop, source)).await;
        self.app.drain().await;
        order
    }

    pub fn path(&self) -> String {
        format!("/settings/sources/{}", self.id)
    }

    pub async fn owner(&self) -> Client {
        person(&self.app, self.company, "owner", "owner").await
    }
}

fn place_order(tx: &mut Tx<'_>, company: CompanyId, shop: ShopId, source: &str) -> Result<OrderId> {
    let body: Value = json!({
        "currency": "RUB",
        "customer": { "name": "Анна", "phone": "8 912 345-67-89" },
        "lines": [{ "sku": "TEA-100", "name": "Чай", "quantity": "2", "unit": "pcs", "price": "199.50", "vat": "22" }],
    });
    let intake = Intake { shop, currency: Currency::RUB, source, lang: Lang::Ru, region: "RU" };
    Ok(place(tx, &permit(company), read_new_order(&body, &intake)?)?.id)
}

pub async fn organisation(app: &TestApp, name: &str, kind: OrganisationKind) -> OrganisationId {
    let new = NewCompany {
        name: name.to_owned(),
        kind,
        currency: Currency::RUB,
        zone: "Europe/Moscow".to_owned(),
        lang: Lang::Ru,
    };
    command_line::create_company(&app.db, new).await.expect("a company")
}

pub async fn company(app: &TestApp, name: &str) -> (CompanyId, ShopId) {
    let company = organisation(app, name, OrganisationKind::Company).await;
    let shop = NewShop { name: format!("{name}.рф"), currency: None };
    let shop = command_line::create_shop(&app.db, &company.to_string(), shop).await.expect("a shop");
    (company, shop)
}

pub async fn connect(app: &TestApp, company: CompanyId, shop: ShopId) -> (ConnectionId, String) {
    app.write(move |tx| {
        let new = NewConnection { shop, kind: KIND.to_owned(), name: "Лавка".to_owned() };
        takt_connections::create(tx, &permit::<ManageConnections>(company), &new)
    })
    .await
}

/// Somebody with a name of their own who has just signed in.
pub async fn person(app: &TestApp, organisation: OrganisationId, name: &str, role: &str) -> Client {
    let email = format!("{name}@example.org");
    let user = NewUser {
        company: organisation.to_string(),
        email: email.clone(),
        name: Some(name.to_owned()),
        roles: role.parse().expect("roles"),
        password: Some(PASSWORD.to_owned()),
    };
    command_line::create_user(&app.db, user).await.expect("a person");
    let client = app.client();
    let answer = client.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
    assert!(answer.status.is_redirection(), "{}", answer.text());
    client
}

pub async fn engage(app: &TestApp, company: CompanyId, desk: OrganisationId, role: Role) {
    let from = app.now();
    app.write(move |tx| {
        let permit = Permit::<ManageEngagements>::system(company, "test");
        engagements::start(tx, &permit, &NewEngagement { desk, from, until: None, roles: role.into() })
    })
    .await;
}

pub fn permit<P: Permission>(company: CompanyId) -> Permit<P> {
    Permit::system(company, "test")
}

/// The keys that stand on a page: nothing else there is 32 letters and digits long.
pub fn keys_in(page: &str) -> Vec<String> {
    let codes = page.split("<code>").skip(1).filter_map(|rest| rest.split("</code>").next());
    codes
        .filter(|code| code.len() == 32 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .map(str::to_owned)
        .collect()
}
