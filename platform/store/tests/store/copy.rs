//! A shop that moves from its folder to PostgreSQL while people work in it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use takt_kernel::{Actor, Fault, PersonId, Result};
use takt_store::{
    Database, Db, Migration, Migrations, Query, Tier,
    copy::{Listener, Step},
    facts, params, sql,
    tables::{Snapshot, Tables, digest},
};
use takt_testing::postgres::{TestDatabase, empty_database};

use crate::engines::{COMPANY, Filled, about, migrations, open, options, sqlite};

struct Hearing<F>(F);

impl<F: FnMut(Step) -> Result<()> + Send + 'static> Listener for Hearing<F> {
    fn hear(&mut self, step: Step) -> Result<()> {
        (self.0)(step)
    }
}

async fn empty() -> TestDatabase {
    tokio::task::spawn_blocking(empty_database).await.expect("a database")
}

/// Adds a purse, fills one that is there, and takes one away now and then: new, changed and gone rows.
async fn work(db: &Db, n: i64) -> Result<()> {
    db.write("test.work", move |tx| {
        tx.put(
            sql!(
                "insert into purse (company_id, id, name, heavy, amount)
                 values (:company_id, :id, :name, :heavy, 0)"
            ),
            params![company_id: COMPANY, id: n, name: format!("purse {n}"), heavy: n % 2 == 0],
        )?;
        tx.put(
            sql!("update purse set amount = amount + 1 where company_id = :company_id and id = :id"),
            params![company_id: COMPANY, id: 1 + n % 90],
        )?;
        if n % 5 == 0 && n > 100 {
            tx.put(
                sql!("delete from purse where company_id = :company_id and id = :id"),
                params![company_id: COMPANY, id: n - 3],
            )?;
        }
        tx.next_number(COMPANY, "invoice")?;
        tx.say(about(&Actor::Person { person: PersonId::new(3) }, n % 11), &Filled { amount: n })
    })
    .await
}

async fn digests(database: Database) -> Vec<String> {
    tokio::task::spawn_blocking(move || {
        let mut snapshot = Snapshot::open(&database).expect("a snapshot");
        let tables = snapshot.tables().expect("tables");
        tables
            .iter()
            .map(|table| {
                let digest = digest(&mut snapshot, table, &mut |_| Ok(())).expect("a digest");
                format!("{} {} {digest}", table.name, digest.rows)
            })
            .collect()
    })
    .await
    .expect("it ran")
}

fn postgres(server: &TestDatabase) -> Database {
    Database::Postgres { url: server.url().to_owned() }
}

async fn positions(db: &Db) -> Vec<(i64, i64)> {
    let log = db.read("test.log", |reader| facts::after(reader, 0, 100_000)).await.expect("the log");
    log.iter().map(|fact| (fact.position, fact.id)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_shop_moves_while_people_work_and_nothing_acknowledged_stays_behind() {
    let (engine, server) = (sqlite().await, empty().await);
    for n in 1..=300 {
        work(&engine.db, n).await.expect("worked");
    }
    let (db, acknowledged) = (engine.db.clone(), Arc::new(AtomicI64::new(300)));
    let heard = Arc::new(Mutex::new(Vec::new()));
    let people = {
        let (db, acknowledged) = (db.clone(), acknowledged.clone());
        tokio::spawn(async move {
            for n in 301.. {
                match work(&db, n).await {
                    Ok(()) => acknowledged.store(n, Ordering::SeqCst),
                    Err(refusal) => return refusal,
                }
            }
            unreachable!("numbers do not end")
        })
    };
    let (hearing, worked) = (heard.clone(), acknowledged.clone());
    let mut beside = "";
    let copied = db
        .copy_to(
            server.url(),
            migrations(),
            Hearing(move |step: Step| {
                // Somebody really works beside each of the long parts.
                let phase = match &step {
                    Step::Copying { .. } => "copying",
                    Step::Comparing { .. } => "comparing",
                    Step::CatchingUp { .. } | Step::StandingStill { .. } => "",
                };
                if !phase.is_empty() && beside != phase {
                    beside = phase;
                    let before = worked.load(Ordering::SeqCst);
                    while worked.load(Ordering::SeqCst) < before + 20 {
                        std::thread::yield_now();
                    }
                }
                hearing.lock().expect("steps").push(step);
                Ok(())
            }),
        )
        .await
        .expect("it moved");
    let refusal = people.await.expect("people");
    assert!(refusal.is("store.moved"), "{refusal:?}");
    assert!(copied.followed > 0, "people worked meanwhile");
    db.moved().await;

    let there = open(postgres(&server), engine.clock.clone()).await;
    let last = acknowledged.load(Ordering::SeqCst);
    let found = there
        .read("test.last", move |reader| {
            reader.opt(
                sql!("select name from purse where company_id = :company_id and id = :id"),
                params![company_id: COMPANY, id: last],
            )
        })
        .await;
    assert!(found.expect("an answer").is_some(), "purse {last} was acknowledged");
    assert_eq!(digests(engine.database.clone()).await, digests(postgres(&server)).await);
    let kept = positions(&there).await;
    assert_eq!(kept.len() as i64, copied.position, "positions are dense");

    // What follows goes on where the folder stopped: no number and no position twice.
    let before: Vec<i64> = kept.iter().map(|(_, id)| *id).collect();
    let number = there.write("test.number", |tx| tx.next_number(COMPANY, "invoice")).await.expect("a number");
    assert!(number > last, "{number} after {last}");
    work(&there, 1_000_000).await.expect("worked");
    there.number_facts().await.expect("numbered");
    let now = positions(&there).await;
    assert_eq!(now[..kept.len()], kept[..]);
    assert_eq!(now.len(), kept.len() + 1);
    assert_eq!(now.last().expect("the newest").0, copied.position + 1);
    assert!(!before.contains(&now.last().expect("the newest").1));
    let changed =
        there.write("test.change", |tx| tx.execute(sql!("update fact set version = 2"), params![])).await;
    assert!(changed.is_err(), "the log is append-only again");

    engine.db.close().await;
    let again = Db::open(options(engine.database.clone(), engine.clock.clone())).await.err().expect("sealed");
    assert!(again.is("store.moved"), "{again:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_ends_early_leaves_both_sides_as_they_were_and_can_be_repeated() {
    let (engine, server) = (sqlite().await, empty().await);
    for n in 1..=50 {
        work(&engine.db, n).await.expect("worked");
    }
    let stops: [fn(&Step) -> bool; 3] = [
        |step| matches!(step, Step::Copying { table, rows: 1.., .. } if table == "purse"),
        |step| matches!(step, Step::Comparing { .. }),
        |step| matches!(step, Step::StandingStill { .. }),
    ];
    for stops_at in stops {
        let hearing = Hearing(
            move |step: Step| {
                if stops_at(&step) { Err(Fault::unavailable("test.stopped")) } else { Ok(()) }
            },
        );
        let stopped = engine.db.copy_to(server.url(), migrations(), hearing).await.expect_err("stopped");
        assert!(stopped.is("test.stopped"), "{stopped:?}");
        assert_eq!(digests(postgres(&server)).await, Vec::<String>::new());
        let n = engine.db.write("test.id", |tx| Ok(tx.new_id::<()>().get())).await.expect("an id");
        work(&engine.db, n * 10).await.expect("the shop goes on");
    }
    engine.db.copy_to(server.url(), migrations(), Hearing(|_| Ok(()))).await.expect("it moved at last");
    assert_eq!(digests(engine.database.clone()).await, digests(postgres(&server)).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_an_empty_database_with_the_same_tables_is_copied_to() {
    let (engine, server) = (sqlite().await, empty().await);
    work(&engine.db, 1).await.expect("worked");
    let plan = engine.db.plan_copy(server.url()).await.expect("a plan");
    assert!(plan.tables.contains(&("purse".to_owned(), 1)) && plan.rows > 1 && plan.bytes > 0, "{plan:?}");
    assert_eq!(digests(postgres(&server)).await, Vec::<String>::new(), "planning leaves nothing");

    let other = Migrations {
        tier: Tier::Feature,
        feature: "hats",
        steps: &[Migration { number: 1, name: "a hat", sql: "create table hat (id integer primary key);" }],
    };
    let more = migrations().into_iter().chain([other]).collect();
    let refused = engine.db.copy_to(server.url(), more, Hearing(|_| Ok(()))).await.expect_err("refused");
    assert!(refused.is("store.copy_schema_differs"), "{refused:?}");
    assert_eq!(digests(postgres(&server)).await, Vec::<String>::new());

    drop(open(postgres(&server), engine.clock.clone()).await);
    for refused in [
        engine.db.copy_to(server.url(), migrations(), Hearing(|_| Ok(()))).await.expect_err("refused"),
        engine.db.plan_copy(server.url()).await.expect_err("refused"),
    ] {
        assert!(refused.is("store.copy_target_not_empty"), "{refused:?}");
    }
    work(&engine.db, 2).await.expect("the shop goes on");
}

/// What the compare is for: a row that is not there as it is here, whatever went wrong with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_did_not_arrive_as_it_stands_here_is_found_and_named() {
    let (engine, server) = (sqlite().await, empty().await);
    for n in 1..=10 {
        work(&engine.db, n).await.expect("worked");
    }
    let Database::Sqlite { folder } = engine.database.clone() else { unreachable!("a folder") };
    let hearing = Hearing(move |step: Step| {
        if matches!(step, Step::Copying { table, rows, total } if table == "purse" && rows == total) {
            // Not through the writer, so nobody notes it.
            let beside = rusqlite::Connection::open(folder.join("takt.db")).expect("the file");
            beside.execute("update purse set name = 'another' where id = 8", []).expect("changed");
        }
        Ok(())
    });
    let refused = engine.db.copy_to(server.url(), migrations(), hearing).await.expect_err("refused");
    assert!(refused.is("store.copy_differs"), "{refused:?}");
    let named = format!("{:?}", refused.args());
    assert!(
        named.contains("purse") && named.contains("company_id=7 id=8") && named.contains("name"),
        "{named}"
    );
    assert_eq!(digests(postgres(&server)).await, Vec::<String>::new());
}

/// The same tables by name, made by another version of the program.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_that_other_migrations_made_are_not_filled() {
    let (engine, server) = (sqlite().await, empty().await);
    work(&engine.db, 1).await.expect("worked");
    let mut stricter = migrations();
    let text = stricter[0].steps[0].sql.replace("amount >= 0", "amount >= -1");
    stricter[0].steps = Box::leak(Box::new([Migration { number: 1, name: "a purse", sql: text.leak() }]));
    let refused = engine.db.copy_to(server.url(), stricter, Hearing(|_| Ok(()))).await.expect_err("refused");
    assert!(refused.is("store.copy_schema_differs"), "{refused:?}");
    assert_eq!(digests(postgres(&server)).await, Vec::<String>::new());
}
