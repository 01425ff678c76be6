use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};
use takt_feature::{Feature, Tier};
use takt_kernel::{Fault, Result, Timestamp};
use takt_store::{Query, Tx, params, sql};
use takt_testing::{Place, TestApp, on_both_engines};
use takt_work::{Drained, JobEnd, JobKind, NewJob, failed_jobs, jobs, try_again};

use crate::teahouse::COMPANY;

/// What the outside world was asked to do, and how it answers.
#[derive(Clone, Default)]
struct Outside {
    asked: Arc<Mutex<Vec<(Value, i64)>>>,
    answers: Arc<Mutex<Vec<Result<JobEnd>>>>,
}

impl Outside {
    fn kind(&self) -> JobKind {
        let outside = self.clone();
        JobKind {
            kind: "teahouse.letter",
            does: "writes a letter",
            concurrency: 2,
            max_attempts: 3,
            run: Arc::new(move |run| {
                let outside = outside.clone();
                Box::pin(async move {
                    outside.asked.lock().unwrap().push((run.payload, run.attempt));
                    outside.answers.lock().unwrap().pop().unwrap_or(Ok(JobEnd::Done))
                })
            }),
        }
    }

    fn feature(&self) -> Feature {
        Feature::new("letters", Tier::Feature).job(self.kind())
    }

    fn answers(&self, answer: Result<JobEnd>) {
        self.answers.lock().unwrap().insert(0, answer);
    }

    fn asked(&self) -> Vec<(Value, i64)> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

fn letter(key: Option<&str>, payload: Value, run_at: Timestamp) -> NewJob {
    NewJob { company: COMPANY, kind: "teahouse.letter", key: key.map(ToOwned::to_owned), payload, run_at }
}

fn refused() -> Result<JobEnd> {
    Err(Fault::unavailable("letters.post_closed"))
}

fn lose_lease(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!("update job set claim = 'a runner that died', attempts = attempts + 1, next_at = :lease_until"),
        params![lease_until: now.plus_seconds(60)],
    )
}

on_both_engines! {
    async fn a_kind_that_rests_begins_nothing_until_its_moment(place: Place) {
        let outside = Outside::default();
        let app = TestApp::open(place, vec![outside.feature()]).await;
        let now = app.now();
        outside.answers(Ok(JobEnd::RestUntil(now.plus_seconds(30))));
        app.write(move |tx| {
            (0..20).try_for_each(|number| jobs::enqueue(tx, letter(None, json!(number), now)))
        })
        .await;
        app.drain().await;
        assert_eq!(outside.asked().len(), 1, "the others are not even claimed");
        assert_eq!(app.advance(29).await, Drained::default());
        assert_eq!(app.advance(1).await.jobs, 20);
    }

    async fn a_job_runs_after_its_time_and_is_gone(place: Place) {
        let outside = Outside::default();
        let app = TestApp::open(place, vec![outside.feature()]).await;
        let later = app.now().plus_seconds(10);
        app.write(move |tx| jobs::enqueue(tx, letter(None, json!({"to": "Анна"}), later))).await;
        assert_eq!(app.advance(9).await, Drained::default());
        assert_eq!(app.advance(1).await.jobs, 1);
        assert_eq!(app.advance(1).await, Drained::default());
        assert_eq!(outside.asked(), [(json!({"to": "Анна"}), 1)]);
    }

    async fn a_job_of_a_refused_command_never_runs(place: Place) {
        let outside = Outside::default();
        let app = TestApp::open(place, vec![outside.feature()]).await;
        let now = app.now();
        let refusal = app
            .try_write(move |tx| {
                jobs::enqueue(tx, letter(None, json!(1), now))?;
                Err::<(), _>(Fault::conflict("test.changed_my_mind"))
            })
            .await;
        assert!(refusal.is_err());
        assert_eq!(app.drain().await, Drained::default());
    }

    async fn a_second_job_under_the_same_key_is_dropped(place: Place) {
        let outside = Outside::default();
        let app = TestApp::open(place, vec![outside.feature()]).await;
        let now = app.now();
        app.write(move |tx| {
            jobs::enqueue(tx, letter(Some("a"), json!(1), now))?;
            jobs::enqueue(tx, letter(Some("a"), json!(2), now))?;
            jobs::enqueue(tx, letter(Some("b"), json!(3), now))?;
            jobs::enqueue(tx, letter(None, json!(4), now))?;
            jobs::enqueue(tx, letter(None, json!(5), now))
        })
        .await;
        assert_eq!(app.drain().await.jobs, 4);
        let payloads: Vec<Value> = outside.asked().into_iter().map(|(payload, _)| payload).collect();
        assert_eq!(payloads, [json!(1), json!(3), json!(4), json!(5)]);
    }

    async fn a_failed_job_is_tried_again_later_and_dies_when_its_attempts_are_used_up(place: Place) {
        let outside = Outside::default();
        (0..3).for_each(|_| outside.answers(refused()));
        let app = TestApp::open(place, vec![outside.feature()]).await;
        let now = app.now();
        app.write(move |tx| jobs::enqueue(tx, letter(Some("a"), json!(1), now))).await;
        assert_eq!(app.drain_with_failures().await.failed_jobs, 1);
        let shown = app.read(|r| failed_jobs(r, Some(COMPANY), 10)).await;
        assert_eq!((shown.len(), shown[0].attempts, shown[0].died_at), (1, 1, None));
        assert!(shown[0].last_error.contains("letters.post_closed"));
        let wait = shown[0].retry_at.unwrap().seconds_since(now);
        assert!((5..=6).contains(&wait), "{wait}");
        app.clock.advance_seconds(4);
        assert_eq!(app.drain_with_failures().await, Drained::default());
        app.clock.advance_seconds(60);
        app.drain_with_failures().await;
        app.clock.advance_seconds(60);
        app.drain_with_failures().await;
        let shown = app.read(|r| failed_jobs(r, None, 10)).await;
        assert_eq!((shown[0].attempts, shown[0].died_at, shown[0].retry_at), (3, Some(app.now()), None));
        app.clock.advance_seconds(100_000);
        assert_eq!(app.drain().await, Drained::default());

        assert_eq!(app.write(try_again).await.jobs, 1, "a person starts it again");
        assert_eq!(app.drain().await.jobs, 1);
        assert!(app.read(|r| failed_jobs(r, None, 10)).await.is_empty());
        let attempts: Vec<i64> = outside.asked().into_iter().map(|(_, attempt)| attempt).collect();
        assert_eq!(attempts, [1, 2, 3, 1]);
    }

    async fn a_job_may_ask_for_patience_or_give_up(place: Place) {
        let outside = Outside::default();
        let app = TestApp::open(place, vec![outside.feature()]).await;
        let now = app.now();
        let later = now.plus_seconds(3600);
        outside.answers(Ok(JobEnd::RetryAt(later)));
        outside.answers(Ok(JobEnd::GiveUp(Fault::invalid("letters.no_such_street"))));
        app.write(move |tx| jobs::enqueue(tx, letter(None, json!(1), now))).await;
        assert_eq!(app.drain().await.jobs, 1);
        assert!(app.read(|r| failed_jobs(r, None, 10)).await.is_empty(), "patience is no failure");
        app.clock.set(later);
        assert_eq!(app.drain_with_failures().await.failed_jobs, 1);
        let shown = app.read(|r| failed_jobs(r, None, 10)).await;
        assert_eq!(shown[0].died_at, Some(later));
        assert_eq!(outside.asked().iter().map(|(_, attempt)| *attempt).collect::<Vec<_>>(), [1, 1]);
    }

    async fn a_job_whose_runner_died_is_taken_over_when_its_lease_ends(place: Place) {
        let outside = Outside::default();
        let app = TestApp::open(place, vec![outside.feature()]).await;
        let now = app.now();
        app.write(move |tx| jobs::enqueue(tx, letter(None, json!(1), now))).await;
        app.write(lose_lease).await;
        assert_eq!(app.advance(59).await, Drained::default());
        assert_eq!(app.advance(1).await.jobs, 1);
        assert_eq!(outside.asked(), [(json!(1), 2)]);
    }

    async fn a_job_that_kills_every_runner_is_buried_unrun(place: Place) {
        let outside = Outside::default();
        let app = TestApp::open(place, vec![outside.feature()]).await;
        let now = app.now();
        app.write(move |tx| jobs::enqueue(tx, letter(None, json!(1), now))).await;
        for _ in 0..3 {
            app.write(lose_lease).await;
        }
        app.advance(60).await;
        assert!(outside.asked().is_empty());
        let shown = app.read(|r| failed_jobs(r, None, 10)).await;
        assert!(shown[0].last_error.contains("work.runner_died"), "{}", shown[0].last_error);
    }

    async fn a_run_that_lost_its_lease_changes_nothing(place: Place) {
        let kind = JobKind {
            run: Arc::new(|run| {
                Box::pin(async move {
                    run.db.write("test.lose", lose_lease).await?;
                    Ok(JobEnd::Done)
                })
            }),
            ..Outside::default().kind()
        };
        let app = TestApp::open(place, vec![Feature::new("letters", Tier::Feature).job(kind)]).await;
        let now = app.now();
        app.write(move |tx| jobs::enqueue(tx, letter(None, json!(1), now))).await;
        app.drain().await;
        let left = app.read(|r| r.one(sql!("select count(*) as jobs from job"), params![])?.get::<i64>("jobs")).await;
        assert_eq!(left, 1, "it is the other runner's job now");
    }

    async fn a_job_that_panics_has_failed(place: Place) {
        let kind = JobKind {
            run: Arc::new(|_| Box::pin(async { panic!("the pen broke") })),
            ..Outside::default().kind()
        };
        let app = TestApp::open(place, vec![Feature::new("letters", Tier::Feature).job(kind)]).await;
        let now = app.now();
        app.write(move |tx| jobs::enqueue(tx, letter(None, json!(1), now))).await;
        assert_eq!(app.drain_with_failures().await.failed_jobs, 1);
        assert!(app.read(|r| failed_jobs(r, None, 10)).await[0].last_error.contains("work.panicked"));
    }

    async fn every_statement_is_understood_by_this_engine(place: Place) {
        let app = TestApp::open(place, vec![crate::teahouse::teahouse()]).await;
        assert_eq!(app.db.unpreparable_statements().await.unwrap(), Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_nodes_run_each_job_once_and_no_more_at_a_time_than_allowed() {
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let done = Arc::new(AtomicUsize::new(0));
    let (counting, highest, ended) = (running.clone(), most.clone(), done.clone());
    let kind = JobKind {
        run: Arc::new(move |_| {
            let (running, most, done) = (counting.clone(), highest.clone(), ended.clone());
            Box::pin(async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                running.fetch_sub(1, Ordering::SeqCst);
                done.fetch_add(1, Ordering::SeqCst);
                Ok(JobEnd::Done)
            })
        }),
        ..Outside::default().kind()
    };
    let place = takt_testing::Place::postgres();
    let app = TestApp::open(place, vec![Feature::new("letters", Tier::Feature).job(kind)]).await;
    let now = app.now();
    app.write(move |tx| (0..40).try_for_each(|n| jobs::enqueue(tx, letter(None, json!(n), now)))).await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let nodes: Vec<_> = [app.db.clone(), app.second_node().await]
        .into_iter()
        .map(|db| {
            let (runner, stopped) = (app.wiring.runner(db), stopped.clone());
            tokio::spawn(async move { runner.run(stopped).await })
        })
        .collect();
    let all_gone = async {
        while app
            .read(|r| r.one(sql!("select count(*) as jobs from job"), params![])?.get::<i64>("jobs"))
            .await
            > 0
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), all_gone).await.expect("all run in time");
    stop.send(true).unwrap();
    for node in nodes {
        node.await.unwrap().unwrap();
    }
    assert_eq!(done.load(Ordering::SeqCst), 40);
    assert!(most.load(Ordering::SeqCst) <= 4, "two nodes, two each");
}

/// The embedded database belongs to one process, so who claimed the job is dead.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dead_process_had_claimed_is_taken_up_at_once_on_sqlite() {
    let outside = Outside::default();
    let app = TestApp::open(Place::sqlite(), vec![outside.feature()]).await;
    let now = app.now();
    app.write(move |tx| jobs::enqueue(tx, letter(None, json!({"to": "Анна"}), now))).await;
    app.write(lose_lease).await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let runner = app.runner.clone();
    let running = tokio::spawn(async move { runner.run(stopped).await });
    let asked = async {
        loop {
            let asked = outside.asked();
            if !asked.is_empty() {
                return asked;
            }
            tokio::task::yield_now().await;
        }
    };
    let asked = tokio::time::timeout(std::time::Duration::from_secs(20), asked).await;
    stop.send_replace(true);
    running.await.unwrap().unwrap();
    assert_eq!(asked.unwrap(), [(json!({"to": "Анна"}), 2)]);
}
