use takt_customers::CustomerId;
use takt_kernel::{Result, ShopId};
use takt_staff::Scope;
use takt_store::{Query, Row, Statement};

use super::{
    cursor::{Cursor, cut},
    list_search, runs,
};
use crate::{
    counts::{self, Count, Wanted},
    holder::Holder,
    order::Order,
    panels::RailOrders,
    rows::{self, ids_as_json, read_order},
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
    if let Some(narrowed) = &filter.rail {
        return list_search::narrowed(db, scope, filter, narrowed, cursor);
    }
    if let Some(needle) = Needle::of(&filter.q) {
        return list_search::search(db, scope, filter, &needle, cursor);
    }
    let limit = filter.page_size();
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

fn page_of(read: Vec<Order>, filter: &ListFilter, cursor: Option<Cursor>, total: Total) -> Page {
    let limit = usize::try_from(filter.page_size()).unwrap_or(usize::MAX);
    let page = cut(read, limit, cursor, |order, back| Cursor::of(order, filter.sort, back));
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
        self.holder.is_none() && self.milestone.is_none() && self.customers.is_empty()
    }

    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            stage: self.stage,
            status: self.status.as_deref(),
            shop: self.shop,
            in_work: self.in_work || self.sort == Sort::Promise,
        }
    }

    /// Whether every order of a shop is in the list.
    pub(super) fn is_all_of_a_shop(&self) -> bool {
        self.stage.is_none() && self.status.is_none() && !self.in_work
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
    let statement =
        filtered(Statement::new("select ").push(rows::COLUMNS).push("\nfrom orders"), scope, filter);
    let statement = in_order(statement, filter.sort, cursor).push("\nlimit :limit").bind("limit", limit);
    db.all_of(&statement)?.iter().map(read_order).collect()
}

/// Adds where to begin and which way to go.
pub(super) fn in_order(statement: Statement, sort: Sort, cursor: Option<Cursor>) -> Statement {
    let upwards = Cursor::reads_upwards(sort, cursor);
    let key = match sort {
        Sort::Newest => "orders.placed_at",
        Sort::Promise => "orders.turn_at",
    };
    let statement = match cursor {
        Some(cursor) => statement
            .push("\nand (")
            .push(key)
            .push(if upwards { ", orders.id) > (:key, :id)" } else { ", orders.id) < (:key, :id)" })
            .bind("key", cursor.key)
            .bind("id", cursor.id),
        None => statement,
    };
    let end = if upwards { ", orders.id" } else { " desc, orders.id desc" };
    statement.push("\norder by ").push(key).push(end)
}

/// Adds the conditions of scope and filter.
pub(super) fn filtered(statement: Statement, scope: &Scope, filter: &ListFilter) -> Statement {
    const COMPANIES: &str = "orders.company_id in (
      select cast(value as bigint)
      from {pg:json_array_elements_text(cast(cast(:companies as text) as json))|sqlite:json_each(:companies)})";
    let by_promise = filter.sort == Sort::Promise && filter.rail.is_none();
    let statement = match scope {
        Scope::Company { company, shops } => {
            let statement =
                statement.push("\nwhere orders.company_id = :company_id").bind("company_id", *company);
            match shops.as_deref() {
                Some([shop]) => statement.push("\nand orders.shop_id = :only_shop").bind("only_shop", *shop),
                Some(shops) => statement
                    .push(
                        "\nand orders.shop_id in (
                          select cast(value as bigint)
                          from {pg:json_array_elements_text(cast(cast(:shops as text) as json))|sqlite:json_each(:shops)})",
                    )
                    .bind("shops", ids_as_json(shops)),
                None => statement,
            }
        }
        Scope::Desk { desk, companies } if by_promise => statement
            .push("\nwhere orders.desk_id = :desk_id\nand ")
            .push(COMPANIES)
            .bind("desk_id", *desk)
            .bind("companies", ids_as_json(companies)),
        Scope::Desk { companies, .. } => {
            statement.push("\nwhere ").push(COMPANIES).bind("companies", ids_as_json(companies))
        }
    };
    let statement = if filter.only_in_work() { statement.push("\nand orders.in_work") } else { statement };
    let statement = statement
        .and_if(filter.stage.map(Stage::code), "\nand orders.stage = :stage", "stage")
        .and_if(filter.status.as_deref(), "\nand orders.status = :status", "status")
        .and_if(filter.shop, "\nand orders.shop_id = :shop_id", "shop_id")
        .and_if(filter.holder.map(Holder::code), "\nand orders.holder = :holder", "holder")
        .and_if(filter.milestone.as_deref(), "\nand orders.milestone = :milestone", "milestone");
    if filter.customers.is_empty() {
        return statement;
    }
    statement
        .push(
            "\nand orders.customer_id in (
              select cast(value as bigint)
              from {pg:json_array_elements_text(cast(cast(:customers as text) as json))|sqlite:json_each(:customers)})",
        )
        .bind("customers", ids_as_json(&filter.customers))
}

fn count_up_to_a_thousand(db: &mut dyn Query, scope: &Scope, filter: &ListFilter) -> Result<Total> {
    let statement = filtered(
        Statement::new("select count(*) as orders from (select 1 as one from orders"),
        scope,
        filter,
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
