use takt_kernel::{Actor, Result};
use takt_staff::Permit;
use takt_store::{About, Change, Query, Tx, params, sql};

use super::{add::sku_taken, lock};
use crate::{
    EditCatalog, Offer, OfferId, OfferInput,
    facts::{self, OfferEdited},
    queries,
};

/// Changes an offer, unless somebody else did since it was read. Orders keep the SKU, name and price
/// that they were placed with.
///
/// # Errors
/// `catalog.offer_missing`, `catalog.changed_meanwhile`; by field `catalog.sku_taken`.
pub fn edit(
    tx: &mut Tx,
    permit: &Permit<EditCatalog>,
    offer: OfferId,
    expected_version: i64,
    input: &OfferInput,
) -> Result<()> {
    let before = lock(tx, permit.company(), offer, expected_version)?;
    if before.sku != input.sku && !queries::offers_by_sku(tx, permit.company(), &[&input.sku])?.is_empty() {
        return Err(sku_taken(&input.sku));
    }
    let changes = before.changes_to(input);
    if changes.is_empty() { Ok(()) } else { write(tx, permit.actor(), &before, input, changes) }
}

pub(super) fn write(
    tx: &mut Tx,
    actor: &Actor,
    before: &Offer,
    input: &OfferInput,
    changes: Vec<Change>,
) -> Result<()> {
    let now = tx.now();
    let details = input.details.as_ref().unwrap_or(&before.details);
    let search = OfferInput { details: Some(details.clone()), ..input.clone() }.search_text();
    tx.put(
        sql!(
            "update offer
             set sku = :sku, name = :name, unit = :unit, price = :price, currency = :currency, vat = :vat,
               barcode = :barcode, article = :article, external_id = :external_id, picture = :picture,
               search = :search, version = version + 1, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![
            sku: &input.sku, name: &input.name, unit: &input.unit, price: input.price,
            currency: input.currency, vat: input.vat, barcode: input.barcode.clone(),
            article: details.article.clone(), external_id: details.external_id.clone(),
            picture: details.picture.clone(), search: search, now: now, company_id: before.company, id: before.id,
        ],
    )?;
    if before.name != input.name {
        rename_product_of_one_offer(tx, before, &input.name)?;
    }
    let about = About::new(before.company, facts::subject(before.id), actor);
    tx.say_changes(about, &OfferEdited { sku: input.sku.clone() }, changes)
}

/// A product with several offers has a name of its own.
fn rename_product_of_one_offer(tx: &mut Tx, offer: &Offer, name: &str) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update product
             set name = :name, updated_at = :now
             where company_id = :company_id and id = :id
               and 1 = (select count(*) from offer where company_id = :company_id and product_id = :id)"
        ),
        params![name: name, now: now, company_id: offer.company, id: offer.product],
    )
}
