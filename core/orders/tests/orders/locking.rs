//! What features that lock an order may rely on.

use takt_kernel::Result;
use takt_orders::{OrderId, steps};
use takt_store::{Query, Tx, params, sql};
use takt_testing::on_both_engines;

use crate::desk::Desk;

/// Notes that it was here, unless somebody was before.
fn be_first(tx: &mut Tx, desk: takt_kernel::CompanyId, order: OrderId) -> Result<bool> {
    steps::lock(tx, desk, order)?;
    let noted: i64 = tx
        .one(
            sql!(
                "select count(*) as notes
                 from order_comment
                 where company_id = :company_id and order_id = :order_id"
            ),
            params![company_id: desk, order_id: order],
        )?
        .get("notes")?;
    let (id, at) = (tx.new_id::<()>(), tx.now());
    tx.put(
        sql!(
            "insert into order_comment (company_id, order_id, id, words, actor, at)
             values (:company_id, :order_id, :id, 'here', '{}', :at)"
        ),
        params![company_id: desk, order_id: order, id: id, at: at],
    )?;
    Ok(noted == 0)
}

on_both_engines! {
    async fn who_waits_for_an_order_sees_what_was_done_to_it_meanwhile(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        for round in 0..5 {
            desk.app.clock.advance_seconds(1);
            let order = desk.tea(1).await;
            let racing: Vec<_> = (0..6)
                .map(|_| {
                    let db = desk.app.db.clone();
                    tokio::spawn(async move { db.write("race", move |tx| be_first(tx, company, order)).await })
                })
                .collect();
            let mut first = 0;
            for one in racing {
                first += i32::from(one.await.expect("no panic").expect("its turn"));
            }
            assert_eq!(first, 1, "in round {round}");
        }
    }
}
