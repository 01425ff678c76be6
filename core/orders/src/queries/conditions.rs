//! The conditions of a list in the making: what the caller may see, what the filter leaves in, where the page begins.

use takt_kernel::Timestamp;
use takt_staff::Scope;
use takt_store::Statement;

use super::{
    cursor::Cursor,
    fields::{Conditions, NAMES},
    list::{ListFilter, Sort},
};
use crate::{holder::Holder, rows::ids_as_json, stage::Stage};

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
pub(super) fn filtered(
    statement: Statement,
    scope: &Scope,
    filter: &ListFilter,
    now: Timestamp,
) -> Statement {
    let by_promise = filter.sort == Sort::Promise && filter.rail.is_none();
    let statement = within(statement, scope, by_promise);
    let statement = if filter.only_in_work() { statement.push("\nand orders.in_work") } else { statement };
    let mut fields = Conditions::default();
    filter.fields.conditions(&NAMES[0], now, &mut fields);
    let statement = fields
        .add_to(statement)
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

/// Adds what the caller may see, as the index by promise has it.
pub(super) fn in_scope(statement: Statement, scope: &Scope) -> Statement {
    within(statement, scope, true)
}

fn within(statement: Statement, scope: &Scope, by_promise: bool) -> Statement {
    const COMPANIES: &str = "orders.company_id in (
      select cast(value as bigint)
      from {pg:json_array_elements_text(cast(cast(:companies as text) as json))|sqlite:json_each(:companies)})";
    match scope {
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
    }
}
