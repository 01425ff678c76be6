use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};
use takt_kernel::{Fault, Result, Timestamp};
use takt_store::{Interference, Moment, Subject, Tx, Verdict};
use takt_testing::{TestApp, on_both_engines};
use takt_work::{Drained, timers};

use crate::teahouse::{BELL, COMPANY, break_cup, counts, mend_cup, served, served_at, teahouse};

const GUEST: i64 = 12;

fn set(tx: &mut Tx<'_>, key: &str, due_at: Timestamp) -> Result<()> {
    set_with(tx, key, due_at, &json!({"ring": 1}))
}

fn set_with(tx: &mut Tx<'_>, key: &str, due_at: Timestamp, payload: &Value) -> Result<()> {
    timers::set(tx, COMPANY, BELL.kind, key, Subject::new("guest", GUEST), due_at, payload)
}

/// Counts the transactions in which timers ring, and ends the node at one of them, for good.
#[derive(Default)]
struct Belfry {
    rang: AtomicUsize,
    ends: Option<(usize, Moment)>,
}

impl Interference for Belfry {
    fn judge(&self, command: &'static str, moment: Moment) -> Verdict {
        if command != "work.ring_timers" {
            return Verdict::Go;
        }
        let rang = match moment {
            Moment::BeforeCommit => self.rang.fetch_add(1, Ordering::SeqCst) + 1,
            Moment::Asked | Moment::Answered => self.rang.load(Ordering::SeqCst),
        };
        if self.ends.is_some_and(|(last, at)| at == moment && rang >= last) {
            return Verdict::Refuse(Fault::unavailable("store.closed"));
        }
        Verdict::Go
    }
}

on_both_engines! {
    async fn a_timer_fires_once_when_it_is_due_and_not_before(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let due = app.now().plus_seconds(60);
        app.write(move |tx| set(tx, "tea", due)).await;
        assert_eq!(app.advance(59).await.timers, 0);
        assert_eq!(app.advance(1).await.timers, 1);
        assert_eq!(app.advance(600).await.timers, 0);
        assert_eq!(app.read(|r| served_at(r, GUEST)).await, [due]);
    }

    async fn timers_fire_in_the_order_of_their_times(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let now = app.now();
        app.write(move |tx| {
            set(tx, "third", now.plus_seconds(30))?;
            set(tx, "first", now.plus_seconds(10))?;
            set(tx, "second", now.plus_seconds(20))
        })
        .await;
        assert_eq!(app.advance(3600).await.timers, 3, "late after an outage, but all of them");
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["first", "second", "third"]);
    }

    async fn a_timer_set_again_moves_and_a_cancelled_one_is_silent(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let now = app.now();
        app.write(move |tx| {
            set(tx, "moved", now.plus_seconds(10))?;
            set(tx, "cancelled", now.plus_seconds(10))?;
            set(tx, "moved", now.plus_seconds(100))?;
            timers::cancel(tx, COMPANY, BELL.kind, "cancelled")?;
            timers::cancel(tx, COMPANY, BELL.kind, "never set")
        })
        .await;
        assert_eq!(app.advance(99).await, Drained::default());
        assert_eq!(app.advance(1).await.timers, 1);
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["moved"]);
    }

    async fn a_failing_timer_is_shown_and_tried_again_later(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let now = app.now();
        app.write(move |tx| {
            break_cup(tx, "tea")?;
            set(tx, "tea", now)?;
            set(tx, "other", now)
        })
        .await;
        let drained = app.drain_with_failures().await;
        assert_eq!((drained.timers, drained.failed_timers), (1, 1));
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["other"], "the failed effect is undone");
        let shown = app.read(|r| timers::failing(r, Some(COMPANY), 10)).await;
        assert_eq!((shown.len(), shown[0].timer.due_at, shown[0].attempts), (1, now, 1));
        assert_eq!(shown[0].retry_at, now.plus_seconds(1));
        app.clock.advance_seconds(1);
        assert_eq!(app.drain_with_failures().await.failed_timers, 1);
        app.write(|tx| mend_cup(tx, "tea")).await;
        assert_eq!(app.advance(2).await.timers, 1);
        assert!(app.read(|r| timers::failing(r, None, 10)).await.is_empty());
    }

    async fn many_timers_of_one_moment_ring_in_few_transactions(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let now = app.now();
        app.write(move |tx| (0..1_000).try_for_each(|bell| set(tx, &format!("bell {bell}"), now))).await;
        let belfry = Arc::new(Belfry::default());
        let drained = app.wiring.runner(app.db.clone().interfered(belfry.clone())).drain().await.unwrap();
        assert_eq!((drained.timers, drained.failed_timers), (1_000, 0));
        assert_eq!(app.read(|r| counts(r)).await, (1_000, 1_000));
        assert_eq!(belfry.rang.load(Ordering::SeqCst), 16, "64 at a time");
    }

    async fn timers_that_fail_neither_hold_up_nor_undo_those_that_ring_with_them(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let now = app.now();
        app.write(move |tx| {
            break_cup(tx, "bell 20")?;
            break_cup(tx, "panic")?;
            set(tx, "panic", now)?;
            (0..40).try_for_each(|bell| set(tx, &format!("bell {bell}"), now))
        })
        .await;
        let drained = app.drain_with_failures().await;
        assert_eq!((drained.timers, drained.failed_timers), (39, 2));
        assert_eq!(app.read(|r| counts(r)).await, (39, 39), "what the failed ones did is undone");
        let shown = app.read(|r| timers::failing(r, Some(COMPANY), 10)).await;
        let shown: Vec<_> = shown.iter().map(|shown| (shown.timer.key.as_str(), shown.attempts)).collect();
        assert_eq!(shown, [("bell 20", 1), ("panic", 1)]);
        app.write(|tx| mend_cup(tx, "bell 20")).await;
        app.clock.advance_seconds(1);
        let drained = app.drain_with_failures().await;
        assert_eq!((drained.timers, drained.failed_timers), (1, 1), "each is tried again for itself");
    }

    async fn a_crash_between_loses_no_timer_and_doubles_none(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        for (round, moment) in [(1, Moment::BeforeCommit), (2, Moment::Answered)] {
            let now = app.now();
            app.write(move |tx| (0..200).try_for_each(|bell| set(tx, &format!("bell {round}/{bell}"), now)))
                .await;
            let belfry = Arc::new(Belfry { ends: Some((2, moment)), ..Belfry::default() });
            let node = app.wiring.runner(app.db.clone().interfered(belfry));
            assert!(node.drain().await.is_err_and(|fault| fault.is("store.closed")));
            app.drain().await;
            assert_eq!(app.read(|r| counts(r)).await, (200 * round, 200 * round), "{moment:?}");
        }
    }

    async fn a_timer_that_another_moves_or_cancels_as_it_rings_with_it_does_not_ring(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let now = app.now();
        app.write(move |tx| {
            set_with(tx, "a", now, &json!({"silences": "b", "delays": "c"}))?;
            set(tx, "b", now)?;
            set(tx, "c", now)?;
            set(tx, "d", now)
        })
        .await;
        assert_eq!(app.drain().await.timers, 2);
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["a", "d"]);
        assert_eq!(app.advance(60).await.timers, 1);
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["a", "d", "c"]);
    }

    async fn what_the_timers_of_one_moment_say_is_heard_before_those_of_the_next(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let now = app.now();
        app.write(move |tx| {
            set_with(tx, "first", now.plus_seconds(1), &json!({"orders": "sencha"}))?;
            set(tx, "second", now.plus_seconds(2))
        })
        .await;
        assert_eq!(app.advance(10).await.timers, 2);
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["first", "sencha", "second"]);
    }

    async fn a_timer_that_can_never_be_written_is_put_off_and_those_behind_it_ring(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let now = app.now();
        app.write(move |tx| {
            break_cup(tx, "busy")?;
            set(tx, "busy", now)?;
            set(tx, "tea", now)
        })
        .await;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let runner = app.wiring.runner(app.db.clone());
        let running = tokio::spawn(async move { runner.run(stopped).await });
        while app.read(|r| served(r, GUEST)).await.is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["tea"]);
        let shown = app.read(|r| timers::failing(r, Some(COMPANY), 10)).await;
        assert_eq!((shown.len(), shown[0].timer.key.as_str(), shown[0].attempts), (1, "busy", 1));
        assert!(shown[0].last_error.contains("teahouse.busy"), "{}", shown[0].last_error);
        app.write(|tx| mend_cup(tx, "busy")).await;
        assert_eq!(app.write(takt_work::try_again).await.timers, 1, "a person cuts its waiting short");
        while app.read(|r| served(r, GUEST)).await.len() < 2 {
            tokio::task::yield_now().await;
        }
        stop.send(true).unwrap();
        running.await.unwrap().unwrap();
    }

    async fn a_timer_of_an_unknown_kind_stays_for_a_node_that_knows_it(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let now = app.now();
        app.write(move |tx| {
            timers::set(tx, COMPANY, "newer.kind", "x", Subject::new("guest", GUEST), now, &json!(null))?;
            set(tx, "tea", now)
        })
        .await;
        assert_eq!(app.drain().await, Drained { timers: 1, ..Drained::default() });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_nodes_fire_each_timer_once() {
    let app = TestApp::open(takt_testing::Place::postgres(), vec![teahouse()]).await;
    let (one, two) = (app.wiring.runner(app.db.clone()), app.wiring.runner(app.second_node().await));
    let now = app.now();
    app.write(move |tx| (0..600).try_for_each(|bell| set(tx, &format!("bell {bell}"), now))).await;
    let (first, second) = tokio::join!(one.drain(), two.drain());
    assert_eq!(first.unwrap().timers + second.unwrap().timers, 600);
    assert_eq!(app.read(|r| counts(r)).await, (600, 600));
}

/// Time is of the machine here, since the sleeping itself is what is tested.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_node_fires_within_the_second() {
    struct Machine(std::time::Instant);
    impl takt_kernel::Clock for Machine {
        fn now(&self) -> Timestamp {
            Timestamp::from_micros(i64::try_from(self.0.elapsed().as_micros()).unwrap())
        }
    }
    let wiring = takt_feature::Wiring::assemble(vec![teahouse()]);
    let place = takt_testing::Place::sqlite();
    let clock = std::sync::Arc::new(Machine(std::time::Instant::now()));
    let db = place.open(clock, wiring.slots.clone(), wiring.migrations.clone(), true).await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let runner = wiring.runner(db.clone());
    let running = tokio::spawn(async move { runner.run(stopped).await });
    let due = db.clock().now().plus_micros(300_000);
    db.write("test.set", move |tx| set(tx, "tea", due)).await.unwrap();
    let fired = async {
        loop {
            let at = db.read("test.served", |r| served_at(r, GUEST)).await.unwrap();
            if let Some(at) = at.first() {
                return *at;
            }
            tokio::task::yield_now().await;
        }
    };
    let at = tokio::time::timeout(std::time::Duration::from_secs(10), fired).await.expect("it fires");
    assert!(at >= due && at.micros_since(due) < 1_000_000, "{} µs late", at.micros_since(due));
    stop.send(true).unwrap();
    running.await.unwrap().unwrap();
}
