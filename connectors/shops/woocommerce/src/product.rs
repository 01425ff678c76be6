//! Products, variations and customers of WooCommerce.

use serde::Deserialize;
use takt_kernel::Result;
use takt_shops_port::{
    SaidCustomer, SaidProduct,
    wire::{Text, moment, or_default, parse, required},
};

/// What is sold only by its variations has no price of its own.
const BY_VARIATIONS: [&str; 3] = ["variable", "grouped", "external"];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProductIn {
    id: Text,
    parent_id: Text,
    name: Text,
    #[serde(rename = "type")]
    kind: Text,
    sku: Text,
    price: Text,
    regular_price: Text,
    global_unique_id: Text,
    stock_quantity: Text,
    manage_stock: Text,
    date_created_gmt: Text,
    date_modified_gmt: Text,
}

pub(crate) fn read(body: &[u8]) -> Result<SaidProduct> {
    let product: ProductIn = parse(body)?;
    let priced = !BY_VARIATIONS.contains(&&*product.kind);
    let price = product.price.filled().or_else(|| product.regular_price.filled());
    let barcode =
        product.global_unique_id.filled().filter(|code| code.bytes().all(|byte| byte.is_ascii_graphic()));
    Ok(SaidProduct {
        external_id: required(&product.id, "id")?,
        parent: product.parent_id.id(),
        modified_at: modified(&product.date_modified_gmt, &product.date_created_gmt)?,
        sku: product.sku.filled(),
        name: product.name.filled().unwrap_or_default(),
        price: price.filter(|_| priced),
        barcode,
        stock: product.stock_quantity.filled().filter(|_| product.manage_stock.filled().is_some()),
    })
}

fn modified(modified: &Text, created: &Text) -> Result<takt_kernel::Timestamp> {
    moment(if modified.is_empty() { created } else { modified })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CustomerIn {
    id: Text,
    email: Text,
    first_name: Text,
    last_name: Text,
    date_created_gmt: Text,
    date_modified_gmt: Text,
    #[serde(deserialize_with = "or_default")]
    billing: BillingIn,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BillingIn {
    first_name: Text,
    last_name: Text,
    phone: Text,
    email: Text,
}

pub(crate) fn customer(body: &[u8]) -> Result<SaidCustomer> {
    let customer: CustomerIn = parse(body)?;
    let joined = |first: &Text, last: &Text| {
        [first.filled(), last.filled()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    let name = joined(&customer.first_name, &customer.last_name);
    let billed = joined(&customer.billing.first_name, &customer.billing.last_name);
    Ok(SaidCustomer {
        external_id: required(&customer.id, "id")?,
        modified_at: modified(&customer.date_modified_gmt, &customer.date_created_gmt)?,
        name: if name.is_empty() { billed } else { name },
        phone: customer.billing.phone.filled().unwrap_or_default(),
        email: customer.email.filled().or_else(|| customer.billing.email.filled()).unwrap_or_default(),
    })
}
