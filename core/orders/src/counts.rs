//! How many orders there are per shop, stage and status: always exact, and no row that every new
//! order has to write. Changes are rows of their own; a listener folds them into sums now and then.

use takt_kernel::{CompanyId, Result, ShopId};
use takt_staff::Scope;
use takt_store::{Query, RecordedFact, Tx, params, sql};

use crate::{order::Order, rows::ids_as_json, stage::Stage};

/// One fold per this many facts: the changes of a busy company stay a few hundred rows.
const FOLD_EVERY: i64 = 256;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub shop: ShopId,
    pub stage: Stage,
    pub status: String,
    pub orders: i64,
}

/// All counts that the caller may see.
///
/// # Errors
/// Faults of the store.
pub fn counts(db: &mut dyn Query, scope: &Scope) -> Result<Vec<Count>> {
    let rows = db.all(
        sql!(
            "select shop_id, stage, status, cast(sum(orders) as bigint) as orders
             from (
               select company_id, shop_id, stage, status, orders from order_count
               union all
               select company_id, shop_id, stage, status, orders from order_count_change
             ) as counted
             where company_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:companies as text) as json))|sqlite:json_each(:companies)})
             group by shop_id, stage, status
             order by shop_id, stage, status
             limit 100000"
        ),
        params![companies: ids_as_json(scope.companies())],
    )?;
    let mut counts = Vec::with_capacity(rows.len());
    for row in rows {
        let shop: ShopId = row.get("shop_id")?;
        let seen = match scope {
            Scope::Company { shops: Some(shops), .. } => shops.contains(&shop),
            Scope::Company { shops: None, .. } | Scope::Desk { .. } => true,
        };
        let orders: i64 = row.get("orders")?;
        if seen && orders != 0 {
            let stage = Stage::from_code(&row.get::<String>("stage")?)?;
            counts.push(Count { shop, stage, status: row.get("status")?, orders });
        }
    }
    Ok(counts)
}

pub(crate) fn added(tx: &mut Tx, order: &Order) -> Result<()> {
    change(tx, order, 1)
}

pub(crate) fn moved(tx: &mut Tx, before: &Order, after: &Order) -> Result<()> {
    if before.stage == after.stage && before.status == after.status {
        return Ok(());
    }
    change(tx, before, -1)?;
    change(tx, after, 1)
}

fn change(tx: &mut Tx, order: &Order, by: i64) -> Result<()> {
    let id = tx.new_id::<()>();
    tx.put(
        sql!(
            "insert into order_count_change (company_id, id, shop_id, stage, status, orders)
             values (:company_id, :id, :shop_id, :stage, :status, :orders)"
        ),
        params![
            company_id: order.company, id: id, shop_id: order.shop, stage: order.stage.code(),
            status: &order.status, orders: by,
        ],
    )
}

/// Folds the changes of the company whose fact comes at a round position.
pub(crate) fn fold_sometimes(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    if fact.position % FOLD_EVERY == 0 { fold(tx, fact.company) } else { Ok(()) }
}

/// Moves the changes of a company into its sums.
///
/// # Errors
/// Faults of the store.
pub fn fold(tx: &mut Tx, company: CompanyId) -> Result<()> {
    let newest: Option<i64> = tx
        .one(
            sql!("select max(id) as newest from order_count_change where company_id = :company_id"),
            params![company_id: company],
        )?
        .get("newest")?;
    let Some(newest) = newest else { return Ok(()) };
    tx.put(
        sql!(
            "insert into order_count (company_id, shop_id, stage, status, orders)
             select company_id, shop_id, stage, status, cast(sum(orders) as bigint)
             from order_count_change
             where company_id = :company_id and id <= :newest
             group by company_id, shop_id, stage, status
             on conflict (company_id, shop_id, stage, status) do update
             set orders = order_count.orders + excluded.orders"
        ),
        params![company_id: company, newest: newest],
    )?;
    tx.put(
        sql!("delete from order_count_change where company_id = :company_id and id <= :newest"),
        params![company_id: company, newest: newest],
    )
}
