//! Letters to a person who is erased: that they were sent stays, to whom and what stood in them goes.

use takt_customers::{Erasing, Kept};
use takt_kernel::Result;
use takt_store::{Query, Tx, params, sql};

pub(crate) fn erase_of_person(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<Vec<Kept>> {
    let now = tx.now();
    for order in takt_orders::of_customers(tx, erasing.company, erasing.customers)? {
        tx.put(
            sql!(
                "update notice
                 set recipient = '', subject = '', body = '', reply = null, updated_at = :now,
                   problem = case when state in ('queued', 'sending') then 'notifications.erased' else problem end,
                   state = case when state in ('queued', 'sending') then 'failed' else state end
                 where company_id = :company_id and order_id = :order_id"
            ),
            params![now: now, company_id: erasing.company, order_id: order],
        )?;
    }
    Ok(Vec::new())
}
