use takt_customers::CustomerId;
use takt_kernel::{Result, ShopId};
use takt_staff::Scope;
use takt_store::{Query, Row, Statement};

use super::{
    conditions::{filtered, in_order},
    cursor::{Cursor, Cut, cut},
    fields::{Fields, NAMES},
    list_search, runs, steps,
};
use crate::{
    counts::{self, Count, Wanted},
    holder::Holder,
    order::Order,
    panels::RailOrders,
    rows::{self, read_order},
    search::Needle,
    stage::Stage,
};

pub const MOST_PER_PAGE: i64 = 200;
/// Totals that no count is kept for are exact up to this many.
pub(super) const COUNTED_UP_TO: i64 = 1_000;

/// Which orders, in what order, and from where on.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    pub stage: Option<Stage>,
    /// Only the stages that the desk has to do with.
    pub in_work: bool,
    pub status: Option<String>,
    pub shop: Option<ShopId>,
    pub holder: Option<Holder>,
    /// The code of what comes next.
    pub milestone: Option<String>,
    /// A customer with those merged into it.
    pub customers: Vec<CustomerId>,
    /// Any three letters or digits of what an order is found by, or beginnings of its words.
    pub q: String,
    pub fields: Fields,
    /// Only those behind a value of the rail.
    pub rail: Option<Narrowed>,
    pub sort: Sort,
    /// 0 is the default, 50.
    pub limit: i64,
    pub cursor: Option<String>,
}

/// A value of the rail and who knows its orders.
#[derive(Clone, Debug)]
pub struct Narrowed {
    pub value: String,
    pub orders: RailOrders,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Newest,
    /// Orders in work, the nearest promise first.
    Promise,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub items: Vec<Order>,
    pub next_cursor: Option<String>,
    pub previous_cursor: Option<String>,
    pub total: Total,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    pub count: i64,
    /// Otherwise there are at least so many.
    pub exact: bool,
}

/// A page of the orders that the caller may see.
///
/// # Errors
/// `orders.cursor_unreadable`.
pub fn list(db: &mut dyn Query, scope: &Scope, filter: &ListFilter) -> Result<Page> {
    let cursor = filter.cursor.as_deref().map(|text| Cursor::parse(text, filter.sort)).transpose()?;
    let resolved;
    let filter = if filter.fields.any() {
        let fields = filter.fields.clone().resolved(db, scope)?;
        resolved = ListFilter { fields, ..filter.clone() };
        &resolved
    } else {
        filter
    };
    if let Some(narrowed) = &filter.rail {
        return list_search::narrowed(db, scope, filter, narrowed, cursor);
    }
    if let Some(needle) = Needle::of(&filter.q) {
        return list_search::search(db, scope, filter, &needle, cursor);
    }
    if !filter.is_counted() && filter.customers.is_empty() {
        return by_fields(db, scope, filter, cursor);
    }
    let limit = filter.page_size();
    if let Some(run) = runs::only_of(scope, filter).filter(|_| filter.is_counted()) {
        let (read, count) = runs::newest_counted(db, scope, filter, &run, cursor, limit + 1)?;
        return Ok(page_of(read, filter, cursor, Total { count, exact: true }));
    }
    let (read, total) = if filter.is_counted() {
        let counted = counts::matching(db, scope, &filter.wanted())?;
        let count = counted.iter().map(|count| count.orders).sum();
        let read = match filter.sort {
            Sort::Newest => runs::newest(db, &runs::of(&counted, filter), cursor, limit + 1)?,
            Sort::Promise if count == 0 => Vec::new(),
            Sort::Promise => chunk(db, scope, filter, cursor, limit + 1)?,
        };
        (read, Total { count, exact: true })
    } else {
        (chunk(db, scope, filter, cursor, limit + 1)?, count_up_to_a_thousand(db, scope, filter)?)
    };
    Ok(page_of(read, filter, cursor, total))
}

fn by_fields(db: &mut dyn Query, scope: &Scope, filter: &ListFilter, cursor: Option<Cursor>) -> Result<Page> {
    let runs = match filter.sort {
        Sort::Promise => None,
        Sort::Newest => Some(steps::runs_of(db, scope, filter)?),
    };
    let looked = match &runs {
        None => steps::by_promise(db, scope, filter, cursor)?,
        Some(runs) => steps::by_age(db, runs, scope, filter, cursor)?,
    };
    let page = looked.page;
    let shown = i64::try_from(page.items.len()).unwrap_or(COUNTED_UP_TO);
    // The first page tells itself how many there are when it is the last one, and how many at least when it looked as
    // far as counting would.
    let total = match cursor {
        None if page.next.is_none() => Total { count: shown, exact: true },
        None if looked.is_stopped => Total { count: shown, exact: false },
        _ => steps::count(db, runs.as_deref(), scope, filter)?,
    };
    Ok(told(page, filter, total))
}

/// How many orders each of these filters has: those that are kept count of exactly, orders in work by fields with
/// one look at them, the others as their lists say.
///
/// # Errors
/// Faults of the store.
pub fn totals(db: &mut dyn Query, scope: &Scope, filters: &[ListFilter]) -> Result<Vec<Total>> {
    let mut resolved = Vec::new();
    for filter in filters {
        let fields = filter.fields.clone().resolved(db, scope)?;
        resolved.push(ListFilter { fields, limit: 1, cursor: None, ..filter.clone() });
    }
    let (at_once, alone): (Vec<_>, Vec<_>) =
        resolved.iter().enumerate().partition(|(_, filter)| filter.is_looked_at_in_work());
    let mut totals = vec![Total { count: 0, exact: true }; filters.len()];
    for some in at_once.chunks(NAMES.len()) {
        let filters: Vec<&ListFilter> = some.iter().map(|(_, filter)| *filter).collect();
        let counted = steps::counted_at_once(db, scope, &filters)?;
        for ((place, _), total) in some.iter().zip(counted) {
            totals[*place] = total;
        }
    }
    for (place, filter) in alone {
        totals[place] = list(db, scope, filter)?.total;
    }
    Ok(totals)
}

fn page_of(read: Vec<Order>, filter: &ListFilter, cursor: Option<Cursor>, total: Total) -> Page {
    let limit = usize::try_from(filter.page_size()).unwrap_or(usize::MAX);
    told(cut(read, limit, cursor, |order, back| Cursor::of(order, filter.sort, back)), filter, total)
}

pub(super) fn told(page: Cut<Order>, filter: &ListFilter, total: Total) -> Page {
    Page {
        items: page.items,
        next_cursor: page.next.map(|cursor| cursor.to_text(filter.sort)),
        previous_cursor: page.previous.map(|cursor| cursor.to_text(filter.sort)),
        total,
    }
}

impl ListFilter {
    pub(super) fn page_size(&self) -> i64 {
        if self.limit == 0 { 50 } else { self.limit.clamp(1, MOST_PER_PAGE) }
    }

    /// Finished orders have no promise and wait for nobody.
    pub(super) fn only_in_work(&self) -> bool {
        self.in_work
            || self.stage.is_some_and(Stage::is_in_work)
            || self.sort == Sort::Promise && self.rail.is_none()
            || self.holder.is_some()
            || self.milestone.is_some()
    }

    /// Whether what is asked for is kept count of.
    fn is_counted(&self) -> bool {
        self.holder.is_none() && self.milestone.is_none() && self.customers.is_empty() && !self.fields.any()
    }

    /// Whether looking at the orders in work once tells how many there are.
    fn is_looked_at_in_work(&self) -> bool {
        let found_otherwise = self.rail.is_some() || Needle::of(&self.q).is_some();
        !found_otherwise && !self.is_counted() && self.only_in_work() && self.customers.is_empty()
    }

    pub(super) fn wanted(&self) -> Wanted<'_> {
        Wanted {
            stage: self.stage,
            status: self.status.as_deref(),
            shop: self.shop,
            in_work: self.only_in_work() || self.sort == Sort::Promise,
        }
    }

    /// Whether every order of its status, or of any where none is asked for, is in the list, or may be.
    pub(super) fn is_all_of_a_status(&self) -> bool {
        self.stage.is_none() && !self.only_in_work()
    }

    /// Whether every order of a shop is in the list, or may be.
    pub(super) fn is_all_of_a_shop(&self) -> bool {
        self.status.is_none() && self.is_all_of_a_status()
    }
}

/// The next orders in their order, without looking for words. What is in work goes by the promises of
/// the company or of the desk, and a customer's orders by the customer.
pub(super) fn chunk(
    db: &mut dyn Query,
    scope: &Scope,
    filter: &ListFilter,
    cursor: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Order>> {
    let statement = Statement::new("select ").push(rows::COLUMNS).push("\nfrom orders");
    let statement = filtered(statement, scope, filter, db.now());
    let statement = in_order(statement, filter.sort, cursor).push("\nlimit :limit").bind("limit", limit);
    db.all_of(&statement)?.iter().map(read_order).collect()
}

fn count_up_to_a_thousand(db: &mut dyn Query, scope: &Scope, filter: &ListFilter) -> Result<Total> {
    let statement = filtered(
        Statement::new("select count(*) as orders from (select 1 as one from orders"),
        scope,
        filter,
        db.now(),
    )
    .push("\nlimit :most) as counted")
    .bind("most", COUNTED_UP_TO + 1);
    let count: i64 = db.opt_of(&statement)?.map_or(Ok(0), |row: Row| row.get("orders"))?;
    Ok(Total { count: count.min(COUNTED_UP_TO), exact: count <= COUNTED_UP_TO })
}

pub(super) fn shops_with_orders(counted: &[Count]) -> Vec<(takt_kernel::CompanyId, ShopId)> {
    let mut shops: Vec<_> = counted.iter().map(|count| (count.company, count.shop)).collect();
    shops.sort_unstable();
    shops.dedup();
    shops
}
