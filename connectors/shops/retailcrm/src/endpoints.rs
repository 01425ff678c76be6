//! All methods of the protocol that are served.

use crate::{
    account, carts, corporate, customers, goods, history, lists, notes, orders, people, prices, references,
    stock,
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
    get("/api/v5/custom-fields/dictionaries", lists::dictionaries),
    post("/api/v5/custom-fields/dictionaries/create", lists::create_dictionary),
    get("/api/v5/custom-fields/dictionaries/{code}", lists::dictionary),
    post("/api/v5/custom-fields/dictionaries/{code}/edit", lists::edit_dictionary),
    post("/api/v5/customer-interaction/{site}/cart/clear", carts::clear),
    post("/api/v5/customer-interaction/{site}/cart/set", carts::set),
    get("/api/v5/customer-interaction/{site}/cart/{customer}", carts::get),
    get("/api/v5/customers", customers::find::list),
    post("/api/v5/customers/combine", customers::combine::combine),
    post("/api/v5/customers/create", customers::keep::create),
    post("/api/v5/customers/upload", customers::keep::upload),
    post("/api/v5/customers/fix-external-ids", customers::keep::fix),
    get("/api/v5/customers/history", history::customers::history),
    get("/api/v5/customers/notes", notes::of_customers),
    post("/api/v5/customers/notes/create", notes::create_of_customer),
    post("/api/v5/customers/notes/{id}/delete", notes::delete_of_customer),
    get("/api/v5/customers/{id}", customers::find::get),
    post("/api/v5/customers/{id}/edit", customers::keep::edit),
    post("/api/v5/customers/{id}/subscriptions", customers::subscriptions::change),
    get("/api/v5/customers-corporate", corporate::find::list),
    post("/api/v5/customers-corporate/combine", corporate::combine::combine),
    post("/api/v5/customers-corporate/create", corporate::keep::create),
    post("/api/v5/customers-corporate/fix-external-ids", corporate::keep::fix),
    get("/api/v5/customers-corporate/history", history::corporate::history),
    get("/api/v5/customers-corporate/notes", notes::of_corporates),
    post("/api/v5/customers-corporate/notes/create", notes::create_of_corporate),
    post("/api/v5/customers-corporate/notes/{id}/delete", notes::delete_of_corporate),
    post("/api/v5/customers-corporate/upload", corporate::keep::upload),
    get("/api/v5/customers-corporate/{id}", corporate::find::get),
    post("/api/v5/customers-corporate/{id}/edit", corporate::keep::edit),
    get("/api/v5/customers-corporate/{id}/addresses", corporate::find::addresses),
    post("/api/v5/customers-corporate/{id}/addresses/create", corporate::keep::add_address),
    post("/api/v5/customers-corporate/{id}/addresses/{entity}/edit", corporate::keep::edit_address),
    get("/api/v5/customers-corporate/{id}/companies", corporate::find::firms),
    post("/api/v5/customers-corporate/{id}/companies/create", corporate::keep::add_firm),
    post("/api/v5/customers-corporate/{id}/companies/{entity}/edit", corporate::keep::edit_firm),
    get("/api/v5/customers-corporate/{id}/contacts", corporate::find::contacts),
    post("/api/v5/customers-corporate/{id}/contacts/create", corporate::keep::add_contact),
    post("/api/v5/customers-corporate/{id}/contacts/{entity}/edit", corporate::keep::edit_contact),
    get("/api/v5/features/check", lists::features),
    get("/api/v5/orders", orders::find::list),
    get("/api/v5/orders/statuses", orders::find::statuses),
    get("/api/v5/orders/history", history::orders::history),
    post("/api/v5/orders/create", orders::create::create).over(orders::create::rivals),
    post("/api/v5/orders/upload", orders::create::upload).over(orders::create::rivals),
    post("/api/v5/orders/fix-external-ids", orders::fix::fix),
    post("/api/v5/orders/links/create", orders::links::create),
    post("/api/v5/orders/payments/create", orders::payments::create),
    post("/api/v5/orders/payments/{id}/edit", orders::payments::edit),
    post("/api/v5/orders/payments/{id}/delete", orders::payments::delete),
    get("/api/v5/orders/{id}", orders::find::get),
    post("/api/v5/orders/{id}/edit", orders::edit::edit).over(orders::create::rivals),
    get("/api/v5/reference/cost-groups", lists::cost_groups),
    get("/api/v5/reference/cost-items", lists::cost_items),
    get("/api/v5/reference/countries", references::countries),
    get("/api/v5/reference/couriers", lists::couriers),
    get("/api/v5/reference/currencies", lists::currencies),
    get("/api/v5/reference/legal-entities", lists::legal_entities),
    get("/api/v5/reference/sites", references::sites),
    post("/api/v5/reference/sites/{code}/edit", references::change_site),
    get("/api/v5/reference/statuses", references::all_statuses),
    post("/api/v5/reference/statuses/{code}/edit", references::change_status),
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
    get("/api/v5/reference/subscriptions", lists::subscription_categories),
    get("/api/v5/reference/stores", stock::stores),
    post("/api/v5/reference/stores/{code}/edit", stock::change_store),
    get("/api/v5/segments", lists::segments),
    get("/api/v5/store/offers", goods::offers),
    get("/api/v5/store/products", goods::products),
    get("/api/v5/store/product-groups", lists::product_groups),
    get("/api/v5/store/inventories", stock::inventories),
    post("/api/v5/store/inventories/upload", stock::upload),
    post("/api/v5/store/prices/upload", prices::upload),
    get("/api/v5/user-groups", people::groups),
    get("/api/v5/users", people::users),
    get("/api/v5/users/{id}", people::user),
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
