//! Rows of several tables that are put in turns: the store puts those of one table together, and what stands
//! there afterwards is what stood there if each had been written by itself.

use takt_kernel::Result;
use takt_store::{Db, Query, Tx, params, sql};

use crate::engines::{COMPANY, Engine, on_both_engines};

on_both_engines!(
    rows_of_two_tables_in_turns_all_arrive,
    a_row_that_is_written_twice_keeps_its_last_form,
    a_row_may_refer_to_one_that_was_put_just_before_it,
);

const PURSES: i64 = 1_100;

fn purse(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    let photo = (id % 3 == 0).then(|| vec![7_u8; 3]);
    tx.put(
        sql!(
            "insert into purse (company_id, id, name, heavy, amount, photo)
             values (:company_id, :id, :name, :heavy, 5, :photo)"
        ),
        params![company_id: COMPANY, id: id, name: format!("purse, '{id}'"), heavy: id % 2 == 0, photo: photo],
    )
}

fn coin(tx: &mut Tx<'_>, id: i64, purse: i64, worth: Option<i64>) -> Result<()> {
    tx.put(
        sql!(
            "insert into coin (company_id, id, purse_id, worth)
             values (:company_id, :id, :purse_id, :worth)
             on conflict (company_id, id) do update
             set worth = excluded.worth"
        ),
        params![company_id: COMPANY, id: id, purse_id: purse, worth: worth],
    )
}

async fn worth_of(db: &Db, id: i64) -> Option<i64> {
    db.read("test", move |reader| {
        let row = reader.one(
            sql!("select worth from coin where company_id = :company_id and id = :id"),
            params![company_id: COMPANY, id: id],
        )?;
        row.get("worth")
    })
    .await
    .expect("a coin")
}

async fn rows_of_two_tables_in_turns_all_arrive(engine: Engine) {
    let db = &engine.db;
    db.write("test", |tx| {
        for id in 1..=PURSES {
            purse(tx, id)?;
            coin(tx, id, id, (id % 5 != 0).then_some(id))?;
        }
        Ok(())
    })
    .await
    .expect("all of them");
    let told = db
        .read("test", |reader| {
            let rows = reader.all(
                sql!(
                    "select purse.id, purse.name, purse.heavy, purse.photo, coin.worth
                     from purse
                     join coin on coin.company_id = purse.company_id and coin.purse_id = purse.id
                     where purse.company_id = :company_id
                     order by purse.id
                     limit 2000"
                ),
                params![company_id: COMPANY],
            )?;
            rows.iter()
                .map(|row| {
                    Ok((
                        row.get::<i64>("id")?,
                        row.get::<String>("name")?,
                        row.get::<bool>("heavy")?,
                        row.get::<Option<Vec<u8>>>("photo")?,
                        row.get::<Option<i64>>("worth")?,
                    ))
                })
                .collect::<Result<Vec<_>>>()
        })
        .await
        .expect("rows");
    let expected: Vec<_> = (1..=PURSES)
        .map(|id| {
            let photo = (id % 3 == 0).then(|| vec![7_u8; 3]);
            (id, format!("purse, '{id}'"), id % 2 == 0, photo, (id % 5 != 0).then_some(id))
        })
        .collect();
    assert_eq!(told.len(), expected.len());
    assert!(told == expected, "each with its own values");
}

async fn a_row_that_is_written_twice_keeps_its_last_form(engine: Engine) {
    let db = &engine.db;
    db.write("test", |tx| {
        purse(tx, 1)?;
        for (id, worth) in [(1, 10), (2, 20), (1, 11), (3, 30), (1, 12), (2, 21)] {
            coin(tx, id, 1, Some(worth))?;
        }
        Ok(())
    })
    .await
    .expect("all of them");
    assert_eq!(
        (worth_of(db, 1).await, worth_of(db, 2).await, worth_of(db, 3).await),
        (Some(12), Some(21), Some(30))
    );
}

async fn a_row_may_refer_to_one_that_was_put_just_before_it(engine: Engine) {
    let db = &engine.db;
    db.write("test", |tx| purse(tx, 1)).await.expect("a purse");
    db.write("test", |tx| {
        coin(tx, 1, 1, Some(1))?;
        purse(tx, 2)?;
        // With the first coin it would be there before its purse.
        coin(tx, 2, 2, Some(2))
    })
    .await
    .expect("both");
    assert_eq!((worth_of(db, 1).await, worth_of(db, 2).await), (Some(1), Some(2)));
}
