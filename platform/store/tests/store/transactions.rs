use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use takt_kernel::{Fault, Kind, Result};
use takt_store::{Database, Db, Query, Question, Sql, Statement, Tx, Value, params, sql};

use crate::engines::{COMPANY, Engine, on_both_engines, open, options};

on_both_engines!(
    a_row_that_has_to_be_there_and_is_not_refuses_the_whole_command,
    what_cannot_be_written_down_leaves_nothing_behind_though_the_command_passes_over_it,
    a_value_of_every_type_comes_back_as_it_went_in,
    a_refused_command_leaves_nothing,
    a_command_that_panics_is_refused_and_the_store_goes_on,
    a_part_that_fails_is_undone_alone,
    what_was_foreseen_is_answered_as_it_stands_in_the_transaction,
    a_put_that_breaks_a_rule_refuses_the_whole_command,
    a_failure_that_a_command_passes_over_refuses_the_whole_command,
    a_value_that_does_not_fit_its_column_leaves_nothing,
    a_text_with_a_nul_is_the_senders_fault,
    a_part_that_panics_within_a_part_leaves_nothing_of_either,
    what_fails_before_a_part_is_told_as_it_is,
    a_command_whose_caller_went_away_is_done_whole,
    readers_whose_callers_went_away_leave_room_for_others,
    commands_that_take_many_ids_at_once_all_get_theirs,
    rivals_never_lose_an_update,
    a_name_that_is_taken_is_a_conflict,
    ids_are_never_given_twice,
    numbers_of_a_series_rise_and_never_repeat,
    texts_sort_by_their_bytes,
    every_statement_can_be_prepared,
    a_reopened_database_holds_what_was_committed,
);

fn add(tx: &mut Tx<'_>, id: i64, name: &str, amount: i64) -> Result<()> {
    tx.put(
        sql!(
            "insert into purse (company_id, id, name, heavy, amount, photo)
             values (:company_id, :id, :name, :heavy, :amount, null)"
        ),
        params![company_id: COMPANY, id: id, name: name, heavy: amount > 9, amount: amount],
    )
}

fn amount(db: &mut dyn Query, id: i64) -> Result<Option<i64>> {
    db.opt(amount_asked(), params![company_id: COMPANY, id: id])?.map(|row| row.get("amount")).transpose()
}

fn amount_asked() -> &'static Sql {
    sql!("select amount from purse where company_id = :company_id and id = :id")
}

async fn amount_now(db: &Db, id: i64) -> Option<i64> {
    db.read("test", move |reader| amount(reader, id)).await.expect("an amount")
}

/// As [`amount`], said beforehand.
fn foresee_amounts(tx: &mut Tx<'_>, ids: &[i64]) -> Result<()> {
    let asked: Vec<Question> =
        ids.iter().map(|id| Question::new(amount_asked(), params![company_id: COMPANY, id: *id])).collect();
    tx.foresee(&asked)
}

async fn what_was_foreseen_is_answered_as_it_stands_in_the_transaction(engine: Engine) {
    engine.db.write("test", |tx| add(tx, 1, "one", 5)).await.expect("a purse");
    let seen = engine
        .db
        .write("test", |tx| {
            foresee_amounts(tx, &[1, 2, 3])?;
            let mut seen = vec![amount(tx, 1)?, amount(tx, 1)?, amount(tx, 2)?];
            add(tx, 2, "two", 7)?;
            seen.push(amount(tx, 2)?);
            foresee_amounts(tx, &[1, 2, 3])?;
            let undone = tx.savepoint(|tx| {
                add(tx, 3, "three", 9)?;
                seen.push(amount(tx, 3)?);
                Err::<(), _>(Fault::conflict("purse.not_wanted"))
            });
            assert!(undone.is_err());
            seen.push(amount(tx, 3)?);
            tx.execute(
                sql!("update purse set amount = 6 where company_id = :company_id and id = :id"),
                params![company_id: COMPANY, id: 1_i64],
            )?;
            seen.push(amount(tx, 1)?);
            Ok(seen)
        })
        .await
        .expect("all of it");
    assert_eq!(seen, [Some(5), Some(5), None, Some(7), Some(9), None, Some(6)]);
}

async fn a_value_of_every_type_comes_back_as_it_went_in(engine: Engine) {
    let row = engine
        .db
        .write("test", |tx| {
            tx.put(
                sql!(
                    "insert into purse (company_id, id, name, heavy, amount, photo)
                     values (:company_id, :id, :name, :heavy, :amount, :photo)"
                ),
                params![company_id: COMPANY, id: 1_i64, name: "Ёж", heavy: true, amount: 5_i64, photo: vec![0_u8, 255]],
            )?;
            tx.one(sql!("select id, name, heavy, amount, photo from purse where id = :id limit 1"), params![id: 1_i64])
        })
        .await
        .expect("the row");
    assert_eq!(row.get::<String>("name").expect("name"), "Ёж");
    assert!(row.get::<bool>("heavy").expect("heavy"));
    assert_eq!(row.get::<Option<Vec<u8>>>("photo").expect("photo"), Some(vec![0, 255]));
    assert_eq!(row.get::<Value>("amount").expect("amount"), Value::Int(5));
    let senseless = row.get::<i64>("name").expect_err("a name is no number");
    assert_eq!((senseless.kind(), senseless.code()), (Kind::Broken, "store.senseless_row"));
}

async fn a_refused_command_leaves_nothing(engine: Engine) {
    let refused = engine
        .db
        .write("test", |tx| {
            add(tx, 1, "one", 1)?;
            Err::<(), _>(Fault::invalid("test.refused"))
        })
        .await;
    assert!(refused.is_err_and(|fault| fault.is("test.refused")));
    assert_eq!(amount_now(&engine.db, 1).await, None);
}

async fn a_command_that_panics_is_refused_and_the_store_goes_on(engine: Engine) {
    let refused = engine
        .db
        .write("test", |tx| {
            add(tx, 1, "one", 1)?;
            if tx.now().micros() > 0 {
                panic!("on purpose");
            }
            Ok(())
        })
        .await;
    assert!(refused.is_err_and(|fault| fault.is("store.panicked")));
    engine.db.write("test", |tx| add(tx, 2, "two", 2)).await.expect("the next command");
    assert_eq!((amount_now(&engine.db, 1).await, amount_now(&engine.db, 2).await), (None, Some(2)));
}

async fn a_part_that_fails_is_undone_alone(engine: Engine) {
    engine
        .db
        .write("test", |tx| {
            add(tx, 1, "one", 1)?;
            let part = tx.savepoint(|tx| {
                add(tx, 2, "two", 2)?;
                add(tx, 3, "one", 3)
            });
            assert!(part.is_err_and(|fault| fault.is("store.not_unique")));
            tx.savepoint(|tx| add(tx, 4, "four", 4))
        })
        .await
        .expect("the rest");
    for (id, expected) in [(1, Some(1)), (2, None), (3, None), (4, Some(4))] {
        assert_eq!(amount_now(&engine.db, id).await, expected, "purse {id}");
    }
}

async fn a_put_that_breaks_a_rule_refuses_the_whole_command(engine: Engine) {
    let refused = engine
        .db
        .write("test", |tx| {
            add(tx, 1, "one", 1)?;
            add(tx, 2, "two", -1)
        })
        .await;
    assert!(refused.is_err());
    assert_eq!(amount_now(&engine.db, 1).await, None);
}

async fn a_failure_that_a_command_passes_over_refuses_the_whole_command(engine: Engine) {
    let refused = engine
        .db
        .write("test", |tx| {
            add(tx, 1, "one", 1)?;
            let twice = tx.execute(
                sql!("update purse set amount = :amount where company_id = :company_id and id = 1"),
                params![company_id: COMPANY, amount: -1_i64],
            );
            assert!(twice.is_err());
            Ok(())
        })
        .await;
    assert!(refused.is_err(), "the answer was yes");
    assert_eq!(amount_now(&engine.db, 1).await, None);
}

async fn a_value_that_does_not_fit_its_column_leaves_nothing(engine: Engine) {
    let refused = engine
        .db
        .write("test", |tx| {
            add(tx, 1, "one", 1)?;
            tx.put(
                sql!("update purse set amount = :amount where company_id = :company_id and id = 1"),
                params![company_id: COMPANY, amount: "a word"],
            )
        })
        .await;
    assert!(refused.is_err());
    assert_eq!(amount_now(&engine.db, 1).await, None);
}

async fn a_text_with_a_nul_is_the_senders_fault(engine: Engine) {
    let refused = engine.db.write("test", |tx| add(tx, 1, "o\0ne", 1)).await.expect_err("a nul");
    assert_eq!((refused.kind(), refused.code()), (Kind::Invalid, "store.nul_in_text"));
}

async fn a_part_that_panics_within_a_part_leaves_nothing_of_either(engine: Engine) {
    engine
        .db
        .write("test", |tx| {
            let outer = tx.savepoint(|tx| {
                add(tx, 1, "one", 1)?;
                let inner = catch_unwind(AssertUnwindSafe(|| {
                    tx.savepoint(|tx| {
                        add(tx, 2, "two", 2)?;
                        if amount(tx, 2)?.is_some() {
                            panic!("on purpose");
                        }
                        Ok(())
                    })
                }));
                inner.unwrap_or_else(|_| Err(Fault::broken("test.panicked")))
            });
            assert!(outer.is_err_and(|fault| fault.is("test.panicked")));
            tx.savepoint(|tx| add(tx, 3, "three", 3))
        })
        .await
        .expect("the rest");
    for (id, expected) in [(1, None), (2, None), (3, Some(3))] {
        assert_eq!(amount_now(&engine.db, id).await, expected, "purse {id}");
    }
}

async fn what_fails_before_a_part_is_told_as_it_is(engine: Engine) {
    engine.db.write("test", |tx| add(tx, 1, "one", 1)).await.expect("a purse");
    let refused = engine
        .db
        .write("test", |tx| {
            add(tx, 2, "one", 2)?;
            tx.savepoint(|tx| add(tx, 3, "three", 3))
        })
        .await;
    assert_eq!(refused.expect_err("taken").code(), "store.not_unique");
    assert_eq!(amount_now(&engine.db, 3).await, None);
}

async fn a_command_whose_caller_went_away_is_done_whole(engine: Engine) {
    let (entered, waiting) = std::sync::mpsc::channel();
    let (go, may_go) = std::sync::mpsc::channel::<()>();
    let db = engine.db.clone();
    let caller = tokio::spawn(async move {
        db.write("test", move |tx| {
            add(tx, 1, "one", 1)?;
            entered.send(()).expect("the test waits");
            may_go.recv().expect("the test says go");
            add(tx, 2, "two", 2)
        })
        .await
    });
    tokio::task::spawn_blocking(move || waiting.recv()).await.expect("no panic").expect("it began");
    caller.abort();
    assert!(caller.await.is_err_and(|error| error.is_cancelled()));
    go.send(()).expect("the command still runs");
    let both = async {
        while amount_now(&engine.db, 2).await.is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), both).await.expect("it was committed");
    assert_eq!(amount_now(&engine.db, 1).await, Some(1));
}

async fn readers_whose_callers_went_away_leave_room_for_others(engine: Engine) {
    let mut held = Vec::new();
    for _ in 0..4 {
        let (entered, waiting) = std::sync::mpsc::channel();
        let (go, may_go) = std::sync::mpsc::channel::<()>();
        let db = engine.db.clone();
        let caller = tokio::spawn(async move {
            db.read("test", move |_| {
                entered.send(()).expect("the test waits");
                may_go.recv().map_err(|error| Fault::broken("test.left").because(error))
            })
            .await
        });
        tokio::task::spawn_blocking(move || waiting.recv()).await.expect("no panic").expect("it began");
        caller.abort();
        assert!(caller.await.is_err_and(|error| error.is_cancelled()));
        held.push(go);
    }
    let mut next = Box::pin(engine.db.read("test", |reader| amount(reader, 1)));
    let waits = tokio::time::timeout(std::time::Duration::from_millis(100), &mut next).await;
    for go in held {
        go.send(()).expect("the reader still runs");
    }
    let answer = match waits {
        Ok(answer) => answer,
        Err(_in_line) => next.await,
    };
    assert_eq!(answer.expect("an answer"), None);
}

async fn commands_that_take_many_ids_at_once_all_get_theirs(engine: Engine) {
    let greedy: Vec<_> = (0..8)
        .map(|_| {
            let db = engine.db.clone();
            tokio::spawn(async move {
                db.write("test", |tx| {
                    for _ in 0..8_000 {
                        tx.new_id::<()>();
                    }
                    Ok(())
                })
                .await
            })
        })
        .collect();
    for command in greedy {
        command.await.expect("no panic").expect("ids enough");
    }
}

async fn rivals_never_lose_an_update(engine: Engine) {
    engine.db.write("test", |tx| add(tx, 1, "one", 0)).await.expect("a purse");
    let rivals: Vec<_> = (0..40)
        .map(|_| {
            let db = engine.db.clone();
            tokio::spawn(async move {
                db.write("test", |tx| {
                    let before = amount(tx, 1)?.unwrap_or_default();
                    tx.put(
                        sql!("update purse set amount = :amount where company_id = :company_id and id = 1"),
                        params![company_id: COMPANY, amount: before + 1],
                    )
                })
                .await
            })
        })
        .collect();
    for rival in rivals {
        rival.await.expect("no panic").expect("every rival gets through");
    }
    assert_eq!(amount_now(&engine.db, 1).await, Some(40));
}

async fn a_name_that_is_taken_is_a_conflict(engine: Engine) {
    engine.db.write("test", |tx| add(tx, 1, "one", 1)).await.expect("a purse");
    let taken = engine.db.write("test", |tx| add(tx, 2, "one", 1)).await.expect_err("taken");
    assert_eq!((taken.kind(), taken.code()), (Kind::Conflict, "store.not_unique"));
}

async fn ids_are_never_given_twice(engine: Engine) {
    let mut given = BTreeSet::new();
    for _ in 0..40 {
        let ids = engine
            .db
            .write("test", |tx| Ok((0..1_000).map(|_| tx.new_id::<()>().get()).collect::<Vec<_>>()))
            .await
            .expect("ids");
        for id in ids {
            assert!(given.insert(id), "{id} twice");
        }
    }
}

async fn numbers_of_a_series_rise_and_never_repeat(engine: Engine) {
    let mut last = 0;
    for _ in 0..50 {
        let number = engine.db.write("test", |tx| tx.next_number(COMPANY, "orders")).await.expect("a number");
        assert!(number > last, "{number} after {last}");
        last = number;
    }
    let other = engine.db.write("test", |tx| tx.next_number(COMPANY, "invoices")).await.expect("a number");
    assert_eq!(other, 1);
}

async fn texts_sort_by_their_bytes(engine: Engine) {
    let names = engine
        .db
        .write("test", |tx| {
            for (id, name) in (1..).zip(["ёлка", "Елка", "b", "A", "а", "я"]) {
                add(tx, id, name, 1)?;
            }
            tx.all(sql!("select name from purse order by name limit 10"), params![])?
                .iter()
                .map(|row| row.get::<String>("name"))
                .collect::<Result<Vec<_>>>()
        })
        .await
        .expect("names");
    assert_eq!(names, ["A", "b", "Елка", "а", "я", "ёлка"]);
}

async fn every_statement_can_be_prepared(engine: Engine) {
    let mut failed = engine.db.unpreparable_statements().await.expect("an answer");
    // Other crates that the tests link have tables of their own.
    failed.retain(|place| place.starts_with("platform/store/"));
    assert_eq!(failed, Vec::<String>::new());
}

async fn a_reopened_database_holds_what_was_committed(engine: Engine) {
    engine.db.write("test", |tx| add(tx, 1, "one", 3)).await.expect("a purse");
    engine.db.close().await;
    let Engine { db, clock, database, .. } = &engine;
    let _ = db;
    let again = open(database.clone(), clock.clone()).await;
    assert_eq!(amount_now(&again, 1).await, Some(3));
}

#[tokio::test]
async fn a_data_folder_belongs_to_one_process_at_a_time() {
    let engine = crate::engines::sqlite().await;
    let Database::Sqlite { folder } = engine.database.clone() else { panic!("a folder") };
    let second = Db::open(options(Database::Sqlite { folder }, engine.clock.clone())).await;
    assert!(second.is_err_and(|fault| fault.is("store.folder_in_use")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_froze_does_not_hold_its_locks_for_hours() {
    let engine = crate::engines::postgres().await;
    let patience: String = engine
        .db
        .read("test", |reader| {
            let setting = sql!(
                "select {pg:current_setting('idle_in_transaction_session_timeout')|sqlite:''} as patience"
            );
            reader.one(setting, params![])?.get("patience")
        })
        .await
        .expect("a setting");
    assert_eq!(patience, "1min");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_made_at_run_time_do_not_pile_up_on_a_connection() {
    let engine = crate::engines::postgres().await;
    let prepared: i64 = engine
        .db
        .read("test", |reader| {
            for id in 0..1_500 {
                reader
                    .all_of(&Statement::new("select amount from purse where id = ").push(&id.to_string()))?;
            }
            let count = Statement::new("select count(*) as prepared from pg_prepared_statements");
            reader.opt_of(&count)?.ok_or_else(|| Fault::missing("test.count"))?.get("prepared")
        })
        .await
        .expect("a count");
    assert!(prepared <= 1_001, "{prepared} statements are prepared");
}

fn purse(tx: &mut Tx<'_>, id: i64, amount: Value) -> Result<()> {
    tx.put(
        sql!(
            "insert into purse (company_id, id, name, heavy, amount, photo)
             values (:company_id, :id, 'one', :heavy, :amount, null)"
        ),
        params![company_id: COMPANY, id: id, heavy: false, amount: amount],
    )
}

async fn purses(engine: &Engine) -> i64 {
    let counted = engine.db.read("test", |reader| {
        reader
            .one(
                sql!("select count(*) as n from purse where company_id = :company_id"),
                params![company_id: COMPANY],
            )?
            .get("n")
    });
    counted.await.expect("a count")
}

async fn a_row_that_has_to_be_there_and_is_not_refuses_the_whole_command(engine: Engine) {
    let fill = |id: i64| {
        move |tx: &mut Tx<'_>| {
            purse(tx, 1, Value::Int(5))?;
            tx.put_one(
                sql!("update purse set amount = 6 where company_id = :company_id and id = :id"),
                params![company_id: COMPANY, id: id],
                "test.no_such_purse",
            )
        }
    };
    let refused = engine.db.write("test", fill(2)).await.expect_err("there is no second purse");
    assert!(refused.is("test.no_such_purse"), "{refused:?}");
    assert_eq!(purses(&engine).await, 0);
    engine.db.write("test", fill(1)).await.expect("the first is there");
    assert_eq!(purses(&engine).await, 1);
}

async fn what_cannot_be_written_down_leaves_nothing_behind_though_the_command_passes_over_it(engine: Engine) {
    let passes_over = |tx: &mut Tx<'_>| {
        let _passed_over = purse(tx, 1, Value::Text("no number".to_owned()));
        for id in 2..4 {
            let _whatever = tx.execute(
                sql!(
                    "insert into purse (company_id, id, name, heavy, amount, photo)
                     values (:company_id, :id, 'two', :heavy, 5, null)"
                ),
                params![company_id: COMPANY, id: id, heavy: false],
            );
        }
        Ok(())
    };
    engine.db.write("test", passes_over).await.expect_err("a failure was passed over");
    assert_eq!(purses(&engine).await, 0, "nothing was committed outside the transaction");
}
