//! A company with everything that the load needs, and where it lives.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde_json::json;
use takt::wiring;
use takt_feature::Wiring;
use takt_kernel::{CompanyId, Slots, SystemClock, SystemEntropy, money::Currency};
use takt_orders::VouchForMoney;
use takt_outbound::{Call, Outbound};
use takt_payments::{accounts, rights::ManageBankAccounts, watched_folder};
use takt_staff::{
    Permit, Role,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_store::{Database, Db, Migrations, Options};
use takt_testing::Place;
use takt_ui::Lang;
use tempfile::TempDir;

use super::{
    mail::Mailbox,
    serving::{Serving, Starter},
};
use crate::desk::{ACCOUNT, PASSWORD, email};

pub const SKUS: [&str; 6] = ["TEA-100", "TEA-200", "MUG-1", "MUG-2", "LAMP-7", "BAG-3"];
/// How long the mail server takes to answer for a mail.
const MAIL_PAUSE: Duration = Duration::from_millis(15);

pub struct World {
    pub starter: Starter,
    pub mailbox: Mailbox,
    pub wiring: Wiring,
    pub company: CompanyId,
    pub token: String,
    /// The owner's session.
    pub cookie: String,
    /// Into which the bank's program drops files.
    pub watched: PathBuf,
    pub http: Outbound,
    // Dropped last.
    _folder: TempDir,
    _place: Option<Place>,
}

impl World {
    /// In a place of tests; its data is gone with it.
    pub async fn found(place: Place) -> Self {
        let wiring = wiring::assemble(wiring::without_mail().expect("an address"));
        let folder = TempDir::new().expect("a folder");
        let database = place.database(&wiring.migrations);
        Self::found_in(database, folder, wiring, Some(place)).await
    }

    pub async fn found_in(database: Database, folder: TempDir, wiring: Wiring, place: Option<Place>) -> Self {
        let mailbox = Mailbox::open(MAIL_PAUSE).await;
        let watched = folder.path().join("from-the-bank");
        std::fs::create_dir(&watched).expect("a folder");
        let db = open(&database, &wiring).await;
        let (company, token) = people_and_goods(&db, &watched).await;
        db.close().await;
        drop(db);
        let starter = Starter {
            database,
            folder: folder.path().to_owned(),
            smtp: mailbox.address.clone(),
            environment: Vec::new(),
        };
        let http = Outbound::new().expect("a client");
        let mut world = Self {
            starter,
            mailbox,
            wiring,
            company,
            token,
            cookie: String::new(),
            watched,
            http,
            _folder: folder,
            _place: place,
        };
        let serving = world.starter.start();
        world.sign_in(&serving).await;
        world.shelve(&serving).await;
        world
    }

    /// The data as a program of its own; nobody else may hold it.
    pub async fn open(&self) -> Db {
        open(&self.starter.database, &self.wiring).await
    }

    async fn sign_in(&mut self, serving: &Serving) {
        let form = format!("email={}&password={}", email(Role::Owner), PASSWORD.replace(' ', "+"));
        let call = Call::post(format!("{}/sign-in", serving.address))
            .body("application/x-www-form-urlencoded", form.replace('@', "%40"));
        let reply = self.http.send(call).await.expect("an answer");
        let cookie = reply.headers.get("set-cookie").and_then(|cookie| cookie.to_str().ok());
        let cookie = cookie.unwrap_or_else(|| panic!("no session: {} {}", reply.status, reply.text()));
        self.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    }

    async fn shelve(&self, serving: &Serving) {
        let product =
            json!({"name": "Чай", "unit": "pcs", "price": "199.50", "currency": "RUB", "vat": "22"});
        for sku in SKUS {
            let call = Call::new(
                "PUT".parse().expect("a method"),
                format!("{}/api/v1/products/{sku}", serving.address),
            )
            .bearer(&self.token)
            .json(&product);
            let reply = self.http.send(call).await.expect("an answer");
            assert!(reply.is_success(), "{}", reply.text());
        }
    }
}

async fn open(database: &Database, wiring: &Wiring) -> Db {
    let (slots, migrations): (Arc<Slots>, Vec<Migrations>) =
        (wiring.slots.clone(), wiring.migrations.clone());
    Db::open(Options {
        database: database.clone(),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        slots,
        migrations,
        background: false,
    })
    .await
    .unwrap_or_else(|fault| panic!("the data does not open: {fault:?}"))
}

async fn people_and_goods(db: &Db, watched: &Path) -> (CompanyId, String) {
    let new = NewCompany {
        name: "Светосила".to_owned(),
        kind: OrganisationKind::Company,
        currency: Currency::RUB,
        zone: "Europe/Moscow".to_owned(),
        lang: Lang::Ru,
    };
    let company = command_line::create_company(db, new).await.expect("a company");
    let name = company.to_string();
    let shop = NewShop { name: "Рамки".to_owned(), currency: None };
    let shop = command_line::create_shop(db, &name, shop).await.expect("a shop");
    for (role, roles) in [(Role::Owner, "owner,warehouse,accountant"), (Role::Accountant, "accountant")] {
        let user = NewUser {
            company: name.clone(),
            email: email(role),
            name: None,
            roles: roles.parse().expect("roles"),
            password: Some(PASSWORD.to_owned()),
        };
        command_line::create_user(db, user).await.expect("a person");
    }
    let watched = watched.to_owned();
    db.write("test.accounts", move |tx| {
        let account = accounts::NewBankAccount {
            account: ACCOUNT.to_owned(),
            bic: "044525225".to_owned(),
            bank_name: None,
            holder_name: None,
            inn: None,
            currency: Currency::RUB,
        };
        accounts::open(tx, &Permit::<ManageBankAccounts>::system(company, "test"), &account)?;
        let permit = command_line::permit_of_person::<VouchForMoney>(tx, company, &email(Role::Accountant))?;
        watched_folder::bind(tx, &permit, &watched).map(|_| ())
    })
    .await
    .expect("accounts");
    let scopes = "orders:write orders:read tasks:read catalog:write stock:write";
    let (_, token) =
        command_line::create_token(db, &name, &shop.to_string(), "test", scopes).await.expect("a token");
    (company, token)
}
