use takt_kernel::{CompanyId, Result};
use takt_store::{Query, params, sql};

use crate::order::OrderId;

/// Some of the orders of a company by their ids, for those who look at all that are in work, a part at a
/// time. Answers those in work, and where the next part begins; none behind the last.
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
            "select id, in_work
             from orders
             where company_id = :company_id and id > :after
             order by id
             limit :limit"
        ),
        params![company_id: company, after: after, limit: limit],
    )?;
    let full = i64::try_from(rows.len()).is_ok_and(|length| length == limit);
    let mut in_work = Vec::new();
    let mut last = after;
    for row in &rows {
        let id: OrderId = row.get("id")?;
        last = id.get();
        if row.get("in_work")? {
            in_work.push(id);
        }
    }
    Ok((in_work, full.then_some(last)))
}
