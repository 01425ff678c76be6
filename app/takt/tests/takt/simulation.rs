//! A simulated day of the whole program: two shops, a bank with its usual trouble and people who work
//! through it. Whatever happens in which order, the books agree at the end.

mod month;

use http::Method as HttpMethod;
use takt_kernel::Result;
use takt_orders::VouchForMoney;
use takt_simulator::{
    Company, Life, Manner, Method, Outside, Plan, Reply, Request, Simulation, Slice, StatementFile,
    invariants,
};
use takt_staff::Role;
use takt_store::{Db, Query, Statement};
use takt_testing::{TestApp, on_both_engines};
use takt_ui::Lang;

use takt::wiring::features;

const SEED: u64 = 20_111_101;
/// Three decks of manners: every trouble comes up three times.
const ORDERS: usize = 72;
/// Orders come every five seconds; then everybody has time to finish.
const SECONDS_OF_WORK: i64 = 360 + 600;
const STEP_SECONDS: i64 = 2;

/// The program without sockets.
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

async fn number(db: &Db, question: &'static str) -> i64 {
    db.read("test.number", move |reader| {
        let row = reader.opt_of(&Statement::new(question))?;
        row.map_or(Ok(0), |row| row.get::<i64>("n"))
    })
    .await
    .unwrap_or_else(|fault| panic!("{question}: {fault:?}"))
}

fn of_manner(lives: &[Life], manner: Manner) -> i64 {
    i64::try_from(lives.iter().filter(|life| life.manner == manner).count()).expect("a small number")
}

on_both_engines! {
    async fn a_busy_day_loses_no_kopeck_and_sells_nothing_twice(place: Place) {
        let app = TestApp::open(place, features(takt::wiring::without_mail().expect("an address"))).await;
        let slice = Slice::embedded().expect("the data").of_first(ORDERS);
        let company =
            Company::found(&app.db, &slice, SEED, Lang::Ru, "a-long-password", &mut |_, _| ()).await.expect("a company");
        app.drain().await;
        let plan = Plan::new(SEED, Slice::embedded().expect("the data"));
        let lives: Vec<Life> = (0..ORDERS).map(|index| plan.life(index)).collect();
        let doors = Doors { app: &app, company: company.clone() };
        let mut simulation = Simulation::new(app.db.clone(), doors, company.clone(), plan, SEED);

        for _ in 0..SECONDS_OF_WORK / STEP_SECONDS {
            simulation.step().await.expect("a step");
            if simulation.placed() + 1 >= ORDERS {
                simulation.set_interval(None);
            }
            app.advance(STEP_SECONDS).await;
        }
        assert_eq!(simulation.surprises().collect::<Vec<_>>(), Vec::<&str>::new());
        let placed = i64::try_from(simulation.placed()).expect("a small number");

        the_invariants_hold(&app).await;
        every_trouble_came(&app).await;
        work_is_done(&app, &lives[..simulation.placed()], placed).await;
    }
}

async fn the_invariants_hold(app: &TestApp) {
    let listeners = app.wiring.listeners.clone();
    let broken = app.read(move |reader| invariants::broken_at_rest(reader, &listeners)).await;
    assert_eq!(broken, Vec::<String>::new());
    let behind: Vec<_> = app.runner.lag().into_iter().filter(|lag| lag.positions > 0).collect();
    assert!(behind.is_empty(), "{behind:?}");
}

async fn every_trouble_came(app: &TestApp) {
    for (what, question) in [
        ("a payment", "select count(*) as n from orders where paid_minor > 0"),
        ("a line that came twice", "select count(*) as n from bank_line where state = 'duplicate'"),
        ("a line of another account", "select count(*) as n from bank_line where state = 'held'"),
        ("card takings or the like", "select count(*) as n from bank_line where state = 'other'"),
        ("money that left", "select count(*) as n from bank_line where state = 'outgoing'"),
    ] {
        assert!(number(&app.db, question).await > 0, "there was never {what}");
    }
}

async fn work_is_done(app: &TestApp, lives: &[Life], placed: i64) {
    let orders = |condition: &str| -> &'static str {
        Box::leak(format!("select count(*) as n from orders where {condition}").into_boxed_str())
    };
    assert_eq!(number(&app.db, orders("1 = 1")).await, placed, "sent twice is placed once");
    let cancelled = of_manner(lives, Manner::Cancelled);
    assert_eq!(number(&app.db, orders("stage = 'cancel'")).await, cancelled);
    let unpaid = of_manner(lives, Manner::Unpaid);
    let done = number(&app.db, orders("stage = 'complete'")).await;
    // The rest waits for money that only a person can match.
    assert!(done >= (placed - cancelled - unpaid) * 3 / 4, "{done} of {placed} are complete");
    for (what, question) in [
        (
            "complete orders that were never picked or called about",
            "select count(*) as n
             from orders
             where stage = 'complete'
               and (select count(distinct kind) from task where task.company_id = orders.company_id
                 and task.order_id = orders.id and task.kind in ('pick', 'call')) < 2",
        ),
        (
            "complete orders that are not paid",
            "select count(*) as n from orders where stage = 'complete' and paid_minor < total_minor",
        ),
    ] {
        assert_eq!(number(&app.db, question).await, 0, "{what}");
    }
}
