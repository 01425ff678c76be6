use takt_kernel::{Actor, CompanyId, Result, Timestamp};
use takt_store::{Query, Tx, params, sql};

use super::settle::about;
use crate::{facts::MoneyDated, order::OrderId, rows};

/// A receipt is not used more often.
const MOST_USES: i64 = 1_000;

/// When the money of a receipt left its sender, was booked and was heard of, told after it had been counted:
/// the clock of each order that it pays tells it from then on as if it had always been known. Nothing else
/// about the orders changes.
///
/// # Errors
/// Faults of the store.
pub fn record_money_dated(
    tx: &mut Tx,
    company: CompanyId,
    receipt: i64,
    (sent_at, booked_at, received_at): (Option<Timestamp>, Option<Timestamp>, Option<Timestamp>),
    actor: &Actor,
) -> Result<()> {
    let rows = tx.all(
        sql!(
            "select order_id
             from order_payment
             where company_id = :company_id and receipt_id = :receipt_id
             order by id
             limit :limit"
        ),
        params![company_id: company, receipt_id: receipt, limit: MOST_USES],
    )?;
    let mut orders = rows.iter().map(|row| row.get::<OrderId>("order_id")).collect::<Result<Vec<_>>>()?;
    // Several orders are locked by their ids, so that nobody waits in a circle.
    orders.sort_unstable();
    orders.dedup();
    for order in orders {
        let order = rows::lock(tx, company, order)?;
        rows::touch(tx, &order)?;
        tx.say(about(&order, actor), &MoneyDated { receipt, sent_at, booked_at, received_at })?;
    }
    Ok(())
}
