use std::{
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use takt_kernel::{Actor, Fault, PersonId};
use takt_store::{Change, Db, Fact, Options, Query, RecordedFact, Statement, facts, params, sql};

use crate::engines::{COMPANY, Engine, Filled, about, on_both_engines, options};

on_both_engines!(
    facts_are_heard_in_the_order_of_their_subject,
    what_a_refused_command_said_is_not_heard,
    time_never_runs_backwards_within_a_subject,
    personal_values_stand_beside_the_log_and_can_be_erased,
    the_log_refuses_to_be_changed,
    positions_have_no_gaps_under_many_writers,
    the_last_fact_of_a_kind_is_found_behind_however_many,
);

#[derive(Debug, Serialize, Deserialize)]
struct Emptied {}

impl Fact for Emptied {
    const KIND: &'static str = "purses.emptied";
}

fn actor() -> Actor {
    Actor::Person { person: PersonId::new(3) }
}

async fn fill(db: &Db, id: i64, amount: i64) {
    db.write("test", move |tx| tx.say(about(&actor(), id), &Filled { amount })).await.expect("said");
}

async fn log(db: &Db) -> Vec<RecordedFact> {
    db.number_facts().await.expect("numbered");
    db.read("test", |reader| facts::after(reader, 0, 10_000)).await.expect("the log")
}

async fn facts_are_heard_in_the_order_of_their_subject(engine: Engine) {
    engine
        .db
        .write("test", |tx| {
            tx.set_cause(Some(99));
            tx.say(about(&actor(), 1).from_source("phone"), &Filled { amount: 10 })?;
            tx.say(about(&actor(), 2), &Filled { amount: 20 })?;
            tx.say(about(&actor(), 1), &Filled { amount: 11 })
        })
        .await
        .expect("said");
    fill(&engine.db, 1, 12).await;
    let log = log(&engine.db).await;
    let of_one: Vec<(i64, i64)> = log
        .iter()
        .filter(|fact| fact.subject_id == 1)
        .map(|fact| (fact.n, fact.read::<Filled>().expect("a body").amount))
        .collect();
    assert_eq!(of_one, [(1, 10), (2, 11), (3, 12)]);
    assert_eq!(log.iter().map(|fact| fact.position).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let first = log.iter().find(|fact| fact.subject_id == 1).expect("the first");
    assert_eq!((first.cause, first.source.as_deref(), &first.actor), (Some(99), Some("phone"), &actor()));
    assert_eq!(*engine.db.watch().borrow(), 4);
}

async fn the_last_fact_of_a_kind_is_found_behind_however_many(engine: Engine) {
    engine
        .db
        .write("test", |tx| {
            tx.say(about(&actor(), 1), &Emptied {})?;
            for amount in 0..1_200 {
                tx.say(about(&actor(), 1), &Filled { amount })?;
            }
            tx.say(about(&actor(), 2), &Filled { amount: -1 })
        })
        .await
        .expect("said");
    let (filled, other) = (Filled::KIND, Emptied::KIND);
    let last = |kinds: Vec<&'static str>| {
        engine.db.read("test", move |reader| {
            let found = facts::last_of_kinds(reader, COMPANY, "purse", 1, &kinds)?;
            Ok(found.into_iter().map(|fact| (fact.kind, fact.n)).collect::<Vec<_>>())
        })
    };
    let both = last(vec![filled, other]).await.expect("an answer");
    assert_eq!(both, [(other.to_owned(), 1), (filled.to_owned(), 1_201)]);
    assert_eq!(last(vec![other]).await.expect("an answer"), [(other.to_owned(), 1)]);
    assert!(
        last(vec!["purses.never", "purses"]).await.expect("an answer").is_empty(),
        "no part of a kind is a kind"
    );
}

async fn what_a_refused_command_said_is_not_heard(engine: Engine) {
    let refused = engine
        .db
        .write("test", |tx| {
            tx.say(about(&actor(), 1), &Filled { amount: 1 })?;
            Err::<(), _>(Fault::invalid("test.refused"))
        })
        .await;
    assert!(refused.is_err());
    engine
        .db
        .write("test", |tx| {
            let part = tx.savepoint(|tx| {
                tx.say(about(&actor(), 1), &Filled { amount: 2 })?;
                Err::<(), _>(Fault::invalid("test.refused"))
            });
            assert!(part.is_err());
            tx.say(about(&actor(), 1), &Filled { amount: 3 })
        })
        .await
        .expect("said");
    let amounts: Vec<i64> =
        log(&engine.db).await.iter().map(|fact| fact.read::<Filled>().expect("body").amount).collect();
    assert_eq!(amounts, [3]);
}

async fn time_never_runs_backwards_within_a_subject(engine: Engine) {
    fill(&engine.db, 1, 1).await;
    engine.clock.advance_seconds(-60);
    engine
        .db
        .write("test", |tx| {
            tx.say(about(&actor(), 1), &Filled { amount: 2 })?;
            tx.say(about(&actor(), 1), &Filled { amount: 3 })
        })
        .await
        .expect("said");
    engine.clock.advance_seconds(120);
    fill(&engine.db, 1, 4).await;
    let log = log(&engine.db).await;
    assert_eq!(log.iter().map(|fact| fact.n).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert!(
        log.windows(2).all(|pair| pair[0].at < pair[1].at),
        "{:?}",
        log.iter().map(|fact| fact.at).collect::<Vec<_>>()
    );
}

async fn personal_values_stand_beside_the_log_and_can_be_erased(engine: Engine) {
    engine
        .db
        .write("test", |tx| {
            let changes = vec![
                Change::of("owner", Some("Анна".into()), Some("Борис".into())).personal(),
                Change::of("size", Some("1".into()), Some("2".into())),
            ];
            tx.say_changes(about(&actor(), 1), &Filled { amount: 1 }, changes)
        })
        .await
        .expect("said");
    let raw = log(&engine.db).await;
    assert!(!format!("{:?}", raw[0].changes).contains("Анна"), "the log holds a name");
    let told = engine
        .db
        .read("test", |reader| facts::of_subject(reader, COMPANY, "purse", 1, 0, 10))
        .await
        .expect("facts");
    assert_eq!(told[0].changes[0].old.as_deref(), Some("Анна"));
    assert_eq!(told[0].changes[1].new.as_deref(), Some("2"));
    engine
        .db
        .write("test", |tx| {
            tx.execute(
                sql!("delete from personal_value where company_id = :company_id"),
                params![company_id: COMPANY],
            )
        })
        .await
        .expect("erased");
    let told = engine
        .db
        .read("test", |reader| facts::of_subject(reader, COMPANY, "purse", 1, 0, 10))
        .await
        .expect("facts");
    assert_eq!((told[0].changes[0].old.clone(), told[0].changes[1].new.as_deref()), (None, Some("2")));
}

async fn the_log_refuses_to_be_changed(engine: Engine) {
    fill(&engine.db, 1, 1).await;
    engine.db.number_facts().await.expect("numbered");
    for statement in [
        sql!("update fact set body = '{}'"),
        sql!("delete from fact"),
        sql!("update fact_position set position = position + 1"),
        sql!("delete from fact_position"),
    ] {
        let refused = engine.db.write("test", move |tx| tx.execute(statement, params![])).await;
        assert!(refused.is_err(), "{} went through", statement.place());
    }
}

async fn positions_have_no_gaps_under_many_writers(engine: Engine) {
    let writers: Vec<_> = (0..60)
        .map(|index| {
            let db = engine.db.clone();
            tokio::spawn(async move { fill(&db, index % 7, index).await })
        })
        .collect();
    for writer in writers {
        writer.await.expect("no panic");
        engine.db.number_facts().await.expect("numbered");
    }
    let log = log(&engine.db).await;
    assert_eq!(log.iter().map(|fact| fact.position).collect::<Vec<_>>(), (1..=60).collect::<Vec<_>>());
    for subject in 0..7 {
        let numbers: Vec<i64> =
            log.iter().filter(|fact| fact.subject_id == subject).map(|fact| fact.n).collect();
        assert_eq!(numbers, (1..=i64::try_from(numbers.len()).expect("few")).collect::<Vec<_>>());
    }
}

/// On PostgreSQL a transaction that began first may commit last. Its facts must come after those
/// that were heard meanwhile, and its hanging must delay nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_that_hangs_delays_nobody_and_is_heard_when_it_commits() {
    let engine = crate::engines::postgres().await;
    let (began, has_began) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let released = Arc::new(Mutex::new(released));
    let db = engine.db.clone();
    let hanging = tokio::spawn(async move {
        db.write("test", move |tx| {
            tx.say(about(&actor(), 1), &Filled { amount: 1 })?;
            tx.all(sql!("select 1 as one"), params![])?;
            began.send(()).expect("the test waits");
            released.lock().expect("no panic").recv().expect("the test releases");
            Ok(())
        })
        .await
    });
    tokio::task::spawn_blocking(move || has_began.recv()).await.expect("no panic").expect("it began");
    fill(&engine.db, 2, 2).await;
    let heard: Vec<i64> = log(&engine.db).await.iter().map(|fact| fact.subject_id).collect();
    assert_eq!(heard, [2]);
    release.send(()).expect("it hangs");
    hanging.await.expect("no panic").expect("it commits");
    let heard: Vec<(i64, i64)> =
        log(&engine.db).await.iter().map(|fact| (fact.position, fact.subject_id)).collect();
    assert_eq!(heard, [(1, 2), (2, 1)]);
}

/// The background sequencer and listener do the same without being called, on every node.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_node_hears_what_another_node_said() {
    let engine = crate::engines::postgres().await;
    let node = |database| {
        let mut options = crate::engines::options(database, engine.clock.clone());
        options.background = true;
        Db::open(options)
    };
    let one = node(engine.database.clone()).await.expect("a node");
    let other = node(engine.database.clone()).await.expect("a node");
    let mut heard = other.watch();
    fill(&one, 1, 1).await;
    fill(&engine.db, 2, 2).await;
    tokio::time::timeout(std::time::Duration::from_secs(20), heard.wait_for(|position| *position == 2))
        .await
        .expect("in time")
        .expect("open");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_leader_loses_its_connection_facts_are_numbered_again_soon() {
    let engine = crate::engines::postgres().await;
    let options = Options { background: true, ..options(engine.database.clone(), engine.clock.clone()) };
    let db = Db::open(options).await.expect("a node that leads");
    let mut positions = db.watch();
    fill(&db, 1, 1).await;
    let patience = Duration::from_secs(10);
    tokio::time::timeout(patience, positions.wait_for(|position| *position == 1))
        .await
        .expect("soon")
        .expect("open");
    let ended = engine
        .db
        .read("test", |reader| {
            let end = Statement::new(
                "select pg_terminate_backend(pid) as ended
                 from pg_locks
                 where locktype = 'advisory' and granted
                   and database = (select oid from pg_database where datname = current_database())",
            );
            reader.all_of(&end)
        })
        .await
        .expect("an answer");
    assert!(!ended.is_empty(), "nobody led");
    fill(&db, 1, 2).await;
    tokio::time::timeout(patience, positions.wait_for(|position| *position == 2))
        .await
        .expect("soon")
        .expect("open");
}

/// What PostgreSQL supposes of a table's size; -1 while it was never counted.
async fn supposed(db: &Db, table: &'static str) -> i64 {
    let asked =
        Statement::new("select cast(reltuples as bigint) as rows from pg_class where relname = :name");
    let row = db.read("test", move |reader| reader.opt_of(&asked.clone().bind("name", table))).await;
    row.expect("an answer").expect("a table").get("rows").expect("a number")
}

/// One that counts as empty would be read from end to end when it is not any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_young_log_that_grows_has_large_tables_counted_and_no_small_ones() {
    let engine = crate::engines::postgres().await;
    let options = Options { background: true, ..options(engine.database.clone(), engine.clock.clone()) };
    let node = Db::open(options).await.expect("the store opens");
    node.write("test", |tx| {
        (0..600).try_for_each(|amount| tx.say(about(&actor(), amount), &Filled { amount }))
    })
    .await
    .expect("said");
    let counted = async {
        while supposed(&node, "fact").await < 600 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), counted).await.expect("the log is counted");
    assert_eq!(supposed(&node, "purse").await, -1);
    assert_eq!(supposed(&node, "number_block").await, -1, "a row or two are no reason either");
}
