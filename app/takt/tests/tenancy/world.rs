//! Two companies that know nothing of each other, each with something of everything, and everybody who
//! might ask. All that people of a company typed holds its mark and markup that must stay text.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value, json};
use takt::wiring::{features, without_mail};
use takt_connections::{
    Connection, Contacts, KINDS, Kind, ManageConnections, NewConnection, RETAILCRM_SYSTEMS,
    differences::{self, Field, Owner, RECONCILERS, Reconciler, Subject, Thing},
    messages::{self, Message, NewMessage},
};
use takt_feature::{Feature, Tier};
use takt_kernel::{
    CompanyId, Fault, PersonId, Result, Timestamp,
    money::{Currency, Money},
};
use takt_orders::{OrderId, VouchForMoney};
use takt_payments::{
    accounts,
    channels::{self, NewChannel},
    hand::{self, Said},
    rights::{ManageBankAccounts, ManageBankChannels},
    watched_folder,
};
use takt_playbook::{Checked, ManagePlaybook, versions};
use takt_staff::{
    ManageEngagements, Permit, Role, RoleSet,
    command_line::{self, CreatedUser, NewUser},
    companies::{NewCompany, OrganisationKind},
    engagements::{self, NewEngagement},
    shops::NewShop,
};
use takt_store::{Query, Statement};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;
use takt_webhooks::{Given, ManageWebhooks};

use super::page;
use crate::bank_file::statement;

pub const PASSWORD: &str = "correct horse battery";

pub const SCOPES: [&str; 12] = [
    "catalog:read",
    "catalog:write",
    "company:read",
    "company:write",
    "customers:erase",
    "orders:read",
    "orders:write",
    "shipments:read",
    "stock:read",
    "stock:write",
    "tasks:read",
    "tasks:write",
];

/// A public key that nobody has the other half of.
const BANK_KEY: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
-----END PUBLIC KEY-----
";

/// A company in which everything has happened once.
pub struct Tenant {
    pub id: CompanyId,
    pub mark: &'static str,
    pub people: BTreeMap<Role, Client>,
    /// A token of the first shop with one scope each, and one with all.
    pub programs: BTreeMap<&'static str, Client>,
    pub program: Client,
    /// All scopes, in the second shop.
    pub other_shop: Client,
    pub invitation: String,
    /// Ids that pages show nowhere.
    pub warehouse: i64,
    pub shops: [i64; 2],
    pub orders: Vec<i64>,
    pub drafts: Vec<i64>,
    /// About one of the orders, and not done.
    pub task: i64,
}

/// What somebody with bad intentions calls everything.
pub fn hostile(mark: &str, what: &str) -> String {
    format!("{mark}{what}\"'><svg onload=alert(1)>&amp;")
}

pub async fn open(place: Place) -> TestApp {
    let mut features = features(without_mail().expect("an address"));
    features.push(connector());
    TestApp::open(place, features).await
}

/// A connector that applies whatever a person decides to apply.
fn connector() -> Feature {
    const PROBE: Kind = Kind {
        code: "probe",
        name_key: "probe-name",
        scopes: "orders:write",
        systems: RETAILCRM_SYSTEMS,
        again: applies,
        test: None,
    };
    const PROBED: Reconciler = Reconciler {
        kind: "probe",
        look: |_, _, _| Ok(Vec::new()),
        take: |_, _, _, _, _| Ok(()),
        keep: |_, _, _, _| Ok(()),
    };
    Feature::new("probe", Tier::Connector)
        .texts("ru", "probe-name = Проба")
        .texts("en", "probe-name = Probe")
        .fill(&KINDS, "probe", PROBE)
        .fill(&RECONCILERS, "probe", PROBED)
}

fn applies(_: &mut takt_store::Tx<'_>, _: &Connection, _: &Message) -> Result<Vec<String>> {
    Ok(Vec::new())
}

pub async fn sign_in(app: &TestApp, email: &str) -> Client {
    let client = app.client();
    client.post_form("/sign-in", &[("email", email), ("password", PASSWORD)]).await.expect_status(303);
    client
}

pub async fn organisation(app: &TestApp, mark: &str, kind: OrganisationKind) -> CompanyId {
    let new = NewCompany {
        name: hostile(mark, "company"),
        kind,
        currency: Currency::RUB,
        zone: "Europe/Moscow".to_owned(),
        lang: Lang::Ru,
    };
    command_line::create_company(&app.db, new).await.expect("a company")
}

pub async fn person(app: &TestApp, company: CompanyId, mark: &str, role: Role) -> Client {
    let email = email(mark, role);
    let user = NewUser {
        company: company.to_string(),
        email: email.clone(),
        name: Some(hostile(mark, role.code())),
        roles: role.into(),
        password: Some(PASSWORD.to_owned()),
    };
    command_line::create_user(&app.db, user).await.expect("a person");
    sign_in(app, &email).await
}

pub fn email(mark: &str, role: Role) -> String {
    format!("{}.{role}@example.org", mark.to_lowercase())
}

pub fn person_id(db: &mut dyn Query, email: &str) -> Result<PersonId> {
    let statement = Statement::new("select id from person where email = :email").bind("email", email);
    db.opt_of(&statement)?.expect("a person").get("id")
}

pub async fn token(
    app: &TestApp,
    company: CompanyId,
    shop: i64,
    scopes: &str,
) -> (takt_kernel::TokenId, Client) {
    let (id, secret) =
        command_line::create_token(&app.db, &company.to_string(), &shop.to_string(), "token", scopes)
            .await
            .expect("a token");
    let client = app.client().with_token(&secret);
    // "Last used" is written now, so that refusals find nothing to write.
    client.get("/api/v1/tasks").await;
    (id, client)
}

pub async fn engage(
    app: &TestApp,
    company: CompanyId,
    desk: CompanyId,
    roles: RoleSet,
    until: Option<Timestamp>,
) {
    let from = app.now();
    app.write(move |tx| {
        let permit = Permit::<ManageEngagements>::system(company, "test");
        engagements::start(tx, &permit, &NewEngagement { desk, from, until, roles })
    })
    .await;
}

impl Tenant {
    pub async fn open(app: &TestApp, mark: &'static str, account: &'static str) -> Self {
        let id = organisation(app, mark, OrganisationKind::Company).await;
        let mut shops = Vec::new();
        for what in ["shop", "other shop"] {
            let shop = NewShop { name: hostile(mark, what), currency: None };
            let shop = command_line::create_shop(&app.db, &id.to_string(), shop).await.expect("a shop");
            shops.push(shop.get());
        }
        let mut people = BTreeMap::new();
        for role in Role::ALL {
            people.insert(role, person(app, id, mark, role).await);
        }
        let user = NewUser {
            company: id.to_string(),
            email: format!("{}.invited@example.org", mark.to_lowercase()),
            name: None,
            roles: Role::Operator.into(),
            password: None,
        };
        let CreatedUser::Invitation(invitation) =
            command_line::create_user(&app.db, user).await.expect("an invitation")
        else {
            panic!("nobody chose a password")
        };
        let mut programs = BTreeMap::new();
        for scope in SCOPES {
            programs.insert(scope, token(app, id, shops[0], scope).await.1);
        }
        let program = token(app, id, shops[0], &SCOPES.join(" ")).await.1;
        let other_shop = token(app, id, shops[1], &SCOPES.join(" ")).await.1;
        let mut tenant = Self {
            id,
            mark,
            people,
            programs,
            program,
            other_shop,
            invitation,
            warehouse: 0,
            shops: [shops[0], shops[1]],
            orders: Vec::new(),
            drafts: Vec::new(),
            task: 0,
        };
        tenant.accounts(app, account).await;
        tenant.shelves(app).await;
        tenant.settings().await;
        tenant.playbook(app).await;
        tenant.webhooks(app).await;
        tenant.draft(app).await;
        tenant.source(app).await;
        tenant.work(app, account).await;
        tenant
    }

    pub fn person(&self, role: Role) -> &Client {
        &self.people[&role]
    }

    fn named(&self, what: &str) -> String {
        hostile(self.mark, what)
    }

    async fn accounts(&self, app: &TestApp, account: &'static str) {
        let (company, mark) = (self.id, self.mark);
        app.write(move |tx| {
            let new = accounts::NewBankAccount {
                account: account.to_owned(),
                bic: "044525225".to_owned(),
                bank_name: Some(hostile(mark, "bank")),
                holder_name: Some(hostile(mark, "holder")),
                inn: None,
                currency: Currency::RUB,
            };
            accounts::open(tx, &Permit::<ManageBankAccounts>::system(company, "test"), &new)?;
            let email = email(mark, Role::Owner);
            let permit = command_line::permit_of_person::<VouchForMoney>(tx, company, &email)?;
            let folder = std::env::temp_dir().join("takt-test-nothing-here");
            watched_folder::bind(tx, &permit, &folder)
        })
        .await;
        self.bank(app).await;
        let shop = takt_kernel::ShopId::new(self.shops[0]);
        app.write(move |tx| {
            let permit = Permit::<takt_feeds::ManageFeeds>::system(company, "test");
            takt_feeds::set(tx, &permit, shop, &format!("https://{mark}.invalid/{mark}feed.xml"))
        })
        .await;
    }

    /// A bank that pushes, with a key, and something that it was refused.
    async fn bank(&self, app: &TestApp) {
        let (company, mark) = (self.id, self.mark);
        let channel = app
            .write(move |tx| {
                let permit = Permit::<ManageBankChannels>::system(company, "test");
                let settings =
                    json!({"issuer": hostile(mark, "issuer"), "audience": hostile(mark, "audience")});
                let new = channels::NewChannel {
                    kind: "tochka".to_owned(),
                    name: hostile(mark, "channel"),
                    settings: settings.as_object().cloned().unwrap_or_default(),
                };
                let channel = channels::create(tx, &permit, &new)?;
                let key = channels::keys::NewKey {
                    kid: Some(hostile(mark, "kid")),
                    algorithm: None,
                    text: BANK_KEY.to_owned(),
                    not_before: None,
                    not_after: None,
                };
                channels::keys::add(tx, &permit, channel, &key)?;
                Ok(channel)
            })
            .await;
        let body = json!({"purpose": hostile(mark, "push")});
        let answer = app.client().post_json(&format!("/bank/v1/{channel}"), &body).await;
        assert_eq!(answer.status, 401, "{}", answer.text());
    }

    async fn shelves(&mut self, app: &TestApp) {
        for (sku, name) in [("TEA-100", "tea"), ("CUP-1", "cup")] {
            let product = json!({"name": self.named(name), "unit": "pcs", "price": "199.50", "currency": "RUB", "vat": "22"});
            let path = format!("/api/v1/products/{sku}");
            let answer = self.program.ask(Method::PUT, &path).json(&product).send().await;
            assert!(answer.status.is_success(), "{}", answer.text());
        }
        let levels = json!([{"sku": "TEA-100", "quantity": "100"}]);
        let answer = self.program.ask(Method::PUT, "/api/v1/stock").json(&levels).send().await;
        assert!(answer.status.is_success(), "{}", answer.text());
        app.drain().await;
        let stock: Value = self.program.get("/api/v1/stock").await.json();
        self.warehouse = stock["items"][0]["warehouse"]["id"].as_i64().expect("a warehouse");
    }

    /// A shop's system that sent what nobody could apply.
    async fn source(&self, app: &TestApp) {
        let (company, shop, mark) = (self.id, self.shops[0], self.mark);
        let connection = app
            .write(move |tx| {
                let permit = Permit::<ManageConnections>::system(company, "test");
                let new = NewConnection {
                    shop: takt_kernel::ShopId::new(shop),
                    kind: "probe".to_owned(),
                    name: hostile(mark, "source"),
                };
                let (id, _) = takt_connections::create(tx, &permit, &new)?;
                let connection = takt_connections::get(tx, company, id)?;
                let token = takt_connections::keys_of(tx, company, id)?.remove(0).token;
                for what in ["first", "second", "third"] {
                    let message = NewMessage {
                        token,
                        target: hostile(mark, "target"),
                        media: "application/x-www-form-urlencoded".to_owned(),
                        body: format!("order={}", hostile(mark, what).replace('&', "")).into_bytes(),
                    };
                    let message = messages::receive(tx, &connection, &message)?;
                    let fault = Fault::field(hostile(mark, "path"), "connections.kind_unknown")
                        .arg("given", hostile(mark, "given"));
                    let about = hostile(mark, "about");
                    messages::refused(tx, &connection, message, Some(&about), &fault, true)?;
                }
                for what in ["first", "second"] {
                    let thing =
                        Thing { subject: Subject::Order, external_id: hostile(mark, what), own: None };
                    let field =
                        Field::new("status", Owner::Takt, hostile(mark, "theirs"), hostile(mark, "ours"));
                    differences::compared(tx, &connection, &thing, &[field])?;
                }
                Ok(connection)
            })
            .await;
        let refusal = hostile(mark, "refusal");
        Contacts::note(&app.db, &connection, true, Some(&refusal)).await.expect("a note");
    }

    /// A value of its own in every list of the settings.
    async fn settings(&self) {
        let company = self.id.to_string();
        let file = format!("{};phone\nprobe;+7 912 000 00 01\n", self.named("columns"));
        let brought = self
            .person(Role::Owner)
            .ask(http::Method::POST, &format!("/settings/imports?company={company}"))
            .upload("file", "probe.csv", file.as_bytes(), &[("kind", "customers")])
            .send()
            .await;
        assert!(brought.status.is_redirection(), "{}", brought.text());
        let name = |what: &str| self.named(what);
        for (path, fields) in [
            ("/settings/warehouses", vec![("name", name("warehouse"))]),
            ("/settings/warehouses", vec![("name", name("old warehouse"))]),
            (
                "/reports/slices/saved",
                vec![
                    ("name", name("report")),
                    ("question", "by=city".to_owned()),
                    ("shared", "on".to_owned()),
                ],
            ),
            (
                "/settings/carriers",
                vec![
                    ("name", name("carrier")),
                    ("tracking_url", "https://example.org/{number}".to_owned()),
                    ("days", "3".to_owned()),
                ],
            ),
            (
                "/settings/statuses",
                vec![
                    ("code", "hostile".to_owned()),
                    ("name_ru", name("status")),
                    ("name_en", name("status")),
                    ("stage", "new".to_owned()),
                    ("tone", "neutral".to_owned()),
                    ("place", "5".to_owned()),
                ],
            ),
            (
                "/settings/statuses/moves",
                vec![
                    ("from", "new".to_owned()),
                    ("to", "hostile".to_owned()),
                    ("role", "operator".to_owned()),
                ],
            ),
            (
                "/settings/calendars/named",
                vec![
                    ("name", name("calendar").chars().take(40).collect()),
                    ("zone", "Europe/Moscow".to_owned()),
                    ("monday", "09:00-18:00".to_owned()),
                    ("holidays", "none".to_owned()),
                ],
            ),
            (
                "/settings/calendars/exceptions",
                vec![
                    ("day", "2026-12-31".to_owned()),
                    ("hours", "10:00-12:00".to_owned()),
                    ("note", name("holiday")),
                ],
            ),
        ] {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = self.person(Role::Owner).post_form(path, &fields).await;
            assert_eq!(answer.status, 303, "{path}: {}", answer.text());
        }
        let carriers = self.person(Role::Owner).get("/settings/carriers").await.text();
        let forms = page::forms(&page::tags(&carriers), "/settings/carriers");
        let services =
            forms.iter().find(|form| form.action.contains("/services?")).expect("a carrier's services");
        let (name, days) = (name("service"), "2");
        let service = [("name", name.as_str()), ("days", days)];
        self.person(Role::Owner).post_form(&services.action, &service).await.expect_status(303);
    }

    /// What Takt brings along, with something to tick.
    async fn playbook(&self, app: &TestApp) {
        let (company, step) = (self.id, self.named("step"));
        app.write(move |tx| {
            let permit = Permit::<ManagePlaybook>::system(company, "test");
            let brought_along = versions::text(tx, company, 0)?;
            let own = format!("{brought_along}\n## 7. {step}\n\n- [ ] **до отмены:** {step}\n");
            versions::publish(tx, &permit, &Checked::of(&own)?, "", 0, versions::InFlight::Move)
        })
        .await;
    }

    /// A draft in the shadow that was asked about the past.
    async fn draft(&self, app: &TestApp) {
        let (company, note) = (self.id, self.named("draft"));
        app.write(move |tx| {
            let permit = Permit::<takt_playbook::ManagePlaybook>::system(company, "test");
            let text = format!("{}\n\n{note}\n", takt_playbook::versions::text(tx, company, 1)?);
            let draft = takt_playbook::drafts::keep(tx, &permit, &text, &note, 1)?;
            let text = Checked::of(&text)?;
            takt_playbook::drafts::shadow(tx, &permit, draft, Some(&text))?;
            let now = takt_store::Query::now(tx);
            let span =
                takt_playbook::replay::Span { from: now.plus_seconds(-86_400), to: now.plus_seconds(86_400) };
            takt_playbook::trials::ask(tx, &permit, (draft, &text), span)
        })
        .await;
    }

    /// A program that is paused: what it would be told waits.
    async fn webhooks(&self, app: &TestApp) {
        let company = self.id;
        let given = Given {
            name: self.named("webhook"),
            url: "https://takt.invalid/hook".to_owned(),
            ..Given::default()
        };
        app.write(move |tx| {
            let permit = Permit::<ManageWebhooks>::system(company, "test");
            let added = takt_webhooks::add(tx, &permit, &given)?;
            takt_webhooks::pause(tx, &permit, added.endpoint)
        })
        .await;
    }

    /// Orders in every state, the money for them, a comment, two customers who might be one.
    async fn work(&mut self, app: &TestApp, account: &str) {
        let buyers = [
            ("89123456789", "a@example.org"),
            ("89123456780", "b@example.org"),
            ("89123456789", "b@example.org"),
            ("89123456781", "d@example.org"),
            ("89123456782", "e@example.org"),
            ("89123456783", "f@example.org"),
        ];
        self.other_shop
            .post_json("/api/v1/orders", &self.order("other", "89123456784", "g@example.org"))
            .await
            .expect_status(201);
        let mut references = Vec::new();
        for (place, (phone, email)) in buyers.into_iter().enumerate() {
            let mut order = self.order(&format!("{place}"), phone, email);
            if place >= 4 {
                order["terms"] = json!("on_delivery");
            }
            let answer = self.program.post_json("/api/v1/orders", &order).await.expect_status(201);
            let order: Value = answer.json();
            self.orders.push(order["id"].as_i64().expect("an id"));
            references.push(order["invoice"]["number"].as_str().unwrap_or_default().to_owned());
            if place == 1 {
                let claim = format!("{}/claim", order["buyer_page"].as_str().expect("the buyer's page"));
                let words = self.named("claim");
                let said = app.client().post_form(&claim, &[("amount", "699.00"), ("words", &words)]).await;
                said.expect_status(303);
            }
        }
        for _ in 0..3 {
            let answer =
                self.program.post_json("/api/v1/drafts", &json!({"comment": self.named("draft")})).await;
            let draft: Value = answer.expect_status(201).json();
            let id = draft["id"].as_i64().expect("an id");
            let line =
                json!({"sku": "TEA-100", "name": self.named("line"), "quantity": "1", "price": "199.50"});
            let answer = self.program.post_json(&format!("/api/v1/drafts/{id}/lines"), &line).await;
            assert!(answer.status.is_success(), "{}", answer.text());
            self.drafts.push(id);
        }
        let instruct = format!("/orders/{}/instruct", self.orders[3]);
        let first = self.named("instruction");
        self.person(Role::Owner).post_form(&instruct, &[("comment", &first)]).await.expect_status(303);
        app.drain().await;

        let paid = format!("Оплата по счету {} {}", references[0], self.named("purpose"));
        let also = format!("Оплата по счету {}", references[2]);
        let payments = [
            ("699.00", paid.as_str()),
            ("699.00", also.as_str()),
            ("350.00", "Частично"),
            ("123.00", "Неизвестно за что"),
        ];
        let company = self.id.to_string();
        let uploaded = self
            .person(Role::Owner)
            .ask(Method::POST, "/money/upload")
            .upload(
                "file",
                &format!("{}.txt", self.mark),
                &statement(account, &payments),
                &[("company", &company)],
            )
            .send()
            .await;
        assert_eq!(uploaded.status, 303, "{}", uploaded.text());
        app.drain().await;

        let tasks: Value = self.program.get(&format!("/api/v1/tasks?order={}", self.orders[2])).await.json();
        self.task = tasks["items"][0]["id"].as_i64().expect("a task");
        let storekeeper = self.person(Role::Warehouse);
        // The first has left, the fifth is packed and waits, the sixth is being picked.
        for verb in ["start", "take", "finish"] {
            storekeeper.post_form(&format!("/pick/{}/{verb}", self.orders[0]), &[]).await.expect_status(303);
            storekeeper.post_form(&format!("/pick/{}/{verb}", self.orders[4]), &[]).await.expect_status(303);
        }
        storekeeper.post_form(&format!("/pick/{}/start", self.orders[5]), &[]).await.expect_status(303);
        app.drain().await;
        let parcel = [("tracking", "RA123456785RU"), ("places", "1")];
        storekeeper.post_form(&format!("/shipments/of/{}", self.orders[0]), &parcel).await.expect_status(303);
        // One of two comes back and is to be paid for.
        let (company, order) = (self.id, OrderId::new(self.orders[0]));
        let lines = app.read(move |r| takt_orders::lines(r, company, order)).await;
        let back = format!("line-{}", lines[0].id);
        self.person(Role::Owner)
            .post_form(&format!("/money/orders/{order}/accept-return"), &[(back.as_str(), "1")])
            .await
            .expect_status(303);
        let comment = [
            ("comment", self.named("comment")),
            ("until", "2026-11-09T10:00".to_owned()),
            ("reason", self.named("reason")),
        ];
        let comment: Vec<(&str, &str)> =
            comment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let owner = self.person(Role::Owner);
        let leave =
            [("from", "2026-12-01T09:00"), ("until", "2026-12-08T09:00"), ("substitute", "role-manager")];
        owner.post_form("/settings/absences", &leave).await.expect_status(303);
        owner.post_form(&format!("/orders/{}/comment", self.orders[1]), &comment).await.expect_status(303);
        owner.post_form(&format!("/orders/{}/defer", self.orders[3]), &comment).await.expect_status(303);
        let view = self.named("view");
        owner.post_form("/orders/views", &[("name", &view), ("query", "view=work")]).await.expect_status(303);
        app.drain().await;
        self.silent_bank(app, references[1].clone()).await;
    }

    /// A bank that is silent, and what somebody says by hand meanwhile.
    async fn silent_bank(&self, app: &TestApp, reference: String) {
        let (company, owner, name) = (self.id, email(self.mark, Role::Owner), self.named("bank"));
        let payer_name = self.named("payer");
        app.write(move |tx| {
            let new = NewChannel { kind: "push".to_owned(), name: name.clone(), settings: Map::new() };
            let channel = channels::create(tx, &Permit::<ManageBankChannels>::system(company, "test"), &new)?;
            let silent = Statement::new(
                "insert into bank_channel_contact (company_id, channel_id, last_at, last_good_at, last_problem_at, last_problem,
                   silent_since, refused)
                 values (:company_id, :channel_id, null, null, null, null, 1, 0)",
            );
            tx.execute_of(&silent.bind("company_id", company).bind("channel_id", channel))?;
            // The bank that was refused is not heard of either.
            let others = Statement::new(
                "update bank_channel_contact set silent_since = 1 where company_id = :company_id",
            );
            tx.execute_of(&others.bind("company_id", company))?;
            let account = accounts::list(tx, company)?[0].id;
            let said = Said {
                account,
                amount: Money::new(100, Currency::RUB),
                number: "7".to_owned(),
                booked_on: "2026-11-02".to_owned(),
                payer_name: payer_name.clone(),
                payer_account: String::new(),
            };
            let person = person_id(tx, &owner)?;
            let permit = takt_staff::permit_of::<VouchForMoney>(tx, person, company)?;
            hand::claim(tx, &permit, &reference, &said).map(|_| ())
        })
        .await;
        app.drain().await;
    }

    pub fn order(&self, external: &str, phone: &str, email: &str) -> Value {
        json!({
            "external_id": external,
            "currency": "RUB",
            "customer": {"name": self.named("buyer"), "phone": phone, "email": email},
            "lines": [{"sku": "TEA-100", "name": self.named("line"), "quantity": "2", "unit": "pcs", "price": "199.50", "discount": "0.00", "vat": "22"}],
            "delivery": {"method": "courier", "address": self.named("address"), "price": "300.00"},
            "comment": self.named("wish"),
            "extra_field": self.named("extra")
        })
    }
}
