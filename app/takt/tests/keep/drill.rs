//! The restore drill: a busy company is copied while orders come in, the copy is put back into the other
//! engine, every row is compared, and the shop goes on there.

use std::sync::Arc;

use http::Method as HttpMethod;
use serde_json::json;
use takt::wiring::{assemble, features, without_mail};
use takt_kernel::{Result, SystemClock, SystemEntropy};
use takt_orders::VouchForMoney;
use takt_simulator::{Company, Method, Outside, Plan, Reply, Request, Simulation, Slice, StatementFile};
use takt_staff::Role;
use takt_store::{
    CHECKS, Database, Engine, Look, Query, Statement,
    archive::{Archive, compare, restore},
    backup::{BackedUp, Backup, back_up},
    tables::Snapshot,
};
use takt_testing::{TestApp, on_both_engines, postgres::empty_database};
use takt_ui::Lang;

use crate::program::{Serving, done, path, takt};

const SEED: u64 = 7_022;
const ORDERS: usize = 24;
/// Orders that are there when the copy begins.
const BEFORE: usize = 12;
const STEP_SECONDS: i64 = 5;

struct Doors<'a> {
    app: &'a TestApp,
    company: Company,
}

impl Outside for Doors<'_> {
    async fn ask(&self, request: Request) -> Result<Reply> {
        let method = match request.method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
            Method::Patch => HttpMethod::PATCH,
        };
        let client = self.app.client().with_token(&request.token);
        let mut asking = client.ask(method, &request.path);
        if let Some(version) = request.version {
            asking = asking.header("if-match", &format!("\"{version}\""));
        }
        if let Some(body) = &request.body {
            asking = asking.json(body);
        }
        let response = asking.send().await;
        Ok(Reply { status: response.status.as_u16(), body: response.json() })
    }

    async fn deliver(&self, file: StatementFile) -> Result<()> {
        let company = self.company.clone();
        let permit =
            self.app.read(move |reader| company.permit::<VouchForMoney>(reader, Role::Accountant)).await;
        takt_payments::import_bank_file(&self.app.db, permit, file.name, file.bytes, "test", &mut |_, _| ())
            .await
            .map(|_| ())
    }
}

on_both_engines! {
    async fn a_busy_shop_is_copied_and_goes_on_in_the_other_engine(place: Place) {
        let engine = place.engine();
        let wiring = assemble(without_mail().expect("an address"));
        let database = place.database(&wiring.migrations);
        let app = TestApp::open(place, features(without_mail().expect("an address"))).await;
        let slice = Slice::embedded().expect("the data").of_first(ORDERS);
        let company = Company::found(&app.db, &slice, SEED, Lang::Ru, "a-long-password", &mut |_, _| ())
            .await
            .expect("a company");
        app.drain().await;
        let plan = Plan::new(SEED, Slice::embedded().expect("the data"));
        let doors = Doors { app: &app, company: company.clone() };
        let mut simulation = Simulation::new(app.db.clone(), doors, company.clone(), plan, SEED);
        while simulation.placed() < BEFORE {
            simulation.step().await.expect("a step");
            app.advance(STEP_SECONDS).await;
        }

        // The shop works on while it is copied, and at least two orders more come meanwhile.
        let folder = tempfile::tempdir().expect("a folder");
        let (source, to) = (database.clone(), folder.path().to_owned());
        let copying = tokio::task::spawn_blocking(move || copy(&source, &to));
        let placed_before = simulation.placed();
        while !copying.is_finished() || simulation.placed() < placed_before + 2 {
            simulation.step().await.expect("a step");
            app.advance(STEP_SECONDS).await;
        }
        let made = copying.await.expect("no panic").expect("a copy");
        assert_eq!(simulation.surprises().collect::<Vec<_>>(), Vec::<&str>::new());
        let orders = made.footer.tables.iter().find(|table| table.name == "orders").expect("orders").rows;
        assert!(orders >= BEFORE as u64, "{orders}");
        assert!(orders < simulation.placed() as u64, "the copy is of one moment, and orders came after it");

        let postgres = empty_database();
        let new = folder.path().join("new");
        let other = match engine {
            Engine::Sqlite => Database::Postgres { url: postgres.url().to_owned() },
            Engine::Postgres => Database::Sqlite { folder: new.clone() },
        };
        put_back_and_compare(&made, other.clone()).await;
        let given = match engine {
            Engine::Sqlite => vec!["--data", path(&new), "--database", postgres.url()],
            Engine::Postgres => vec!["--data", path(&new)],
        };
        let file = path(&made.file).to_owned();
        let told = done(&["verify", &file]);
        assert!(told.contains("All is well."), "{told}");
        goes_on(&given, &company);
        let told = done(&[&["verify"][..], &given].concat());
        assert!(told.contains("All is well."), "{told}");
    }
}

/// As `takt backup --verify`: the copy is put back once, and both are compared with the living data.
fn copy(database: &Database, to: &std::path::Path) -> Result<BackedUp> {
    let migrations = assemble(without_mail()?).migrations;
    let backup = Backup {
        database,
        to,
        scheduled: false,
        program: "takt test",
        clock: &SystemClock,
        prove: Some(&migrations),
    };
    back_up(&backup, &mut |_| ())
}

async fn put_back_and_compare(made: &BackedUp, place: Database) {
    let file = made.file.clone();
    tokio::task::spawn_blocking(move || {
        let wiring = assemble(without_mail().expect("an address"));
        let archive = Archive::open(&file).expect("an archive");
        let restored = restore(&archive, &place, &wiring.migrations, &mut |_| ()).expect("restored");
        assert!(restored.footer.rows() > 1_000);
        let mut snapshot = Snapshot::open(&place).expect("a snapshot");
        // Facts that PostgreSQL had not numbered yet are numbered on their way into a folder.
        let (_, mismatches) = compare(&archive, &mut snapshot, &mut |_| ()).expect("compared");
        let numbering = ["fact_position", "fact_unnumbered"];
        let others = mismatches.iter().filter(|found| !numbering.contains(&found.table.as_str()));
        assert_eq!(others.collect::<Vec<_>>(), Vec::<&takt_store::archive::Mismatch>::new());
        let mut look =
            Look::open(&place, Arc::new(SystemClock), Arc::new(SystemEntropy), wiring.slots.clone())
                .expect("a look");
        assert_eq!(look.integrity().expect("an answer"), Vec::<String>::new());
        for check in wiring.slots.of(&CHECKS).flat_map(|checks| checks.iter()) {
            let wrong = look.ask(|reader| (check.look)(reader)).expect("an answer");
            assert_eq!(wrong, [], "{}", check.code);
        }
        let unnumbered = look
            .ask(|reader| reader.opt_of(&Statement::new("select count(*) as n from fact_unnumbered")))
            .expect("an answer");
        if matches!(place, Database::Sqlite { .. }) {
            assert_eq!(unnumbered.expect("a row").get::<i64>("n").expect("a number"), 0);
        }
    })
    .await
    .expect("no panic");
}

/// The program opens the restored place; the shop's token, its orders and its numbers go on.
fn goes_on(given: &[&str], company: &Company) {
    let serving = Serving::start(given);
    let token = &company.shops[0].token;
    let (status, list) = serving.ask("GET", "/api/v1/orders?limit=200", token, None);
    assert_eq!(status, 200, "{list}");
    let list = list["items"].as_array().expect("orders");
    assert!(!list.is_empty());
    let order = json!({
        "external_id": "after-the-drill",
        "contact": { "name": "Анна", "phone": "+79123456789" },
        "lines": [{ "name": "Чай", "quantity": "1", "price": "100.00" }],
    });
    let (status, placed) = serving.ask("POST", "/api/v1/orders", token, Some(&order));
    assert_eq!(status, 201, "{placed}");
    let (status, again) = serving.ask("POST", "/api/v1/orders", token, Some(&order));
    assert_eq!((status, &again["id"]), (200, &placed["id"]));
    assert!(list.iter().all(|order| order["id"] != placed["id"]), "{} was given out before", placed["id"]);
    let told = takt(&[&["doctor", "--json"][..], given].concat());
    let told: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    // What twenty days of another clock left in the queues is being worked off.
    let settled = ["folder", "database", "schema", "clock", "data"];
    let lines = told["lines"].as_array().expect("lines").iter();
    for line in lines.filter(|line| settled.iter().any(|name| line["name"] == *name)) {
        assert_eq!(line["state"], "ok", "{line}");
    }
    serving.stop();
}
