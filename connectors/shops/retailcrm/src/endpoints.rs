//! All methods of the protocol that are served.

use crate::{
    account, customers, history, orders, references, stock,
    wire::endpoint::{Endpoint, get, post},
};

const ALL: &[Endpoint] = &[
    get("/api/api-versions", account::versions),
    get("/api/credentials", account::credentials),
    get("/api/system-info", account::system),
    get("/api/v5/settings", account::settings),
    get("/api/v5/statistic/update", account::statistic),
    get("/api/v5/integration-modules/{code}", account::module_of),
    post("/api/v5/integration-modules/{code}/edit", account::module),
    get("/api/v5/custom-fields", account::custom_fields),
    post("/api/v5/custom-fields/{entity}/create", account::save_custom_field),
    get("/api/v5/custom-fields/{entity}/{code}", account::custom_field),
    post("/api/v5/custom-fields/{entity}/{code}/edit", account::save_custom_field),
    get("/api/v5/customers", customers::find::list),
    post("/api/v5/customers/create", customers::keep::create),
    post("/api/v5/customers/upload", customers::keep::upload),
    post("/api/v5/customers/fix-external-ids", customers::keep::fix),
    get("/api/v5/customers/history", history::customers::history),
    get("/api/v5/customers/{id}", customers::find::get),
    post("/api/v5/customers/{id}/edit", customers::keep::edit),
    get("/api/v5/orders", orders::find::list),
    get("/api/v5/orders/statuses", orders::find::statuses),
    get("/api/v5/orders/history", history::orders::history),
    post("/api/v5/orders/create", orders::create::create).over(orders::create::rivals),
    post("/api/v5/orders/upload", orders::create::upload).over(orders::create::rivals),
    post("/api/v5/orders/fix-external-ids", orders::fix::fix),
    post("/api/v5/orders/payments/create", orders::payments::create),
    post("/api/v5/orders/payments/{id}/edit", orders::payments::edit),
    post("/api/v5/orders/payments/{id}/delete", orders::payments::delete),
    get("/api/v5/orders/{id}", orders::find::get),
    post("/api/v5/orders/{id}/edit", orders::edit::edit).over(orders::create::rivals),
    get("/api/v5/reference/countries", references::countries),
    get("/api/v5/reference/sites", references::sites),
    post("/api/v5/reference/sites/{code}/edit", references::change_site),
    get("/api/v5/reference/statuses", references::all_statuses),
    get("/api/v5/reference/status-groups", references::status_groups),
    get("/api/v5/reference/delivery-types", references::delivery_types),
    post("/api/v5/reference/delivery-types/{code}/edit", references::change_delivery_type),
    get("/api/v5/reference/delivery-services", references::delivery_services),
    post("/api/v5/reference/delivery-services/{code}/edit", references::change_delivery_service),
    get("/api/v5/reference/payment-types", references::payment_types),
    post("/api/v5/reference/payment-types/{code}/edit", references::change_payment_type),
    get("/api/v5/reference/payment-statuses", references::payment_statuses),
    post("/api/v5/reference/payment-statuses/{code}/edit", references::change_payment_status),
    get("/api/v5/reference/order-types", references::order_types),
    post("/api/v5/reference/order-types/{code}/edit", references::change_order_type),
    get("/api/v5/reference/order-methods", references::order_methods),
    post("/api/v5/reference/order-methods/{code}/edit", references::change_order_method),
    get("/api/v5/reference/price-types", references::price_types),
    post("/api/v5/reference/price-types/{code}/edit", references::change_price_type),
    get("/api/v5/reference/product-statuses", references::product_statuses),
    post("/api/v5/reference/product-statuses/{code}/edit", references::change_product_status),
    get("/api/v5/reference/units", references::units),
    post("/api/v5/reference/units/{code}/edit", references::change_unit),
    get("/api/v5/reference/stores", stock::stores),
    get("/api/v5/store/inventories", stock::inventories),
    post("/api/v5/store/inventories/upload", stock::upload),
    post("/api/v5/store/prices/upload", stock::prices),
];

pub(crate) fn all() -> impl Iterator<Item = &'static Endpoint> {
    ALL.iter()
}

/// The method under a path that was asked for.
pub(crate) fn find(path: &str) -> Option<Endpoint> {
    let asked: Vec<&str> = path.split('/').collect();
    let fits = |endpoint: &&Endpoint| {
        let pattern: Vec<&str> = endpoint.path.split('/').collect();
        pattern.len() == asked.len()
            && pattern.iter().zip(&asked).all(|(pattern, part)| pattern.starts_with('{') || pattern == part)
    };
    // A path that is written out goes before one with a variable.
    let exact = ALL.iter().find(|endpoint| endpoint.path == path);
    exact
        .or_else(|| ALL.iter().filter(fits).min_by_key(|endpoint| endpoint.path.matches('{').count()))
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_path_finds_the_method_that_served_it() {
        for (path, expected) in [
            ("/api/v5/orders/create", "/api/v5/orders/create"),
            ("/api/v5/orders/134/edit", "/api/v5/orders/{id}/edit"),
            ("/api/v5/orders/payments/1-6b/edit", "/api/v5/orders/payments/{id}/edit"),
            ("/api/v5/customers/fix-external-ids", "/api/v5/customers/fix-external-ids"),
        ] {
            assert_eq!(find(path).map(|found| found.path), Some(expected), "{path}");
        }
        assert!(find("/api/v5/nonsense").is_none());
    }
}
