use takt_kernel::{CompanyId, Result};
use takt_store::{Query, params, sql};

use crate::order::OrderId;

/// Some of the orders of a company that are in work, by their ids, for those who look at all of them a part at a
/// time. Answers them, and where the next part begins; none behind the last.
///
/// # Errors
/// Faults of the store.
pub fn in_work_after(
    db: &mut dyn Query,
    company: CompanyId,
    after: i64,
    limit: i64,
) -> Result<(Vec<OrderId>, Option<i64>)> {
    let rows = db.all(
        sql!(
            "select id
             from orders
             where company_id = :company_id and in_work and id > :after
             order by id
             limit :limit"
        ),
        params![company_id: company, after: after, limit: limit],
    )?;
    let orders = rows.iter().map(|row| row.get("id")).collect::<Result<Vec<OrderId>>>()?;
    let full = i64::try_from(orders.len()).is_ok_and(|length| length == limit);
    let next = orders.last().filter(|_| full).map(|last| last.get());
    Ok((orders, next))
}

/// The newest of a company's orders that are in work. Every id is more than nothing: said so that the plan is seen to
/// begin at the end of the index.
///
/// # Errors
/// Faults of the store.
pub fn newest_in_work(db: &mut dyn Query, company: CompanyId) -> Result<Option<OrderId>> {
    let row = db.opt(
        sql!(
            "select id
             from orders
             where company_id = :company_id and in_work and id > 0
             order by id desc
             limit 1"
        ),
        params![company_id: company],
    )?;
    row.map_or(Ok(None), |row| row.get("id").map(Some))
}
