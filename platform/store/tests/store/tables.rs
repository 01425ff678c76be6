//! Tables as the catalogues describe them, and digests that both engines agree on.

use takt_kernel::{Actor, PersonId};
use takt_store::{
    Db, Options, Query, params, sql,
    tables::{Difference, Snapshot, TableDigest, Tables, digest, first_difference, parents_first},
};

use crate::engines::{COMPANY, Engine, Filled, about, on_both_engines, open, options, postgres, sqlite};

async fn fill(engine: &Engine) {
    engine
        .db
        .write("test.fill", |tx| {
            for id in 1..=2_500_i64 {
                let heavy = id % 3 == 0;
                let photo = (id % 5 == 0).then(|| vec![0_u8, 255, (id % 251) as u8]);
                tx.put(
                    sql!(
                        "insert into purse (company_id, id, name, heavy, amount, photo)
                         values (:company_id, :id, :name, :heavy, :amount, :photo)"
                    ),
                    params![
                        company_id: COMPANY, id: id, name: format!("кошелёк {id}"), heavy: heavy,
                        amount: id * 7, photo: photo,
                    ],
                )?;
            }
            tx.say(about(&Actor::Person { person: PersonId::new(3) }, 1), &Filled { amount: 1 })
        })
        .await
        .expect("filled");
    engine.db.number_facts().await.expect("numbered");
}

async fn snapshot(engine: &Engine) -> Snapshot {
    let database = engine.database.clone();
    tokio::task::spawn_blocking(move || Snapshot::open(&database)).await.expect("it ran").expect("a snapshot")
}

fn digests(snapshot: &mut Snapshot) -> Vec<(String, TableDigest)> {
    let tables = snapshot.tables().expect("tables");
    tables
        .iter()
        .map(|table| {
            let digest = digest(snapshot, table, &mut |_| Ok(())).expect("a digest");
            assert_eq!(snapshot.count(table).expect("a count"), digest.rows);
            (table.name.clone(), digest)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_describe_the_same_tables_and_agree_on_every_digest() {
    let (ours, theirs) = (sqlite().await, postgres().await);
    fill(&ours).await;
    fill(&theirs).await;
    let (mut left, mut right) = (snapshot(&ours).await, snapshot(&theirs).await);
    tokio::task::spawn_blocking(move || {
        let (here, there) = (left.tables().expect("tables"), right.tables().expect("tables"));
        assert!(here.iter().any(|table| table.name == "purse"));
        for (here, there) in here.iter().zip(&there) {
            assert_eq!((&here.name, &here.key, &here.parents), (&there.name, &there.key, &there.parents));
            let names = |table: &takt_store::tables::Table| {
                table.columns.iter().map(|column| (column.name.clone(), column.nullable)).collect::<Vec<_>>()
            };
            assert_eq!(names(here), names(there), "{}", here.name);
        }
        assert_eq!(digests(&mut left), digests(&mut right));
    })
    .await
    .expect("it ran");
}

async fn an_older_program_leaves_the_data_of_a_newer_one_alone(engine: Engine) {
    let clock = engine.clock.clone();
    engine.db.close().await;
    let mut older = options(engine.database.clone(), clock.clone());
    for known in &mut older.migrations {
        known.steps = known.steps.split_last().map_or(&[], |(_, before)| before);
    }
    let refused = Db::open(older).await.map(|_| ()).expect_err("it does not know the last step");
    assert!(refused.is("store.database_newer"), "{refused:?}");
    open(engine.database.clone(), clock).await.close().await;
}

async fn a_program_that_knows_no_steps_is_kept_out_of_data_that_have_some(engine: Engine) {
    let clock = engine.clock.clone();
    engine.db.close().await;
    let nothing = || Options { migrations: Vec::new(), ..options(engine.database.clone(), clock.clone()) };
    let refused = Db::open(nothing()).await.map(|_| ()).expect_err("it knows none of the steps");
    assert!(refused.is("store.database_newer"), "{refused:?}");
    let looks = Db::open_to_read(nothing()).await.expect("who only reads spoils nothing");
    let purses =
        looks.read("test.count", |r| r.one(sql!("select count(*) as purses from purse"), params![])).await;
    assert_eq!(purses.expect("a count").get::<i64>("purses").expect("a number"), 0);
    let written = looks.write("test.write", |tx| tx.execute(sql!("delete from purse"), params![])).await;
    assert!(written.expect_err("it only reads").is("store.only_reads"));
    looks.close().await;
    open(engine.database.clone(), clock).await.close().await;
}

on_both_engines!(
    an_older_program_leaves_the_data_of_a_newer_one_alone,
    a_program_that_knows_no_steps_is_kept_out_of_data_that_have_some,
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_changed_value_is_found_and_named_and_a_snapshot_does_not_move() {
    let (ours, theirs) = (sqlite().await, postgres().await);
    fill(&ours).await;
    fill(&theirs).await;
    let (mut before, mut right) = (snapshot(&ours).await, snapshot(&theirs).await);
    ours.db
        .write("test.change", |tx| {
            tx.execute(sql!("update purse set amount = amount + 1 where id = 2100"), params![])?;
            tx.execute(sql!("delete from purse where id = 2300"), params![])
        })
        .await
        .expect("changed");
    let mut after = snapshot(&ours).await;
    tokio::task::spawn_blocking(move || {
        let tables = after.tables().expect("tables");
        let ordered = parents_first(&tables).expect("an order");
        assert_eq!(ordered.len(), tables.len());
        let purse = tables.iter().find(|table| table.name == "purse").expect("purses");
        let sum = |snapshot: &mut Snapshot| digest(snapshot, purse, &mut |_| Ok(())).expect("a digest");
        assert_eq!(sum(&mut before), sum(&mut right), "what came later is not in it");
        assert_ne!(sum(&mut after), sum(&mut right));
        assert_eq!(first_difference(&mut before, &mut right, purse).expect("compared"), None);
        let found = first_difference(&mut after, &mut right, purse).expect("compared").expect("a difference");
        assert_eq!(
            found,
            Difference { key: "company_id=7 id=2100".to_owned(), columns: vec!["amount".to_owned()] }
        );
    })
    .await
    .expect("it ran");
}
