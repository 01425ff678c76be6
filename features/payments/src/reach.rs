//! How far a scope reaches into money. What is an order's is seen by whoever sees the order's shop. A bank's line, a
//! file, a statement, a gap belongs to no shop, so it is seen by those who see the whole company.

use takt_staff::Scope;
use takt_store::Statement;

/// The companies that are seen whole, as a list for `company_id in …`.
pub(crate) fn whole(scope: &Scope) -> String {
    match scope {
        // Nothing is equal to null.
        Scope::Company { shops: Some(_), .. } => "(null)".to_owned(),
        Scope::Company { shops: None, .. } | Scope::Desk { .. } => scope.sql_list(),
    }
}

/// Adds that a row of this table, which names an order of its company, is of an order that the scope sees.
pub(crate) fn within(statement: Statement, scope: &Scope, table: &str) -> Statement {
    let statement = statement.push(table).push(".company_id in ").push(&scope.sql_list());
    let Scope::Company { shops: Some(shops), .. } = scope else { return statement };
    let shops: Vec<String> = shops.iter().map(ToString::to_string).collect();
    let shops = if shops.is_empty() { "null".to_owned() } else { shops.join(", ") };
    statement.push(&format!(
        "\nand exists (
           select 1
           from orders
           where orders.company_id = {table}.company_id and orders.id = {table}.order_id
             and orders.shop_id in ({shops}))"
    ))
}
