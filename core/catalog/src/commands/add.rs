use takt_kernel::{Actor, CompanyId, Fault, FieldFault, Result};
use takt_staff::Permit;
use takt_store::{About, Query, Tx, params, sql};

use crate::{
    EditCatalog, OfferId, OfferInput, ProductId,
    facts::{self, OfferAdded},
    queries,
};

/// Adds an offer, as another one of a product or as a product of its own.
///
/// # Errors
/// By field `catalog.sku_taken`; `catalog.product_missing`.
pub fn add_offer(
    tx: &mut Tx,
    permit: &Permit<EditCatalog>,
    product: Option<ProductId>,
    input: &OfferInput,
) -> Result<OfferId> {
    let company = permit.company();
    if !queries::offers_by_sku(tx, company, &[&input.sku])?.is_empty() {
        return Err(sku_taken(&input.sku));
    }
    if let Some(product) = product {
        tx.opt(
            sql!(
                "select id
                 from product
                 where company_id = :company_id and id = :id"
            ),
            params![company_id: company, id: product],
        )?
        .ok_or_else(|| Fault::missing("catalog.product_missing").arg("given", product))?;
    }
    put(tx, company, permit.actor(), product, input, false)
}

pub(super) fn sku_taken(sku: &str) -> Fault {
    Fault::from_fields(vec![FieldFault {
        path: "sku".to_owned(),
        code: "catalog.sku_taken".into(),
        args: vec![("sku".into(), sku.to_owned())],
    }])
}

/// Writes a new offer and says so. Nothing here waits for an answer: on PostgreSQL a neighbour who
/// added the SKU meanwhile makes the whole transaction run again (repeatable read) and find it.
pub(super) fn put(
    tx: &mut Tx,
    company: CompanyId,
    actor: &Actor,
    product: Option<ProductId>,
    input: &OfferInput,
    archived: bool,
) -> Result<OfferId> {
    let product = match product {
        Some(product) => product,
        None => put_product(tx, company, &input.name, None)?,
    };
    let details = input.details.clone().unwrap_or_default();
    let offer = tx.new_id();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into offer (company_id, id, product_id, sku, name, unit, price, currency, vat, barcode,
               article, external_id, picture, search, archived, version, created_at, updated_at)
             values (:company_id, :id, :product_id, :sku, :name, :unit, :price, :currency, :vat, :barcode,
               :article, :external_id, :picture, :search, :archived, 1, :now, :now)
             on conflict (company_id, sku) do nothing"
        ),
        params![
            company_id: company, id: offer, product_id: product, sku: &input.sku, name: &input.name,
            unit: &input.unit, price: input.price, currency: input.currency, vat: input.vat,
            barcode: input.barcode.clone(), article: details.article.clone(),
            external_id: details.external_id.clone(), picture: details.picture.clone(),
            search: input.search_text(), archived: archived, now: now,
        ],
    )?;
    let fact = OfferAdded {
        product,
        sku: input.sku.clone(),
        name: input.name.clone(),
        unit: input.unit.clone(),
        price: input.price,
        currency: input.currency,
        vat: input.vat,
        barcode: input.barcode.clone(),
        details,
        archived,
    };
    tx.say(About::new(company, facts::subject(offer), actor), &fact)?;
    Ok(offer)
}

/// `group` is under what the shop's own catalogue keeps offers together.
pub(super) fn put_product(
    tx: &mut Tx,
    company: CompanyId,
    name: &str,
    group: Option<&str>,
) -> Result<ProductId> {
    let product = tx.new_id();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into product (company_id, id, name, group_key, created_at, updated_at)
             values (:company_id, :id, :name, :group_key, :now, :now)"
        ),
        params![company_id: company, id: product, name: name, group_key: group, now: now],
    )?;
    Ok(product)
}
