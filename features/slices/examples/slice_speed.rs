//! How fast a million orders are sliced, and what it costs to keep their sums, on both engines:
//! `cargo run -p takt-slices --example slice_speed` (needs TAKT_TEST_POSTGRES as the tests do).

#![expect(clippy::expect_used, reason = "what a measurement does not expect is its failure")]

#[path = "../tests/slices/desk.rs"]
#[expect(dead_code, reason = "a measurement needs little of what tests do")]
mod desk;

use std::time::Instant;

use takt_kernel::CompanyId;
use takt_slices::{Dimension, Over, Question};
use takt_store::{Query, Statement};
use takt_testing::{Place, tokio};

use desk::Desk;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        for (name, place, other) in
            [("sqlite", Place::sqlite(), Place::sqlite()), ("postgres", Place::postgres(), Place::postgres())]
        {
            eprintln!("{name}, {} orders", orders());
            keep(other).await;
            measure(place).await;
        }
    });
}

/// Smaller with `TAKT_SLICE_ORDERS`.
fn orders() -> i64 {
    std::env::var("TAKT_SLICE_ORDERS").ok().and_then(|given| given.parse().ok()).unwrap_or(1_000_000)
}

/// Rows as orders leave them, a year of them, past the verbs: 60 cities, 1,000 products, two lines each.
const ROWS: &str = "insert into slice_order (company_id, placed_on, order_id, shop_id, placed_hour, paid_on, paid_hour, shipped_on, shipped_hour,
    finished_on, finished_hour, city, status, stage, source, operator_id, carrier, terms, currency, units, total_minor,
    cancelled, confirmed, paid, packed, shipped, completed, to_paid, to_confirmed, to_packed, to_shipped, to_finished)
  with recursive n (n) as (select cast(:from_n as bigint) union all select n + 1 from n where n < :to_n)
  select cast(:company_id as bigint), 20260000 + (n % 12 + 1) * 100 + n / 12 % 28 + 1, 90000000000 + n, cast(:shop as bigint) + n % 2, n % 24, 20260000 + (n % 12 + 1) * 100 + n / 12 % 28 + 1, n % 24,
    0, -1, 0, -1, 'City ' || cast(n / 5 % 60 as text), case when n % 11 = 0 then 'cancelled' else 'complete' end,
    case when n % 11 = 0 then 'cancel' else 'complete' end, 'api', n % 17, 'Carrier ' || cast(n % 5 as text), 'prepaid', 'RUB',
    2000, 100000 + n % 977 * 100, case when n % 11 = 0 then 1 else 0 end, 1, 1, 1, 0, case when n % 11 = 0 then 0 else 1 end,
    n % 86400, n % 7200, n % 9000, null, null
  from n";
const LINES: &str = "insert into slice_line (company_id, order_id, product, category, leads, units, revenue_minor)
  with recursive n (n) as (select cast(:from_n as bigint) union all select n + 1 from n where n < :to_n)
  select cast(:company_id as bigint), 90000000000 + n, 'SKU-' || cast(n % 1000 as text), 'Category ' || cast(n % 1000 % 40 as text), 1, 2000, 100000 + n % 977 * 100
  from n";

/// The sums that folding would have left of these rows, made by the database.
fn sums(dimension: i64, value: &str, from: &str, units: &str, revenue: &str) -> String {
    let spans = ["o.placed_on", "o.placed_on / 100 * 100"];
    let part = |span: usize| {
        format!(
            "select o.company_id, 0, {dimension}, {span}, {day}, o.shop_id, {value}, o.currency, count(*), sum(o.cancelled),
               sum(case when o.cancelled = 1 then 0 else {units} end), sum(case when o.cancelled = 1 then 0 else {revenue} end),
               sum(o.confirmed), sum(o.paid), sum(o.packed), sum(o.shipped), sum(o.completed)
             from {from}
             where o.company_id = :company_id
             group by o.company_id, {day}, o.shop_id, {value}, o.currency",
            day = spans[span],
        )
    };
    format!(
        "insert into slice_sum (company_id, basis, dimension, span, day, shop_id, value, currency, orders, cancelled, units,
           revenue_minor, confirmed, paid, packed, shipped, completed)
         {} union all {}",
        part(0),
        part(1)
    )
}

async fn fill(desk: &Desk, company: CompanyId) {
    let shop = desk.shops[0].get();
    let mut from = 1;
    while from <= orders() {
        let to = (from + 50_000 - 1).min(orders());
        for text in [ROWS, LINES] {
            let statement = Statement::new(text)
                .bind("company_id", company)
                .bind("from_n", from)
                .bind("to_n", to)
                .bind("shop", shop);
            desk.app.write(move |tx| tx.execute_of(&statement)).await;
        }
        from = to + 1;
    }
    let own = |column: &str| (format!("o.{column}"), "slice_order as o", "o.units", "o.total_minor");
    let lines =
        "slice_order as o join slice_line as l on l.company_id = o.company_id and l.order_id = o.order_id";
    for (dimension, (value, table, units, revenue)) in [
        (0, ("''".to_owned(), "slice_order as o", "o.units", "o.total_minor")),
        (1, own("city")),
        (2, own("status")),
        (5, own("carrier")),
        (8, ("l.product".to_owned(), lines, "l.units", "l.revenue_minor")),
    ] {
        let statement = Statement::new("")
            .push(&sums(dimension, &value, table, units, revenue))
            .bind("company_id", company);
        desk.app.write(move |tx| tx.execute_of(&statement)).await;
    }
    let analysed = Statement::new("{pg:analyze slice_order, slice_line, slice_sum|sqlite:analyze}");
    desk.app.write(move |tx| tx.execute_of(&analysed)).await;
}

/// What it costs to keep rows and sums: every order of some hundred counted anew.
async fn keep(place: Place) {
    const ORDERS: i64 = 600;
    let desk = Desk::open(place).await;
    let company = desk.company;
    for n in 0..ORDERS {
        desk.place(
            &format!("A-{n}"),
            usize::from(n % 3 == 0),
            &format!("Город{}", ["а", "б", "в", "г"][(n % 4) as usize]),
        )
        .await;
    }
    desk.app.drain().await;
    desk.app.write(move |tx| takt_slices::fill_anew(tx, company)).await;
    let began = Instant::now();
    desk.app.drain().await;
    let taken = began.elapsed().as_micros() as i64 / ORDERS;
    let mut rows = Vec::new();
    for table in ["slice_order", "slice_line", "slice_sum"] {
        let asked = Statement::new("select count(*) as rows_there from ")
            .push(table)
            .push(" where company_id = :company_id")
            .bind("company_id", company);
        let found =
            desk.app.read(move |reader| reader.all_of(&asked)?.remove(0).get::<i64>("rows_there")).await;
        rows.push(format!("{table} {found}"));
    }
    eprintln!("{ORDERS} orders of one day: {taken} us each; rows: {}", rows.join(", "));
}

async fn measure(place: Place) {
    let desk = Desk::open(place).await;
    let company = desk.company;
    fill(&desk, company).await;
    let year = |by| {
        let day = |text: &str| text.parse::<takt_slices::Day>().expect("a day");
        let days = takt_slices::Days::new(day("2026-01-01"), day("2026-12-31"));
        Question { days, ..desk.question(by) }
    };
    let over = Over { owner: company, companies: vec![company] };
    let time = async |name: &str, question: Question, prepared: bool| {
        let mut taken = Vec::new();
        for _ in 0..5 {
            let (question, over) = (question.clone(), over.clone());
            let began = Instant::now();
            let groups = desk
                .app
                .read(move |reader| {
                    let answer = match prepared {
                        true => takt_slices::prepared(reader, &over, &question)?.expect("kept"),
                        false => takt_slices::count_now(reader, &over, &question)?,
                    };
                    Ok(answer.groups.len())
                })
                .await;
            taken.push((began.elapsed().as_millis(), groups));
        }
        taken.sort_unstable();
        eprintln!("{name}: {} ms (worst {}), {} groups", taken[2].0, taken[4].0, taken[2].1);
    };
    for by in [
        Dimension::City,
        Dimension::Product,
        Dimension::Status,
        Dimension::Carrier,
        Dimension::Month,
        Dimension::Day,
        Dimension::Shop,
    ] {
        time(&format!("prepared by {}, a year", by.code()), year(by), true).await;
    }
    time("prepared city by month", Question { cross: Some(Dimension::Month), ..year(Dimension::City) }, true)
        .await;
    time(
        "prepared city by weekday",
        Question { cross: Some(Dimension::Weekday), ..year(Dimension::City) },
        true,
    )
    .await;
    time(
        "ad hoc city by carrier",
        Question { cross: Some(Dimension::Carrier), ..year(Dimension::City) },
        false,
    )
    .await;
    let filters = std::collections::BTreeMap::from([(Dimension::Carrier, "Carrier 1".to_owned())]);
    time("ad hoc product of one carrier", Question { filters, ..year(Dimension::Product) }, false).await;
    time("ad hoc links by city", Question { links: true, ..year(Dimension::City) }, false).await;
}
