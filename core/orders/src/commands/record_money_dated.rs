use takt_kernel::{Actor, CompanyId, Result, Timestamp};
use takt_store::{Query, Tx, params, sql};

use super::settle::about;
use crate::{facts::MoneyDated, order::OrderId, receipt::VerifiedReceipt, rows};

/// A receipt is not used more often.
const MOST_USES: i64 = 1_000;

/// When the money of a receipt left its sender and was booked, told after it had been counted: the clock of each order
/// that it pays tells it from then on as if it had always been known. What was known stands, and nothing else about the
/// orders changes.
///
/// # Errors
/// Faults of the store.
pub fn record_money_dated(
    tx: &mut Tx,
    company: CompanyId,
    receipt: i64,
    (sent_at, booked_at): (Option<Timestamp>, Option<Timestamp>),
    actor: &Actor,
) -> Result<()> {
    let Some(kept) = VerifiedReceipt::kept(tx, company, receipt)? else { return Ok(()) };
    let Some(dated) = kept.dated(tx, sent_at, booked_at)? else { return Ok(()) };
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
    let fact = MoneyDated {
        receipt,
        sent_at: dated.sent_at(),
        booked_at: dated.booked_at(),
        received_at: Some(dated.received_at()),
    };
    for order in orders {
        let order = rows::lock(tx, company, order)?;
        rows::touch(tx, &order)?;
        tx.say(about(&order, actor), &fact)?;
    }
    Ok(())
}
