//! Clocks that jump, and workers that break.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use takt_kernel::{Clock, Fault, Result, SystemClock, Timestamp};
use takt_store::{Query, Tx, facts, params, sql};
use takt_testing::{Place, TestApp, on_both_engines};
use takt_work::{JobEnd, JobKind, NewJob, Runner, jobs, timers};
use tokio::sync::{Notify, watch};

use crate::teahouse::{BELL, COMPANY, order, teahouse};

const HOUR: i64 = 3_600;

fn kind(run: impl Fn(Value, Timestamp) -> Option<Arc<Notify>> + Send + Sync + 'static) -> JobKind {
    let run = Arc::new(run);
    JobKind {
        kind: "teahouse.letter",
        does: "writes a letter",
        concurrency: 2,
        max_attempts: 3,
        run: Arc::new(move |job| {
            let run = run.clone();
            Box::pin(async move {
                let now = job.db.clock().now();
                match run(job.payload, now) {
                    Some(wait) => {
                        wait.notified().await;
                        Ok(JobEnd::Done)
                    }
                    None => Ok(JobEnd::RetryAt(now.plus_seconds(10))),
                }
            })
        }),
    }
}

fn letter(tx: &mut Tx<'_>, payload: Value) -> Result<()> {
    let run_at = tx.now();
    jobs::enqueue(tx, NewJob { company: COMPANY, kind: "teahouse.letter", key: None, payload, run_at })
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < Duration::from_secs(20), "in vain: {what}");
        tokio::task::yield_now().await;
    }
}

async fn leases(app: &TestApp) -> Vec<i64> {
    app.read(|r| {
        let rows = r.all(sql!("select next_at from job order by next_at limit 10"), params![])?;
        rows.iter().map(|row| row.get::<i64>("next_at")).collect()
    })
    .await
}

on_both_engines! {
    async fn what_was_put_off_comes_back_although_the_clock_was_set_back(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let kind = kind(move |_, _| {
            count.fetch_add(1, Ordering::SeqCst);
            None
        });
        app.write(|tx| letter(tx, json!(1))).await;
        app.write(|tx| {
            letter(tx, json!("its runner died"))?;
            tx.put(
                sql!("update job set claim = 'a runner that died', next_at = :later where payload like '%died%'"),
                params![later: tx.now().plus_seconds(60)],
            )
        })
        .await;
        let runner = Runner::new(app.db.clone(), Vec::new(), Vec::new(), vec![kind]);
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(async move { runner.run(stopped).await });
        until("the first attempt", async || asked.load(Ordering::SeqCst) >= 1).await;
        until("it is put off", async || leases(&app).await.iter().all(|at| *at > app.now().micros())).await;
        app.clock.advance_seconds(-HOUR);
        let soon = || app.now().plus_seconds(60).micros();
        until("nobody waits an hour", async || leases(&app).await.iter().all(|at| *at <= soon())).await;
        app.clock.advance_seconds(61);
        until("all are asked again", async || asked.load(Ordering::SeqCst) >= 3).await;
        stop.send(true).unwrap();
        running.await.unwrap().unwrap();
    }

    async fn a_job_that_runs_is_not_begun_again_although_the_clock_was_set_forward(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let (long, short) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let go_on = Arc::new(Notify::new());
        let (longs, shorts, wait) = (long.clone(), short.clone(), go_on.clone());
        let kind = kind(move |payload, _| {
            if payload == "long" {
                longs.fetch_add(1, Ordering::SeqCst);
                return Some(wait.clone());
            }
            shorts.fetch_add(1, Ordering::SeqCst);
            None
        });
        app.write(|tx| letter(tx, json!("long"))).await;
        let runner = Runner::new(app.db.clone(), Vec::new(), Vec::new(), vec![kind]);
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(async move { runner.run(stopped).await });
        until("it runs", async || long.load(Ordering::SeqCst) == 1).await;
        app.clock.advance_seconds(HOUR);
        app.write(|tx| letter(tx, json!("short"))).await;
        until("another one runs beside it", async || short.load(Ordering::SeqCst) >= 1).await;
        assert_eq!(long.load(Ordering::SeqCst), 1, "its lease is over by the clock, and it runs here");
        go_on.notify_one();
        stop.send(true).unwrap();
        running.await.unwrap().unwrap();
    }

    async fn a_timer_fires_once_whatever_the_clock_does(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let due = app.now().plus_seconds(60);
        app.write(move |tx| {
            timers::set(tx, COMPANY, BELL.kind, "tea", takt_store::Subject::new("guest", 3), due, &json!(1))
        })
        .await;
        app.clock.advance_seconds(-HOUR);
        assert_eq!(app.drain().await.timers, 0);
        assert_eq!(app.advance(2 * HOUR).await.timers, 1);
        app.clock.advance_seconds(-HOUR);
        assert_eq!(app.advance(HOUR).await.timers, 0);
    }

    async fn time_within_a_subject_never_runs_back(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        for jump in [0, -HOUR, 1, HOUR, -2 * HOUR] {
            app.clock.advance_seconds(jump);
            app.write(|tx| order(tx, 42, "tea")).await;
            app.drain().await;
        }
        let told = app.read(|r| facts::after(r, 0, 1_000)).await;
        let times: Vec<Timestamp> =
            told.iter().filter(|fact| fact.subject_id == 42).map(|fact| fact.at).collect();
        assert!(times.len() >= 5);
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
    }
}

/// Breaks whoever asks it.
struct Breaking(AtomicBool);

impl Clock for Breaking {
    fn now(&self) -> Timestamp {
        assert!(!self.0.load(Ordering::SeqCst), "the clock is broken");
        SystemClock.now()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_breaks_ends_the_runner() {
    let clock = Arc::new(Breaking(AtomicBool::new(false)));
    let place = Place::sqlite();
    let db = place.open(clock.clone(), Arc::default(), vec![takt_work::MIGRATIONS], true).await;
    let runner = Runner::new(db, Vec::new(), Vec::new(), Vec::new());
    let (_stop, stopped) = watch::channel(false);
    let pulse = runner.pulse();
    let running = tokio::spawn(async move { runner.run(stopped).await });
    until("it works", async || pulse.is_alive(SystemClock.now())).await;
    clock.0.store(true, Ordering::SeqCst);
    let ended: Result<()> =
        tokio::time::timeout(Duration::from_secs(20), running).await.expect("it ends").unwrap();
    assert!(ended.is_err_and(|fault: Fault| fault.is("work.panicked")));
}
