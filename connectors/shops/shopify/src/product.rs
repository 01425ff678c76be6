//! Products with their variants, and customers.

use serde::Deserialize;
use takt_kernel::Result;
use takt_shops_port::{
    SaidCustomer, SaidProduct,
    wire::{Text, moment, or_default, parse, required},
};

/// The title of the only variant of a product without variants.
const ONLY: &str = "Default Title";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProductIn {
    id: Text,
    title: Text,
    updated_at: Text,
    #[serde(deserialize_with = "or_default")]
    variants: Vec<VariantIn>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct VariantIn {
    id: Text,
    title: Text,
    sku: Text,
    price: Text,
    barcode: Text,
}

pub(crate) fn read(body: &[u8]) -> Result<Vec<SaidProduct>> {
    let product: ProductIn = parse(body)?;
    let id = required(&product.id, "id")?;
    let modified_at = moment(&product.updated_at)?;
    let title = product.title.filled().unwrap_or_default();
    product
        .variants
        .iter()
        .map(|variant| {
            let own = variant.title.filled().filter(|own| own != ONLY);
            let barcode =
                variant.barcode.filled().filter(|code| code.bytes().all(|byte| byte.is_ascii_graphic()));
            Ok(SaidProduct {
                external_id: required(&variant.id, "variants.id")?,
                parent: Some(id.clone()),
                modified_at,
                sku: variant.sku.filled(),
                name: own.map_or_else(|| title.clone(), |own| format!("{title} - {own}")),
                price: variant.price.filled(),
                barcode,
                stock: None,
            })
        })
        .collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CustomerIn {
    id: Text,
    updated_at: Text,
    first_name: Text,
    last_name: Text,
    email: Text,
    phone: Text,
    #[serde(deserialize_with = "or_default")]
    default_address: AddressIn,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AddressIn {
    phone: Text,
}

pub(crate) fn customer(body: &[u8]) -> Result<SaidCustomer> {
    let customer: CustomerIn = parse(body)?;
    let name = [customer.first_name.filled(), customer.last_name.filled()];
    Ok(SaidCustomer {
        external_id: required(&customer.id, "id")?,
        modified_at: moment(&customer.updated_at)?,
        name: name.into_iter().flatten().collect::<Vec<_>>().join(" "),
        phone: customer
            .phone
            .filled()
            .or_else(|| customer.default_address.phone.filled())
            .unwrap_or_default(),
        email: customer.email.filled().unwrap_or_default(),
    })
}
