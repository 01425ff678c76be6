//! Rows that are answered from memory: never another answer than the database would give.

use takt_kernel::{Fault, Result};
use takt_store::{Db, Query, Statement, Tx, params, sql};

use crate::engines::{COMPANY, Engine, on_both_engines, open, postgres};

on_both_engines!(
    an_answer_is_kept_until_its_table_tells_of_a_change,
    a_command_sees_what_it_changed_itself_and_nothing_remembers_what_was_refused,
    a_part_that_was_undone_is_not_remembered,
    what_a_reader_found_is_kept_too_until_its_table_tells_of_a_change,
    a_stamp_that_comes_along_with_another_answer_tells_of_changes_too,
);

const TELLS: &str = "create trigger purse_is_kept after update on purse {pg:for each statement execute function seldom_changed()|sqlite:begin update seldom_stamp set stamp = abs(random() % 9007199254740991) where id = 1; end}";

/// The same store with one purse, whose table tells of its changes.
async fn watched(engine: &Engine) -> Db {
    engine
        .db
        .write("test", |tx| {
            tx.put(
                sql!(
                    "insert into purse (company_id, id, name, heavy, amount, photo)
                     values (:company_id, 1, 'one', :heavy, 5, null)"
                ),
                params![company_id: COMPANY, heavy: false],
            )?;
            tx.execute_of(&Statement::new(TELLS))
        })
        .await
        .expect("a trigger");
    engine.db.close().await;
    open(engine.database.clone(), engine.clock.clone()).await
}

fn kept(db: &mut dyn Query) -> Result<i64> {
    let rows = db.seldom(
        sql!("select amount from purse where company_id = :company_id and id = 1"),
        params![company_id: COMPANY],
    )?;
    rows.first().ok_or_else(|| Fault::missing("test.no_purse"))?.get("amount")
}

fn fill(tx: &mut Tx<'_>, amount: i64) -> Result<()> {
    tx.put(
        sql!("update purse set amount = :amount where company_id = :company_id and id = 1"),
        params![amount: amount, company_id: COMPANY],
    )
}

async fn asked(db: &Db) -> (i64, i64) {
    let by_a_command = db.write("test", |tx| kept(tx)).await.expect("a command");
    (by_a_command, db.read("test", |reader| kept(reader)).await.expect("a reader"))
}

async fn an_answer_is_kept_until_its_table_tells_of_a_change(engine: Engine) {
    let db = watched(&engine).await;
    assert_eq!(asked(&db).await, (5, 5));
    db.write("test", |tx| fill(tx, 6)).await.expect("filled");
    assert_eq!(asked(&db).await, (6, 6));
    // Without the trigger nobody can know: so the answer did come from memory.
    let silent = "drop trigger purse_is_kept{pg: on purse|sqlite:}";
    db.write("test", move |tx| tx.execute_of(&Statement::new(silent))).await.expect("dropped");
    db.write("test", |tx| fill(tx, 7)).await.expect("filled");
    assert_eq!(asked(&db).await, (6, 6));
}

async fn a_command_sees_what_it_changed_itself_and_nothing_remembers_what_was_refused(engine: Engine) {
    let db = watched(&engine).await;
    assert_eq!(asked(&db).await, (5, 5));
    let seen = db
        .write("test", |tx| {
            let before = kept(tx)?;
            fill(tx, 8)?;
            Ok((before, kept(tx)?))
        })
        .await
        .expect("filled");
    assert_eq!(seen, (5, 8));
    let refused = db
        .write("test", |tx| {
            fill(tx, 9)?;
            assert_eq!(kept(tx)?, 9);
            Err::<(), _>(Fault::invalid("test.refused"))
        })
        .await;
    assert!(refused.is_err_and(|fault| fault.is("test.refused")));
    assert_eq!(asked(&db).await, (8, 8));
}

async fn what_a_reader_found_is_kept_too_until_its_table_tells_of_a_change(engine: Engine) {
    let db = watched(&engine).await;
    let read = async || db.read("test", |reader| kept(reader)).await.expect("a reader");
    assert_eq!(read().await, 5);
    db.write("test", |tx| fill(tx, 6)).await.expect("filled");
    assert_eq!((read().await, read().await), (6, 6));
    let silent = "drop trigger purse_is_kept{pg: on purse|sqlite:}";
    db.write("test", move |tx| tx.execute_of(&Statement::new(silent))).await.expect("dropped");
    db.write("test", |tx| fill(tx, 7)).await.expect("filled");
    assert_eq!(read().await, 6, "from memory: nobody could know");
}

async fn a_stamp_that_comes_along_with_another_answer_tells_of_changes_too(engine: Engine) {
    let db = watched(&engine).await;
    let read = async |asks_before: bool| {
        db.read("test", move |reader| {
            reader.expect_seldom();
            if asks_before {
                reader.one(sql!("select count(*) as purses from purse"), params![])?;
            }
            Ok((kept(reader)?, kept(reader)?))
        })
        .await
        .expect("a reader")
    };
    for (amount, asks_before) in [(5, true), (6, true), (7, false), (8, true)] {
        db.write("test", move |tx| fill(tx, amount)).await.expect("filled");
        assert_eq!(read(asks_before).await, (amount, amount));
        assert_eq!(read(!asks_before).await, (amount, amount));
    }
    let silent = "drop trigger purse_is_kept{pg: on purse|sqlite:}";
    db.write("test", move |tx| tx.execute_of(&Statement::new(silent))).await.expect("dropped");
    db.write("test", |tx| fill(tx, 9)).await.expect("filled");
    assert_eq!(read(true).await, (8, 8), "from memory: nobody could know");
}

async fn a_part_that_was_undone_is_not_remembered(engine: Engine) {
    let db = watched(&engine).await;
    let seen = db
        .write("test", |tx| {
            let part = tx.savepoint(|tx| {
                fill(tx, 10)?;
                assert_eq!(kept(tx)?, 10);
                Err::<(), _>(Fault::invalid("test.refused"))
            });
            match part {
                Err(fault) if fault.is_retryable() => Err(fault),
                _ => kept(tx),
            }
        })
        .await
        .expect("the rest");
    assert_eq!(seen, 5);
    assert_eq!(asked(&db).await, (5, 5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_sees_a_change_with_its_next_transaction() {
    let engine = postgres().await;
    let here = watched(&engine).await;
    let there = open(engine.database.clone(), engine.clock.clone()).await;
    assert_eq!((asked(&here).await, asked(&there).await), ((5, 5), (5, 5)));
    here.write("test", |tx| fill(tx, 6)).await.expect("filled");
    assert_eq!(asked(&there).await, (6, 6));
}
