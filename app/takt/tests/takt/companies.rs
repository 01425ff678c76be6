//! A month of three hundred companies in one database: whatever became of an order, its promises were met or it is
//! told who missed them, and the version that ran does the same again for each company by itself.
//!
//! More of it by hand: `TAKT_COMPANIES="companies=300 orders=1500 seed=7" cargo test -p takt --test takt
//! three_hundred -- --nocapture`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::json;
use takt::wiring::features;
use takt_kernel::{Actor, CompanyId, ShopId, Timestamp, money::Currency};
use takt_orders::{
    Intake, OrderId,
    clock::{Calendars, Promises, course, split},
    confirm, pause, place, read_new_order, record_delivered, record_ready, record_shipped, record_taken,
    resume, statuses,
};
use takt_playbook::{
    replay::{BackTest, Running, Span},
    versions,
};
use takt_promises::Outcome;
use takt_simulator::Chance;
use takt_staff::{
    Permission, Permit,
    command_line::{self, create_company},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_store::{Query, Statement, facts};
use takt_testing::{Place, TestApp};
use takt_ui::Lang;

const START: &str = "2026-11-02T06:00:00Z";
const DAYS: i64 = 30;
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

#[derive(Clone, Copy, Debug)]
struct Scale {
    companies: usize,
    /// Of all companies together.
    orders: usize,
    seed: u64,
}

impl Scale {
    fn told(usual: Self) -> Self {
        let told = std::env::var("TAKT_COMPANIES").unwrap_or_default();
        let asked = |name: &str| {
            let mut parts = told.split_whitespace();
            parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('=')?.parse::<usize>().ok())
        };
        Self {
            companies: asked("companies").unwrap_or(usual.companies),
            orders: asked("orders").unwrap_or(usual.orders),
            seed: asked("seed").map_or(usual.seed, |seed| u64::try_from(seed).unwrap_or(usual.seed)),
        }
    }
}

/// What somebody does with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Place,
    Take,
    Pause,
    Resume,
    Confirm,
    Pack,
    Send,
    Deliver,
}

struct Firm {
    company: CompanyId,
    shop: ShopId,
}

struct Life {
    firm: usize,
    order: Option<OrderId>,
}

fn permit<P: Permission>(company: CompanyId) -> Permit<P> {
    Permit::system(company, "month")
}

/// Who is quick is in time; one in four is not, at one of the steps.
fn agenda(scale: Scale) -> (Vec<Life>, BTreeMap<(i64, usize), Deed>) {
    let mut chance = Chance::of(scale.seed, "companies");
    let (mut lives, mut agenda) = (Vec::new(), BTreeMap::new());
    for index in 0..scale.orders {
        lives.push(Life { firm: index % scale.companies, order: None });
        let slow = chance.between(0, 15);
        let mut at = chance.between(0, (DAYS - 5) * DAY);
        let mut do_at = |at: i64, deed: Deed| {
            let mut moment = at * 1_000_000;
            // One thing happens after the other.
            while agenda.insert((moment, index), deed).is_some() {
                moment += 1;
            }
        };
        do_at(at, Deed::Place);
        at += chance.between(30, 4 * MINUTE);
        do_at(at, Deed::Take);
        if chance.one_in(6) {
            at += MINUTE;
            do_at(at, Deed::Pause);
            at += chance.between(MINUTE, 5 * HOUR);
            do_at(at, Deed::Resume);
        }
        at += if slow == 0 { chance.between(HOUR, 2 * DAY) } else { chance.between(30, 8 * MINUTE) };
        do_at(at, Deed::Confirm);
        at += if slow == 1 { chance.between(5 * HOUR, 2 * DAY) } else { chance.between(MINUTE, 30 * MINUTE) };
        do_at(at, Deed::Pack);
        at += chance.between(MINUTE, 2 * HOUR);
        do_at(at, Deed::Send);
        if slow == 4 {
            // Still on its way when the month ends.
            continue;
        }
        at += if slow < 4 { chance.between(2 * DAY, 4 * DAY) } else { chance.between(HOUR, 12 * HOUR) };
        do_at(at, Deed::Deliver);
    }
    (lives, agenda)
}

async fn found(app: &TestApp, number: usize) -> Firm {
    let new = NewCompany {
        name: format!("Фирма {number}"),
        kind: OrganisationKind::Company,
        currency: Currency::RUB,
        zone: ["Europe/Moscow", "Asia/Yekaterinburg", "Europe/Berlin"][number % 3].to_owned(),
        lang: Lang::Ru,
    };
    let company = create_company(&app.db, new).await.expect("a company");
    let shop = NewShop { name: "Лавка".to_owned(), currency: None };
    let shop = command_line::create_shop(&app.db, &company.to_string(), shop).await.expect("a shop");
    Firm { company, shop }
}

async fn act(app: &TestApp, firm: &Firm, index: usize, known: Option<OrderId>, deed: Deed) -> OrderId {
    let (company, shop) = (firm.company, firm.shop);
    app.write(move |tx| {
        let by = Actor::system("month");
        let order = match (deed, known) {
            (Deed::Place, _) | (_, None) => {
                let body = json!({
                    "external_id": format!("m-{index}"), "number": format!("M{index}"), "currency": "RUB",
                    "terms": "on_delivery", "customer": { "name": "Иванов Пётр" },
                    "lines": [{ "name": "Чай", "quantity": "1", "price": "0" }],
                    "delivery": { "method": "courier", "price": "0" },
                });
                let intake =
                    Intake { shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
                return Ok(place(tx, &permit(company), read_new_order(&body, &intake)?)?.id);
            }
            (_, Some(order)) => order,
        };
        match deed {
            Deed::Place => {}
            Deed::Take => {
                record_taken(tx, company, order, &by)?;
            }
            Deed::Pause => {
                pause(tx, &permit(company), order, None, "buyer_asked", None)?;
            }
            Deed::Resume => {
                if takt_orders::load(tx, company, order)?.pause.is_some() {
                    resume(tx, &permit(company), order)?;
                }
            }
            Deed::Confirm => {
                // A rule may have been quicker.
                if takt_orders::load(tx, company, order)?.confirmed_at.is_none() {
                    confirm(tx, &permit(company), order)?;
                }
            }
            Deed::Pack => {
                record_ready(tx, company, order, &by)?;
            }
            Deed::Send => {
                let lines = takt_orders::lines(tx, company, order)?;
                let parts: Vec<_> = lines.iter().map(|line| (line.id, line.quantity)).collect();
                record_shipped(tx, company, order, &parts, &by)?;
            }
            Deed::Deliver => {
                record_delivered(tx, company, order, &by)?;
            }
        }
        Ok(order)
    })
    .await
}

/// What the month came to.
#[derive(Debug, Default)]
struct Told {
    finished: usize,
    in_work: usize,
    kept: usize,
    missed: usize,
    late_now: usize,
    wrong: Vec<String>,
}

async fn told(app: &TestApp, firm: &Firm, orders: &BTreeSet<OrderId>) -> Told {
    let (company, orders) = (firm.company, orders.clone());
    app.read(move |reader| {
        let mut told = Told::default();
        let results = Statement::new(
            "select order_id, told from promise_result where company_id = :company_id order by order_id limit 100000",
        )
        .bind("company_id", company);
        let rows = reader.all_of(&results)?;
        let mut results: BTreeMap<OrderId, Outcome> = BTreeMap::new();
        for row in &rows {
            results.insert(row.get("order_id")?, row.json("told")?);
        }
        if results.keys().any(|order| !orders.contains(order)) {
            told.wrong.push(format!("{company} is told of orders of others"));
        }
        let (promises, known) = (Promises::of(reader, company)?, statuses::all(reader, company)?);
        let (calendars, now) = (Calendars::of(reader, company, &promises)?, reader.now());
        for order in &orders {
            let over = !takt_orders::load(reader, company, *order)?.stage.is_in_work();
            match results.get(order) {
                Some(outcome) => {
                    told.finished += 1;
                    let held: i64 = outcome.held.values().map(|(wall, _)| wall).sum();
                    if held != outcome.whole || !over {
                        told.wrong.push(format!("order {order}: {outcome:?}"));
                    }
                    for link in &outcome.links {
                        match (link.late, link.blamed) {
                            (Some(0), _) => told.kept += 1,
                            (Some(_), Some(_)) => told.missed += 1,
                            (Some(_), None) => told.wrong.push(format!("nobody missed {link:?} of {order}")),
                            (None, _) => {}
                        }
                    }
                }
                None if over => told.wrong.push(format!("order {order} is over, and nothing is told of it")),
                None => {
                    told.in_work += 1;
                    let facts = facts::of_subject(reader, company, "order", order.get(), 0, 1_000)?;
                    let split = split(&facts, &calendars.usual, now);
                    let parts: i64 = split.segments.iter().map(takt_orders::clock::Segment::micros).sum();
                    let whole = facts.first().map_or(0, |first| now.micros_since(first.at));
                    if parts != whole {
                        told.wrong.push(format!("order {order}: {parts} of {whole}"));
                    }
                    let course = course(&facts, &promises, &known, &calendars);
                    let next = course.as_ref().and_then(|course| course.passages.last());
                    let Some(due) = next.and_then(|next| next.due) else {
                        told.wrong.push(format!("order {order} is in work, and nothing is promised"));
                        continue;
                    };
                    if due < now {
                        told.late_now += 1;
                        if split.between(due, now).is_empty() {
                            told.wrong.push(format!("order {order} is late by nobody"));
                        }
                    }
                }
            }
        }
        Ok(told)
    })
    .await
}

async fn asked_again(app: &TestApp, company: CompanyId, start: Timestamp) -> BackTest {
    let text = app
        .read(move |reader| {
            let number = versions::current(reader, company)?;
            versions::text(reader, company, number)
        })
        .await;
    let playbook = versions::check(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
    let span = Span { from: start.plus_seconds(-DAY), to: start.plus_seconds(DAYS * DAY) };
    let mut running = Running::begin(&app.db, company, Arc::new(playbook), span).await.expect("a back-test");
    while running.step().await.expect("a page").is_some() {}
    running.end()
}

async fn a_month(scale: Scale, place: Place) {
    let app = TestApp::open(place, features(takt::wiring::without_mail().expect("an address"))).await;
    let start: Timestamp = START.parse().expect("a moment");
    app.clock.set(start);
    let mut firms = Vec::new();
    for number in 0..scale.companies {
        firms.push(found(&app, number).await);
    }
    app.drain().await;
    let (mut lives, agenda) = agenda(scale);
    for ((moment, index), deed) in agenda {
        let moment = start.plus_micros(moment);
        // Everything between two deeds happens at its time, or a little later.
        if moment > app.now() {
            app.clock.set(moment);
        }
        app.drain().await;
        let life = &mut lives[index];
        life.order = Some(act(&app, &firms[life.firm], index, life.order, deed).await);
    }
    app.drain().await;
    app.clock.set(start.plus_seconds(DAYS * DAY));
    app.drain().await;

    let mut orders: BTreeMap<usize, BTreeSet<OrderId>> = BTreeMap::new();
    for life in &lives {
        orders.entry(life.firm).or_default().extend(life.order);
    }
    let (mut all, mut looks, mut lasted) = (Told::default(), 0, 0);
    for (number, firm) in firms.iter().enumerate() {
        let of_firm = orders.remove(&number).unwrap_or_default();
        let one = told(&app, firm, &of_firm).await;
        assert_eq!(one.wrong, Vec::<String>::new(), "{scale:?}, company {number}");
        all.finished += one.finished;
        all.in_work += one.in_work;
        all.kept += one.kept;
        all.missed += one.missed;
        all.late_now += one.late_now;
        let again = asked_again(&app, firm.company, start).await;
        assert_eq!(again.orders, of_firm.len() as u64, "of this company and of no other");
        assert_eq!(
            (again.unlike, again.differing),
            (0, 0),
            "{scale:?}, company {number}: {:#?} {:#?}",
            again.unlike_told,
            again.differences
        );
        looks += again.looks;
        let control = |deed: &&String| deed.contains("long_unconfirmed") || deed.contains("in_transit_long");
        lasted +=
            again.deeds.iter().filter(|(deed, _)| control(deed)).map(|(_, both)| both.would).sum::<u64>();
    }
    println!("{scale:?}: {all:?}, {looks} looks asked again, {lasted} deeds about what lasted");
    assert_eq!(all.finished + all.in_work, scale.orders);
    assert!(all.kept > all.missed && all.missed > 0 && looks > 0 && lasted > 0, "{all:?} {looks} {lasted}");
}

#[tokio::test]
async fn every_promise_of_three_hundred_companies_is_met_or_somebodys_on_sqlite() {
    a_month(Scale::told(Scale { companies: 300, orders: 300, seed: 7 }), Place::sqlite()).await;
}

#[tokio::test]
async fn every_promise_of_many_companies_is_met_or_somebodys_on_postgres() {
    a_month(Scale::told(Scale { companies: 12, orders: 36, seed: 8 }), Place::postgres()).await;
}
