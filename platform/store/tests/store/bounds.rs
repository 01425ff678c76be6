//! Nobody waits for an engine without end, and no engine works for somebody who has gone away.

use std::{
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use takt_kernel::{SeededEntropy, SystemClock};
use takt_store::{Database, Db, Options, Query, Statement};
use takt_testing::{Place, postgres::empty_database};
use tokio::time::timeout;

/// As many commands as may wait, and one more.
const MORE_THAN_FIT: usize = 4_097;

async fn open(place: &Place) -> Db {
    place.open(Arc::new(SystemClock), Arc::default(), Vec::new(), false).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_too_long_is_told_to_come_back_and_nothing_else_is_lost() {
    let place = Place::sqlite();
    let db = open(&place).await;
    let mut blockers = Vec::new();
    for _ in 0..4 {
        let (db, (go_on, blocked)) = (db.clone(), mpsc::channel::<()>());
        tokio::spawn(async move { db.read("test.hold", move |_| Ok(blocked.recv().is_ok())).await });
        blockers.push(go_on);
    }
    let (go_on, blocked) = mpsc::channel::<()>();
    let (begun, begins) = mpsc::channel::<()>();
    let holding = {
        let (db, blocked) = (db.clone(), std::sync::Mutex::new(blocked));
        tokio::spawn(async move {
            db.write("test.hold", move |_| {
                begun.send(()).ok();
                Ok(blocked.lock().map(|blocked| blocked.recv().is_ok()).is_ok())
            })
            .await
        })
    };
    tokio::task::block_in_place(|| begins.recv()).unwrap();
    let waiting: Vec<_> = (0..MORE_THAN_FIT)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { db.write("test.wait", |_| Ok(())).await })
        })
        .collect();
    let began = Instant::now();
    let late = db.read("test.late", |_| Ok(())).await;
    assert!(late.is_err_and(|fault| fault.is("store.busy")));
    while !waiting.iter().any(tokio::task::JoinHandle::is_finished) {
        assert!(began.elapsed() < Duration::from_secs(20), "there was room for all");
        tokio::task::yield_now().await;
    }
    drop((blockers, go_on));
    assert!(holding.await.unwrap().is_ok());
    let mut refused = 0;
    for one in waiting {
        match one.await.unwrap() {
            Ok(()) => {}
            Err(fault) => {
                assert!(fault.is("store.busy"), "{fault:?}");
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 1, "the one for whom there was no room");
    db.read("test.after", |_| Ok(())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_nobody_waits_for_any_more_is_broken_off() {
    let place = Place::sqlite();
    let db = open(&place).await;
    for _ in 0..8 {
        let endless = Statement::new(
            "with recursive numbers (n) as (select 1 union all select n + 1 from numbers)
             select max(n) as n from numbers",
        );
        let asked = db.read("test.endless", move |reader| reader.all_of(&endless).map(|_| ()));
        assert!(timeout(Duration::from_millis(50), asked).await.is_err());
    }
    timeout(Duration::from_secs(4), db.read("test.after", |_| Ok(()))).await.expect("a free reader").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_whose_caller_went_away_before_its_turn_is_not_run() {
    let place = Place::sqlite();
    let db = open(&place).await;
    let (go_on, blocked) = mpsc::channel::<()>();
    let (begun, begins) = mpsc::channel::<()>();
    let blocked = std::sync::Mutex::new(blocked);
    let holding = {
        let db = db.clone();
        tokio::spawn(async move {
            db.write("test.hold", move |_| {
                begun.send(()).ok();
                Ok(blocked.lock().map(|blocked| blocked.recv().is_ok()).is_ok())
            })
            .await
        })
    };
    tokio::task::block_in_place(|| begins.recv()).unwrap();
    let (ran, runs) = mpsc::channel::<()>();
    let asked = db.write("test.gone", move |_| {
        ran.send(()).ok();
        Ok(())
    });
    assert!(timeout(Duration::from_millis(20), asked).await.is_err());
    drop(go_on);
    holding.await.unwrap().unwrap();
    db.write("test.after", |_| Ok(())).await.unwrap();
    assert!(runs.try_recv().is_err(), "it was worked on for nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_takes_too_long_is_broken_off_by_postgresql() {
    let database = empty_database();
    let joined = if database.url().contains('?') { '&' } else { '?' };
    // What stands in the address wins over the minute that is usual.
    let url = format!("{}{joined}options=-c%20statement_timeout%3D100ms", database.url());
    let db = Db::open(Options {
        database: Database::Postgres { url },
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SeededEntropy::from_seed(1)),
        slots: Arc::default(),
        migrations: Vec::new(),
        background: false,
    })
    .await
    .unwrap();
    let slow = Statement::new("select cast(1 as bigint) as one from pg_sleep(30)");
    let refused = db.read("test.slow", move |reader| reader.all_of(&slow).map(|_| ())).await;
    assert!(refused.is_err_and(|fault| fault.is("store.too_slow")));
    db.read("test.after", |_| Ok(())).await.unwrap();
}
