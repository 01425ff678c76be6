//! Lists by what no index has: orders are looked at in the order of the list, some hundred at a time, until
//! the page is full or enough were looked at. Then the page is short and says where to look on. However many orders
//! there are, a page looks at no more than [`LOOKED_AT`].

use takt_kernel::{Result, Timestamp};
use takt_staff::Scope;
use takt_store::{Query, Row, Statement};

use super::{
    conditions::{filtered, in_order, in_scope},
    cursor::{Cursor, Cut, cut},
    fields::{Conditions, NAMES, Names},
    find::load_all,
    list::{COUNTED_UP_TO, ListFilter, Sort, Total},
    runs::{self, Run},
};
use crate::{
    counts,
    order::{Order, OrderId},
    rows::{self, read_order},
};

/// Most orders that one page, or one count, looks at.
const LOOKED_AT: i64 = 20_000;
const FIRST_STEP: i64 = 500;
const LARGEST_STEP: i64 = 5_000;

/// Where a step ends; none when it reaches the end of the list.
type End = Option<(i64, i64)>;

/// A page, and whether it ended because enough was looked at.
pub(super) struct Looked {
    pub page: Cut<Order>,
    pub is_stopped: bool,
}

/// A page of orders in work, by promise.
pub(super) fn by_promise(
    db: &mut dyn Query,
    scope: &Scope,
    filter: &ListFilter,
    cursor: Option<Cursor>,
) -> Result<Looked> {
    let limit = filter.page_size();
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let back = cursor.is_some_and(|cursor| cursor.back);
    let (mut read, mut at, mut left, mut step): (Vec<Order>, _, _, _) =
        (Vec::new(), cursor, LOOKED_AT, FIRST_STEP);
    loop {
        let base = in_scope(Statement::new("select orders.turn_at as key, orders.id from orders"), scope);
        let end = end_of_step(db, base.push("\nand orders.in_work"), Sort::Promise, at, step)?;
        let wanted = Statement::new("select ").push(rows::COLUMNS).push("\nfrom orders");
        let wanted = until(filtered(wanted, scope, filter, db.now()), Sort::Promise, at, end);
        let missing = limit + 1 - i64::try_from(read.len()).unwrap_or(limit);
        let wanted = in_order(wanted, Sort::Promise, at).push("\nlimit :limit").bind("limit", missing);
        for row in db.all_of(&wanted)? {
            read.push(read_order(&row)?);
        }
        left -= step;
        let Some((key, id)) = end.filter(|_| read.len() <= most) else { break };
        at = Some(Cursor { key, id, back });
        if left <= 0 {
            let page = cut(read, most, cursor, |order, back| Cursor::of(order, Sort::Promise, back));
            return Ok(stopped(page, at));
        }
        step = (step * 4).min(LARGEST_STEP).min(left);
    }
    let page = cut(read, most, cursor, |order, back| Cursor::of(order, Sort::Promise, back));
    Ok(Looked { page, is_stopped: false })
}

/// A page of the newest orders of these runs. Each run is looked at so far; what is newer than the end of every step
/// is known in its order.
pub(super) fn by_age(
    db: &mut dyn Query,
    runs: &[Run],
    scope: &Scope,
    filter: &ListFilter,
    cursor: Option<Cursor>,
) -> Result<Looked> {
    let limit = filter.page_size();
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let back = cursor.is_some_and(|cursor| cursor.back);
    let count = i64::try_from(runs.len()).unwrap_or(i64::MAX).max(1);
    let (mut found, mut at, mut left, mut step) = (Vec::new(), cursor, LOOKED_AT, first_step_of(count));
    let mut ended = false;
    while !ended && found.len() <= most && left > 0 {
        let (mut places, mut end): (Vec<(i64, OrderId, takt_kernel::CompanyId)>, End) = (Vec::new(), None);
        let mut step_ends = Vec::new();
        for run in runs {
            let base = runs::narrowed(Statement::new("select orders.placed_at as key, orders.id"), run);
            let base = placed_within(base, filter);
            let here = end_of_step(db, base, Sort::Newest, at, step)?;
            let wanted = runs::narrowed(Statement::new("select orders.placed_at as place, orders.id"), run);
            let wanted = placed_within(wanted, filter);
            let wanted = until(conditions_of(filter, db.now()).add_to(wanted), Sort::Newest, at, here);
            let wanted = in_order(wanted, Sort::Newest, at).push("\nlimit :limit").bind("limit", limit + 1);
            for row in db.all_of(&wanted)? {
                places.push((row.get("place")?, row.get("id")?, run.company));
            }
            step_ends.extend(here);
            left -= step;
        }
        // The nearest end: behind it some run was not looked at yet.
        let nearest = if back { step_ends.iter().min() } else { step_ends.iter().max() };
        end = nearest.copied().or(end);
        let known = |place: &(i64, OrderId, takt_kernel::CompanyId)| {
            let place = (place.0, place.1.get());
            end.is_none_or(|end| if back { place <= end } else { place >= end })
        };
        places.retain(known);
        places.sort_unstable();
        if !back {
            places.reverse();
        }
        found.extend(places);
        ended = end.is_none();
        if let Some((key, id)) = end {
            at = Some(Cursor { key, id, back });
        }
        step = (step * 4).min(LARGEST_STEP).min((left / count).max(1));
    }
    let stopped_at = at.filter(|_| !ended && found.len() <= most);
    found.truncate(most + 1);
    let ids: Vec<_> = found.into_iter().map(|(_, id, company)| (company, id)).collect();
    let read: Vec<Order> =
        load_all(db, &ids)?.into_iter().filter(|order| scope.sees_shop(order.company, order.shop)).collect();
    let page = cut(read, most, cursor, |order, back| Cursor::of(order, Sort::Newest, back));
    Ok(if stopped_at.is_some() { stopped(page, stopped_at) } else { Looked { page, is_stopped: false } })
}

/// Of many runs each is looked at less far, so that all of them together stay within the bound.
fn first_step_of(runs: i64) -> i64 {
    FIRST_STEP.min(LOOKED_AT / runs.max(1)).max(1)
}

/// Exact up to a thousand, as far as so many orders are looked at.
pub(super) fn count(
    db: &mut dyn Query,
    runs: Option<&[Run]>,
    scope: &Scope,
    filter: &ListFilter,
) -> Result<Total> {
    let Some(runs) = runs else { return count_by_promise(db, scope, filter) };
    let (mut found, mut exact) = (0, true);
    let each = LOOKED_AT / i64::try_from(runs.len()).unwrap_or(i64::MAX).max(1);
    for run in runs {
        if found > COUNTED_UP_TO {
            break;
        }
        let base = runs::narrowed(Statement::new("select orders.placed_at as key, orders.id"), run);
        let end = end_of_step(db, placed_within(base, filter), Sort::Newest, None, each.max(1))?;
        exact &= end.is_none();
        let wanted = runs::narrowed(Statement::new("select count(*) as orders from (select 1 as one"), run);
        let wanted = placed_within(wanted, filter);
        let wanted = until(conditions_of(filter, db.now()).add_to(wanted), Sort::Newest, None, end)
            .push("\nlimit :most) as counted")
            .bind("most", COUNTED_UP_TO + 1);
        found += db.opt_of(&wanted)?.map_or(Ok(0), |row: Row| row.get::<i64>("orders"))?;
    }
    Ok(total(found, exact))
}

/// What there is much of is soon counted.
fn count_by_promise(db: &mut dyn Query, scope: &Scope, filter: &ListFilter) -> Result<Total> {
    let base = in_scope(Statement::new("select orders.turn_at as key, orders.id from orders"), scope);
    let end = end_of_step(db, base.push("\nand orders.in_work"), Sort::Promise, None, LOOKED_AT)?;
    let wanted = Statement::new("select count(*) as orders from (select 1 as one from orders");
    let wanted = until(filtered(wanted, scope, filter, db.now()), Sort::Promise, None, end)
        .push("\nlimit :most) as counted")
        .bind("most", COUNTED_UP_TO + 1);
    let found = db.opt_of(&wanted)?.map_or(Ok(0), |row: Row| row.get::<i64>("orders"))?;
    Ok(total(found, end.is_none()))
}

/// Several filters of orders in work with one look at them.
pub(super) fn counted_at_once(
    db: &mut dyn Query,
    scope: &Scope,
    filters: &[&ListFilter],
) -> Result<Vec<Total>> {
    let base = in_scope(Statement::new("select orders.turn_at as key, orders.id from orders"), scope);
    let end = end_of_step(db, base.push("\nand orders.in_work"), Sort::Promise, None, LOOKED_AT)?;
    let now = db.now();
    let mut statement = Statement::new("select ");
    for (place, (filter, names)) in filters.iter().zip(&NAMES).enumerate() {
        let mut conditions = all_conditions(filter, names, now);
        let text = format!(
            "{}coalesce(sum(case when {}\n  then 1 else 0 end), 0) as counted_{place}",
            if place == 0 { "" } else { ",\n" },
            conditions.as_expression()
        );
        statement = std::mem::take(&mut conditions).bind_to(statement.push(&text));
    }
    let statement = in_scope(statement.push("\nfrom orders"), scope).push("\nand orders.in_work");
    let statement = until(statement, Sort::Promise, None, end);
    let row = db.opt_of(&statement)?;
    let counted =
        |place: usize| row.as_ref().map_or(Ok(0), |row| row.get::<i64>(&format!("counted_{place}")));
    (0..filters.len().min(NAMES.len())).map(|place| Ok(total(counted(place)?, end.is_none()))).collect()
}

fn total(found: i64, exact: bool) -> Total {
    Total { count: found.min(COUNTED_UP_TO), exact: exact && found <= COUNTED_UP_TO }
}

fn conditions_of(filter: &ListFilter, now: Timestamp) -> Conditions {
    let mut conditions = Conditions::default();
    filter.fields.conditions(&NAMES[0], now, &mut conditions);
    if let Some(holder) = filter.holder {
        conditions.equal("orders.holder", NAMES[0].holder, Some(holder.code()));
    }
    conditions.equal("orders.milestone", NAMES[0].milestone, filter.milestone.as_deref());
    conditions
}

fn all_conditions(filter: &ListFilter, names: &'static Names, now: Timestamp) -> Conditions {
    let mut conditions = Conditions::default();
    filter.fields.conditions(names, now, &mut conditions);
    conditions.equal("orders.stage", names.stage, filter.stage.map(crate::Stage::code));
    conditions.equal("orders.status", names.status, filter.status.as_deref());
    conditions.equal("orders.shop_id", names.shop, filter.shop);
    conditions.equal("orders.holder", names.holder, filter.holder.map(crate::Holder::code));
    conditions.equal("orders.milestone", names.milestone, filter.milestone.as_deref());
    conditions
}

/// A list by age begins and ends where its dates do.
fn placed_within(statement: Statement, filter: &ListFilter) -> Statement {
    statement.and_if(filter.fields.placed_from, "\nand orders.placed_at >= :from", "from").and_if(
        filter.fields.placed_to,
        "\nand orders.placed_at < :to",
        "to",
    )
}

fn end_of_step(
    db: &mut dyn Query,
    base: Statement,
    sort: Sort,
    cursor: Option<Cursor>,
    step: i64,
) -> Result<End> {
    let statement =
        in_order(base, sort, cursor).push("\nlimit 1 offset :step").bind("step", (step - 1).max(0));
    db.opt_of(&statement)?.map(|row| Ok((row.get("key")?, row.get("id")?))).transpose()
}

/// Adds the end of the step.
fn until(statement: Statement, sort: Sort, cursor: Option<Cursor>, end: End) -> Statement {
    let Some((key, id)) = end else { return statement };
    let column = match sort {
        Sort::Newest => "orders.placed_at",
        Sort::Promise => "orders.turn_at",
    };
    let side = if Cursor::reads_upwards(sort, cursor) { "<=" } else { ">=" };
    statement
        .push(&format!("\nand ({column}, orders.id) {side} (:end_key, :end_id)"))
        .bind("end_key", key)
        .bind("end_id", id)
}

/// A page that is not full goes on where it stopped to look.
fn stopped(mut page: Cut<Order>, at: Option<Cursor>) -> Looked {
    match at {
        Some(at) if at.back => page.previous = Some(at),
        at => page.next = at,
    }
    Looked { page, is_stopped: true }
}

/// The runs of a filter, from the counts.
pub(super) fn runs_of(db: &mut dyn Query, scope: &Scope, filter: &ListFilter) -> Result<Vec<Run>> {
    Ok(runs::of(&counts::matching(db, scope, &filter.wanted())?, filter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_runs_a_list_has_a_page_looks_at_no_more_than_its_bound() {
        for (runs, step) in [(0, 500), (1, 500), (40, 500), (41, 487), (200, 100), (20_000, 1)] {
            assert_eq!(first_step_of(runs), step, "{runs} runs");
            assert!(first_step_of(runs) * runs <= LOOKED_AT, "{runs} runs");
        }
    }
}
