//! The stories of orders out of the log: what was said of an order and of its tasks, in the order of the log.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Result, ShopId, Timestamp};
use takt_orders::{OrderId, facts::SUBJECT};
use takt_store::{Query, RecordedFact, facts, params, sql};
use takt_tasks::past;

/// Facts of the orders of one page that are read at once.
const MOST_FACTS: i64 = 200_000;

pub(crate) struct Story {
    pub order: OrderId,
    pub facts: Vec<RecordedFact>,
}

/// # Errors
/// Faults of the store.
pub(crate) fn stories(db: &mut dyn Query, company: CompanyId, orders: &[OrderId]) -> Result<Vec<Story>> {
    let ids: Vec<i64> = orders.iter().map(|order| order.get()).collect();
    let mut of_order: BTreeMap<i64, Vec<RecordedFact>> = BTreeMap::new();
    for fact in facts::of_many(db, company, SUBJECT, &ids, MOST_FACTS)? {
        of_order.entry(fact.subject_id).or_default().push(fact);
    }
    for (order, said) in past::facts_of(db, company, orders)? {
        of_order.entry(order.get()).or_default().extend(said);
    }
    Ok(of_order
        .into_iter()
        .map(|(order, mut facts)| {
            facts.sort_by_key(|fact| (fact.position, fact.n));
            Story { order: OrderId::new(order), facts }
        })
        .collect())
}

/// Where a reading of a shop's orders stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct After {
    pub placed_at: Timestamp,
    pub order: OrderId,
}

/// The next orders of a shop that were placed before a moment, the oldest first.
///
/// # Errors
/// Faults of the store.
pub(crate) fn orders_after(
    db: &mut dyn Query,
    company: CompanyId,
    shop: ShopId,
    after: After,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<After>> {
    let rows = db.all(
        sql!(
            "select id, placed_at
             from orders
             where company_id = :company_id and shop_id = :shop_id
               and (placed_at, id) > (:placed_at, :id) and placed_at < :before
             order by placed_at, id
             limit :limit"
        ),
        params![
            company_id: company, shop_id: shop, placed_at: after.placed_at, id: after.order, before: before,
            limit: limit,
        ],
    )?;
    rows.iter().map(|row| Ok(After { placed_at: row.get("placed_at")?, order: row.get("id")? })).collect()
}
