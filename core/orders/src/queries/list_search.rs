//! Lists with typed words. As long as one of the words is rare, all matches are taken by the index of
//! words, so the count is exact. When every word is frequent, orders are walked in the order of the
//! list and looked at one by one: what is frequent is found soon.

use std::collections::BTreeSet;

use takt_kernel::Result;
use takt_staff::Scope;
use takt_store::{Query, Statement, params, sql};

use super::list::{COUNTED_UP_TO, Cursor, ListFilter, Page, Total, chunk, cut, filtered};
use crate::{
    order::{Order, OrderId},
    rows::{self, ids_as_json, read_order},
    search::{Needle, matches},
};

const WALKED_AT_ONCE: i64 = 200;
const WALKED_PER_PAGE: i64 = 4_000;

pub(super) fn search(
    db: &mut dyn Query,
    scope: &Scope,
    filter: &ListFilter,
    needle: &Needle,
    after: Option<Cursor>,
) -> Result<Page> {
    let mut rare: Option<BTreeSet<OrderId>> = None;
    for (first, behind) in needle.ranges() {
        let ids = orders_with(db, scope, &first, &behind)?;
        if i64::try_from(ids.len()).unwrap_or(i64::MAX) > COUNTED_UP_TO {
            continue;
        }
        rare = Some(match rare {
            Some(known) => known.intersection(&ids).copied().collect(),
            None => ids,
        });
    }
    match rare {
        Some(ids) => among(db, scope, filter, needle, after, &ids),
        None => walk(db, scope, filter, needle, after),
    }
}

/// Ids of the orders with a word in the range; one more than is counted when there are too many.
fn orders_with(db: &mut dyn Query, scope: &Scope, first: &str, behind: &str) -> Result<BTreeSet<OrderId>> {
    db.all(
        sql!(
            "select distinct order_id
             from order_word
             where company_id in (
                 select cast(value as bigint)
                 from {pg:json_array_elements_text(cast(cast(:companies as text) as json))|sqlite:json_each(:companies)})
               and word >= :first
               and word < :behind
             limit :most"
        ),
        params![
            companies: ids_as_json(scope.companies()), first: first, behind: behind,
            most: COUNTED_UP_TO + 1,
        ],
    )?
    .iter()
    .map(|row| row.get("order_id"))
    .collect()
}

fn among(
    db: &mut dyn Query,
    scope: &Scope,
    filter: &ListFilter,
    needle: &Needle,
    after: Option<Cursor>,
    ids: &BTreeSet<OrderId>,
) -> Result<Page> {
    let ids: Vec<OrderId> = ids.iter().copied().collect();
    let statement =
        filtered(Statement::new("select ").push(rows::COLUMNS).push("\nfrom orders"), scope, filter)
            .push(
                "\nand orders.id in (
              select cast(value as bigint)
              from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by orders.id
             limit 1000",
            )
            .bind("ids", ids_as_json(&ids));
    let mut found = db.all_of(&statement)?.iter().map(read_order).collect::<Result<Vec<Order>>>()?;
    found.retain(|order| matches(order, needle));
    found.sort_by(|one, other| {
        if Cursor::of(one, filter.sort).is_before(other, filter.sort) {
            std::cmp::Ordering::Less
        } else {
            std::cmp::Ordering::Greater
        }
    });
    let total = Total { count: i64::try_from(found.len()).unwrap_or(i64::MAX), exact: true };
    if let Some(after) = after {
        found.retain(|order| after.is_before(order, filter.sort));
    }
    let next_cursor = cut(&mut found, filter.page_size(), filter.sort);
    Ok(Page { items: found, next_cursor, total })
}

fn walk(
    db: &mut dyn Query,
    scope: &Scope,
    filter: &ListFilter,
    needle: &Needle,
    mut after: Option<Cursor>,
) -> Result<Page> {
    let wanted = usize::try_from(filter.page_size()).unwrap_or(usize::MAX);
    let mut found: Vec<Order> = Vec::new();
    let mut walked = 0;
    let mut more = true;
    while more && found.len() < wanted && walked < WALKED_PER_PAGE {
        let orders = chunk(db, scope, filter, after, WALKED_AT_ONCE)?;
        more = i64::try_from(orders.len()).is_ok_and(|length| length == WALKED_AT_ONCE);
        walked += WALKED_AT_ONCE;
        for order in orders {
            if found.len() == wanted {
                more = true;
                break;
            }
            after = Some(Cursor::of(&order, filter.sort));
            if matches(&order, needle) {
                found.push(order);
            }
        }
    }
    let next_cursor = if more { after.map(|cursor| cursor.to_text(filter.sort)) } else { None };
    Ok(Page { items: found, next_cursor, total: Total { count: COUNTED_UP_TO, exact: false } })
}
