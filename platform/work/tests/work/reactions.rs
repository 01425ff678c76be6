use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use takt_feature::{Feature, Tier};
use takt_kernel::{Fault, Result};
use takt_store::{Engine, Interference, Moment, RecordedFact, Tx, Verdict, facts};
use takt_testing::{TestApp, on_both_engines};
use takt_work::{CHECKS, Drained, Listener, Runner, parked, try_again};

use crate::teahouse::{COMPANY, WAITER, break_cup, counts, mend_cup, order, served, teahouse, told};

const GUEST: i64 = 12;

/// A node that ends after it has tried parked subjects once.
#[derive(Default)]
struct OnePart(AtomicUsize);

impl Interference for OnePart {
    fn judge(&self, command: &'static str, moment: Moment) -> Verdict {
        let tries = command == "work.retry_parked" && moment == Moment::BeforeCommit;
        if tries && self.0.fetch_add(1, Ordering::SeqCst) > 0 {
            return Verdict::Refuse(Fault::unavailable("store.closed"));
        }
        Verdict::Go
    }
}

fn refuses(_: &mut Tx<'_>, _: &RecordedFact) -> Result<()> {
    Err(Fault::unavailable("store.busy").retryable())
}

on_both_engines! {
    async fn a_fact_is_reacted_to_once_however_often_we_look(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        app.write(|tx| order(tx, GUEST, "sencha")).await;
        assert_eq!(app.drain().await, Drained { reactions: 1, ..Drained::default() });
        assert_eq!(app.drain().await, Drained::default());
        // A restart: a new runner on the same database.
        assert_eq!(app.wiring.runner(app.db.clone()).drain().await.unwrap(), Drained::default());
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["sencha"]);
    }

    async fn what_a_reaction_says_names_its_cause(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        app.write(|tx| order(tx, GUEST, "sencha")).await;
        app.drain().await;
        let log = app.read(|r| facts::of_subject(r, COMPANY, "guest", GUEST, 0, 10)).await;
        let told: Vec<_> = log.iter().map(|fact| (fact.kind.as_str(), fact.cause)).collect();
        assert_eq!(told, [("teahouse.ordered", None), ("teahouse.served", Some(log[0].id))]);
    }

    async fn facts_of_a_subject_are_heard_in_order(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        for round in 0..30 {
            app.write(move |tx| (0..9).try_for_each(|guest| order(tx, guest, &format!("cup {round:02}")))).await;
        }
        assert_eq!(app.drain().await.reactions, 270);
        let expected: Vec<String> = (0..30).map(|round| format!("cup {round:02}")).collect();
        for guest in 0..9 {
            assert_eq!(app.read(move |r| served(r, guest)).await, expected, "guest {guest}");
        }
    }

    async fn a_poison_fact_parks_its_subject_and_nobody_else(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let neighbour = GUEST + 4; // of the same lane
        app.write(|tx| break_cup(tx, "matcha")).await;
        app.write(move |tx| {
            order(tx, GUEST, "sencha")?;
            order(tx, GUEST, "matcha")?;
            order(tx, GUEST, "gyokuro")?;
            order(tx, neighbour, "sencha")
        })
        .await;
        let drained = app.drain_with_failures().await;
        assert_eq!((drained.reactions, drained.parked), (2, 1));
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["sencha"], "the effect of the poison is undone");
        assert_eq!(app.read(move |r| served(r, neighbour)).await, ["sencha"]);
        assert_eq!(app.facts_named("teahouse.served").await, 2, "what the poison said is unsaid");
        let shown = app.read(|r| parked(r, Some(COMPANY), 10)).await;
        assert_eq!(shown.len(), 1);
        assert_eq!((shown[0].subject_id, shown[0].attempts), (GUEST, 1));
        assert_eq!((shown[0].listener.as_str(), shown[0].fact_kind.as_str()), (WAITER.name, "teahouse.ordered"));
        assert!(shown[0].last_error.contains("teahouse.cup_broken"), "{}", shown[0].last_error);
    }

    async fn a_parked_subject_is_tried_again_and_goes_on_in_order(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        app.write(|tx| break_cup(tx, "matcha")).await;
        app.write(|tx| {
            order(tx, GUEST, "matcha")?;
            order(tx, GUEST, "gyokuro")
        })
        .await;
        assert_eq!(app.drain_with_failures().await.parked, 1);
        assert_eq!(app.drain_with_failures().await, Drained::default(), "not before its time");
        app.clock.advance_seconds(1);
        assert_eq!(app.drain_with_failures().await.parked, 1);
        assert_eq!(app.read(|r| parked(r, None, 10)).await[0].attempts, 2);

        app.write(|tx| mend_cup(tx, "matcha")).await;
        app.write(|tx| order(tx, GUEST, "bancha")).await;
        assert_eq!(app.drain_with_failures().await, Drained::default(), "the newcomer waits in line");
        app.clock.advance_seconds(2);
        assert_eq!(app.drain().await.reactions, 3);
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["matcha", "gyokuro", "bancha"]);
        assert!(app.read(|r| parked(r, None, 10)).await.is_empty());
        app.write(|tx| order(tx, GUEST, "hojicha")).await;
        assert_eq!(app.drain().await.reactions, 1);
    }

    async fn waiting_grows_with_each_failure_and_a_person_can_cut_it_short(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        app.write(|tx| break_cup(tx, "matcha")).await;
        app.write(|tx| order(tx, GUEST, "matcha")).await;
        app.drain_with_failures().await;
        let mut waits = Vec::new();
        for _ in 0..5 {
            let shown = app.read(|r| parked(r, None, 10)).await;
            waits.push(shown[0].retry_at.seconds_since(app.now()));
            app.clock.set(shown[0].retry_at);
            app.drain_with_failures().await;
        }
        assert_eq!(waits, [1, 2, 4, 8, 16]);
        app.write(|tx| mend_cup(tx, "matcha")).await;
        assert_eq!(app.drain().await.reactions, 0);
        assert_eq!(app.write(try_again).await.parked, 1);
        assert_eq!(app.drain().await.reactions, 1);
    }

    async fn a_subject_that_caught_up_in_part_says_with_which_fact_it_goes_on(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        app.write(|tx| break_cup(tx, "matcha")).await;
        app.write(|tx| order(tx, GUEST, "matcha")).await;
        app.drain_with_failures().await;
        for cup in 0..120 {
            app.write(move |tx| order(tx, GUEST, &format!("cup {cup:03}"))).await;
        }
        app.drain_with_failures().await;
        app.write(|tx| mend_cup(tx, "matcha")).await;
        app.clock.advance_seconds(2);
        let node = app.wiring.runner(app.db.clone().interfered(Arc::new(OnePart::default())));
        assert!(node.drain().await.is_err_and(|fault| fault.is("store.closed")));
        let (served_by_then, wrong) = app
            .read(|r| {
                let wrong = CHECKS.iter().map(|check| (check.look)(r)).collect::<Result<Vec<_>>>()?;
                Ok((served(r, GUEST)?.len(), wrong.into_iter().flatten().map(|wrong| wrong.0).collect::<Vec<_>>()))
            })
            .await;
        assert_eq!((served_by_then, wrong), (100, Vec::new()));
        assert_eq!(app.drain().await.reactions, 21);
        assert!(app.read(|r| parked(r, None, 10)).await.is_empty());
    }

    async fn a_reaction_that_panics_parks_like_any_other(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        app.write(|tx| break_cup(tx, "panic")).await;
        app.write(|tx| order(tx, GUEST, "panic")).await;
        app.write(|tx| order(tx, GUEST + 1, "sencha")).await;
        let drained = app.drain_with_failures().await;
        assert_eq!((drained.reactions, drained.parked), (1, 1));
        assert!(app.read(|r| parked(r, None, 10)).await[0].last_error.contains("work.panicked"));
    }

    async fn more_facts_than_one_batch_behind_a_parked_one_catch_up(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        app.write(|tx| break_cup(tx, "first")).await;
        app.write(|tx| {
            order(tx, GUEST, "first")?;
            (0..250).try_for_each(|cup| order(tx, GUEST, &format!("cup {cup:03}")))
        })
        .await;
        assert_eq!(app.drain_with_failures().await.parked, 1);
        app.write(|tx| mend_cup(tx, "first")).await;
        assert_eq!(app.advance(1).await.reactions, 251);
        let got = app.read(|r| served(r, GUEST)).await;
        assert_eq!((got.len(), got[0].as_str(), got[250].as_str()), (251, "first", "cup 249"));
        assert!(app.read(|r| parked(r, None, 10)).await.is_empty());
    }

    async fn one_that_cannot_go_on_keeps_nobody_waiting_who_hears_with_it(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        let stuck = Listener { name: "teahouse.stuck", react: refuses, ..WAITER };
        let runner = Runner::new(app.db.clone(), vec![WAITER, stuck], vec![], vec![]);
        runner.drain().await.unwrap();
        app.write(|tx| order(tx, GUEST, "sencha")).await;
        assert!(runner.drain().await.is_err(), "both in one step");
        assert!(app.read(|r| served(r, GUEST)).await.is_empty());
        assert!(runner.drain().await.is_err(), "each by itself");
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["sencha"]);
    }

    async fn the_first_listeners_hear_everything_and_later_ones_what_comes(place: Place) {
        let app = TestApp::open(place, vec![teahouse()]).await;
        app.write(|tx| order(tx, GUEST, "before any runner")).await;
        assert_eq!(app.drain().await.reactions, 1);
        let newcomer = Listener { name: "teahouse.newcomer", ..WAITER };
        let runner = Runner::new(app.db.clone(), vec![WAITER, newcomer], vec![], vec![]);
        assert_eq!(runner.drain().await.unwrap().reactions, 0);
        app.write(|tx| order(tx, GUEST, "after")).await;
        assert_eq!(runner.drain().await.unwrap().reactions, 2);
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["before any runner", "after", "after"]);
    }

    async fn listeners_of_one_fact_do_not_hinder_each_other(place: Place) {
        let second = Feature::new("counter", Tier::Feature).listener(Listener {
            name: "counter.refuses",
            hears: &["teahouse.ordered"],
            does: "refuses all",
            react: |_, _| Err(takt_kernel::Fault::conflict("counter.closed")),
        });
        let app = TestApp::open(place, vec![teahouse(), second]).await;
        app.write(|tx| order(tx, GUEST, "sencha")).await;
        let drained = app.drain_with_failures().await;
        assert_eq!((drained.reactions, drained.parked), (1, 1));
        assert_eq!(app.read(|r| served(r, GUEST)).await, ["sencha"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_share_a_database_react_once_together() {
    let app = TestApp::open(takt_testing::Place::postgres(), vec![teahouse()]).await;
    assert_eq!(app.db.engine(), Engine::Postgres);
    let (one, two) = (app.wiring.runner(app.db.clone()), app.wiring.runner(app.second_node().await));
    for round in 0..20 {
        app.write(move |tx| (0..25).try_for_each(|guest| order(tx, guest, &format!("cup {round}")))).await;
        let (first, second) = tokio::join!(one.drain(), two.drain());
        first.unwrap();
        second.unwrap();
    }
    one.drain().await.unwrap();
    assert_eq!(app.read(|r| counts(r)).await, (500, 500));
    let expected: Vec<String> = (0..20).map(|round| format!("cup {round}")).collect();
    for guest in 0..25 {
        assert_eq!(app.read(move |r| told(r, guest)).await, expected, "guest {guest}");
    }
}

/// The loops themselves, on a running clock of the machine: what `takt serve` does.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn running_nodes_hear_what_is_said_and_stop_when_told() {
    let clock = std::sync::Arc::new(takt_kernel::ManualClock::at(takt_kernel::Timestamp::from_micros(0)));
    let place = takt_testing::Place::postgres();
    let app = TestApp::open_at(place, vec![teahouse()], clock, true).await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let other = app.second_node().await;
    let nodes: Vec<_> = [app.db.clone(), other]
        .into_iter()
        .map(|db| {
            let (runner, stopped) = (app.wiring.runner(db), stopped.clone());
            tokio::spawn(async move { runner.run(stopped).await })
        })
        .collect();
    for round in 0..10 {
        app.write(move |tx| (0..10).try_for_each(|guest| order(tx, guest, &format!("cup {round}")))).await;
    }
    let all_served = async {
        while app.read(|r| counts(r)).await.0 < 100 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), all_served).await.expect("heard in time");
    stop.send(true).unwrap();
    for node in nodes {
        node.await.unwrap().unwrap();
    }
    assert_eq!(app.read(|r| counts(r)).await, (100, 100));
}
