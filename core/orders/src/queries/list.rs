use takt_customers::CustomerId;
use takt_kernel::{Fault, Result, ShopId};
use takt_staff::Scope;
use takt_store::{Query, Row, Statement};

use super::list_search;
use crate::{
    counts::counts,
    holder::Holder,
    order::Order,
    rows::{self, due_value, ids_as_json, read_order},
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
    /// A customer with those merged into it.
    pub customers: Vec<CustomerId>,
    /// Beginnings of words, digits of a phone.
    pub q: String,
    pub sort: Sort,
    /// 0 is the default, 50.
    pub limit: i64,
    pub cursor: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Newest,
    /// The nearest promise first.
    Promise,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub items: Vec<Order>,
    pub next_cursor: Option<String>,
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
    let after = filter.cursor.as_deref().map(|text| Cursor::parse(text, filter.sort)).transpose()?;
    if let Some(needle) = Needle::of(&filter.q) {
        return list_search::search(db, scope, filter, &needle, after);
    }
    let limit = filter.page_size();
    let mut items = chunk(db, scope, filter, after, limit + 1)?;
    let next_cursor = cut(&mut items, limit, filter.sort);
    let total = total(db, scope, filter)?;
    Ok(Page { items, next_cursor, total })
}

impl ListFilter {
    pub(super) fn page_size(&self) -> i64 {
        if self.limit == 0 { 50 } else { self.limit.clamp(1, MOST_PER_PAGE) }
    }
}

/// Cuts a list that is one longer than the page, and names where the next page begins.
pub(super) fn cut(items: &mut Vec<Order>, limit: i64, sort: Sort) -> Option<String> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if items.len() <= limit {
        return None;
    }
    items.truncate(limit);
    items.last().map(|last| Cursor::of(last, sort).to_text(sort))
}

/// The next orders in their order, without looking for words.
pub(super) fn chunk(
    db: &mut dyn Query,
    scope: &Scope,
    filter: &ListFilter,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Order>> {
    let statement =
        filtered(Statement::new("select ").push(rows::COLUMNS).push("\nfrom orders"), scope, filter);
    let statement = match (filter.sort, after) {
        (Sort::Newest, Some(cursor)) => statement
            .push("\nand (orders.placed_at, orders.id) < (:after_key, :after_id)")
            .bind("after_key", cursor.key)
            .bind("after_id", cursor.id),
        (Sort::Promise, Some(cursor)) => statement
            .push("\nand (orders.due_at, orders.id) > (:after_key, :after_id)")
            .bind("after_key", cursor.key)
            .bind("after_id", cursor.id),
        (Sort::Newest | Sort::Promise, None) => statement,
    };
    let statement = match filter.sort {
        Sort::Newest => statement.push("\norder by orders.placed_at desc, orders.id desc"),
        Sort::Promise => statement.push("\norder by orders.due_at, orders.id"),
    };
    let statement = statement.push("\nlimit :limit").bind("limit", limit);
    db.all_of(&statement)?.iter().map(read_order).collect()
}

/// Adds the conditions of scope and filter. A desk's own list goes by the desk's index; everything
/// else by those of the companies.
pub(super) fn filtered(statement: Statement, scope: &Scope, filter: &ListFilter) -> Statement {
    const COMPANIES: &str = "orders.company_id in (
      select cast(value as bigint)
      from {pg:json_array_elements_text(cast(cast(:companies as text) as json))|sqlite:json_each(:companies)})";
    let by_promise = filter.sort == Sort::Promise && filter.only_in_work();
    let statement = match scope {
        Scope::Company { company, shops } => {
            let statement =
                statement.push("\nwhere orders.company_id = :company_id").bind("company_id", *company);
            match shops {
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
        .and_if(filter.holder.map(Holder::code), "\nand orders.holder = :holder", "holder");
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

impl ListFilter {
    fn only_in_work(&self) -> bool {
        self.in_work || self.stage.is_some_and(Stage::is_in_work)
    }
}

fn total(db: &mut dyn Query, scope: &Scope, filter: &ListFilter) -> Result<Total> {
    if filter.holder.is_none() && filter.customers.is_empty() {
        let count = counts(db, scope)?
            .into_iter()
            .filter(|count| filter.stage.is_none_or(|stage| count.stage == stage))
            .filter(|count| !filter.in_work || count.stage.is_in_work())
            .filter(|count| filter.status.as_ref().is_none_or(|status| count.status == *status))
            .filter(|count| filter.shop.is_none_or(|shop| count.shop == shop))
            .map(|count| count.orders)
            .sum();
        return Ok(Total { count, exact: true });
    }
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

/// The last order of a page: its sort key and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub key: i64,
    pub id: i64,
}

impl Cursor {
    pub(super) fn of(order: &Order, sort: Sort) -> Self {
        let key = match sort {
            Sort::Newest => order.placed_at.micros(),
            Sort::Promise => due_value(order.due_at),
        };
        Self { key, id: order.id.get() }
    }

    /// Whether an order comes behind this one.
    pub(super) fn is_before(self, order: &Order, sort: Sort) -> bool {
        let other = Self::of(order, sort);
        match sort {
            Sort::Newest => (other.key, other.id) < (self.key, self.id),
            Sort::Promise => (other.key, other.id) > (self.key, self.id),
        }
    }

    pub(super) fn to_text(self, sort: Sort) -> String {
        format!("{}{}-{}", letter(sort), self.key, self.id)
    }

    fn parse(text: &str, sort: Sort) -> Result<Self> {
        text.strip_prefix(letter(sort))
            .and_then(|rest| rest.rsplit_once('-'))
            .and_then(|(key, id)| Some(Self { key: key.parse().ok()?, id: id.parse().ok()? }))
            .ok_or_else(|| Fault::field("cursor", "orders.cursor_unreadable"))
    }
}

fn letter(sort: Sort) -> &'static str {
    match sort {
        Sort::Newest => "n",
        Sort::Promise => "p",
    }
}
