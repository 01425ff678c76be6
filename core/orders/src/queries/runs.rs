//! The newest orders of several shops or statuses. The index keeps the orders of one shop and of one
//! status of a shop in their order; a list over several of these runs is their beginnings, merged.

use takt_kernel::{CompanyId, Result, ShopId};
use takt_staff::Scope;
use takt_store::{Query, Statement};

use super::{
    conditions::in_order,
    cursor::Cursor,
    find::load_all,
    list::{ListFilter, Sort, shops_with_orders},
};
use crate::{
    counts::{self, Count},
    order::{Order, OrderId},
    rows,
};

/// Orders that stand in an index in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) company: CompanyId,
    shop: ShopId,
    status: Option<String>,
}

/// The runs that make up a list: those of which the counts know orders.
pub(super) fn of(counted: &[Count], filter: &ListFilter) -> Vec<Run> {
    if filter.is_all_of_a_shop() {
        let shops = shops_with_orders(counted).into_iter();
        return shops.map(|(company, shop)| Run { company, shop, status: None }).collect();
    }
    let mut runs: Vec<Run> = counted
        .iter()
        .map(|count| Run { company: count.company, shop: count.shop, status: Some(count.status.clone()) })
        .collect();
    runs.dedup();
    runs
}

/// The run of a list that is surely no more than one, whatever is counted: of one shop, and of one status or of all.
pub(super) fn only_of(scope: &Scope, filter: &ListFilter) -> Option<Run> {
    let Scope::Company { company, shops: Some(shops) } = scope else { return None };
    let [shop] = shops.as_slice() else { return None };
    let is_seen = filter.shop.is_none_or(|wanted| wanted == *shop);
    (is_seen && filter.is_all_of_a_status()).then(|| Run {
        company: *company,
        shop: *shop,
        status: filter.status.clone(),
    })
}

/// The next orders of one run, and how many it has: one round trip for both.
pub(super) fn newest_counted(
    db: &mut dyn Query,
    scope: &Scope,
    filter: &ListFilter,
    run: &Run,
    cursor: Option<Cursor>,
    limit: i64,
) -> Result<(Vec<Order>, i64)> {
    let wanted = filter.wanted();
    let questions = [counts::asked(scope, &wanted).into(), page_of(run, cursor, limit).into()];
    let mut answers = db.all_at_once(&questions)?.into_iter();
    let mut next = || answers.next().unwrap_or_default();
    let counted = counts::read(&next(), scope, &wanted)?;
    let orders = next().iter().map(rows::read_order).collect::<Result<_>>()?;
    Ok((orders, counted.iter().map(|count| count.orders).sum()))
}

fn page_of(run: &Run, cursor: Option<Cursor>, limit: i64) -> Statement {
    of_run(Statement::new("select ").push(rows::COLUMNS), run, cursor, limit)
}

/// The next orders of all runs, from the cursor on.
pub(super) fn newest(
    db: &mut dyn Query,
    runs: &[Run],
    cursor: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Order>> {
    let [run] = runs else { return merged(db, runs, cursor, limit) };
    db.all_of(&page_of(run, cursor, limit))?.iter().map(rows::read_order).collect()
}

fn of_run(statement: Statement, run: &Run, cursor: Option<Cursor>, limit: i64) -> Statement {
    in_order(narrowed(statement, run), Sort::Newest, cursor).push("\nlimit :limit").bind("limit", limit)
}

/// Adds where a run is.
pub(super) fn narrowed(statement: Statement, run: &Run) -> Statement {
    statement
        .push("\nfrom orders\nwhere orders.company_id = :company_id and orders.shop_id = :shop_id")
        .bind("company_id", run.company)
        .bind("shop_id", run.shop)
        .and_if(run.status.as_deref(), "\nand orders.status = :status", "status")
}

fn merged(db: &mut dyn Query, runs: &[Run], cursor: Option<Cursor>, limit: i64) -> Result<Vec<Order>> {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut places: Vec<(i64, OrderId, CompanyId)> = Vec::new();
    for run in runs {
        let statement =
            of_run(Statement::new("select orders.id, orders.placed_at as place"), run, cursor, limit);
        for row in db.all_of(&statement)? {
            places.push((row.get("place")?, row.get("id")?, run.company));
        }
    }
    places.sort_unstable();
    if !Cursor::reads_upwards(Sort::Newest, cursor) {
        places.reverse();
    }
    places.truncate(most);
    let ids: Vec<(CompanyId, OrderId)> = places.into_iter().map(|(_, id, company)| (company, id)).collect();
    load_all(db, &ids)
}
