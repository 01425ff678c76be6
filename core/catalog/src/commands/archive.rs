use takt_kernel::Result;
use takt_staff::Permit;
use takt_store::{About, Query, Tx, params, sql};

use super::lock;
use crate::{
    EditCatalog, Offer, OfferId,
    facts::{self, OfferArchived, OfferRestored},
};

/// Takes an offer out of the lists. Nothing is deleted: orders and stock still know it.
///
/// # Errors
/// `catalog.offer_missing`, `catalog.changed_meanwhile`.
pub fn archive(
    tx: &mut Tx,
    permit: &Permit<EditCatalog>,
    offer: OfferId,
    expected_version: i64,
) -> Result<()> {
    let offer = lock(tx, permit.company(), offer, expected_version)?;
    if offer.archived {
        return Ok(());
    }
    write(tx, &offer, true)?;
    let about = About::new(offer.company, facts::subject(offer.id), permit.actor());
    tx.say(about, &OfferArchived { sku: offer.sku })
}

/// Puts an archived offer back.
///
/// # Errors
/// As [`archive`].
pub fn restore(
    tx: &mut Tx,
    permit: &Permit<EditCatalog>,
    offer: OfferId,
    expected_version: i64,
) -> Result<()> {
    let offer = lock(tx, permit.company(), offer, expected_version)?;
    if !offer.archived {
        return Ok(());
    }
    write(tx, &offer, false)?;
    let about = About::new(offer.company, facts::subject(offer.id), permit.actor());
    tx.say(about, &OfferRestored { sku: offer.sku })
}

pub(super) fn write(tx: &mut Tx, offer: &Offer, archived: bool) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update offer
             set archived = :archived, version = version + 1, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![archived: archived, now: now, company_id: offer.company, id: offer.id],
    )
}
