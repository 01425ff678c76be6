//! Links to the pages of a person who is erased open nothing any more.

use takt_customers::{Erasing, Kept};
use takt_kernel::Result;
use takt_store::{Query, Tx, params, sql};

pub(crate) fn erase_of_person(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<Vec<Kept>> {
    let now = tx.now();
    for order in takt_orders::of_customers(tx, erasing.company, erasing.customers)? {
        tx.put(
            sql!(
                "insert into promise_round (company_id, order_id, round, renewed_at)
                 values (:company_id, :order_id, 1, :now)
                 on conflict (company_id, order_id) do update
                 set round = promise_round.round + 1, renewed_at = excluded.renewed_at"
            ),
            params![company_id: erasing.company, order_id: order, now: now],
        )?;
    }
    Ok(Vec::new())
}
