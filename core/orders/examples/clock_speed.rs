//! How long the promise clock of one order takes when its card is opened: the facts read, split by holder, its
//! milestones told. `cargo run --release -p takt-orders --example clock_speed`.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement tells what it measured or ends")]

#[expect(dead_code, reason = "the tests need more of it")]
#[path = "../tests/orders/desk.rs"]
mod desk;

use std::time::Instant;

use serde_json::json;
use takt_kernel::Actor;
use takt_orders::{
    clock::{Promises, course, split},
    pause, record_delivered, record_ready, record_taken, resume, statuses,
};
use takt_staff::Calendar;
use takt_store::facts::of_subject;
use takt_testing::Place;

use desk::{Desk, order, permit};

const TIMES: u32 = 2_000;

#[tokio::main]
async fn main() {
    let desk = Desk::open(Place::sqlite()).await;
    let company = desk.company;
    let by = || Actor::system("measurement");
    let mut body = order("measured", 2);
    body["terms"] = json!("prepaid");
    let id = desk.place(body).await;
    desk.reserve_all(id).await;
    desk.app.clock.advance_seconds(40_000);
    desk.pay(1, id, "200").await.expect("paid");
    desk.app.clock.advance_seconds(600);
    desk.app.write(move |tx| record_taken(tx, company, id, &by()).map(|_| ())).await;
    for _ in 0..3 {
        desk.app.clock.advance_seconds(600);
        desk.app
            .write(move |tx| pause(tx, &permit(company), id, None, "not_reached", None).map(|_| ()))
            .await;
        desk.app.clock.advance_seconds(1_800);
        desk.app.write(move |tx| resume(tx, &permit(company), id).map(|_| ())).await;
    }
    desk.confirm(id).await.expect("confirmed");
    desk.app.clock.advance_seconds(90_000);
    desk.app.write(move |tx| record_ready(tx, company, id, &by()).map(|_| ())).await;
    desk.ship_all(id).await.expect("shipped");
    desk.app.clock.advance_seconds(400_000);
    desk.app.write(move |tx| record_delivered(tx, company, id, &by()).map(|_| ())).await;
    let until = desk.app.now();
    let (facts, read, whole, told) = desk
        .app
        .read(move |reader| {
            let started = Instant::now();
            let mut facts = Vec::new();
            for _ in 0..TIMES {
                facts = of_subject(reader, company, "order", id.get(), 0, 1_000)?;
            }
            let read = started.elapsed() / TIMES;
            let (promises, calendar) = (Promises::of(reader, company)?, Calendar::of(reader, company)?);
            let known = statuses::all(reader, company)?;
            let started = Instant::now();
            let mut parts = 0;
            for _ in 0..TIMES {
                parts = split(&facts, &calendar, until).segments.len();
                parts +=
                    course(&facts, &promises, &known, &calendar).map_or(0, |course| course.passages.len());
            }
            Ok((facts.len(), read, started.elapsed() / TIMES, parts))
        })
        .await;
    println!("{facts} facts, {told} parts: read in {read:?}, split and told in {whole:?}");
}
