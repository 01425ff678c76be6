//! How the sums grow: every change is a row of its own, so that nobody waits for another, and now and then they are
//! folded into the sums.

use takt_kernel::{CompanyId, Result};
use takt_store::{Query, RecordedFact, Tx, params, sql};

use crate::zones;

/// One fold per this many facts: who looks reads what was not folded yet, so it stays some dozen rows.
const FOLD_EVERY: u64 = 64;
/// Which orders were meant by a day is kept for so long; its sums stay.
const KEPT_DAYS: i64 = 62;
const FORGOTTEN_AT_ONCE: i64 = 500;

#[expect(clippy::too_many_arguments, reason = "they are the columns of a row")]
pub(crate) fn change(
    tx: &mut Tx,
    company: CompanyId,
    day: i64,
    what: &str,
    holder: &str,
    currency: &str,
    orders: i64,
    minor: i64,
) -> Result<()> {
    let id = tx.new_id::<()>();
    tx.put(
        sql!(
            "insert into cabinet_change (company_id, id, day, what, holder, currency, orders, minor)
             values (:company_id, :id, :day, :what, :holder, :currency, :orders, :minor)"
        ),
        params![
            company_id: company, id: id, day: day, what: what, holder: holder, currency: currency,
            orders: orders, minor: minor,
        ],
    )
}

/// Folds the changes of the company whose fact comes at such a position.
pub(crate) fn fold_sometimes(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    if !takt_work::is_due(fact.position, FOLD_EVERY) {
        return Ok(());
    }
    fold(tx, fact.company)?;
    let zone = takt_staff::companies::get(tx, fact.company)?.zone;
    let before = zones::day_of(tx.now().plus_seconds(-KEPT_DAYS * 86_400), &zone);
    forget(tx, fact.company, before)
}

fn fold(tx: &mut Tx, company: CompanyId) -> Result<()> {
    let newest: Option<i64> = tx
        .one(
            sql!("select max(id) as newest from cabinet_change where company_id = :company_id"),
            params![company_id: company],
        )?
        .get("newest")?;
    let Some(newest) = newest else { return Ok(()) };
    tx.put(
        sql!(
            "insert into cabinet_sum (company_id, day, what, holder, currency, orders, minor)
             select company_id, day, what, holder, currency, cast(sum(orders) as bigint), cast(sum(minor) as bigint)
             from cabinet_change
             where company_id = :company_id and id <= :newest
             group by company_id, day, what, holder, currency
             on conflict (company_id, day, what, holder, currency) do update
             set orders = cabinet_sum.orders + excluded.orders, minor = cabinet_sum.minor + excluded.minor"
        ),
        params![company_id: company, newest: newest],
    )?;
    tx.put(
        sql!("delete from cabinet_change where company_id = :company_id and id <= :newest"),
        params![company_id: company, newest: newest],
    )
}

/// A part of the oldest day at a time.
fn forget(tx: &mut Tx, company: CompanyId, before: i64) -> Result<()> {
    let rows = tx.all(
        sql!(
            "select day, deed, order_id
             from cabinet_deed
             where company_id = :company_id and day < :before
             order by day, deed, order_id
             limit :most"
        ),
        params![company_id: company, before: before, most: FORGOTTEN_AT_ONCE],
    )?;
    let Some(last) = rows.last() else { return Ok(()) };
    let (day, deed, order): (i64, String, i64) = (last.get("day")?, last.get("deed")?, last.get("order_id")?);
    tx.put(
        sql!(
            "delete from cabinet_deed
             where company_id = :company_id and (day, deed, order_id) <= (:day, :deed, :order_id)"
        ),
        params![company_id: company, day: day, deed: deed, order_id: order],
    )
}
