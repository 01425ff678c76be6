//! Orders that were there before slices were: added some at a time, by their ids. The same way the whole is made anew.

use serde_json::json;
use takt_kernel::{CompanyId, Result};
use takt_orders::OrderId;
use takt_store::{Query, Subject, Tx, params, sql};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{fold, rows};

const KIND: &str = "slices.fill";
const AT_ONCE: i64 = 200;
const SUMS_AT_ONCE: i64 = 2_000;
/// Stands for the order behind which to go on, while what was counted before is taken away.
const CLEARING: i64 = -1;

pub(crate) const TIMER: TimerKind =
    TimerKind { kind: KIND, does: "adds orders that were there before to the reports", fire };

/// Forgets the sums of a company and counts all of its orders anew, some at a time.
///
/// # Errors
/// Faults of the store.
pub fn begin(tx: &mut Tx, company: CompanyId) -> Result<()> {
    tx.put(
        sql!(
            "insert into slice_filling (company_id, after_id)
             values (:company_id, :clearing)
             on conflict (company_id) do update
             set after_id = excluded.after_id"
        ),
        params![company_id: company, clearing: CLEARING],
    )?;
    again(tx, company)
}

/// Old rows are being taken away: until none is left nothing is written, so that rows and sums end together.
pub(crate) fn is_clearing(db: &mut dyn Query, company: CompanyId) -> Result<bool> {
    Ok(after(db, company)? == Some(CLEARING))
}

fn after(db: &mut dyn Query, company: CompanyId) -> Result<Option<i64>> {
    let row = db.opt(
        sql!("select after_id from slice_filling where company_id = :company_id"),
        params![company_id: company],
    )?;
    row.map(|row| row.get("after_id")).transpose()
}

/// Answers whether anything was left.
fn clear_some(tx: &mut Tx, company: CompanyId) -> Result<bool> {
    let orders = tx.all(
        sql!(
            "select placed_on, order_id
             from slice_order
             where company_id = :company_id
             order by placed_on, order_id
             limit :limit"
        ),
        params![company_id: company, limit: AT_ONCE],
    )?;
    if let Some(last) = orders.last() {
        let ids: Vec<OrderId> = orders.iter().map(|row| row.get("order_id")).collect::<Result<_>>()?;
        tx.put(
            sql!(
                "delete from slice_line
                 where company_id = :company_id and order_id in (
                   select cast(value as bigint)
                   from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})"
            ),
            params![company_id: company, ids: rows::listed(&ids)],
        )?;
        tx.put(
            sql!(
                "delete from slice_order
                 where company_id = :company_id and (placed_on, order_id) <= (:day, :order_id)"
            ),
            params![company_id: company, day: last.get::<i64>("placed_on")?, order_id: last.get::<i64>("order_id")?],
        )?;
    }
    let sums = tx.all(
        sql!(
            "select basis, dimension, span, day, shop_id, value, currency
             from slice_sum
             where company_id = :company_id
             order by basis, dimension, span, day, shop_id, value, currency
             limit :limit"
        ),
        params![company_id: company, limit: SUMS_AT_ONCE],
    )?;
    if let Some(last) = sums.last() {
        tx.put(
            sql!(
                "delete from slice_sum
                 where company_id = :company_id
                   and (basis, dimension, span, day, shop_id, value, currency)
                     <= (:basis, :dimension, :span, :day, :shop_id, :value, :currency)"
            ),
            params![
                company_id: company, basis: last.get::<i64>("basis")?, dimension: last.get::<i64>("dimension")?,
                span: last.get::<i64>("span")?, day: last.get::<i64>("day")?, shop_id: last.get::<i64>("shop_id")?,
                value: last.get::<String>("value")?, currency: last.get::<String>("currency")?,
            ],
        )?;
    }
    Ok(!orders.is_empty() || !sums.is_empty())
}

fn go_on_after(tx: &mut Tx, company: CompanyId, after: i64) -> Result<()> {
    tx.put(
        sql!("update slice_filling set after_id = :after where company_id = :company_id"),
        params![after: after, company_id: company],
    )
}

fn again(tx: &mut Tx, company: CompanyId) -> Result<()> {
    let now = tx.now();
    timers::set(tx, company, KIND, "", Subject::new("company", company.get()), now, &json!({}))
}

/// Whether orders of these companies are still being added.
pub(crate) fn is_filling(db: &mut dyn Query, companies: &[CompanyId]) -> Result<bool> {
    for company in companies {
        if after(db, *company)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn fire(tx: &mut Tx<'_>, due: &DueTimer) -> Result<()> {
    let company = due.company;
    let Some(after) = after(tx, company)? else { return Ok(()) };
    if after == CLEARING {
        if !clear_some(tx, company)? {
            go_on_after(tx, company, 0)?;
        }
        return again(tx, company);
    }
    let rows = tx.all(
        sql!(
            "select id
             from orders
             where company_id = :company_id and id > :after
             order by id
             limit :limit"
        ),
        params![company_id: company, after: after, limit: AT_ONCE],
    )?;
    let orders: Vec<OrderId> = rows.iter().map(|row| row.get("id")).collect::<Result<_>>()?;
    let Some(last) = orders.last() else {
        return tx.put(
            sql!("delete from slice_filling where company_id = :company_id"),
            params![company_id: company],
        );
    };
    fold::write(tx, company, &orders)?;
    go_on_after(tx, company, last.get())?;
    again(tx, company)
}
